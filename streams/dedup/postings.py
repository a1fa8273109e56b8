"""Which groups have a print: a hash table of four bytes a posting that grows and forgets little by little.

Buckets of two cache lines (32 words). A print's bucket is its position in the space of prints, so the bucket
already says its high bits; a word keeps the rest and the group's number (quotienting, J. Cleary 1984). Whole
prints can be read back, so the table can grow where it stands, and forget.

Buckets come in sets of five to nine that share a part of the space. The table grows by one bucket a set, from the
last set to the first, a few sets with each addition: a set moves up in memory, so nothing is overwritten that is
still to move, and sets of ten are twice as many sets of five (partial expansions, P. Larson 1980).
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from streams.dedup.columns import runs
from streams.dedup.quotients import Numbers, Prints, placed, spread_out, unfolded
from streams.dedup.room import Room
from streams.dedup.spilled import Spilled

Several = TypeVar("Several", np.uint32, NDArray[np.uint32])
"""The numbers of some postings, or the one of all."""

WIDTH = 32
_FEWEST, _MOST = 5, 10
"""Buckets of a set, at least, and when it is taken for two."""
_SMALLEST = 6
"""Bits of the number of sets at least."""
_FULL = 21
"""Postings a bucket holds on average when the table begins to grow; about one in a thousand overflows then."""
_CHUNK = 1 << 13
"""Sets worked on at a time."""
_TOGETHER = 1 << 16
"""Postings added at a time: fewer than a large table has buckets, and little enough for the processor's cache."""
_STEPS = 4096
"""Additions in which the table grows by a bucket a set."""
_AT_ONCE = 128
"""Sets that grow with an addition at least."""
_SWEEPS, _SWEPT = 1 << 13, 16
"""Additions after which nothing forgotten is left in the table, and sets swept with one at least."""


