"""Terms that tell stories apart: an article as three small sparse vectors, of words, of names, of numbers."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from streams.dedup.idf import background
from streams.dedup.words import Hashes, Words, code_points

Packed: TypeAlias = NDArray[np.uint32]
"""Terms ``id << 8 | weight``, heaviest first: ids of 24 bits, weights 1 to 255 with the heaviest at 255."""
Flags: TypeAlias = NDArray[np.bool_]

WORDS_READ = 250
"""A story is told in the beginning; what follows is background."""
MOST = (64, 24, 12)
"""Words, names and numbers kept of an article."""
TITLE = 2
"""How often a title counts."""

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
    title = np.repeat(heading.hashes, TITLE)
    names = _names(hashes, numeric, capital, inside)
    kinds = (
        _heaviest(np.concatenate((hashes, title)), MOST[0]),
        _heaviest(np.concatenate((names, title[np.isin(title, names)])), MOST[1]),
        _heaviest(np.concatenate((hashes[numeric], heading.hashes[heading.numeric])), MOST[2]),
    )
    return Terms(np.concatenate(kinds), (len(kinds[0]), len(kinds[1]), len(kinds[2])))


def _names(hashes: Hashes, numeric: Flags, capital: Flags, inside: Flags) -> Hashes:
    """Words in upper case within a sentence, wherever they stand in upper case, unless they mostly do not."""
    certain = np.sort(hashes[inside & ~numeric])
    usual = np.sort(hashes[~capital & ~numeric])
    candidates = hashes[capital & ~numeric]
    seen = np.searchsorted(certain, candidates, "right") - np.searchsorted(certain, candidates)
    plain = np.searchsorted(usual, candidates, "right") - np.searchsorted(usual, candidates)
    return candidates[(seen > 0) & (plain <= seen)]


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


def _heaviest(hashes: Hashes, most: int) -> Packed:
    """The terms of the greatest weight, heaviest first."""
    if not len(hashes):
        return np.zeros(0, dtype=np.uint32)
    ids = np.sort((hashes >> np.uint64(40)).astype(np.uint32))
    first = np.flatnonzero(np.r_[True, ids[1:] != ids[:-1]])
    counts = np.diff(first, append=len(ids))
    ids = ids[first]
    weights = np.round((1 + np.log(counts)) * background().weights(ids), 6)
    order = np.argsort(-weights, kind="stable")[:most]
    scaled = np.maximum(1, np.round(weights[order] * (255 / max(float(weights[order[0]]), 1e-9)))).astype(np.uint32)
    return (ids[order] << np.uint32(8)) | scaled
