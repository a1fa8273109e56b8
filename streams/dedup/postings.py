"""Which groups have a print: a hash table of four bytes a posting that can still grow.

Buckets of one cache line (16 words). A print's bucket is its position in the space of prints, so the
bucket already says its high bits; a word keeps the rest and the group's number (quotienting, J. Cleary
1984). Whole prints can be read back, so the table can be rebuilt larger, or without the oldest groups.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from streams.dedup.columns import runs

Prints = NDArray[np.uint32]
Numbers = NDArray[np.int64]

WIDTH = 16
_EMPTY = np.uint32(0xFFFFFFFF)
_SMALLEST = 256
_FULL = 9.5
"""Postings a bucket holds on average when the table grows; about one in a thousand overflows then."""
_GROWTH = 1.2
_CHUNK = 1 << 17
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
        """Post ``number`` under distinct prints."""
        if self.size + len(prints) > _FULL * self._buckets or number >= self._highest:
            self._grow(len(prints), number)
        self._fill(np.sort(prints * np.uint32(_SPREAD)), np.full(len(prints), number, dtype=np.uint32))
        self.size += len(prints)

    def reserve(self, size: int, highest: int) -> None:
        """Make room for ``size`` postings and numbers up to ``highest``, if there is none."""
        if size > _FULL * self._buckets or highest >= self._highest:
            self._grow(size - self.size, highest, 1.0)

    def add_many(self, prints: Prints, numbers: NDArray[np.uint32]) -> None:
        """Many postings at once; a pair stands in ``prints`` and ``numbers`` once."""
        highest = int(numbers.max(initial=0))
        if self.size + len(prints) > _FULL * self._buckets or highest >= self._highest:
            self._grow(len(prints), highest)
        self._fill(*_in_order(prints, numbers))
        self.size += len(prints)

    def crowded(self, least: int, cutoff: int) -> Prints:
        """Prints posted for at least ``least`` numbers of which the smallest is neither 0 nor ``cutoff`` or more."""
        found = [_crowded(prints, numbers, least, cutoff) for prints, numbers in self._chunks()]
        spilled = np.array(sorted(self._spilled), dtype=np.uint32)
        index, numbers = self.lookup(spilled)
        order = np.argsort(index, kind="stable")
        found.append(_crowded(spilled[index[order]], numbers[order], least, cutoff))
        return np.unique(np.concatenate(found))

    def drop_below(self, cutoff: int) -> None:
        """Forget numbers below ``cutoff``, 0 among them; the lowest that stays becomes 1."""
        for start in range(0, self._buckets, _CHUNK):
            rows = self._table[start : start + _CHUNK]
            stays = (rows != _EMPTY) & (rows >> self._shift >= cutoff)
            rows[stays] -= np.uint32(cutoff - 1) << self._shift
            rows[~stays] = _EMPTY
            rows.sort(axis=1)
            self._held[start : start + _CHUNK] = (rows != _EMPTY).sum(axis=1)
        spilled, self._spilled = self._spilled, {}
        self.size = int(self._held.sum(dtype=np.int64))
        pairs = [(p, n - cutoff + 1) for p, several in spilled.items() for n in several if n >= cutoff]
        if pairs:
            again = np.array(pairs, dtype=np.uint32)
            self.add_many(again[:, 0], again[:, 1])

    def nbytes(self) -> int:
        """Bytes the table takes."""
        return int(self._table.nbytes) + int(self._held.nbytes) + 150 * len(self._spilled)

    def _reserve(self, buckets: int) -> None:
        self._buckets = buckets
        rest_bits = (-(-(1 << 32) // buckets) - 1).bit_length()
        self._shift = np.uint32(rest_bits)
        self._mask = np.uint32((1 << rest_bits) - 1)
        self._highest = (1 << (32 - rest_bits)) - 1
        self._table = np.full((buckets, WIDTH), _EMPTY, dtype=np.uint32)
        self._held = np.zeros(buckets, dtype=np.uint8)
        """Postings in each bucket: asking the table itself would read a cache line for each."""

    def _place(self, prints: Prints) -> tuple[Numbers, Prints]:
        # samples hold the smallest hashes: spread them over the space, reversibly
        return self._bucket(prints * np.uint32(_SPREAD))

    def _bucket(self, spread: Prints) -> tuple[Numbers, Prints]:
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

    def _chunks(self) -> Iterator[tuple[Prints, Numbers]]:
        """All postings in the table; those of one print come in one chunk, together."""
        for start in range(0, self._buckets, _CHUNK):
            spread, numbers = _unfolded(self._table[start : start + _CHUNK], start, self._buckets, self._shift)
            yield spread * np.uint32(_GATHER), numbers.astype(np.int64)

    def _grow(self, more: int, number: int, growth: float = _GROWTH) -> None:
        old, spilled = (self._table, self._buckets, self._shift), self._spilled
        self._reserve_for(growth * (self.size + more), number)
        self._spilled = {}
        for start in range(0, old[1], _CHUNK):
            self._fill(*_unfolded(old[0][start : start + _CHUNK], start, *old[1:3]))
        pairs = [(single, number) for single, several in spilled.items() for number in several]
        if pairs:
            again = np.array(pairs, dtype=np.uint32)
            self._fill(*_in_order(again[:, 0], again[:, 1]))

    def _reserve_for(self, size: float, number: int) -> None:
        buckets = max(_SMALLEST, int(size / _FULL) + 1)
        self._reserve(buckets)
        while number >= self._highest:
            buckets *= 2
            self._reserve(buckets)

    def _fill(self, spread: Prints, numbers: NDArray[np.uint32]) -> None:
        """Add postings by their spread prints, ascending."""
        if not len(spread):
            return
        buckets, rests = self._bucket(spread)
        first, sizes = runs(buckets)
        filled = buckets[first]
        occupied = self._held[filled].astype(np.int64)
        self._held[filled] = np.minimum(occupied + sizes, WIDTH)
        column = np.arange(len(buckets)) + np.repeat(occupied - first, sizes)
        words = (numbers << self._shift) | rests
        if int(column.max()) < WIDTH:
            self._table[buckets, column] = words
            return
        fits = column < WIDTH
        self._table[buckets[fits], column[fits]] = words[fits]
        spilled = spread[~fits] * np.uint32(_GATHER)
        for single, number in zip(spilled.tolist(), numbers[~fits].tolist(), strict=True):
            self._spilled.setdefault(single, []).append(number)


def _in_order(prints: Prints, numbers: NDArray[np.uint32]) -> tuple[Prints, NDArray[np.uint32]]:
    """Postings by ascending spread print."""
    pairs = np.sort(((prints * np.uint32(_SPREAD)).astype(np.uint64) << np.uint64(32)) | numbers)
    return (pairs >> np.uint64(32)).astype(np.uint32), pairs.astype(np.uint32)


def _unfolded(rows: NDArray[np.uint32], start: int, buckets: int, shift: np.uint32) -> tuple[Prints, Prints]:
    """The postings of some buckets: spread prints, ascending, and numbers."""
    bits = np.uint32(32) - shift
    # the rest before the number: a bucket in order of its prints; empty words stay the greatest
    turned = np.sort((rows << bits) | (rows >> shift), axis=1)
    bucket, column = np.nonzero(turned != _EMPTY)
    words = turned[bucket, column]
    first = (((bucket + start).astype(np.uint64) << np.uint64(32)) + np.uint64(buckets - 1)) // np.uint64(buckets)
    return first.astype(np.uint32) + (words >> bits), words & np.uint32((1 << int(bits)) - 1)


def _crowded(prints: Prints, numbers: Numbers, least: int, cutoff: int) -> Prints:
    if not len(prints):
        return prints
    first, sizes = runs(prints)
    oldest = np.minimum.reduceat(numbers, first)
    return prints[first][(sizes >= least) & (oldest > 0) & (oldest < cutoff)]