class Postings:
    """A multimap from 32-bit prints to small numbers, from 1 on."""

    def __init__(self) -> None:
        self.size = 0
        """Postings held, those that are forgotten but not yet swept out among them."""
        self._forgotten = self._hidden = 0
        """Numbers that are swept out or being so: what is kept outside the table is greater by it. And those forgotten
        since then, by which all numbers in the table are greater."""
        self._spilled = Spilled()
        self._rows, self._held = Room(4 * WIDTH), Room(1)
        self._reserve(_SMALLEST, _FEWEST)

    def lookup(self, prints: Prints) -> tuple[Numbers, Numbers]:
        """All postings of some prints: for each its index in ``prints`` and its number."""
        spread = spread_out(prints)
        buckets, rests, shift = self._places(spread)
        rows = self._table.take(buckets, axis=0)
        mask = (np.uint32(1) << shift) - np.uint32(1)
        # in one dimension this takes a tenth of the time that it takes in two
        at = ((rows & (mask if shift.ndim == 0 else mask[:, None])) == rests[:, None]).ravel().nonzero()[0]
        found = rows.ravel()[at]
        if not found.all():
            at, found = at[found > 0], found[found > 0]
        index = at // WIDTH
        numbers = (found >> (shift if shift.ndim == 0 else shift[index])).astype(np.int64)
        if self._offset or self._hidden:
            sets = spread[index] >> np.uint32(32 - self._bits)
            numbers -= (sets >= self._swept) * self._offset + self._hidden
            index, numbers = index[numbers > 0], numbers[numbers > 0]
        if self._spilled:
            full = rows[:, WIDTH - 1].nonzero()[0]
            return self._with_spilled(spread, full, index, numbers)
        return index, numbers

    def add(self, prints: Prints, number: int) -> None:
        """Post ``number`` under distinct prints."""
        self._sweep(self._sets // _SWEEPS + _SWEPT)
        number += self._hidden
        self._grow(len(prints), number)
        self._fill(np.sort(spread_out(prints)), np.uint32(number))
        self.size += len(prints)

    def reserve(self, size: int, highest: int) -> None:
        """Make room for ``size`` postings and numbers up to ``highest``, if there is none."""
        bits, width, highest = self._bits, self._width, highest + self._offset + self._hidden
        while size > _FULL * (width << bits) or highest >= 1 << (bits + 2):
            width += 1
            if width == _MOST:
                bits, width = bits + 1, _FEWEST
        if (bits, width) != (self._bits, self._width):
            self._rebuild(bits, width)

    def add_many(self, prints: Prints, numbers: NDArray[np.uint32]) -> None:
        """Many postings at once; a pair stands in ``prints`` and ``numbers`` once."""
        self.reserve(self.size + len(prints), int(numbers.max(initial=0)))
        numbers = numbers + np.uint32(self._hidden)
        for start in range(0, len(prints), _TOGETHER):
            spread = spread_out(prints[start : start + _TOGETHER])
            self._scatter(spread, self._as_held(spread, numbers[start : start + _TOGETHER]))
        self.size += len(prints)

    def drop_below(self, cutoff: int) -> None:
        """Forget numbers below ``cutoff``; the lowest that stays becomes 1.

        They leave the table little by little, with what is added next, so that no single addition waits for all.
        """
        self._hidden += cutoff - 1
        self._begin_sweep()

    def nbytes(self) -> int:
        """Bytes the table takes."""
        return self._rows.nbytes() + self._held.nbytes() + self._spilled.nbytes()

    def _reserve(self, bits: int, width: int) -> None:
        self._bits, self._sets, self._width = bits, 1 << bits, width
        self._grown = self._sets
        """The sets from here on have a bucket more."""
        self._offset, self._swept = 0, 0
        """Numbers in the sets from ``_swept`` on are greater by ``_offset``; what is not greater is forgotten."""
        self._stretch(self._sets * width)

    def _stretch(self, buckets: int) -> None:
        """Have memory for so many buckets."""
        self._let_go()
        self._rows.resize(buckets)
        self._held.resize(buckets)
        self._table: Prints = self._rows.view(np.uint32).reshape(-1, WIDTH)
        self._held_rows: NDArray[np.uint8] = self._held.view(np.uint8)
        """Postings in each bucket: asking the table itself would read its cache lines."""

    def _let_go(self) -> None:
        """Have no view of the memory, so that it may be moved."""
        self._table = np.zeros((0, WIDTH), dtype=np.uint32)
        self._held_rows = np.zeros(0, dtype=np.uint8)

    def _shift_of(self, width: int) -> int:
        """How many bits of a word are the print's: the last step to twice as many sets has one less, as these have."""
        return 30 - self._bits - (width == _MOST)

    def _places(self, spread: Prints) -> tuple[Numbers, Prints, NDArray[np.uint32]]:
        """The bucket of each print, what its word keeps of it, and in how many bits."""
        wide = spread.astype(np.uint64)
        if self._grown == self._sets:
            buckets, rests = placed(wide, np.uint64(self._sets * self._width), self._bits + 2)
            return buckets, rests, np.uint32(self._shift_of(self._width))  # type: ignore[return-value]
        upper = (wide >> np.uint64(32 - self._bits)).view(np.int64) >= self._grown
        count = np.where(upper, self._sets * (self._width + 1), self._sets * self._width).astype(np.uint64)
        buckets, rests = placed(wide, count, self._bits + 2)
        rests = np.where(upper, rests >> np.uint32(self._width + 1 == _MOST), rests)
        shift = np.where(upper, self._shift_of(self._width + 1), self._shift_of(self._width)).astype(np.uint32)
        return buckets, rests, shift

    def _zones(self, first: int, end: int) -> list[tuple[int, int, int]]:
        """Sets from ``first`` to ``end``, in parts: begin, end and buckets of each."""
        middle = min(max(first, self._grown), end)
        parts = (first, middle, self._width), (middle, end, self._width + 1)
        return [part for part in parts if part[0] < part[1]]

    def _sweep(self, sets: int) -> None:
        """Let some more sets be without what is forgotten."""
        end = min(self._swept + sets, self._sets)
        while self._offset and self._swept < end:
            stop = min(self._swept + _CHUNK, end)
            spilled = self._spilled_between(self._swept, stop)
            for first, last, width in self._zones(self._swept, stop):
                self._clean(first * width, last * width, np.uint32(self._shift_of(width)))
            self._swept = stop
            self._fill(*spilled)
        if self._swept == self._sets:
            self._offset, self._swept = 0, 0
            self._begin_sweep()

    def _begin_sweep(self) -> None:
        """Begin to sweep out what is forgotten, unless what was forgotten before still is being swept out."""
        if not self._offset:
            self._offset, self._hidden = self._hidden, 0
            self._forgotten += self._offset

    def _clean(self, first: int, end: int, shift: np.uint32) -> None:
        """Let some buckets be without what is forgotten."""
        rows = self._table[first:end]
        stays = rows >> shift > self._offset
        rows -= np.uint32(self._offset) << shift
        rows[~stays] = 0
        rows[:] = np.sort(rows, axis=1)[:, ::-1]
        held = self._held_rows[first:end]
        before = int(held.sum(dtype=np.int64))
        held[:] = stays.sum(axis=1)
        self.size -= before - int(held.sum(dtype=np.int64))

    def _grow(self, more: int, highest: int) -> None:
        """See that so many postings more, and numbers up to ``highest``, fit; if the table grows, let it go on."""
        sets = max(_AT_ONCE, self._sets // _STEPS)
        while sets > 0:
            if self._grown == self._sets:
                if not self._is_filling(more, highest):
                    return
                self._stretch(self._sets * (self._width + 1))
            sets -= self._move(min(sets, _CHUNK))
        if highest + self._offset >= 1 << (self._bits + 2):
            self.reserve(self.size + more, highest - self._hidden)

    def _is_filling(self, more: int, highest: int) -> bool:
        """Whether to grow: in time for numbers, which need the whole way to twice as many sets to have a bit more."""
        return self.size + more > _FULL * (self._width << self._bits) or highest + self._offset >= 3 << self._bits

    def _move(self, sets: int) -> int:
        """Give some more sets, from the last on, their further bucket; how many."""
        first, end = max(0, self._grown - sets), self._grown
        rows = self._table[first * self._width : end * self._width]
        spread, numbers = unfolded(rows, first * self._width, self._sets * self._width, self._shift_of(self._width))
        spilled = self._spilled_between(first, end)
        moved = slice(first * (self._width + 1), end * (self._width + 1))
        self._table[moved], self._held_rows[moved] = 0, 0
        self._grown = first
        self._put(spread, numbers)
        self._fill(*spilled)
        if not first:
            self._width, self._grown = self._width + 1, self._sets
            if self._width == _MOST:
                self._bits, self._sets, self._width = self._bits + 1, 2 * self._sets, _FEWEST
                self._swept, self._grown = 2 * self._swept, self._sets
        return end - first

    def _rebuild(self, bits: int, width: int) -> None:
        """Have room for more at once."""
        while self._offset:
            self._sweep(self._sets)
        every = [self._all_between(first, min(first + _CHUNK, self._sets)) for first in range(0, self._sets, _CHUNK)]
        self._let_go()
        self._rows.resize(0)
        self._held.resize(0)
        self._reserve(bits, width)
        while every:
            self._fill(*every.pop(0))

    def _all_between(self, first: int, end: int) -> tuple[Prints, Prints]:
        """Spread prints, ascending, and numbers of some sets, that are no longer in the table then."""
        parts = [self._spilled_between(first, end)]
        for begin, stop, width in self._zones(first, end):
            rows = self._table[begin * width : stop * width]
            parts.append(unfolded(rows, begin * width, self._sets * width, self._shift_of(width)))
        spread, numbers = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        order = np.argsort(spread, kind="stable")
        return spread[order], numbers[order]

    def _fill(self, spread: Prints, numbers: Several) -> None:
        """Add postings by their spread prints, in the order of their buckets; one number may be that of all."""
        self._put(spread, self._as_held(spread, numbers))

    def _as_held(self, spread: Prints, numbers: Several) -> Several:
        """The numbers of some postings as the table has them."""
        return numbers + self._late(spread) if self._offset else numbers  # type: ignore[return-value]

    def _late(self, spread: Prints) -> NDArray[np.uint32]:
        """By how much numbers are greater in the table, because what is forgotten is not swept out there yet."""
        late: NDArray[np.uint32] = (spread >> np.uint32(32 - self._bits) >= self._swept) * np.uint32(self._offset)
        return late

    def _scatter(self, spread: Prints, numbers: NDArray[np.uint32]) -> None:
        """Add postings in any order, with their numbers as the table has them.

        All that are left claim the next word of their bucket at once; the last written has it, the others go on.
        """
        buckets, rests, shifts = self._places(spread)
        words, table = (numbers << shifts) | rests, self._table.ravel()
        left = np.arange(len(spread))
        while len(left):
            column = self._held_rows.take(buckets)
            if int(column.max()) == WIDTH:
                over, fits = (column == WIDTH).nonzero()[0], (column < WIDTH).nonzero()[0]
                self._spill(spread[left[over]], numbers[left[over]])
                left, buckets, words, column = left[fits], buckets[fits], words[fits], column[fits]
            at = buckets * WIDTH + column
            table[at] = words
            self._held_rows[buckets] = column + np.uint8(1)
            lost = (table.take(at) != words).nonzero()[0]
            left, buckets, words = left[lost], buckets[lost], words[lost]

    def _put(self, spread: Prints, numbers: Several) -> None:
        """Add postings with their numbers as the table has them."""
        if not len(spread):
            return
        buckets, rests, shifts = self._places(spread)
        column = self._taken(buckets)
        words = (numbers << shifts) | rests
        if int(column.max()) >= WIDTH:
            over, fits = (column >= WIDTH).nonzero()[0], (column < WIDTH).nonzero()[0]
            self._spill(spread[over], numbers[over] if isinstance(numbers, np.ndarray) else np.full(len(over), numbers))
            buckets, column, words = buckets[fits], column[fits], words[fits]
        self._table.ravel()[buckets * WIDTH + column] = words

    def _taken(self, buckets: Numbers) -> Numbers:
        """The word in its bucket that each of some postings takes, given their buckets, ascending."""
        if (buckets[1:] != buckets[:-1]).all():
            column = self._held_rows.take(buckets).astype(np.int64)
            self._held_rows[buckets] = np.minimum(column + 1, WIDTH)
            return column
        first, sizes = runs(buckets)
        filled = buckets[first]
        occupied = self._held_rows[filled].astype(np.int64)
        self._held_rows[filled] = np.minimum(occupied + sizes, WIDTH)
        return np.asarray(np.arange(len(buckets)) + np.repeat(occupied - first, sizes))

    def _spill(self, spread: Prints, numbers: NDArray[np.uint32]) -> None:
        """Keep outside what did not fit, by numbers that forgetting does not change."""
        self._spilled.put(spread, numbers + (self._forgotten - self._late(spread).astype(np.int64)))

    def _with_spilled(self, spread: Prints, full: Numbers, index: Numbers, numbers: Numbers) -> tuple[Numbers, Numbers]:
        more = self._spilled.of(spread[full], self._forgotten + self._hidden)
        if not more:
            return index, numbers
        extra = np.array(more, dtype=np.int64)
        return np.concatenate((index, full[extra[:, 0]])), np.concatenate((numbers, extra[:, 1]))

    def _spilled_between(self, first: int, end: int) -> tuple[Prints, Prints]:
        """What is kept outside for some sets, and no longer then: spread prints, ascending, and numbers."""
        shift = 32 - self._bits
        found = self._spilled.pop(first << shift, end << shift)
        stays = sorted((single, number - self._forgotten) for single, number in found if number > self._forgotten)
        self.size -= len(found) - len(stays)
        pairs = np.array(stays, dtype=np.uint32).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]
