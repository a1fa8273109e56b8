"""Prints that stand in too many groups to count, by the oldest of these: what outlives it once it is forgotten."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from streams.dedup.columns import runs
from streams.dedup.quotients import Prints

Stopped: TypeAlias = NDArray[np.uint32]
"""Rows of a print and the two groups that have it, besides the one that brought it last."""

_BITS = 12
"""Low bits of a group's number that do not say with which others it is kept."""


class Crowds:
    """Prints by the number of a group."""

    def __init__(self) -> None:
        self._kept: dict[int, bytearray] = {}
        """Groups and prints, one after the other, by the high bits of the group."""

    def add(self, group: int, single: int, base: int) -> None:
        """Remember one, unless its group is below ``base``."""
        if group >= base:
            kept = self._kept.setdefault(group >> _BITS, bytearray())
            kept += group.to_bytes(4, "little") + single.to_bytes(4, "little")

    def extend(self, groups: NDArray[np.int64], prints: Prints, base: int) -> None:
        """Remember many, but for those of groups below ``base``."""
        order = np.argsort(groups >> _BITS, kind="stable")
        order = order[groups[order] >= base]
        rows = np.column_stack((groups[order].astype(np.uint32), prints[order]))
        first, sizes = runs(groups[order] >> _BITS)
        for start, size in zip(first.tolist(), sizes.tolist(), strict=True):
            kept = self._kept.setdefault(int(groups[order[start]]) >> _BITS, bytearray())
            kept += rows[start : start + size].tobytes()

    def below(self, base: int) -> Prints:
        """The prints of groups below ``base``."""
        found = [_rows(kept) for part, kept in self._kept.items() if part <= base >> _BITS]
        rows = np.concatenate((*found, np.zeros((0, 2), dtype=np.uint32)))
        prints: Prints = rows[rows[:, 0] < base, 1]
        return prints

    def forget(self, base: int) -> None:
        """Forget the groups below ``base``."""
        for part in [part for part in self._kept if part <= base >> _BITS]:
            rows = _rows(self._kept.pop(part))
            if len(rows := rows[rows[:, 0] >= base]):
                self._kept[part] = bytearray(rows.tobytes())

    def nbytes(self) -> int:
        """Bytes held."""
        return sum(map(len, self._kept.values())) + 150 * len(self._kept)


def _rows(kept: bytearray) -> NDArray[np.uint32]:
    return np.frombuffer(kept, dtype=np.uint32).reshape(-1, 2).copy()
