"""Which articles told of a term latest: a ring of them for each term, or for the few terms that share one."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from streams import kernels
from streams.dedup.columns import runs

Entries: TypeAlias = NDArray[np.int64]
Asked: TypeAlias = NDArray[np.uint32]
"""Terms by which an article is looked up."""
Told: TypeAlias = Callable[[int, int], tuple[Entries, Asked]]
"""The entries from one on and below another, each once for each term it is looked up by, and these terms."""

LATEST = 16
"""Entries remembered for a term."""
_FEWEST = 8
_FOURFOLD = 2
"""Bits by which the number of rings grows."""
_TOO_MANY = 8
"""Bits by which there may be more rings than so many articles would get, once most are forgotten."""
_BLOCK_BITS = 12
_OFTEN = 16
"""Entries after which more are brought into the rings to come."""


class _Table:
    """Two to the power of ``bits`` rings, of entries counted from 1: up to 2^31 in the life of a process."""

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self._rings = np.zeros((1 << bits, LATEST), dtype=np.int32)
        self._turns = np.zeros(1 << bits, dtype=np.uint8)
        self._block_bits = min(_BLOCK_BITS, 32 - bits)

    @property
    def block(self) -> int:
        """Entries taken in at once at most: so few that one beside its ring fits into 32 bits, which are sorted in
        half the time of 64."""
        return 1 << self._block_bits

    def rows(self, asked: Asked) -> Entries:
        spread = (asked * np.uint32(0x9E3779B1)) >> np.uint32(32 - self.bits)
        return spread.astype(np.int64)

    def latest(self, asked: Asked, base: int, most: int) -> Entries:
        """``Rings.latest`` of these rings."""
        if kernels.native is not None:
            latest = np.empty(most, np.int64)
            return latest[: kernels.native.ring_latest(self._rings, self.bits, asked, base, latest)]
        found = self._rings.take(self.rows(asked), axis=0).ravel()
        found.sort()
        first, counts = runs(found)
        forgotten = int(found[first].searchsorted(np.int32(base + 1)))
        entries, counts = found[first[forgotten:]].astype(np.int64) - 1, counts[forgotten:]
        if len(entries) > most:
            ranked = np.sort((counts << 32) | entries)[: -most - 1 : -1]
            entries = ranked & 0xFFFFFFFF
        return entries

    def add(self, asked: Asked, entry: int) -> None:
        if kernels.native is not None:
            self._put(kernels.native, np.array([entry]), asked)
            return
        rows = self.rows(asked)
        turns = self._turns[rows]
        self._rings[rows, turns] = entry + 1
        self._turns[rows] = (turns + 1) % LATEST

    def fill(self, entries: Entries, asked: Asked) -> None:
        """Take many entries in, of a block at most, as if they had been added one by one."""
        if not len(entries):
            return
        if kernels.native is not None:
            self._put(kernels.native, entries, asked)
            return
        shift, begin = np.uint32(self._block_bits), entries[0]
        ordered = np.sort((self.rows(asked).astype(np.uint32) << shift) | (entries - begin).astype(np.uint32))
        ordered = ordered[runs(ordered)[0]]
        every, entries = (ordered >> shift).astype(np.int64), begin + (ordered & np.uint32(self.block - 1))
        first, sizes = runs(every)
        rank = np.arange(len(every)) - np.repeat(first, sizes)
        latest = rank >= np.repeat(sizes, sizes) - LATEST
        rows = every[latest]
        self._rings[rows, (self._turns[rows] + rank[latest]) % LATEST] = entries[latest] + 1
        self._turns[every[first]] = (self._turns[every[first]] + sizes) % LATEST

    def nbytes(self) -> int:
        return int(self._rings.nbytes) + int(self._turns.nbytes)

    def _put(self, native: kernels.Kernels, entries: Entries, asked: Asked) -> None:
        native.ring_put(self._rings, self._turns, self.bits, entries, asked)


class Rings:
    """The latest entries of each term. There are so many rings as the most articles remembered at a time ask for.

    Four times as many are filled little by little before they are needed, so that no article waits for it.
    """

    def __init__(self) -> None:
        self._now = _Table(_FEWEST)
        self._next: _Table | None = None
        self._filled = 0
        """The entries below this are in the rings to come."""

    def latest(self, asked: Asked, base: int, most: int) -> Entries:
        """The latest entries from ``base`` on of any of these terms, ascending; where there are more than ``most``,
        those of most of the terms first, and of these the latest."""
        return self._now.latest(asked, base, most)

    def add(self, asked: Asked, entry: int, base: int, told: Told) -> None:
        """Take an entry in, the one after the last."""
        size, most = entry + 1 - base, (1 << self._now.bits) // 2
        if size > most:
            self._grow(base, entry + 1, told)
            return
        self._now.add(asked, entry)
        if 4 * size > 3 * most and entry % _OFTEN == 0:
            left = entry + 1 - max(self._filled, base)
            more = left * _OFTEN // (most - size + 1) + _OFTEN
            self._prepare(base, min(entry + 1, max(self._filled, base) + more), told)

    def extend(self, start: int, base: int, end: int, told: Told) -> None:
        """Take the entries from ``start`` on and below ``end`` in."""
        bits = max(self._now.bits, bits_for(end - base))
        if bits != self._now.bits:
            self._now, self._next, start = _Table(bits), None, base
        _filled(self._now, start, end, told)

    def settle(self, base: int, end: int, told: Told) -> None:
        """Be ready for single entries, after many were taken in."""
        if 8 * (end - base) > 3 << self._now.bits:
            self._prepare(base, end, told)

    def bits_without(self, left: int) -> int:
        """How many rings there are to be, as a power of two, once so many articles are left."""
        asked = bits_for(left)
        return asked if self._now.bits > asked + _TOO_MANY else self._now.bits

    def hold(self, bits: int, base: int, end: int, told: Told) -> None:
        """Have so many rings."""
        if bits != self._now.bits:
            self._now, self._next = _Table(bits), None
            _filled(self._now, base, end, told)

    def nbytes(self) -> int:
        """Bytes held."""
        return self._now.nbytes() + (self._next.nbytes() if self._next else 0)

    def _prepare(self, base: int, end: int, told: Told) -> None:
        """Have the entries below ``end`` in the rings to come."""
        if self._next is None:
            self._next, self._filled = _Table(self._now.bits + _FOURFOLD), base
        _filled(self._next, max(base, self._filled), end, told)
        self._filled = max(end, self._filled)

    def _grow(self, base: int, end: int, told: Told) -> None:
        self._prepare(base, end, told)
        assert self._next is not None
        self._now, self._next = self._next, None


def bits_for(articles: int) -> int:
    """How many rings so many articles ask for, as a power of two."""
    bits = _FEWEST
    while 2 * articles > 1 << bits:
        bits += _FOURFOLD
    return bits


def _filled(table: _Table, start: int, end: int, told: Told) -> None:
    for first in range(start, end, table.block):
        table.fill(*told(first, min(first + table.block, end)))
