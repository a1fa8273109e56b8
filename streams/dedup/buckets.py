"""A hash table of prints that grows where it stands: four bytes a posting, and no word says which print it is.

Buckets of two cache lines (32 words). A print's bucket is its position in the space of prints, so the bucket
already says its high bits; a word keeps the rest and a number (quotienting, J. Cleary 1984). Whole prints can be
read back, so the table can grow.

Buckets come in sets of five to nine that share a part of the space. The table grows by one bucket a set, from the
last set to the first: a set moves up in memory, so nothing is overwritten that is still to move, and sets of ten
are twice as many sets of five (partial expansions, P. Larson 1980).
"""

from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from streams import kernels
from streams.dedup.columns import runs
from streams.dedup.quotients import Numbers, Prints, placed, unfolded
from streams.dedup.room import Room

Several = TypeVar("Several", np.uint32, NDArray[np.uint32])
"""The numbers of some postings, or the one of all."""
Places: TypeAlias = tuple[Numbers, Prints, NDArray[np.uint32]]
"""The bucket of each print, what its word keeps of it, and in how many bits."""

WIDTH = 32
_FEWEST, _MOST = 5, 10
"""Buckets of a set, at least, and when it is taken for two."""
_SMALLEST = 6
"""Bits of the number of sets at least."""
_FEW = 24
"""Postings beside another of their bucket that are placed one by one."""
_ROOM = 64
"""Postings for which there is room when some are looked for; where there are more, they are looked for again."""
_NONE = np.zeros(0, dtype=np.int64)


