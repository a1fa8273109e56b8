"""What each compiled kernel takes and gives. Arrays are contiguous; those named first are read, the others written."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Ints = NDArray[np.int64]
Narrow = NDArray[np.int32]
Points = NDArray[np.uint32]
Bytes = NDArray[np.uint8]
Flags = NDArray[np.bool_]


class Kernels(Protocol):
    """The compiled kernels. Each raises TypeError or ValueError for arrays that do not fit, before it reads them."""

    def find(self, hashes: Hashes, first: Narrow, wanted: Hashes, found: Ints, /) -> None:
        """``streams.entities.lookup.Lookup.find``: into ``found`` goes the position of each hash, or -1."""

    # fmt: off
    def letters(
        self, points: Points, table: Points, split: Flags,
        at: Ints, kind: Bytes, code: Points, upper: Flags, packed: Points, sums: Hashes, /,
    ) -> tuple[int, int]:
        """The letters of a text as ``streams.entities.tokens.Letters``; how many there are, and how many words.

        ``split`` is empty or says of each character whether an apostrophe there ends a word.
        """

    def words(
        self, points: Points, at: Ints, kind: Bytes, code: Points, upper: Flags, packed: Points, texts: Ints,
        first: Ints, start: Ints, end: Ints, low: Ints, high: Ints, line: Ints, hashes: Hashes,
        case: Bytes, gap: Bytes, opens: Flags, number: Flags, script: Bytes, before: Bytes, after: Bytes, /,
    ) -> None:
        """The words among letters as ``streams.entities.tokens.Tokens``; ``texts`` says where each text starts."""
    # fmt: on
