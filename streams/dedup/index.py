"""Which entry has a key: hash tables so small that one grows between two articles."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from streams.dedup.columns import Column, runs

TABLES = 256
_HIGH = 56
"""The high bits of a key choose its table, the low ones the slot to begin at."""
_SMALLEST = 8
_ROUND = 0xFFFFFFFF
"""Slots hold the low bits of entry numbers; no two entries remembered differ by as much."""
_EMPTY = _ROUND
_ONE_BY_ONE = 256
"""Entries that are not worth building the tables anew."""


class HashIndex:
    """The first remembered entry of each 64-bit key, or the latest; key 0 is in no index.

    Open addressing over entry numbers; the keys themselves stand in a column. What is forgotten stays in its slot
    until its table is built again. That the first of a key can be forgotten and the next take its place, the first
    of each generation has a slot: forgetting ends between two generations.
    """

    def __init__(self, *, latest: bool = False) -> None:
        self._latest = latest
        self.keys = Column(np.uint64)
        self._tables = [_emptied(_SMALLEST)] * TABLES
        self._used = [_SMALLEST] * TABLES
        """Slots taken; all of a table that was never built."""
        self._placed = 0
        """The entries from here on have no slots yet."""
        self._starts: list[int] = []
        """Where the generations of those begin."""

    def __len__(self) -> int:
        return len(self.keys)

    def get(self, key: int) -> int:
        """The entry of ``key``, -1 for none."""
        if not key:
            return -1
        keys = self.keys
        if self._placed != keys.next:
            self._place()
        table = self._tables[key >> _HIGH]
        base, size, mask = keys.base, keys.next - keys.base, len(table) - 1
        at = key & mask
        while (held := table[at]) != _EMPTY:
            age = (held - base) & _ROUND
            if age < size and keys[base + age] == key:
                return int(base + age)
            at = (at + 1) & mask
        return -1

    def append(self, key: int, generation: int = 0) -> None:
        """The key of one more entry, of a generation that began with the entry ``generation``."""
        keys = self.keys
        if self._placed != keys.next:
            self._place()
        number = keys.next
        keys.append(key)
        self._placed = number + 1
        if not key:
            return
        table = self._tables[which := key >> _HIGH]
        at = key & (len(table) - 1)
        if table[at] == _EMPTY and 3 * self._used[which] < 2 * len(table):  # most often so, and soon done
            table[at] = number & _ROUND
            self._used[which] += 1
        else:
            self._insert(key, number, generation)

    def extend(self, keys: NDArray[np.uint64], generations: NDArray[np.int64]) -> None:
        """The keys of many more entries, each with the first entry of its generation; they get slots when asked for."""
        self.keys.extend(keys)
        self._starts += generations[runs(generations)[0]].tolist()

    def forget(self, base: int) -> None:
        """Forget the entries below ``base``, where a generation begins."""
        if self._placed != self.keys.next:
            self._place()
        self.keys.forget(base)
        self._placed = max(self._placed, base)

    def settle(self) -> None:
        """Give slots to all entries, rather than when one is asked for."""
        if self._placed != self.keys.next:
            self._place()

    def nbytes(self) -> int:
        """Bytes held."""
        return self.keys.nbytes() + sum(4 * len(table) for table in self._tables)

    def _insert(self, key: int, number: int, generation: int) -> None:
        which = key >> _HIGH
        if 3 * self._used[which] >= 2 * len(self._tables[which]):
            self._rebuild(which)
        keys, table = self.keys, self._tables[which]
        base, size, mask = keys.base, keys.next - keys.base, len(table) - 1
        at = key & mask
        while (held := table[at]) != _EMPTY:
            age = (held - base) & _ROUND
            if age < size and keys[base + age] == key:
                if self._latest:
                    table[at] = number & _ROUND
                if self._latest or base + age >= generation:
                    return
            at = (at + 1) & mask
        table[at] = number & _ROUND
        self._used[which] += 1

    def _rebuild(self, which: int) -> None:
        """Make a table anew, with room, and without what is forgotten."""
        keys = self.keys
        base, size = keys.base, keys.next - keys.base
        ages = sorted(age for held in self._tables[which] if held != _EMPTY and (age := (held - base) & _ROUND) < size)
        table = _emptied(_size_for(len(ages)))
        mask = len(table) - 1
        for age in ages:
            at = keys[base + age] & mask
            while table[at] != _EMPTY:
                at = (at + 1) & mask
            table[at] = (base + age) & _ROUND
        self._tables[which], self._used[which] = table, len(ages)

    def _place(self) -> None:
        """Give slots to the entries that have none."""
        first, starts = max(self._placed, self.keys.base), np.array(sorted(set(self._starts)), dtype=np.int64)
        self._placed, self._starts = self.keys.next, []
        keys = self.keys.between(first, self.keys.next)
        generations = starts[np.searchsorted(starts, np.arange(first, first + len(keys)), side="right") - 1]
        if len(keys) <= _ONE_BY_ONE or 4 * len(keys) < len(self.keys):
            for number, (key, generation) in enumerate(zip(keys.tolist(), generations.tolist(), strict=True), first):
                if key:
                    self._insert(key, number, generation)
            return
        numbers = np.concatenate((self._slotted(), first + self._deciding(keys, generations)))
        self._build(numbers)

    def _slotted(self) -> NDArray[np.int64]:
        """The entries that have slots, but for what is forgotten."""
        held = np.concatenate([np.array(table, dtype=np.int64) for table in self._tables if len(table)])
        ages = (held[held != _EMPTY] - self.keys.base) & _ROUND
        return self.keys.base + np.unique(ages[ages < len(self.keys)])

    def _deciding(self, keys: NDArray[np.uint64], generations: NDArray[np.int64]) -> NDArray[np.int64]:
        """Of entries with one key the first of each generation, or the latest; none of key 0."""
        if self._latest:
            decisive = len(keys) - 1 - np.unique(keys[::-1], return_index=True)[1]
        else:
            order = np.argsort(keys, kind="stable")
            same = (keys[order][1:] == keys[order][:-1]) & (generations[order][1:] == generations[order][:-1])
            decisive = order[np.concatenate((np.ones(min(1, len(order)), dtype=np.bool_), ~same))]
        chosen: NDArray[np.int64] = decisive[keys[decisive] != 0].astype(np.int64)
        return chosen

    def _build(self, numbers: NDArray[np.int64]) -> None:
        """Make all tables anew, of these entries; of those that had slots before in the order they came."""
        keys = self.keys.all()[numbers - self.keys.base]
        if self._latest:
            last = self._deciding(keys, keys.astype(np.int64))
            numbers, keys = numbers[last], keys[last]
        which = (keys >> np.uint64(_HIGH)).astype(np.int64)
        self._used = np.bincount(which, minlength=TABLES).tolist()
        sizes = np.array([_size_for(used) for used in self._used])
        starts = np.cumsum(sizes) - sizes
        slots = np.full(int(sizes.sum()), _EMPTY, dtype=np.uint32)
        _fill(slots, keys, (numbers & _ROUND).astype(np.uint32), starts[which], sizes[which] - 1)
        parts = [slots[start : start + size].copy() for start, size in zip(starts, sizes, strict=True)]
        self._tables = [memoryview(part) for part in parts]  # type: ignore[arg-type]


def _size_for(entries: int) -> int:
    """Slots for so many entries: a power of two that leaves a third free, and time until it is built again."""
    return max(_SMALLEST, 1 << (8 * entries // 5).bit_length())


def _emptied(size: int) -> Any:
    return memoryview(np.full(size, _EMPTY, dtype=np.uint32))  # type: ignore[arg-type]


def _fill(
    slots: NDArray[np.uint32], keys: NDArray[np.uint64], numbers: NDArray[np.uint32],
    starts: NDArray[np.int64], masks: NDArray[np.int64],
) -> None:  # fmt: skip
    """Give entries their slots, each among those of its table, which it takes in turn from ``starts`` on.

    Of several that claim a free slot the earliest has it, the others go on: equal keys go together, so that the
    earlier one comes first on the way.
    """
    at = keys.view(np.int64) & masks
    while len(numbers):
        claimed = starts + at
        free = slots[claimed] == _EMPTY
        np.minimum.at(slots, claimed[free], numbers[free])
        left = (slots[claimed] != numbers).nonzero()[0]
        numbers, starts, masks = numbers[left], starts[left], masks[left]
        at = (at[left] + 1) & masks
