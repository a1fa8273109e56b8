"""Bytes of any length that the memory keeps of each entry, in parts as numbers are (``columns``)."""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from streams.dedup.columns import BITS, WITHIN, Column, Entries


class Blobs(Entries):
    """Bytes of any length for each entry."""

    def __init__(self) -> None:
        super().__init__()
        self._bytes: list[bytearray] = []
        self._ends = Column(np.uint32)
        """Where each ends in its part."""

    def __getitem__(self, number: int) -> bytes:
        start = self._ends[number - 1] if number & WITHIN else 0
        return bytes(self._bytes[(number >> BITS) - self.gone][start : self._ends[number]])

    def append(self, value: bytes) -> None:
        """One more entry."""
        part = (self.next >> BITS) - self.gone
        self._make_room(part)
        held = self._bytes[part]
        held += value
        self._ends.append(len(held))
        self.next += 1

    def extend_joined(self, values: bytes | bytearray, ends: NDArray[np.int64]) -> None:
        """Many more entries, which stand one after the other, by where each ends."""
        start = 0
        for part, _, which in self.pieces(len(ends)):
            self._make_room(part)
            held, end = self._bytes[part], int(ends[which.stop - 1])
            self._ends.extend((ends[which] + (len(held) - start)).astype(np.uint32))
            held += memoryview(values)[start:end]
            start = end
        self.next += len(ends)

    def extend(self, values: Sequence[bytes]) -> None:
        """Many more entries."""
        for part, _, which in self.pieces(len(values)):
            self._make_room(part)
            held, more = self._bytes[part], values[which]
            self._ends.extend(np.array([*accumulate(map(len, more), initial=len(held))][1:], dtype=np.uint32))
            held += b"".join(more)
        self.next += len(values)

    def nbytes(self) -> int:
        """Bytes held."""
        return sum(map(len, self._bytes)) + self._ends.nbytes()

    def _make_room(self, part: int) -> None:
        while len(self._bytes) <= part:
            self._bytes.append(bytearray())

    def _drop(self, parts: int) -> None:
        del self._bytes[:parts]
        self._ends.forget(self.base)
