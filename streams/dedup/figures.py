"""The numbers that the texts of a group of copies have: of the first, and what fuller or newer ones brought."""

from array import array

import numpy as np
from numpy.typing import NDArray

from streams.dedup.blobs import Blobs
from streams.dedup.bulk import Records
from streams.dedup.columns import PART
from streams.dedup.record import Mark

LATER = 192
"""Numbers of a group beyond those of its first text, from which on no more are taken: among too many any is common."""


class Figures:
    """Hashes of numbers, u16, of each group. A full text that joins its excerpt brings numbers the excerpt left out:
    without these, the next copy of it would look like another item of a series."""

    def __init__(self) -> None:
        self._first = Blobs()
        self._later: dict[int, dict[int, bytes]] = {}
        """By the parts of ``columns``, so that parts are dropped whole."""

    def of(self, group: int) -> set[int]:
        """The numbers of a group."""
        return {*_numbers(self._first[group]), *_numbers(self._later.get(group // PART, {}).get(group, b""))}

    def packed(self, group: int) -> bytes:
        """The same, as records have them."""
        return bytes(self._first[group]) + self._later.get(group // PART, {}).get(group, b"")

    def append(self, numbers: bytes) -> None:
        """One more group, with the numbers of its first text."""
        self._first.append(numbers)

    def extend_joined(self, numbers: bytes | bytearray, ends: NDArray[np.int64]) -> None:
        """Many more groups, whose numbers stand one after the other, by where those of each end."""
        self._first.extend_joined(numbers, ends)

    def add(self, group: int, numbers: bytes) -> None:
        """The numbers of one more text of a group."""
        part = self._later.setdefault(group // PART, {})
        later = part.get(group, b"")
        if len(later) >= 2 * LATER:
            return
        known = {*_numbers(self._first[group]), *_numbers(later)}
        if more := set(_numbers(numbers)) - known:
            part[group] = later + array("H", sorted(more)).tobytes()

    def take(self, records: Records, posting: NDArray[np.int64]) -> None:
        """The numbers of those of some records that join a group."""
        joining = posting[(records.marked(Mark.BEGINS)[posting] == 0) & (records.lengths("numbers")[posting] > 0)]
        groups = records.column("group")[joining].tolist()
        for group, numbers in zip(groups, records.section("numbers", joining), strict=True):
            self.add(group, numbers)

    def forget(self, base: int) -> None:
        """Forget the groups below ``base``."""
        self._first.forget(base)
        for part in [part for part in self._later if part < base // PART]:
            del self._later[part]

    def nbytes(self) -> int:
        """Bytes held."""
        later = sum(150 + len(more) for part in self._later.values() for more in part.values())
        return self._first.nbytes() + later


def _numbers(packed: bytes) -> list[int]:
    return memoryview(packed).cast("H").tolist()
