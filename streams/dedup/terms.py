"""Terms that tell stories apart: an article as three small sparse vectors, of words, of names, of numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from streams.dedup.calendar import calendar
from streams.dedup.columns import runs
from streams.dedup.idf import background
from streams.dedup.words import Hashes, Positions, Words, code_points, mixed

Packed: TypeAlias = NDArray[np.uint32]
"""Terms ``id << 8 | weight``, heaviest first: ids of 24 bits, weights 1 to 255 with the heaviest at 255; weight 0 for
what is boilerplate of the article's site."""
Flags: TypeAlias = NDArray[np.bool_]

WORDS_READ = 250
"""A story is told in the beginning; what follows is background."""
MOST = (64, 24, 12)
"""Words, names and numbers kept of an article."""
KINDS = (0, MOST[0], MOST[0] + MOST[1])
"""Where each kind begins in a row of so many."""
TITLE = 2
"""How often a title counts."""
PLAIN = 80
"""Per cent of one time that a word in lower case counts in a headline without a text: its names tell more of it."""
_WHOLE = 1000
"""What one occurrence counts at the beginning; whole numbers, whose sums know no order."""
_BY_PLACE = np.array([round(_WHOLE * math.exp(-place / 200)) for place in range(WORDS_READ)], dtype=np.int64)
"""What an occurrence counts by its place: what a report is about comes first."""


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What an article tells of: words, names and numbers, one after the other. Equal to itself alone, so that what is
    made of it can be kept."""

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
        return _unpacked(packed)


@lru_cache(maxsize=4)
def _unpacked(packed: bytes) -> Terms:
    """An article's terms are asked for more than once, when it is compared and when it is taken in."""
    if len(packed) < 3:
        raise ValueError("expected packed terms")
    words, names, numbers = packed[:3]
    fits = words <= MOST[0] and names <= MOST[1] and numbers <= MOST[2]
    if not fits or len(packed) != 3 + 4 * (words + names + numbers):
        raise ValueError("expected packed terms")
    return Terms(np.frombuffer(packed, np.uint32, offset=3), (words, names, numbers))


@lru_cache(maxsize=4096)
def _kinds(sizes: tuple[int, int, int]) -> NDArray[np.int64]:
    return np.repeat(np.arange(3), sizes)


def terms_of_each(headings: Words, titles: Sequence[str], words: Words, bodies: Sequence[str]) -> list[Terms]:
    """For each text the heaviest terms of its title and first words; ``titles`` and ``bodies`` are before lower case.
    Months and days of the week count among the numbers, too.

    A term said again weighs more, but ever less so (the saturation of BM25, S. Robertson 1994), and the rarer,
    the more.
    """
    told, title = _told(words), _titles(headings, _plain(headings, _capital(titles, headings), words))
    capital = _capital(bodies, words)[told.at]
    named = _named(told, capital)
    parts = (
        (told, 0), (told.some(named), 1), (told.some(told.numeric), 2), (_dated(told, capital), 2),
        (title, 0), (title.some(_of(title, told.some(named))), 1), (title.some(title.numeric), 2),
    )  # fmt: skip
    groups = np.concatenate([3 * part.owners + kind for part, kind in parts])
    counts = np.concatenate([part.counts for part, _ in parts])
    letters = np.concatenate([part.letters for part, _ in parts])
    ids = np.concatenate([part.hashes for part, _ in parts]) >> np.uint64(40)
    return _heaviest(groups, ids.astype(np.int64), counts, letters, len(bodies))


class _Told(NamedTuple):
    """Words as texts tell them: of which text, where among all, hash, letters, what each occurrence counts."""

    owners: Positions
    at: Positions
    hashes: Hashes
    letters: Positions
    numeric: Flags
    counts: Positions

    @property
    def keys(self) -> Hashes:
        """Equal for equal words of one text."""
        return self.hashes + mixed(self.owners.astype(np.uint64))

    def some(self, which: Flags) -> "_Told":
        return _Told._make(column[which] for column in self)


