"""Postings that did not fit into their bucket: one in a thousand, kept outside the table."""

import numpy as np
from numpy.typing import NDArray

from streams.dedup.quotients import Prints

_REGION = 20
"""Low bits of a print that do not say with which others it is kept."""


class Spilled:
    """Numbers by print; both as the table of postings spreads and counts them, but for what is forgotten there."""

    def __init__(self) -> None:
        self._kept: dict[int, dict[int, list[int]]] = {}

    def __bool__(self) -> bool:
        return bool(self._kept)

    def put(self, prints: Prints, numbers: NDArray[np.int64]) -> None:
        """Keep some."""
        for single, number in zip(prints.tolist(), numbers.tolist(), strict=True):
            self._kept.setdefault(single >> _REGION, {}).setdefault(single, []).append(number)

    def of(self, prints: Prints, above: int) -> list[tuple[int, int]]:
        """What is kept of some prints: for each its place among them, and its numbers that are greater than ``above``,
        less that."""
        return [
            (at, number - above)
            for at, single in enumerate(prints.tolist())
            for number in self._kept.get(single >> _REGION, {}).get(single, ())
            if number > above
        ]

    def pop(self, low: int, high: int) -> list[tuple[int, int]]:
        """What is kept of the prints from ``low`` on and below ``high``, and no longer then."""
        found: list[tuple[int, int]] = []
        regions = range(low >> _REGION, (high - 1 >> _REGION) + 1)
        for region in regions if len(regions) < len(self._kept) else [r for r in self._kept if r in regions]:
            kept = self._kept.get(region, {})
            for single in [single for single in kept if low <= single < high]:
                found += [(single, number) for number in kept.pop(single)]
            if not kept:
                self._kept.pop(region, None)
        return found

    def nbytes(self) -> int:
        """Bytes held."""
        return sum(300 + 150 * len(kept) for kept in self._kept.values())
