"""Which articles of one language tell of the same event: the nearest members, by what they tell.

An article is compared with the latest articles that share its heaviest terms: words, names and numbers by
cosine, fading with the time between. Only what members themselves say is kept, so a story is the same
whether it was lived through or restored, and forgetting its oldest members is all that expiry takes.
"""

import struct
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from streams import kernels
from streams.dedup.alike import ROW, WIDTH, Comparing, Entries, Scores, sizes_of, squares
from streams.dedup.bulk import unpacked_terms
from streams.dedup.columns import Rows
from streams.dedup.rings import Rings
from streams.dedup.sites import FEWEST, Sites
from streams.dedup.terms import KINDS, Terms

ASKED = (14, 10, 4)
"""How many of its words, names and numbers an article is looked up by."""
COMPARED = 36
"""Articles that are compared in full."""
LINKING = 4
"""Articles of the smaller of two stories that are compared with those of the larger."""

_REST = struct.Struct("<3q")
_ROW_WORDS = WIDTH + 3
_EIGHT, _WEIGHTS = np.uint32(8), np.uint32(255)
_COLUMNS = [start + n for start, most in zip(KINDS, ASKED, strict=True) for n in range(most)]
_KINDS = np.repeat(np.arange(3, dtype=np.uint32) << np.uint32(24), ASKED)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Articles that were compared, and how like they are, 0 to 1."""

    numbers: Entries
    """Decisions, by absolute number."""
    scores: Scores
    whenever: Scores
    """The same, whatever the time between."""
    rows: NDArray[Any]
    """What they tell of."""


class Members:
    """What the articles of one language tell of, and which have a term."""

    def __init__(self) -> None:
        self.rows = Rows(ROW)
        self._rings = Rings()
        self._sites = Sites()
        self._ringed = 0
        """The entries from here on are in no ring yet."""
        self._comparing = Comparing()
        self._room = np.empty(COMPARED, ROW)
        """Where rows are read to: the system finds memory for so many slowly, and they are read for each article."""

    def __len__(self) -> int:
        return len(self.rows)

    def neighbours(self, terms: Terms, time: int) -> Neighbours:
        """The remembered articles that share the heaviest terms; its rows are valid until the next are asked for."""
        entries = self._candidates(terms)
        if not len(entries):
            return Neighbours(entries, np.zeros(0), np.zeros(0), np.zeros(0, dtype=ROW))
        rows = self.rows.many(entries, self._room)
        return Neighbours(rows["article"], *self._comparing.alike_and_whenever(terms, time, rows), rows)

    def alike_whenever(self, article: int, terms: Terms) -> float | None:
        """How alike an article is to that of a decision, whatever the time between; None where that is forgotten."""
        entry = self._first_of(article)
        row = self.rows.between(entry, min(entry + 1, self.rows.next))
        if not len(row) or row["article"][0] != article:
            return None
        return float(self._comparing.alike_and_whenever(terms, 0, row)[1][0])

    def linked(self, found: Neighbours, ones: Sequence[int], others: Sequence[int]) -> float:
        """How alike an article and some of its neighbours, by place, are to others of these: the mean over pairs,
        as in average linkage (R. Sokal and C. Michener 1958)."""
        few, many = sorted((ones, others), key=len)
        rows, asking = found.rows[list(many)], found.rows[list(few)[:: -(-len(few) // LINKING)]]
        pairs = [self._comparing.alike(_told_by(row), int(row["time"]), rows).tolist() for row in asking]
        own, between = found.scores[list(others)].tolist(), list(chain.from_iterable(pairs))
        share = len(ones) / (1 + len(ones))
        return float(share * sum(between) / len(between) + (1 - share) * sum(own) / len(own))

    def among(self, found: Neighbours, one: int, others: Sequence[int]) -> tuple[int, list[float]]:
        """Of a neighbour, by place, how many words it has and how alike it is to others of these."""
        row = found.rows[one]
        terms = _told_by(row)
        return terms.sizes[0], self._comparing.alike(terms, int(row["time"]), found.rows[list(others)]).tolist()

    def weeded(self, terms: Terms, site: int) -> Terms:
        """The terms of an article of a site, its boilerplate without weight."""
        latest = self._sites.of(site, self.rows.base)
        if len(latest) < FEWEST:
            return terms
        rows = self.rows.many(np.array(latest), self._room)
        return self._comparing.weeded(terms, rows)

    def compared(self, terms: Terms, time: int) -> tuple[Scores, float]:
        """Cosines of words, names and numbers with the oldest article, and the likeness that comes of them."""
        oldest = self.rows.between(self.rows.base, self.rows.base + 1)
        cosines, _ = self._comparing.cosines(terms, oldest)
        return cosines[0], float(self._comparing.alike(terms, time, oldest)[0])

    def append(self, article: int, terms: Terms, time: int, site: int = 0, strand: int = -1) -> None:
        """Take an article in, of a strand that began with the decision ``strand``."""
        self._ring()
        entry, (row, asked) = self.rows.next, _told(terms)
        self.rows.put(row + _REST.pack(time, strand, article))
        self._sites.add(site, entry, self.rows.base)
        self._rings.add(asked, entry, self.rows.base, self._told_of)
        self._ringed = entry + 1

    def extend(
        self, articles: Entries, packed: Sequence[bytes], times: Entries, sites: NDArray[np.uint64], strands: Entries
    ) -> None:
        """Take many articles in, with their packed terms."""
        if not len(articles):
            return
        rows = np.zeros(len(articles), dtype=ROW)
        rows["terms"], rows["norms"] = unpacked_terms(packed)
        rows["time"], rows["strand"], rows["article"] = times, strands, articles
        start = self.rows.next
        self.rows.extend(rows)
        self._sites.extend(sites, start, self.rows.base)

    def settle(self) -> None:
        """Be ready for single articles, after many were taken in: rather than when one comes."""
        self._ring()
        self._rings.settle(self.rows.base, self.rows.next, self._told_of)

    def rings_without(self, base: int) -> int:
        """What ``forget`` is to be told of the rings, once the articles of decisions below ``base`` are forgotten."""
        self._ring()
        return self._rings.bits_without(self.rows.next - self._first_of(base))

    def forget(self, base: int, rings: int) -> None:
        """Forget the articles of decisions below ``base``."""
        self._ring()
        self.rows.forget(self._first_of(base))
        self._rings.hold(rings, self.rows.base, self.rows.next, self._told_of)

    def nbytes(self) -> int:
        """Bytes held."""
        return self.rows.nbytes() + self._rings.nbytes() + self._sites.nbytes() + self._comparing.nbytes()

    def _first_of(self, base: int) -> int:
        """The first entry of a decision from ``base`` on."""
        entries = range(self.rows.base, self.rows.next)
        at = bisect_left(entries, base, key=lambda entry: int.from_bytes(self.rows.raw(entry)[-8:], "little"))
        return self.rows.base + at

    def _ring(self) -> None:
        """Bring the entries that are in no ring into theirs."""
        if self._ringed != self.rows.next:
            self._rings.extend(self._ringed, self.rows.base, self.rows.next, self._told_of)
            self._ringed = self.rows.next

    def _candidates(self, terms: Terms) -> Entries:
        self._ring()
        return self._rings.latest(_told(terms)[1], self.rows.base, COMPARED)

    def _told_of(self, first: int, end: int) -> tuple[Entries, NDArray[np.uint32]]:
        """Some entries, each once for each term it is looked up by, and these terms."""
        terms = self.rows.between(first, end)["terms"][:, _COLUMNS]
        entry, column = np.nonzero(terms & _WEIGHTS)
        return entry + first, (terms[entry, column] >> _EIGHT) | _KINDS[column]


def _told_by(row: Any) -> Terms:
    """The terms of an article that was taken in."""
    every = row["terms"]
    words, names, numbers = np.add.reduceat(every != 0, KINDS).tolist()
    return Terms(every[every != 0], (words, names, numbers))


@lru_cache(maxsize=4)
def _told(terms: Terms) -> tuple[bytes, NDArray[np.uint32]]:
    """The terms and squared lengths of a row, and the terms that an article is looked up by."""
    if kernels.native is None:
        every = np.zeros(WIDTH, dtype=np.uint32)
        every[_columns(terms.sizes)] = terms.every
        return every.tobytes() + squares(terms).astype(np.uint32).tobytes(), _asked(terms)
    row, asked = np.empty(_ROW_WORDS, np.uint32), np.empty(WIDTH, np.uint32)
    count = kernels.native.told(terms.every, sizes_of(terms), row, asked)
    return row.tobytes(), asked[:count]


def _asked(terms: Terms) -> NDArray[np.uint32]:
    """The heaviest terms, but none without weight; words, names and numbers are told apart by two bits."""
    at, kinds = _asked_at(terms.sizes)
    asked = terms.every[at]
    return ((asked >> _EIGHT) | kinds)[(asked & _WEIGHTS) > 0]


@lru_cache(maxsize=4096)
def _asked_at(sizes: tuple[int, int, int]) -> tuple[Entries, NDArray[np.uint32]]:
    taken = [min(size, most) for size, most in zip(sizes, ASKED, strict=True)]
    starts = (0, sizes[0], sizes[0] + sizes[1])
    at = np.concatenate([np.arange(start, start + n) for start, n in zip(starts, taken, strict=True)])
    return at, np.repeat(np.arange(3, dtype=np.uint32) << np.uint32(24), taken)


@lru_cache(maxsize=4096)
def _columns(sizes: tuple[int, int, int]) -> Entries:
    """Where the terms of an article stand in its row."""
    return np.concatenate([np.arange(start, start + n) for start, n in zip(KINDS, sizes, strict=True)])
