"""Sorted hashes that are found in one or two steps: by what their first bits say of where they lie."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from streams.entities.tokens import Flags, Ints
from streams.text.hashing import Hashes


@dataclass(frozen=True, slots=True)
class Lookup:
    """Hashes by their first ``bits``: those that begin with ``b`` lie from ``first[b]`` to ``first[b + 1]``."""

    hashes: Hashes
    bits: int
    first: NDArray[np.int32]
    present: Flags
    """Whether any hash begins with certain bits."""

    def find(self, hashes: Hashes) -> Ints:
        """Position of each hash, or -1."""
        found = np.full(len(hashes), -1, np.int64)
        bucket = (hashes >> np.uint64(64 - self.bits)).view(np.int64)
        rows = self.present.take(bucket).nonzero()[0]
        bucket, wanted = bucket[rows], hashes[rows]
        at, end = self.first.take(bucket), self.first.take(bucket + 1)
        while len(rows):
            same = self.hashes.take(at) == wanted
            found[rows[same]] = at[same]
            at = at + 1
            on = (~same & (at < end)).nonzero()[0]
            rows, wanted, at, end = rows[on], wanted[on], at[on], end[on]
        return found


def looked_up(hashes: Hashes, bits: int) -> Lookup:
    """The lookup of sorted hashes, without repeats."""
    counts = np.bincount((hashes >> np.uint64(64 - bits)).astype(np.int64), minlength=1 << bits)
    first = np.concatenate((np.zeros(1, np.int64), counts.cumsum())).astype(np.int32)
    return Lookup(hashes, bits, first, counts > 0)
