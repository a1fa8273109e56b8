"""Which articles of one language tell of the same event: the nearest members, by what they tell.

An article is compared with the latest articles that share its heaviest terms: words, names and numbers by
cosine, fading with the time between. Only what members themselves say is kept, so a story is the same
whether it was lived through or restored, and forgetting its oldest members is all that expiry takes.
Sums are of integers and so equal on every machine.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from streams.dedup.bulk import unpacked_terms
from streams.dedup.columns import Column, runs
from streams.dedup.terms import MOST, Terms

Scores: TypeAlias = NDArray[np.float64]
Entries: TypeAlias = NDArray[np.int64]

SHARES = (0.50, 0.35, 0.15)
"""What words, names and numbers count of the likeness of two articles, of the kinds that both have."""
FADE = 144 * 3600
"""Seconds after which likeness has fallen to 1/e."""
UNDATED = 0.64
"""What likeness counts where one of two articles does not say when it was published: that they were told at one time
is evidence, and there it is missing."""
ASKED = (14, 10, 4)
"""How many of its words, names and numbers an article is looked up by."""
LATEST = 16
"""Articles remembered for a term."""
COMPARED = 24
"""Articles that are compared in full."""

_WIDTH = sum(MOST)
_PARTS = (slice(0, MOST[0]), slice(MOST[0], MOST[0] + MOST[1]), slice(MOST[0] + MOST[1], _WIDTH))
_DENSE = 1 << 16
_BLOCK = 1 << 16
_FEWEST_RINGS = 256
_EIGHT, _WEIGHTS, _IDS = np.uint32(8), np.uint32(255), np.uint32(_DENSE - 1)
_STARTS = [part.start for part in _PARTS]
_OFFSETS = np.repeat(np.arange(3, dtype=np.uint32) * np.uint32(_DENSE), MOST)
_HOURS = 24 * 365
_FADING = np.array([round(math.exp(-hours * 3600 / FADE), 6) for hours in range(_HOURS)])


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Articles that were compared, and how like they are, 0 to 1."""

    numbers: Entries
    """Decisions, by absolute number."""
    scores: Scores


