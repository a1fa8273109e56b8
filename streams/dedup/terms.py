"""Terms that tell stories apart: an article as three small sparse vectors, of words, of names, of numbers."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from streams.dedup.columns import runs
from streams.dedup.idf import background
from streams.dedup.words import Hashes, Positions, Words, code_points

Packed: TypeAlias = NDArray[np.uint32]
"""Terms ``id << 8 | weight``, heaviest first: ids of 24 bits, weights 1 to 255 with the heaviest at 255."""
Flags: TypeAlias = NDArray[np.bool_]

WORDS_READ = 250
"""A story is told in the beginning; what follows is background."""
MOST = (64, 24, 12)
"""Words, names and numbers kept of an article."""
TITLE = 2
"""How often a title counts."""
_WHOLE = 1000
"""What one occurrence counts at the beginning; whole numbers, whose sums know no order."""
_BY_PLACE = np.array([round(_WHOLE * math.exp(-place / 200)) for place in range(WORDS_READ)], dtype=np.int64)
"""What an occurrence counts by its place: what a report is about comes first."""

_ENDS = '.!?\n"“”:`'


@dataclass(frozen=True, slots=True)
class Terms:
    """What an article tells of: words, names and numbers, one after the other."""

    every: Packed
    sizes: tuple[int, int, int]

    @property
    def kinds(self) -> NDArray[np.int64]:
        """0, 1 or 2 for each term: word, name or number."""
        return _kinds(self.sizes)

    def packed(self) -> bytes:
        """The terms as bytes."""
        return bytes(self.sizes) + self.every.tobytes()

    @classmethod
    def unpacked(cls, packed: bytes) -> "Terms":
        """The terms; ValueError for bytes that are none."""
        sizes = tuple(packed[:3])
        if len(sizes) < 3 or len(packed) != 3 + 4 * sum(sizes) or any(n > m for n, m in zip(sizes, MOST, strict=True)):
            raise ValueError("expected packed terms")
        return cls(np.frombuffer(packed, np.uint32, offset=3), (sizes[0], sizes[1], sizes[2]))


@lru_cache(maxsize=4096)
def _kinds(sizes: tuple[int, int, int]) -> NDArray[np.int64]:
    return np.repeat(np.arange(3), sizes)


def terms_of(heading: Words, cased: str, words: Words) -> Terms:
    """The heaviest terms of a title and the first words of a body, which ``cased`` is before lower case."""
    hashes, numeric = words.hashes[:WORDS_READ], words.numeric[:WORDS_READ]
    capital, inside = _capitals(cased, words)
    title = np.full(len(heading), TITLE * _WHOLE)
    places = _BY_PLACE[: len(hashes)]
    named = _names(hashes, numeric, capital, inside)
    titled = np.isin(heading.hashes, hashes[named])
    figures = heading.numeric
    kinds = (
        _heaviest(_joined(hashes, heading.hashes), _joined(places, title), MOST[0]),
        _heaviest(_joined(hashes[named], heading.hashes[titled]), _joined(places[named], title[titled]), MOST[1]),
        _heaviest(_joined(hashes[numeric], heading.hashes[figures]), _joined(places[numeric], title[figures]), MOST[2]),
    )
    return Terms(np.concatenate(kinds), (len(kinds[0]), len(kinds[1]), len(kinds[2])))


def _names(hashes: Hashes, numeric: Flags, capital: Flags, inside: Flags) -> Positions:
    """Where words stand in upper case that do so within a sentence, unless they mostly do not: names."""
    certain = np.sort(hashes[inside & ~numeric])
    usual = np.sort(hashes[~capital & ~numeric])
    at = np.flatnonzero(capital & ~numeric)
    candidates = hashes[at]
    seen = np.searchsorted(certain, candidates, "right") - np.searchsorted(certain, candidates)
    plain = np.searchsorted(usual, candidates, "right") - np.searchsorted(usual, candidates)
    return at[(seen > 0) & (plain <= seen)]


def _capitals(cased: str, words: Words) -> tuple[Flags, Flags]:
    """Which of the first words begin in upper case, and which of these do not begin a sentence."""
    read = min(len(words), WORDS_READ)
    if not read or len(cased) != len(words.text):
        none = np.zeros(read, dtype=np.bool_)
        return none, none  # lower case moved the words: no case to go by
    starts, ends = words.starts[:read], words.ends[:read]
    points, lower = code_points(cased[: int(ends[-1])]), code_points(words.text[: int(ends[-1])])
    capital = points[starts] != lower[starts]
    marks = np.cumsum(np.isin(points, _ENDS))
    inside = capital.copy()
    inside[0] = False
    inside[1:] &= marks[starts[1:]] == marks[ends[:-1] - 1]
    return capital, inside


def _heaviest(hashes: Hashes, counts: Positions, most: int) -> Packed:
    """The terms of the greatest weight, heaviest first. A term said again weighs more, but ever less so
    (the saturation of BM25, S. Robertson 1994), and the rarer, the more."""
    if not len(hashes):
        return np.zeros(0, dtype=np.uint32)
    ids = (hashes >> np.uint64(40)).astype(np.uint32)
    order = np.argsort(ids, kind="stable")
    first, _ = runs(ids[order])
    counted = np.add.reduceat(counts[order], first)
    ids = ids[order][first]
    weights = np.round(counted / (counted + _WHOLE) * background().weights(ids), 6)
    order = np.argsort(-weights, kind="stable")[:most]
    scaled = np.maximum(1, np.round(weights[order] * (255 / max(float(weights[order[0]]), 1e-9)))).astype(np.uint32)
    terms: Packed = (ids[order] << np.uint32(8)) | scaled
    return terms


def _joined(one: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate((one, other))
