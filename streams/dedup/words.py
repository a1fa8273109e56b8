"""Texts as arrays of word hashes: what copies and stories are compared by.

Words follow the script: runs of letters, marks and digits; in scripts written without spaces (Chinese,
Japanese, Thai, Lao, Khmer, Burmese) overlapping pairs of characters. Case, quotes, dashes, spacing and
compatibility forms do not count. Every hash is arithmetic modulo 2^64, the same on every machine.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from streams import kernels
from streams.text.hashing import Hashes, mixed

Positions: TypeAlias = NDArray[np.int64]

LONGEST = 200_000
"""Code points of a text that are looked at; what follows does not count."""

LONG = 6
"""Code points from which the length of a word says no more of how rare it is."""

_APART, _WORD, _PAIR, _IGNORED = 0, 1, 2, 3
_PLANES = 0x20000
_POINT_OR_COMMA = np.uint32(0xFFFFFFFD)
"""Leaves of a point what a comma is."""
_UNSPACED = (
    (0x0E00, 0x0E80), (0x0E80, 0x0F00), (0x1000, 0x10A0), (0x1780, 0x1800), (0x2E80, 0x3000), (0x3005, 0x3008),
    (0x3040, 0x3100), (0x3100, 0x3130), (0x31A0, 0x3200), (0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00),
)  # fmt: skip
_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 1 << 64)
_STEPS = tuple(np.uint64(k) for k in (0xD6E8FEB86659FD93, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB))


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one or several texts in order: their hashes, and where they stand in ``text``."""

    text: str
    hashes: Hashes
    starts: Positions
    ends: Positions
    opening: NDArray[np.uint32]
    """The code point each word begins with."""
    numeric: NDArray[np.bool_]
    """Whether the word begins with a digit."""
    letters: Positions
    """Code points of the word, ``LONG`` for a pair of characters: what it tells does not go by its length."""
    firsts: Positions
    """For each of the joined texts its first word, and the number of words at the end."""
    owners: Positions
    """For each word the number of its text."""

    def __len__(self) -> int:
        return len(self.hashes)

    def before(self, text: int) -> "Words":
        """The words of the texts before ``text``."""
        those = slice(self.firsts[text])
        return Words(
            self.text, self.hashes[those], self.starts[those], self.ends[those], self.opening[those],
            self.numeric[those], self.letters[those], self.firsts[: text + 1], self.owners[those],
        )  # fmt: skip

    def spelled(self, index: int) -> str:
        return self.text[int(self.starts[index]) : int(self.ends[index])]


def composed(text: str) -> str:
    """The text with compatibility forms folded and without invisible marks, at most ``LONGEST`` code points."""
    text = text[:LONGEST]
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text)[:LONGEST]
    kinds = _kind_table()[np.minimum(code_points(text), _PLANES)]
    if (kinds == _IGNORED).any():
        text = "".join(np.array(list(text))[kinds != _IGNORED])
    return text


def folded(text: str) -> str:
    """The text as it is compared: composed, in lower case."""
    return composed(text).lower()


def code_points(text: str) -> NDArray[np.uint32]:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def words_of(*texts: str) -> Words:
    """The words of already folded texts; many texts at once cost little more than one."""
    text = "\n".join(texts)
    points = code_points(text)
    if kernels.native is not None:
        return _spelled(kernels.native, text, points, texts)
    starts, ends, letters = _bounds(_kinds_of(points))
    opening = points[starts]
    firsts = starts.searchsorted(list(accumulate((len(text) + 1 for text in texts), initial=0)))
    owners = np.arange(len(texts)).repeat(firsts[1:] - firsts[:-1])
    hashes = _hashes(points, starts, ends)
    return Words(text, hashes, starts, ends, opening, _are_digits(opening), letters, firsts, owners)


def _spelled(native: kernels.Kernels, text: str, points: NDArray[np.uint32], texts: Sequence[str]) -> Words:
    """``words_of`` by the compiled kernels."""
    begins = np.fromiter(accumulate((len(each) + 1 for each in texts), initial=0), np.int64, len(texts) + 1)
    firsts = np.empty(len(begins), np.int64)
    room, count = 0, len(points) // 4 + 16
    while count > room:
        room = count
        hashes, opening, numeric = np.empty(room, np.uint64), np.empty(room, np.uint32), np.empty(room, np.bool_)
        starts, ends, letters, owners = np.empty((4, room), np.int64)
        count = native.spelled(
            points, _kind_table(), begins, hashes, starts, ends, opening, numeric, letters, owners, firsts
        )
    return Words(
        text, hashes[:count], starts[:count], ends[:count], opening[:count], numeric[:count], letters[:count],
        firsts, owners[:count],
    )  # fmt: skip


def _are_digits(points: NDArray[np.uint32]) -> NDArray[np.bool_]:
    digits: NDArray[np.bool_] = points - np.uint32(0x30) < 10  # what is less than 0x30 becomes very large
    return digits