class Members:
    """What the articles of one language tell of, and which have a term."""

    def __init__(self) -> None:
        self.articles = Column(np.int64)
        """The decision of each, by absolute number."""
        self.times = Column(np.int64)
        self._terms = np.zeros((64, _WIDTH), dtype=np.uint32)
        self._norms = np.zeros((64, 3), dtype=np.uint32)
        self._scratch = np.zeros(3 * _DENSE, dtype=np.uint32)
        self._hold_rings(_FEWEST_RINGS)

    def __len__(self) -> int:
        return len(self.articles)

    def neighbours(self, terms: Terms, time: int) -> Neighbours:
        """The remembered articles that share the heaviest terms."""
        entries = self._candidates(terms)
        if not len(entries):
            return Neighbours(entries, np.zeros(0))
        scores = likeness(*self._cosines(terms, entries)) * self._fading(entries, time)
        return Neighbours(self.articles.many(entries), np.round(scores, 9))

    def compared(self, terms: Terms, time: int) -> tuple[Scores, float]:
        """Cosines of words, names and numbers with the oldest article, and the likeness that comes of them."""
        oldest = np.zeros(1, dtype=np.int64)
        cosines, both = self._cosines(terms, oldest)
        faded = likeness(cosines, both) * self._fading(oldest, time)
        return cosines[0], float(faded[0])

    def append(self, article: int, terms: Terms, time: int) -> None:
        """Take an article in."""
        entry = self._write(article, terms, time)
        if (rings := _rings_for(len(self))) != len(self._rings):
            self._hold_rings(rings)
            self._fill_rings()
        else:
            rows = self._rows(_asked(terms))
            self._rings[rows, self._turns[rows] % LATEST] = entry
            self._turns[rows] += 1

    def extend(self, articles: Entries, packed: Sequence[bytes], times: Entries) -> None:
        """Take many articles in, with their packed terms."""
        start, size = len(self), len(self) + len(articles)
        if not len(articles):
            return
        terms, norms = unpacked_terms(packed)
        if size > len(self._terms):
            more = size - len(self._terms)
            self._terms, self._norms = _spacious(self._terms, more), _spacious(self._norms, more)
        self._terms[start:size], self._norms[start:size] = terms, norms
        self.articles.extend(articles)
        self.times.extend(times)
        rings = _rings_for(size)
        if rings != len(self._rings):
            self._hold_rings(rings)
            start = 0
        self._fill_rings(start)

    def forget(self, base: int) -> None:
        """Forget the articles of decisions below ``base``."""
        count = int(np.searchsorted(self.articles.all(), base))
        kept = slice(count, len(self))
        self._terms, self._norms = _spacious(self._terms[kept]), _spacious(self._norms[kept])
        self.articles.drop(count)
        self.times.drop(count)
        rings = _rings_for(len(self))
        if rings != len(self._rings):
            self._hold_rings(rings)
            self._fill_rings()
            return
        # those that leave are older than those that stay, so the latest of each term are still the latest
        self._rings -= np.int32(count)
        np.maximum(self._rings, -1, out=self._rings)

    def nbytes(self) -> int:
        """Bytes held."""
        arrays = (self._terms, self._norms, self._rings, self._turns, self._scratch)
        return sum(int(a.nbytes) for a in arrays) + self.articles.nbytes() + self.times.nbytes()

    def _write(self, article: int, terms: Terms, time: int) -> int:
        entry = len(self.articles)
        if entry == len(self._terms):
            self._terms, self._norms = _spacious(self._terms), _spacious(self._norms)
        self._terms[entry, _columns(terms.sizes)] = terms.every
        self._norms[entry] = _squares(terms)
        self.articles.append(article)
        self.times.append(time)
        return entry

    def _candidates(self, terms: Terms) -> Entries:
        asked = _asked(terms)
        found = np.sort(self._rings.take(self._rows(asked), axis=0), axis=None)
        first, counts = runs(found)
        entries = found[first]
        if len(entries) and entries[0] < 0:
            entries, counts = entries[1:], counts[1:]
        if len(entries) > COMPARED:
            # most terms in common first, then the latest
            order = np.argsort(-(counts.astype(np.int64) << np.int64(40)) - entries, kind="stable")[:COMPARED]
            entries = entries[order]
        return entries.astype(np.int64)

    def _cosines(self, terms: Terms, entries: Entries) -> tuple[Scores, NDArray[np.bool_]]:
        """Cosines by words, names and numbers with each of the entries, and which of these both have."""
        at = ((terms.every >> _EIGHT) & _IDS) + terms.kinds * _DENSE
        mine = terms.every & _WEIGHTS
        rows = self._terms.take(entries, axis=0)
        self._scratch[at] = mine
        found = self._scratch.take(((rows >> _EIGHT) & _IDS) + _OFFSETS)
        self._scratch[at] = 0
        dots = np.add.reduceat(found * (rows & _WEIGHTS), _STARTS, axis=1)
        squares = self._norms.take(entries, axis=0).astype(np.float64) * _squares(terms)
        cosines: Scores = np.minimum(dots / np.sqrt(np.maximum(squares, 1)), 1.0)
        return cosines, squares > 0

    def _fading(self, entries: Entries, time: int) -> Scores:
        if not time:
            return np.full(len(entries), UNDATED)
        times = self.times.many(entries)
        hours = np.minimum(np.abs(times - time) // 3600, _HOURS - 1)
        return np.where(times == 0, UNDATED, _FADING[hours])

    def _rows(self, asked: NDArray[np.uint32]) -> NDArray[np.int64]:
        spread = (asked * np.uint32(0x9E3779B1)) >> np.uint32(32 - self._bits)
        return spread.astype(np.int64)

    def _hold_rings(self, size: int) -> None:
        self._bits = size.bit_length() - 1
        self._rings = np.full((size, LATEST), -1, dtype=np.int32)
        self._turns = np.zeros(size, dtype=np.int64)

    def _fill_rings(self, start: int = 0) -> None:
        """Bring the entries from ``start`` on into the rings, as if they had been appended one by one."""
        if start == len(self):
            return
        every, entries = self._all_rows(start)
        first, sizes = runs(every)
        rank = np.arange(len(every)) - np.repeat(first, sizes)
        latest = rank >= np.repeat(sizes, sizes) - LATEST
        rows = every[latest]
        self._rings[rows, (self._turns[rows] + rank[latest]) % LATEST] = entries[latest]
        self._turns[every[first]] += sizes

    def _all_rows(self, begin: int) -> tuple[Entries, Entries]:
        """The rings each entry from ``begin`` on stands in, by ring, then entry; each pair once."""
        columns = [part.start + n for part, most in zip(_PARTS, ASKED, strict=True) for n in range(most)]
        kinds = np.repeat(np.arange(3, dtype=np.uint32) << np.uint32(24), ASKED)
        pairs = []
        for start in range(begin, len(self), _BLOCK):
            terms = self._terms[start : min(start + _BLOCK, len(self)), columns]
            entry, column = np.nonzero(terms)
            rows = self._rows((terms[entry, column] >> _EIGHT) | kinds[column])
            pairs.append((rows << 32) | (entry + start))
        ordered = np.sort(np.concatenate(pairs))
        ordered = ordered[runs(ordered)[0]]
        return ordered >> 32, ordered & 0xFFFFFFFF


def likeness(cosines: Scores, both: NDArray[np.bool_]) -> Scores:
    """How alike articles are by the kinds of terms that both have, 0 to 1."""
    # not a matrix product: libraries sum those in an order of their own
    words, names, numbers = (share * both[:, kind] for kind, share in enumerate(SHARES))
    total = words * cosines[:, 0] + names * cosines[:, 1] + numbers * cosines[:, 2]
    alike: Scores = total / np.maximum(words + names + numbers, SHARES[2])
    return alike


def _asked(terms: Terms) -> NDArray[np.uint32]:
    """The heaviest terms; words, names and numbers are told apart by two bits."""
    at, kinds = _asked_at(terms.sizes)
    return (terms.every[at] >> _EIGHT) | kinds


@lru_cache(maxsize=4096)
def _asked_at(sizes: tuple[int, int, int]) -> tuple[Entries, NDArray[np.uint32]]:
    taken = [min(size, most) for size, most in zip(sizes, ASKED, strict=True)]
    starts = (0, sizes[0], sizes[0] + sizes[1])
    at = np.concatenate([np.arange(start, start + n) for start, n in zip(starts, taken, strict=True)])
    return at, np.repeat(np.arange(3, dtype=np.uint32) << np.uint32(24), taken)


@lru_cache(maxsize=4096)
def _columns(sizes: tuple[int, int, int]) -> Entries:
    """Where the terms of an article stand in its row."""
    return np.concatenate([np.arange(part.start, part.start + n) for part, n in zip(_PARTS, sizes, strict=True)])


def _rings_for(articles: int) -> int:
    """How many rings so many articles have: terms that share a ring do so in a memory that was restored, too."""
    size = _FEWEST_RINGS
    while 2 * articles > size:
        size *= 4
    return size


def _squares(terms: Terms) -> Scores:
    """Squared lengths of the three vectors."""
    weights = terms.every & _WEIGHTS
    squares: Scores = np.bincount(terms.kinds, weights * weights, 3).astype(np.float64)
    return squares


def _spacious(values: NDArray[np.uint32], needed: int = 0) -> NDArray[np.uint32]:
    more = max(needed, len(values) // 8 + 64)
    return np.concatenate((values, np.zeros((more, values.shape[1]), dtype=np.uint32)))