def _told(words: Words) -> _Told:
    """The first words of each text."""
    owners = words.owners
    places = np.arange(len(words)) - words.firsts[owners]
    at = np.flatnonzero(places < WORDS_READ)
    return _Told(owners[at], at, words.hashes[at], words.letters[at], words.numeric[at], _BY_PLACE[places[at]])


def _titles(headings: Words, plain: Flags) -> _Told:
    at, counts = np.arange(len(headings)), np.where(plain, PLAIN * _WHOLE // 100, TITLE * _WHOLE)
    return _Told(headings.owners, at, headings.hashes, headings.letters, headings.numeric, counts)


def _capital(cased: Sequence[str], words: Words) -> Flags:
    """Which words begin in upper case; none where lower case moved the words."""
    lowered = (text.lower() for text in cased)
    kept = "\n".join(before if len(before) == len(low) else low for before, low in zip(cased, lowered, strict=True))
    capital: Flags = code_points(kept)[words.starts] != code_points(words.text)[words.starts]
    return capital


def _named(told: _Told, capital: Flags) -> Flags:
    """Which words are names: in upper case, also behind the first word of the text, and not mostly in lower case."""
    _, same = np.unique(told.keys, return_inverse=True)
    word = ~told.numeric
    behind = np.concatenate(([False], told.owners[1:] == told.owners[:-1]))[: len(word)]
    seen, plain = (
        np.bincount(same[which], minlength=len(word))[same] for which in (word & capital & behind, word & ~capital)
    )
    named: Flags = word & capital & (seen > 0) & (plain <= seen)
    return named


def _dated(told: _Told, capital: Flags) -> _Told:
    """The months and days of the week among words, under one name each."""
    found, meant = calendar().named(told.hashes, capital)
    return told.some(found)._replace(hashes=meant)


def _plain(headings: Words, capital: Flags, words: Words) -> Flags:
    """Which words of titles without a text are no names: in lower case, if most are."""
    owners, word = headings.owners, ~headings.numeric
    capitals, others = (
        np.bincount(owners[which], minlength=len(headings.firsts) - 1) for which in (word & capital, word & ~capital)
    )
    tells = (capitals < others) & (np.diff(words.firsts) == 0)
    plain: Flags = word & ~capital & tells[owners]
    return plain


def _of(title: _Told, named: _Told) -> Flags:
    """Which words of titles are names of their texts."""
    return np.isin(title.keys, named.keys)


def _heaviest(groups: Positions, ids: Positions, counts: Positions, letters: Positions, texts: int) -> list[Terms]:
    """The terms of the greatest weight of each group, three groups a text: words, names, numbers."""
    keys = (groups << 24) | ids
    order = np.argsort(keys, kind="stable")
    first, _ = runs(keys[order])
    counted = np.add.reduceat(counts[order], first) if len(first) else counts
    chosen = order[first]
    groups, ids = groups[chosen], ids[chosen]
    rarity = background().weights(ids.astype(np.uint32), letters[chosen])
    numbers = groups % 3 == 2
    rarity[numbers] *= calendar().weights(ids[numbers])
    millionths = np.rint(counted / (counted + _WHOLE) * rarity * 1e6)
    # one key, of which most is in order already, is sorted faster than two
    order = np.argsort((groups << 32) - millionths.astype(np.int64), kind="stable")
    groups, ids, weights = groups[order], ids[order], millionths[order] / 1e6
    borders = np.searchsorted(groups, np.arange(3 * texts + 1))
    kept = np.arange(len(groups)) - borders[groups] < np.array(MOST)[groups % 3]
    factors = 255 / np.maximum(weights[borders[groups[kept]]], 1e-9)
    scaled = np.maximum(1, np.round(weights[kept] * factors)).astype(np.uint32)
    terms = (ids[kept].astype(np.uint32) << np.uint32(8)) | scaled
    sizes = np.bincount(groups[kept], minlength=3 * texts).reshape(-1, 3)
    ends = np.cumsum(sizes.sum(axis=1))[:-1]
    return [
        Terms(every, (own[0], own[1], own[2])) for every, own in zip(np.split(terms, ends), sizes.tolist(), strict=True)
    ]
