"""Which groups have a print: a table that grows and forgets little by little.

No single addition waits for the whole table: it grows, and is swept of what is forgotten, some sets with each.
"""

import numpy as np
from numpy.typing import NDArray

from streams import kernels
from streams.dedup.buckets import Buckets, Several
from streams.dedup.quotients import Numbers, Prints, spread_out
from streams.dedup.spilled import Spilled

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
        self._buckets = Buckets()
        self._offset = self._swept = 0
        """Numbers in the sets from ``_swept`` on are greater by ``_offset``; what is not greater is forgotten."""
        self._forgotten = self._hidden = 0
        """Numbers that are swept out or being so: what is kept outside the table is greater by it. And those forgotten
        since then, by which all numbers in the table are greater."""
        self._spilled = Spilled()

    def lookup(self, prints: Prints) -> tuple[Numbers, Numbers]:
        """All postings of some prints: for each its index in ``prints`` and its number."""
        spread = spread_out(prints)
        if kernels.native is not None:
            index, numbers, full = self._buckets.find(kernels.native, spread, self._swept, self._offset, self._hidden)
            return self._with_spilled(spread, full.nonzero()[0], index, numbers) if self._spilled else (index, numbers)
        index, numbers, last = self._buckets.lookup(spread)
        if self._offset or self._hidden:
            late = self._buckets.sets_of(spread[index]) >= self._swept
            numbers -= late * self._offset + self._hidden
            index, numbers = index[numbers > 0], numbers[numbers > 0]
        if self._spilled:
            return self._with_spilled(spread, last.nonzero()[0], index, numbers)
        return index, numbers

    def add(self, prints: Prints, number: int) -> None:
        """Post ``number`` under distinct prints."""
        self._sweep(self._buckets.sets // _SWEEPS + _SWEPT)
        number += self._hidden
        self._grow(len(prints), number)
        self._fill(spread_out(prints), np.uint32(number))
        self.size += len(prints)

    def reserve(self, size: int, highest: int) -> None:
        """Make room for ``size`` postings and numbers up to ``highest``, if there is none."""
        bits, width = self._buckets.enough(size / _FULL, highest + self._offset + self._hidden)
        if (bits, width) != (self._buckets.bits, self._buckets.width):
            self._rebuild(bits, width)

    def add_many(self, prints: Prints, numbers: NDArray[np.uint32]) -> None:
        """Many postings at once; a pair stands in ``prints`` and ``numbers`` once."""
        self.reserve(self.size + len(prints), int(numbers.max(initial=0)))
        numbers = numbers + np.uint32(self._hidden)
        for start in range(0, len(prints), _TOGETHER):
            spread = spread_out(prints[start : start + _TOGETHER])
            held = self._as_held(spread, numbers[start : start + _TOGETHER])
            over = self._buckets.put(spread, held)
            self._spill(spread[over], held[over])
        self.size += len(prints)

    def drop_below(self, cutoff: int) -> None:
        """Forget numbers below ``cutoff``; the lowest that stays becomes 1.

        They leave the table little by little, with what is added next, so that no single addition waits for all.
        """
        self._hidden += cutoff - 1
        self._begin_sweep()

    def nbytes(self) -> int:
        """Bytes the table takes."""
        return self._buckets.nbytes() + self._spilled.nbytes()

    def _sweep(self, sets: int) -> None:
        """Let some more sets be without what is forgotten."""
        end = min(self._swept + sets, self._buckets.sets)
        while self._offset and self._swept < end:
            stop = min(self._swept + _CHUNK, end)
            spilled = self._spilled_between(self._swept, stop)
            self.size -= self._buckets.lower(self._swept, stop, self._offset)
            self._swept = stop
            self._fill(*spilled)
        if self._swept == self._buckets.sets:
            self._offset, self._swept = 0, 0
            self._begin_sweep()

    def _begin_sweep(self) -> None:
        """Begin to sweep out what is forgotten, unless what was forgotten before still is being swept out."""
        if not self._offset:
            self._offset, self._hidden = self._hidden, 0
            self._forgotten += self._offset

    def _grow(self, more: int, highest: int) -> None:
        """See that so many postings more, and numbers up to ``highest``, fit; if the table grows, let it go on."""
        buckets = self._buckets
        sets = max(_AT_ONCE, buckets.sets // _STEPS)
        while sets > 0 and (buckets.grown < buckets.sets or self._is_filling(more, highest)):
            sets -= self._widen(min(sets, _CHUNK))
        if highest + self._offset >= buckets.numbers:
            self.reserve(self.size + more, highest - self._hidden)

    def _is_filling(self, more: int, highest: int) -> bool:
        """Whether to grow: in time for numbers, which need the whole way to twice as many sets to have a bit more."""
        buckets = self._buckets
        full = self.size + more > _FULL * buckets.width * buckets.sets
        return full or 4 * (highest + self._offset) >= 3 * buckets.numbers

    def _widen(self, sets: int) -> int:
        """Give some more sets, from the last on, their further bucket; how many."""
        end, bits = self._buckets.grown, self._buckets.bits
        first = max(0, end - sets)
        spilled = self._spilled_between(first, end)
        over = self._buckets.widen(first)
        self._swept <<= self._buckets.bits - bits
        self._spill(*over)
        self._fill(*spilled)
        return end - first

    def _rebuild(self, bits: int, width: int) -> None:
        """Have room for more at once."""
        sets = self._buckets.sets
        while self._offset:
            self._sweep(sets)
        every = [self._all_between(first, min(first + _CHUNK, sets)) for first in range(0, sets, _CHUNK)]
        self._buckets.renew(bits, width)
        while every:
            self._fill(*every.pop(0))

    def _all_between(self, first: int, end: int) -> tuple[Prints, Prints]:
        """Spread prints, ascending, and numbers of some sets; what was kept outside no longer is."""
        parts = [self._spilled_between(first, end), *self._buckets.between(first, end)]
        spread, numbers = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        order = np.argsort(spread, kind="stable")
        return spread[order], numbers[order]

    def _fill(self, spread: Prints, numbers: Several) -> None:
        """Add postings by their spread prints; one number may be that of all."""
        held = self._as_held(spread, numbers)
        over = self._buckets.put(spread, held)
        if len(over):
            self._spill(spread[over], held[over] if isinstance(held, np.ndarray) else np.full(len(over), held))

    def _as_held(self, spread: Prints, numbers: Several) -> Several:
        """The numbers of some postings as the table has them."""
        return numbers + self._late(spread) if self._offset else numbers  # type: ignore[return-value]

    def _late(self, spread: Prints) -> NDArray[np.uint32]:
        """By how much numbers are greater in the table, because what is forgotten is not swept out there yet."""
        late: NDArray[np.uint32] = (self._buckets.sets_of(spread) >= self._swept) * np.uint32(self._offset)
        return late

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
        shift = 32 - self._buckets.bits
        found = self._spilled.pop(first << shift, end << shift)
        stays = sorted((single, number - self._forgotten) for single, number in found if number > self._forgotten)
        self.size -= len(found) - len(stays)
        spread, numbers = np.ascontiguousarray(np.array(stays, dtype=np.uint32).reshape(-1, 2).T)
        return spread, numbers