class Buckets:
    """Pairs of a spread print and a number. What does not fit into its bucket is left to the caller."""

    def __init__(self) -> None:
        self._rows, self._held = Room(4 * WIDTH), Room(1)
        self.renew(_SMALLEST, _FEWEST)

    def _have(self, bits: int, width: int) -> None:
        self.bits, self.width = bits, width
        """How many sets there are, as a power of two, and buckets of each."""
        self.sets: int = 1 << bits
        self.grown: int = self.sets
        """The sets from here on have a bucket more."""
        self.numbers = 4 << bits
        """Numbers are below this."""

    def sets_of(self, spread: Prints) -> NDArray[np.uint32]:
        """The set of each print."""
        found: NDArray[np.uint32] = spread >> np.uint32(32 - self.bits)
        return found

    def find(
        self, native: kernels.Kernels, spread: Prints, swept: int, offset: int, hidden: int
    ) -> tuple[Numbers, Numbers, NDArray[np.uint8]]:
        """``lookup`` by the compiled kernels: of numbers that are less by ``hidden``, in the sets from ``swept`` on by
        ``offset`` more, without those that are not positive; and whether the bucket of each print is full."""
        count, full = _ROOM, np.empty(len(spread), np.uint8)
        room = 0
        while count > room:
            room = count
            index, numbers = np.empty((2, room), np.int64)
            count = native.find_postings(*self._parts(), spread, swept, offset, hidden, index, numbers, full)
        return index[:count].copy(), numbers[:count].copy(), full

    def lookup(self, spread: Prints) -> tuple[Numbers, Numbers, Prints]:
        """All postings of some prints: for each its index in ``spread`` and its number; and the last word of the bucket
        of each print, 0 where there is room."""
        buckets, rests, shift = self._places(spread)
        rows = self._table.take(buckets, axis=0)
        mask = (np.uint32(1) << shift) - np.uint32(1)
        # in one dimension this takes a tenth of the time that it takes in two
        at = ((rows & (mask if shift.ndim == 0 else mask[:, None])) == rests[:, None]).ravel().nonzero()[0]
        if not len(at):
            return _NONE, _NONE, rows[:, WIDTH - 1]
        found = rows.ravel()[at]
        if not found.all():
            at, found = at[found > 0], found[found > 0]
        index = at // WIDTH
        numbers = (found >> (shift if shift.ndim == 0 else shift[index])).astype(np.int64)
        return index, numbers, rows[:, WIDTH - 1]

    def put(self, spread: Prints, numbers: Several) -> Numbers:
        """Add postings; which of them do not fit."""
        if not len(spread):
            return _NONE
        if kernels.native is not None:
            return self._put(kernels.native, spread, numbers)
        buckets, rests, shifts = self._places(spread)
        if (buckets[1:] < buckets[:-1]).any():
            order = buckets.argsort(kind="stable")
            return order[self.put(spread[order], numbers[order] if isinstance(numbers, np.ndarray) else numbers)]
        column = self._taken(buckets)
        words, over = (numbers << shifts) | rests, _NONE
        if int(column.max()) >= WIDTH:
            over, fits = (column >= WIDTH).nonzero()[0], (column < WIDTH).nonzero()[0]
            buckets, column, words = buckets[fits], column[fits], words[fits]
        self._table.ravel()[buckets * WIDTH + column] = words
        return over

    def lower(self, first: int, end: int, by: int) -> int:
        """Let the numbers of some sets be less, without those that were not greater than that; how many these are."""
        if kernels.native is not None:
            return kernels.native.lower_sets(*self._parts(), first, end, by)
        gone = 0
        for begin, stop, width in self._zones(first, end):
            shift = np.uint32(self._shift_of(width))
            rows, held = (part[begin * width : stop * width] for part in (self._table, self._held_rows))
            stays = rows >> shift > by
            rows -= np.uint32(by) << shift
            rows[~stays] = 0
            rows[:] = np.sort(rows, axis=1)[:, ::-1]
            before = int(held.sum(dtype=np.int64))
            held[:] = stays.sum(axis=1)
            gone += before - int(held.sum(dtype=np.int64))
        return gone

    def between(self, first: int, end: int) -> list[tuple[Prints, Prints]]:
        """The spread prints, ascending, and numbers of some sets, in parts."""
        return [
            unfolded(
                self._table[begin * width : stop * width], begin * width, width << self.bits, self._shift_of(width)
            )
            for begin, stop, width in self._zones(first, end)
        ]

    def widen(self, first: int) -> tuple[Prints, Prints]:
        """Give the sets from ``first`` on that do not have it a further bucket; the postings that do not fit then."""
        if self.grown == self.sets:
            self._reserve(self.width + 1)
        over = self._widened(first) if kernels.native is None else self._widened_by(kernels.native, first)
        self.grown, width = first, self.width + 1
        if not first:
            self._have(*((self.bits, width) if width < _MOST else (self.bits + 1, _FEWEST)))
        return over

    def enough(self, buckets: float, highest: int) -> tuple[int, int]:
        """The bits and width of a table of so many buckets and numbers, not smaller than this one."""
        bits, width = self.bits, self.width
        while buckets > width << bits or highest >= 4 << bits:
            width += 1
            if width == _MOST:
                bits, width = bits + 1, _FEWEST
        return bits, width

    def renew(self, bits: int, width: int) -> None:
        """Be empty, with so many sets, as a power of two, of so many buckets."""
        self._let_go()
        self._rows.resize(0)
        self._held.resize(0)
        self._have(bits, width)
        self._reserve(width)

    def nbytes(self) -> int:
        """Bytes held."""
        return self._rows.nbytes() + self._held.nbytes()

    def _widened(self, first: int) -> tuple[Prints, Prints]:
        """Move the sets from ``first`` on to where they have a further bucket; what does not fit."""
        end, width = self.grown, self.width
        ((spread, numbers),) = self.between(first, end)
        moved = slice(first * (width + 1), end * (width + 1))
        self._table[moved], self._held_rows[moved] = 0, 0
        self.grown = first
        over = self.put(spread, numbers)
        return spread[over], numbers[over]

    def _widened_by(self, native: kernels.Kernels, first: int) -> tuple[Prints, Prints]:
        """The same by the compiled kernels."""
        spread, numbers = np.empty((2, max(self.grown - first, 0) * self.width * WIDTH), np.uint32)
        count = native.widen_sets(*self._parts(), first, spread, numbers)
        return spread[:count].copy(), numbers[:count].copy()

    def _put(self, native: kernels.Kernels, spread: Prints, numbers: Several) -> Numbers:
        """Add postings; which of them do not fit."""
        over = np.empty(len(spread), np.int64)
        count = native.put_postings(*self._parts(), spread, np.atleast_1d(numbers), over)
        return over[:count] if count else _NONE

    def _parts(self) -> tuple[Prints, NDArray[np.uint8], int, int, int]:
        """The table as the compiled kernels take it."""
        return self._words, self._held_rows, self.bits, self.width, self.grown

    def _reserve(self, width: int) -> None:
        """Have memory for so many buckets a set."""
        self._let_go()
        self._rows.resize(width << self.bits)
        self._held.resize(width << self.bits)
        self._words: Prints = self._rows.view(np.uint32)
        self._table: Prints = self._words.reshape(-1, WIDTH)
        self._held_rows: NDArray[np.uint8] = self._held.view(np.uint8)
        """Postings in each bucket: asking the table itself would read its cache lines."""

    def _let_go(self) -> None:
        """Have no view of the memory, so that it may be moved."""
        self._words = np.zeros(0, dtype=np.uint32)
        self._table = self._words.reshape(0, WIDTH)
        self._held_rows = np.zeros(0, dtype=np.uint8)

    def _shift_of(self, width: int) -> int:
        """How many bits of a word are the print's: the last step to twice as many sets has one less, as these have."""
        return 30 - self.bits - (width == _MOST)

    def _places(self, spread: Prints) -> Places:
        wide, width = spread.astype(np.uint64), self.width
        if self.grown == self.sets:
            buckets, rests = placed(wide, np.uint64(width << self.bits), self.bits + 2)
            return buckets, rests, np.uint32(self._shift_of(width))  # type: ignore[return-value]
        upper = (wide >> np.uint64(32 - self.bits)).view(np.int64) >= self.grown
        count = np.where(upper, (width + 1) << self.bits, width << self.bits).astype(np.uint64)
        buckets, rests = placed(wide, count, self.bits + 2)
        rests = np.where(upper, rests >> np.uint32(width + 1 == _MOST), rests)
        shift = np.where(upper, self._shift_of(width + 1), self._shift_of(width)).astype(np.uint32)
        return buckets, rests, shift

    def _zones(self, first: int, end: int) -> list[tuple[int, int, int]]:
        """Sets from ``first`` to ``end``, in parts: begin, end and buckets of each."""
        middle = min(max(first, self.grown), end)
        parts = (first, middle, self.width), (middle, end, self.width + 1)
        return [part for part in parts if part[0] < part[1]]

    def _taken(self, buckets: Numbers) -> Numbers:
        """The word in its bucket that each of some postings takes, given their buckets, ascending."""
        again = (buckets[1:] == buckets[:-1]).nonzero()[0]
        if len(again) <= _FEW:
            column = self._held_rows.take(buckets).astype(np.int64)
            for at in again.tolist():
                column[at + 1] = column[at] + 1
            self._held_rows[buckets] = np.minimum(column + 1, WIDTH)  # of one bucket the last, which is the highest
            return column
        first, sizes = runs(buckets)
        filled = buckets[first]
        occupied = self._held_rows[filled].astype(np.int64)
        self._held_rows[filled] = np.minimum(occupied + sizes, WIDTH)
        return np.asarray(np.arange(len(buckets)) + np.repeat(occupied - first, sizes))
