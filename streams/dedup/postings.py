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
_SWEEPS = 8192
"""Additions after which nothing forgotten is left in the table."""
_SPREAD = 0x9E3779B1
_GATHER = pow(_SPREAD, -1, 1 << 32)


class Postings:
    """A multimap from 32-bit prints to small numbers."""

    def __init__(self) -> None:
        self.size = 0
        """Postings held, those that are forgotten but not yet swept out among them."""
        self._spilled: dict[int, list[int]] = {}
        self._offset, self._swept = 0, 0
        """Numbers in the buckets from ``_swept`` on are greater by ``_offset``; what is not greater is forgotten."""
        self._reserve(_SMALLEST)

    def lookup(self, prints: Prints) -> tuple[Numbers, Numbers]:
        """All postings of some prints: for each its index in ``prints`` and its number."""
        buckets, rests = self._place(prints)
        rows = self._table.take(buckets, axis=0)
        index, column = np.nonzero((rows & self._mask) == rests[:, None])
        found = rows[index, column]
        index, found = index[found != _EMPTY], found[found != _EMPTY]
        numbers = (found >> self._shift).astype(np.int64)
        if self._offset:
            numbers -= (buckets[index] >= self._swept) * self._offset
            index, numbers = index[numbers > 0], numbers[numbers > 0]
        if self._spilled:
            full = np.flatnonzero((rows[:, WIDTH - 1] != _EMPTY) | (self._offset > 0))
            return self._with_spilled(prints, full, index, numbers)
        return index, numbers

    def add(self, prints: Prints, number: int) -> None:
        """Post ``number`` under distinct prints."""
        self._sweep(self._buckets // _SWEEPS + 64)
        self._make_room(len(prints), number, _GROWTH)
        self._fill(np.sort(prints * np.uint32(_SPREAD)), np.full(len(prints), number, dtype=np.uint32))
        self.size += len(prints)

    def reserve(self, size: int, highest: int) -> None:
        """Make room for ``size`` postings and numbers up to ``highest``, if there is none."""
        self._make_room(size - self.size, highest, 1.0)

    def add_many(self, prints: Prints, numbers: NDArray[np.uint32]) -> None:
        """Many postings at once; a pair stands in ``prints`` and ``numbers`` once."""
        self._make_room(len(prints), int(numbers.max(initial=0)), _GROWTH)
        self._fill(*_in_order(prints, numbers))
        self.size += len(prints)

    def crowded(self, least: int, cutoff: int) -> Prints:
        """Prints posted for at least ``least`` numbers of which the smallest is below ``cutoff``."""
        self._sweep(self._buckets)
        found = [_crowded(prints, numbers, least, cutoff) for prints, numbers in self._chunks()]
        spilled = np.array(sorted(self._spilled), dtype=np.uint32)
        index, numbers = self.lookup(spilled)
        order = np.argsort(index, kind="stable")
        found.append(_crowded(spilled[index[order]], numbers[order], least, cutoff))
        return np.unique(np.concatenate(found))

    def drop_below(self, cutoff: int) -> None:
        """Forget numbers below ``cutoff``; the lowest that stays becomes 1.

        They leave the table little by little, with what is added next, so that no single addition waits for all.
        """
        self._sweep(self._buckets)
        self._offset, self._swept = cutoff - 1, 0
        rest = {p: [n - self._offset for n in several if n >= cutoff] for p, several in self._spilled.items()}
        self.size -= sum(map(len, self._spilled.values())) - sum(map(len, rest.values()))
        self._spilled = {single: several for single, several in rest.items() if several}

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

    def _sweep(self, buckets: int) -> None:
        """Let some more buckets be without what is forgotten."""
        end = min(self._swept + buckets, self._buckets)
        while self._offset and self._swept < end:
            part = slice(self._swept, min(self._swept + _CHUNK, end))
            rows = self._table[part]
            stays = (rows != _EMPTY) & (rows >> self._shift > self._offset)
            rows[stays] -= np.uint32(self._offset) << self._shift
            rows[~stays] = _EMPTY
            rows.sort(axis=1)
            before = int(self._held[part].sum(dtype=np.int64))
            self._held[part] = stays.sum(axis=1)
            self.size -= before - int(self._held[part].sum(dtype=np.int64))
            self._swept = part.stop
        if self._offset and self._swept == self._buckets:
            self._offset = 0
            spilled, self._spilled = self._spilled, {}
            self._fill(*_in_order(*_pairs(spilled)))

    def _make_room(self, more: int, highest: int, growth: float) -> None:
        """See that so many postings more, and numbers up to ``highest``, fit."""
        if self._offset and self._is_full(more, highest):
            self._sweep(self._buckets)
        if self._is_full(more, highest):
            self._grow(more, highest, growth)

    def _is_full(self, more: int, highest: int) -> bool:
        return self.size + more > _FULL * self._buckets or highest + self._offset >= self._highest

    def _with_spilled(self, prints: Prints, full: Numbers, index: Numbers, numbers: Numbers) -> tuple[Numbers, Numbers]:
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

    def _grow(self, more: int, number: int, growth: float) -> None:
        old, spilled = (self._table, self._buckets, self._shift), self._spilled
        self._reserve_for(growth * (self.size + more), number)
        self._spilled = {}
        for start in range(0, old[1], _CHUNK):
            self._fill(*_unfolded(old[0][start : start + _CHUNK], start, *old[1:3]))
        self._fill(*_in_order(*_pairs(spilled)))

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
        late = ((buckets >= self._swept) * self._offset).astype(np.uint32)
        words = ((numbers + late) << self._shift) | rests
        if int(column.max()) < WIDTH:
            self._table[buckets, column] = words
            return
        fits = column < WIDTH
        self._table[buckets[fits], column[fits]] = words[fits]
        spilled = spread[~fits] * np.uint32(_GATHER)
        for single, number in zip(spilled.tolist(), numbers[~fits].tolist(), strict=True):
            self._spilled.setdefault(single, []).append(number)


def _pairs(spilled: dict[int, list[int]]) -> tuple[Prints, Prints]:
    """Prints and numbers of what stands outside the table."""
    pairs = np.array([(p, n) for p, several in spilled.items() for n in several], dtype=np.uint32).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


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