def shingles(words: Words) -> tuple[Hashes, Positions]:
    """Hashes of all runs of three words, and where they begin; of the whole text where it has fewer."""
    hashes, owners = words.hashes, words.owners
    runs = hashes[:-2] * _STEPS[0] + hashes[1:-1] * _STEPS[1] + hashes[2:] * _STEPS[2]
    at = (owners[:-2] == owners[2:]).nonzero()[0]
    sizes = words.firsts[1:] - words.firsts[:-1]
    few = (sizes == 1) | (sizes == 2)
    short = words.firsts[:-1][few]
    if not len(short):
        return mixed(runs[at]), at
    whole = totals(hashes * _STEPS[0], words.firsts)[few]
    at, runs = np.concatenate((at, short)), np.concatenate((runs[at], whole))
    order = np.argsort(at, kind="stable")
    return mixed(runs[order]), at[order]


def sequence_hashes(words: Words) -> list[int]:
    """For each text one hash for its words in their order; 0 where it has none."""
    if kernels.native is not None:
        found = np.empty(len(words.firsts) - 1, np.uint64)
        kernels.native.sequences(words.hashes, words.firsts, found)
        return list(found.tolist())
    sizes = words.firsts[1:] - words.firsts[:-1]
    powers, _ = _powers(_size(int(sizes.max(initial=0))))
    places = np.arange(len(words)) - words.firsts[words.owners]
    sums = totals(words.hashes * powers[places], words.firsts) + sizes.astype(np.uint64)
    hashes: list[int] = np.where(sizes > 0, mixed(sums), np.uint64(0)).tolist()
    return hashes


def totals(values: Hashes, firsts: Positions) -> Hashes:
    """The sums of the values of each text, modulo 2^64."""
    sums = np.zeros(len(values) + 1, dtype=np.uint64)
    values.cumsum(out=sums[1:])
    return sums[firsts[1:]] - sums[firsts[:-1]]


def _kinds_of(points: NDArray[np.uint32]) -> NDArray[np.uint8]:
    kinds = _kind_table().take(points, mode="clip")
    # a point or comma between two digits belongs to the number
    inner = (points[1:-1] & _POINT_OR_COMMA == 0x2C).nonzero()[0]
    if len(inner):
        kinds[inner[_are_digits(points[inner]) & _are_digits(points[inner + 2])] + 1] = _WORD
    return kinds


def _bounds(kinds: NDArray[np.uint8]) -> tuple[Positions, Positions, Positions]:
    """Where words start and end, and how long each is, ``LONG`` for a pair of characters."""
    word = np.zeros(len(kinds) + 2, np.bool_)
    np.equal(kinds, _WORD, out=word[1:-1])
    edges = (word[1:] != word[:-1]).nonzero()[0]
    starts, ends = edges[::2], edges[1::2]
    pairs = (kinds == _PAIR).nonzero()[0]
    if not len(pairs):
        return starts, ends, ends - starts
    followed = np.zeros(len(pairs), dtype=np.int64)
    followed[:-1] = np.diff(pairs) == 1
    # the last character of a run is covered by the pair before it, unless it stands alone
    alone = np.diff(pairs, prepend=-2) != 1
    kept = (followed == 1) | alone
    letters = np.concatenate((ends - starts, np.full(kept.sum(), LONG)))
    starts = np.concatenate((starts, pairs[kept]))
    ends = np.concatenate((ends, (pairs + 1 + followed)[kept]))
    order = np.argsort(starts, kind="stable")
    return starts[order], ends[order], letters[order]


def _hashes(points: NDArray[np.uint32], starts: Positions, ends: Positions) -> Hashes:
    powers, inverses = _powers(_size(len(points) + 1))
    sums = np.zeros(len(points) + 1, dtype=np.uint64)
    (points * powers[: len(points)]).cumsum(out=sums[1:])
    return mixed((sums[ends] - sums[starts]) * inverses[starts] + (ends - starts).view(np.uint64))


def _size(needed: int) -> int:
    return max(4096, 1 << (needed - 1).bit_length()) if needed else 4096


@lru_cache(maxsize=8)
def _powers(size: int) -> tuple[Hashes, Hashes]:
    def series(base: int) -> Hashes:
        steps = np.full(size, base, dtype=np.uint64)
        steps[0] = 1
        return np.cumprod(steps, dtype=np.uint64)

    return series(_BASE), series(_INVERSE)


@lru_cache(maxsize=1)
def _kind_table() -> NDArray[np.uint8]:
    table = np.zeros(_PLANES + 1, dtype=np.uint8)
    for point in range(_PLANES):
        category = unicodedata.category(chr(point))
        if category[0] in "LNM":
            table[point] = _WORD
        elif category == "Cf":
            table[point] = _IGNORED
    for first, end in _UNSPACED:
        table[first:end] = np.where(table[first:end] == _WORD, _PAIR, table[first:end])
    table[_PLANES] = _PAIR  # the supplementary ideographs
    return table


def combined_many(first: Hashes, second: NDArray[Any]) -> Hashes:
    """``combined`` of many pairs."""
    value = first * np.uint64(_BASE) + second.astype(np.uint64) + np.uint64(1)
    value = (value ^ (value >> np.uint64(31))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.maximum(value ^ (value >> np.uint64(29)), np.uint64(1))


@lru_cache(maxsize=8)
def combined(first: int, second: int) -> int:
    """One 64-bit hash of two, never 0. An article is looked up by those that it is remembered by."""
    value = (first * _BASE + second + 1) & 0xFFFFFFFFFFFFFFFF
    value = ((value ^ (value >> 31)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
    return (value ^ (value >> 29)) or 1
