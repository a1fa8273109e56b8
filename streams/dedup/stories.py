"""Stories of one language: articles about one event, put together in a single pass.

An article joins the story whose nearest members are most like it (words, names and numbers by cosine,
fading with the time between), or begins one. Only what members themselves say is kept, so a story is the
same whether it was lived through or restored, and forgetting its oldest members is all that expiry takes.
All sums are of integers and so equal on every machine.
"""

import math
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from streams.dedup.columns import Column
from streams.dedup.terms import NAME_TERMS, WORD_TERMS, Terms

Scores: TypeAlias = NDArray[np.float64]

JOIN = 0.25
"""Likeness from which an article belongs to a story."""
WORDS_SHARE = 0.6
NEAREST = 3
"""Members of a story that decide."""
FADE = 120 * 3600
"""Seconds after which likeness has fallen to 1/e."""
ASKED_WORDS, ASKED_NAMES = 16, 12
"""Terms by which members are looked up."""
LATEST = 24
"""Articles remembered for a term."""
COMPARED = 64

_DENSE = 1 << 20


@dataclass(frozen=True, slots=True)
class Nearest:
    """The story most like an article."""

    story: str
    score: float


class Stories:
    """Which articles of one language are near each other in what they tell."""

    def __init__(self) -> None:
        self._words = np.zeros((64, WORD_TERMS), dtype=np.uint32)
        self._names = np.zeros((64, NAME_TERMS), dtype=np.uint32)
        self._norms = np.ones((64, 2), dtype=np.float64)
        self.times = Column(np.int64)
        self.story_of: list[str] = []
        self._rows: dict[int, int] = {}
        self._latest = np.full((256, LATEST), -1, dtype=np.int32)
        self._next = np.zeros(256, dtype=np.int64)
        self._scratch = np.zeros(_DENSE, dtype=np.uint8)

    def __len__(self) -> int:
        return len(self.times)

    def nearest(self, terms: Terms, time: int, *, alias: dict[str, str]) -> Nearest | None:
        """The most similar story, whatever its score; None where no term is shared."""
        candidates = self._candidates(terms)
        if not len(candidates):
            return None
        scores = self._likeness(terms, candidates) * self._fading(candidates, time)
        stories: dict[str, list[float]] = {}
        order = np.lexsort((candidates, -scores))
        for at in order.tolist():
            story = self.story_of[int(candidates[at])]
            several = stories.setdefault(alias.get(story, story), [])
            if len(several) < NEAREST:
                several.append(float(scores[at]))
        best = max(stories, key=lambda story: sum(stories[story]) / len(stories[story]))
        return Nearest(best, sum(stories[best]) / len(stories[best]))

    def add(self, terms: Terms, time: int, story: str) -> int:
        """Take an article in as a member of ``story``."""
        number = len(self.times)
        if number == len(self._words):
            self._words = _longer(self._words)
            self._names = _longer(self._names)
            self._norms = _longer(self._norms)
        self._words[number] = 0
        self._names[number] = 0
        self._words[number, : len(terms.words)] = terms.words
        self._names[number, : len(terms.names)] = terms.names
        self._norms[number] = _norm(terms.words), _norm(terms.names)
        self.times.append(time)
        self.story_of.append(story)
        for term in _asked(terms):
            self._remember(term, number)
        return number

    def drop(self, count: int) -> None:
        """Forget the first ``count`` articles; those that stay count from there."""
        kept = slice(count, len(self.times))
        self._words, self._names = self._words[kept].copy(), self._names[kept].copy()
        self._norms = self._norms[kept].copy()
        self.times.drop(count)
        del self.story_of[:count]
        members = [(Terms(words, names)) for words, names in zip(self._words, self._names, strict=True)]
        self._rows.clear()
        self._next[:] = 0
        self._latest[:] = -1
        for number, terms in enumerate(members):
            for term in _asked(terms):
                self._remember(term, number)

    def _remember(self, term: int, number: int) -> None:
        row = self._rows.setdefault(term, len(self._rows))
        if row == len(self._latest):
            self._latest = np.concatenate((self._latest, np.full_like(self._latest, -1)))
            self._next = np.concatenate((self._next, np.zeros_like(self._next)))
        self._latest[row, self._next[row] % LATEST] = number
        self._next[row] += 1

    def _candidates(self, terms: Terms) -> NDArray[np.int64]:
        rows = [row for term in _asked(terms) if (row := self._rows.get(term)) is not None]
        if not rows:
            return np.zeros(0, dtype=np.int64)
        members = self._latest[rows].ravel()
        numbers, counts = np.unique(members[members >= 0], return_counts=True)
        order = np.lexsort((-numbers, -counts))[:COMPARED]
        return numbers[order].astype(np.int64)

    def _likeness(self, terms: Terms, candidates: NDArray[np.int64]) -> Scores:
        words = self._cosines(terms.words, self._words[candidates], self._norms[candidates, 0])
        names = self._cosines(terms.names, self._names[candidates], self._norms[candidates, 1])
        return WORDS_SHARE * words + (1 - WORDS_SHARE) * names

    def _cosines(self, own: NDArray[np.uint32], others: NDArray[np.uint32], norms: Scores) -> Scores:
        if not len(own):
            return np.zeros(len(others))
        ids = (own >> np.uint32(8)) & np.uint32(_DENSE - 1)
        self._scratch[ids] = own & np.uint32(255)
        found = self._scratch[(others >> np.uint32(8)) & np.uint32(_DENSE - 1)].astype(np.int64)
        self._scratch[ids] = 0
        dots = (found * (others & np.uint32(255))).sum(axis=1)
        cosines: Scores = dots / (norms * _norm(own))
        return cosines

    def _fading(self, candidates: NDArray[np.int64], time: int) -> Scores:
        times = self.times.many(candidates)
        between = np.where((times == 0) | (time == 0), 0, np.abs(times - time))
        fading: Scores = np.array([round(math.exp(-seconds / FADE), 6) for seconds in between.tolist()])
        return fading


def _asked(terms: Terms) -> list[int]:
    """The heaviest terms; names are told from words by a bit of their own."""
    return [*_top(terms.words, ASKED_WORDS), *(term | 1 << 24 for term in _top(terms.names, ASKED_NAMES))]


def _top(terms: NDArray[np.uint32], most: int) -> list[int]:
    present = terms[terms != 0]
    order = np.lexsort((present, -(present & np.uint32(255)).astype(np.int64)))[:most]
    heaviest: list[int] = (present[order] >> np.uint32(8)).tolist()
    return heaviest


def _norm(terms: NDArray[np.uint32]) -> float:
    weights = (terms & np.uint32(255)).astype(np.int64)
    return math.sqrt(int((weights * weights).sum())) or 1.0


def _longer(values: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate((values, np.zeros((len(values) // 4 + 64, values.shape[1]), dtype=values.dtype)))
