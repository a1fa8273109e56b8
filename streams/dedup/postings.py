"""Which groups have a print: a hash table of four bytes a posting that can still grow.

Buckets of one cache line (16 words). A print's bucket is its position in the space of prints, so the
bucket already says its high bits; a word keeps the rest and the group's number (quotienting, J. Cleary
1984). Whole prints can be read back, so the table can be rebuilt larger, or without the oldest groups.
"""

import numpy as np
from numpy.typing import NDArray

Prints = NDArray[np.uint32]
Numbers = NDArray[np.int64]

WIDTH = 16
_EMPTY = np.uint32(0xFFFFFFFF)
_SMALLEST = 256
_FULL = 9.5
"""Postings a bucket holds on average when the table grows; about one in a thousand overflows then."""
_GROWTH = 1.3
_SPREAD = 0x9E3779B1
_GATHER = pow(_SPREAD, -1, 1 << 32)


class Postings:
    """A multimap from 32-bit prints to small numbers."""

    def __init__(self) -> None:
        self.size = 0
        self._spilled: dict[int, list[int]] = {}
        self._reserve(_SMALLEST)

    def lookup(self, prints: Prints) -> tuple[Numbers, Numbers]:
        """All postings of some prints: for each its index in ``prints`` and its number."""
        buckets, rests = self._place(prints)
        rows = self._table.take(buckets, axis=0)
        index, column = np.nonzero((rows & self._mask) == rests[:, None])
        found = rows[index, column]
        index, found = index[found != _EMPTY], found[found != _EMPTY]
        numbers = (found >> self._shift).astype(np.int64)
        if self._spilled:
            return self._with_spilled(prints, rows, index, numbers)
        return index, numbers

    def add(self, prints: Prints, number: int) -> None:
        """Post ``number`` under ascending, distinct prints."""
        if self.size + len(prints) > _FULL * self._buckets or number >= self._highest:
            self._grow(len(prints), number)
        buckets, rests = self._place(prints)
        order = np.argsort(buckets, kind="stable")
        prints, buckets, rests = prints[order], buckets[order], rests[order]
        rank = np.arange(len(prints)) - np.searchsorted(buckets, buckets)
        column = (self._table.take(buckets, axis=0) != _EMPTY).sum(axis=1) + rank
        fits = column < WIDTH
        self._table[buckets[fits], column[fits]] = (np.uint32(number) << self._shift) | rests[fits]
        self.size += len(prints)
        if not fits.all():
            for single in prints[~fits].tolist():
                self._spilled.setdefault(single, []).append(number)

    def drop_below(self, cutoff: int) -> None:
        """Forget numbers below ``cutoff``; those that stay count from it."""
        prints, numbers = self._everything()
        kept = numbers >= cutoff
        self._rebuild(prints[kept], numbers[kept] - cutoff, 0, 0)

    def nbytes(self) -> int:
        """Bytes the table takes."""
        return int(self._table.nbytes) + 150 * len(self._spilled)

    def _reserve(self, buckets: int) -> None:
        self._buckets = buckets
        rest_bits = (-(-(1 << 32) // buckets) - 1).bit_length()
        self._shift = np.uint32(rest_bits)
        self._mask = np.uint32((1 << rest_bits) - 1)
        self._highest = (1 << (32 - rest_bits)) - 1
        self._table = np.full((buckets, WIDTH), _EMPTY, dtype=np.uint32)

    def _place(self, prints: Prints) -> tuple[Numbers, Prints]:
        # samples hold the smallest hashes: spread them over the space, reversibly
        spread = prints * np.uint32(_SPREAD)
        buckets = (spread.astype(np.uint64) * np.uint64(self._buckets)) >> np.uint64(32)
        first = ((buckets << np.uint64(32)) + np.uint64(self._buckets - 1)) // np.uint64(self._buckets)
        return buckets.astype(np.int64), spread - first.astype(np.uint32)

    def _with_spilled(
        self, prints: Prints, rows: NDArray[np.uint32], index: Numbers, numbers: Numbers
    ) -> tuple[Numbers, Numbers]:
        full = np.flatnonzero(rows[:, WIDTH - 1] != _EMPTY)
        more = [
            (at, number)
            for at, single in zip(full.tolist(), prints[full].tolist(), strict=True)
            for number in self._spilled.get(single, ())
        ]
        if not more:
            return index, numbers
        extra = np.array(more, dtype=np.int64)
        return np.concatenate((index, extra[:, 0])), np.concatenate((numbers, extra[:, 1]))

    def _everything(self) -> tuple[Prints, Numbers]:
        bucket, column = np.nonzero(self._table != _EMPTY)
        words = self._table[bucket, column]
        first = ((bucket.astype(np.uint64) << np.uint64(32)) + np.uint64(self._buckets - 1)) // np.uint64(self._buckets)
        prints = (first.astype(np.uint32) + (words & self._mask)) * np.uint32(_GATHER)
        numbers = (words >> self._shift).astype(np.int64)
        spilled = [(single, number) for single, several in self._spilled.items() for number in several]
        if spilled:
            extra = np.array(spilled, dtype=np.int64)
            prints = np.concatenate((prints, extra[:, 0].astype(np.uint32)))
            numbers = np.concatenate((numbers, extra[:, 1]))
        return prints, numbers

    def _grow(self, more: int, number: int) -> None:
        prints, numbers = self._everything()
        self._rebuild(prints, numbers, more, number)

    def _rebuild(self, prints: Prints, numbers: Numbers, more: int, number: int) -> None:
        size = len(prints) + more
        buckets = max(_SMALLEST, int(_GROWTH * size / _FULL) + 1)
        while True:
            self._reserve(buckets)
            if max(number, int(numbers.max(initial=0))) < self._highest:
                break
            buckets *= 2
        self._spilled = {}
        self._fill(prints, numbers)
        self.size = len(prints)

    def _fill(self, prints: Prints, numbers: Numbers) -> None:
        order = np.argsort((prints * np.uint32(_SPREAD)).astype(np.uint64) << np.uint64(32) | numbers.astype(np.uint64))
        prints, numbers = prints[order], numbers[order]
        buckets, rests = self._place(prints)
        column = np.arange(len(prints)) - np.searchsorted(buckets, buckets)
        fits = column < WIDTH
        words = (numbers.astype(np.uint32) << self._shift) | rests
        self._table[buckets[fits], column[fits]] = words[fits]
        for single, number in zip(prints[~fits].tolist(), numbers[~fits].tolist(), strict=True):
            self._spilled.setdefault(single, []).append(number)
