"""Terms that tell stories apart: an article as three small sparse vectors, of words, of names, of numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from streams import kernels
from streams.dedup.calendar import calendar
from streams.dedup.columns import runs
from streams.dedup.idf import background
from streams.dedup.words import Positions, Words, code_points
from streams.text.hashing import Hashes, mixed, numbered

Packed: TypeAlias = NDArray[np.uint32]
"""Terms ``id << 8 | weight``, heaviest first: ids of 24 bits, weights 1 to 255 with the heaviest at 255; weight 0 for
what is boilerplate of the article's site."""
Flags: TypeAlias = NDArray[np.bool_]

WORDS_READ = 250
"""A story is told in the beginning; what follows is background."""
MOST = (64, 24, 12)
"""Words, names and numbers kept of an article."""
_MOST = np.array(MOST)
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
    return Terms(np.frombuffer(packed, np.uint32, offset=3).copy(), (words, names, numbers))


@lru_cache(maxsize=4096)
def _kinds(sizes: tuple[int, int, int]) -> NDArray[np.int64]:
    return np.repeat(np.arange(3), sizes)


def terms_of_each(words: Words, cased: Sequence[str], lowered: Sequence[str]) -> list[Terms]:
    """For each article the heaviest terms of its title and first words. ``words`` are those of ``lowered``, which are
    all bodies and then all titles; ``cased`` are the same before lower case. Months and days of the week count among
    the numbers, too.

    A term said again weighs more, but ever less so (the saturation of BM25, S. Robertson 1994), and the rarer,
    the more.
    """
    texts = len(cased) // 2
    if kernels.native is not None:
        return _terms(kernels.native, words, _kept(cased, lowered), texts)
    told, capital = _told(words, texts), _capital(cased, lowered, words)
    capital, bodies = capital[told.at], told.bodies
    _, same = numbered(told.hashes + mixed(told.texts.view(np.uint64)))
    named = _named(told, capital[:bodies], same)
    numbers = told.numeric.nonzero()[0]
    told_of = numbers.searchsorted(bodies)
    dated, meant = calendar().named(told.hashes[:bodies], capital[:bodies])
    dates = dated.nonzero()[0]
    rows = np.concatenate((np.arange(len(told.at)), named, numbers[:told_of], dates, numbers[told_of:]))
    kinds = np.arange(3).repeat((len(told.at), len(named), len(numbers) + len(dates)))
    ids = told.hashes[rows]
    behind = len(rows) - len(numbers) + told_of
    ids[behind - len(dates) : behind] = meant
    counts = _counts(words, told, capital)
    ids >>= np.uint64(40)
    return _heaviest(3 * told.texts[rows] + kinds, ids.view(np.int64), counts[rows], told.letters[rows], texts)


def _terms(native: kernels.Kernels, words: Words, kept: NDArray[np.uint32], texts: int) -> list[Terms]:
    """``terms_of_each`` by the compiled kernels."""
    rare, dates = background(), calendar()
    terms, sizes = np.empty(texts * sum(MOST), np.uint32), np.empty((texts, len(MOST)), np.int64)
    native.terms(
        words.hashes, words.starts, words.opening, words.numeric, words.letters, words.firsts, kept, _BY_PLACE,
        rare.ids, rare.idf, np.array([rare.unseen]), dates.names, dates.meant, dates.cases, dates.ids, dates.factors,
        terms, sizes,
    )  # fmt: skip
    return _divided(terms, sizes.tolist())


def _divided(terms: Packed, sizes: list[list[int]]) -> list[Terms]:
    """The terms of each article, which follow one another."""
    ends = accumulate(map(sum, sizes))
    return [Terms(terms[end - sum(own) : end], (own[0], own[1], own[2])) for end, own in zip(ends, sizes, strict=True)]


class _Told(NamedTuple):
    """The first words of bodies, then all words of titles: where among all, of which article, hash, letters."""

    at: Positions
    texts: Positions
    hashes: Hashes
    letters: Positions
    numeric: Flags
    places: Positions
    """Where each stands in its text."""
    bodies: int
    """How many of them are of bodies."""


def _told(words: Words, texts: int) -> _Told:
    owners = words.owners
    places = np.arange(len(words)) - words.firsts[owners]
    title = owners >= texts
    at = ((places < WORDS_READ) | title).nonzero()[0]
    owners = owners[at]
    bodies = int(owners.searchsorted(texts))
    owners[bodies:] -= texts
    return _Told(at, owners, words.hashes[at], words.letters[at], words.numeric[at], places[at], bodies)


def _capital(cased: Sequence[str], lowered: Sequence[str], words: Words) -> Flags:
    """Which words begin in upper case; none where lower case moved the words."""
    capital: Flags = _kept(cased, lowered)[words.starts] != words.opening
    return capital


def _kept(cased: Sequence[str], lowered: Sequence[str]) -> NDArray[np.uint32]:
    """The code points before lower case; those after it where that moved the words."""
    pairs = zip(cased, lowered, strict=True)
    return code_points("\n".join(before if len(before) == len(low) else low for before, low in pairs))


def _named(told: _Told, capital: Flags, same: Positions) -> Positions:
    """Which words are names: in upper case, also behind the first word of the text, and not mostly in lower case;
    and which words of titles are names of their texts. ``capital`` is of the words of bodies.
    """
    of_bodies, texts = same[: told.bodies], told.texts[: told.bodies]
    upper = capital & ~told.numeric[: told.bodies]
    behind = upper.copy()
    behind[:1] = False
    behind[1:] &= texts[1:] == texts[:-1]
    size = len(same)
    seen = np.bincount(of_bodies[behind], minlength=size)
    plain = np.bincount(of_bodies[~(capital | told.numeric[: told.bodies])], minlength=size)
    names = (seen > 0) & (plain <= seen)
    named = names[same]
    named[: told.bodies] &= upper
    called = np.zeros(size, np.bool_)
    called[of_bodies[named[: told.bodies]]] = True
    named[told.bodies :] = called[same[told.bodies :]]
    return np.asarray(named.nonzero()[0])


def _counts(words: Words, told: _Told, capital: Flags) -> Positions:
    """What each occurrence counts."""
    counts = np.full(len(told.at), TITLE * _WHOLE)
    counts[: told.bodies] = _BY_PLACE[told.places[: told.bodies]]
    sizes = words.firsts[1:] - words.firsts[:-1]
    texts = len(sizes) // 2
    if not sizes[:texts].all():
        title = slice(told.bodies, None)
        plain = _plain(told.texts[title], told.numeric[title], capital[title], sizes[:texts])
        counts[title][plain] = PLAIN * _WHOLE // 100
    return counts


def _plain(owners: Positions, numeric: Flags, capital: Flags, sizes: Positions) -> Flags:
    """Which words of titles without a text are no names: in lower case, if most are."""
    upper, lower = capital & ~numeric, ~(capital | numeric)
    capitals, others = (np.bincount(owners[which], minlength=len(sizes)) for which in (upper, lower))
    tells = (capitals < others) & (sizes == 0)
    plain: Flags = lower & tells[owners]
    return plain


def _heaviest(groups: Positions, ids: Positions, counts: Positions, letters: Positions, texts: int) -> list[Terms]:
    """The terms of the greatest weight of each group, three groups a text: words, names, numbers."""
    keys = (groups << 24) | ids
    order = keys.argsort(kind="stable")
    first, _ = runs(keys[order])
    counted = np.add.reduceat(counts[order], first) if len(first) else counts
    chosen = order[first]
    groups, ids = groups[chosen], ids[chosen]
    rarity = background().weights(ids.astype(np.uint32), letters[chosen])
    numbers = (groups % 3 == 2).nonzero()[0]
    rarity[numbers] *= calendar().weights(ids[numbers])
    millionths = np.rint(counted / (counted + _WHOLE) * rarity * 1e6)
    # one key, of which most is in order already, is sorted faster than two
    order = ((groups << 32) - millionths.astype(np.int64)).argsort(kind="stable")
    groups, ids, weights = groups[order], ids[order], millionths[order] / 1e6
    borders = groups.searchsorted(np.arange(3 * texts + 1))
    kept = (np.arange(len(groups)) - borders[groups] < _MOST[groups % 3]).nonzero()[0]
    groups = groups[kept]
    factors = 255 / np.maximum(weights[borders[groups]], 1e-9)
    scaled = np.maximum(1, np.rint(weights[kept] * factors)).astype(np.uint32)
    terms = (ids[kept].astype(np.uint32) << np.uint32(8)) | scaled
    return _divided(terms, np.bincount(groups, minlength=3 * texts).reshape(-1, 3).tolist())
