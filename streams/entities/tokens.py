"""Texts as arrays of words: offsets, hashes, case, and what stands between one word and the next.

Many texts go through numpy at once, joined by breaks. The hash of a word is a polynomial over its
folded letters, computed for every word from two cumulative arrays (Karp and Rabin, 1987).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from streams import kernels
from streams.entities import characters as ch
from streams.text.hashing import Hashes, mixed

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 1 << 64))
SEPARATOR = "\n\n"

LOWER, INITIAL, CAPITALS, MIXED = range(4)
"""Case of a word: ``word``, ``Word`` (also one capital letter), ``WORD``, ``wORd`` or ``McWord``."""

TIGHT, SOFT, HYPHENED, DOTTED, COMMAED, HARD = range(6)
"""What stands before a word: nothing, a space, a hyphen or apostrophe (or a plural's), a period, a comma, more."""


@cache
def _powers(bits: int) -> tuple[Hashes, Hashes]:
    ones = np.ones(1 << bits, np.uint64)
    forward, backward = ones * MULTIPLIER, ones * INVERSE
    forward[0] = backward[0] = 1
    return np.cumprod(forward), np.cumprod(backward)


@dataclass(slots=True, eq=False)
class Letters:
    """The characters that take part in matching: ``at`` their offsets, ``kind`` and folded ``code``.

    ``packed`` are the entries of ``characters``, which say the script, too.
    """

    at: Ints
    kind: NDArray[np.uint8]
    code: NDArray[np.uint32]
    upper: Flags
    packed: NDArray[np.uint32]
    sums: Hashes

    def hashed(self, start: Ints, end: Ints) -> Hashes:
        """Hashes of the letters from ``start`` to ``end`` (indices of letters, end exclusive)."""
        return mixed(self.plain(start, end))

    def plain(self, start: Ints, end: Ints) -> Hashes:
        """The polynomials alone: that of a joined text is the first's plus the second's times a power."""
        inverse = _powers(_bits(len(self.code) + 1))[1]
        return (self.sums[end] - self.sums[start]) * inverse[start]


@dataclass(slots=True, eq=False)
class Tokens:
    """The words of several texts, in order. Arrays have one entry a word, ``first`` one a text and an end.

    ``start`` and ``end`` are code points of the joined texts, ``low`` and ``high`` indices of letters.
    """

    letters: Letters
    text: str
    """The joined texts."""
    text_start: Ints
    first: Ints
    start: Ints
    end: Ints
    low: Ints
    high: Ints
    hash: Hashes
    case: NDArray[np.uint8]
    gap: NDArray[np.uint8]
    opens: Flags
    number: Flags
    script: NDArray[np.uint8]
    before: NDArray[np.uint8]
    after: NDArray[np.uint8]
    line: Ints
    scripts: int
    """The scripts that there are, a bit each."""

    def __len__(self) -> int:
        return len(self.start)


def _bits(length: int) -> int:
    return max(16, int(length - 1).bit_length())


def joined(texts: Sequence[str]) -> tuple[str, Ints]:
    """The texts as one, with breaks between, and where each starts."""
    lengths = accumulate((len(text) + len(SEPARATOR) for text in texts), initial=0)
    return SEPARATOR.join(texts) + SEPARATOR, np.fromiter(lengths, np.int64, len(texts) + 1)


def _elided(packed: NDArray[np.uint32], kind: NDArray[np.uint8], split_apostrophes: Flags | None) -> Ints:
    """Where marks inside a word are left out of it: the periods of U.S., the apostrophe of Kata'ib (not Iraq's), and
    the marks of Hebrew acronyms, which are often written as quotes.
    """
    at = ((kind == ch.PERIOD) | (kind == ch.APOSTROPHE) | (kind == ch.QUOTE)).nonzero()[0]
    word = np.zeros(len(kind) + 4, np.bool_)
    np.equal(kind, ch.WORD, out=word[2:-2])
    at = at[word[at + 1] & word[at + 3]]
    mark = kind[at]
    ends_after = ~word[at + 4]
    following = packed[at + 1]
    possessive = ends_after & (ch.codes(following) == ord("s"))
    initials = (mark == ch.PERIOD) & ~word[at] & ends_after
    inside = (mark == ch.APOSTROPHE) & ~ch.capitals(following) & ~possessive
    if split_apostrophes is not None:
        inside &= ~split_apostrophes[at]
    acronym = (mark == ch.QUOTE) & (ch.scripts(packed[at - 1]) == ch.HEBREW) & ends_after
    return np.asarray(at[initials | inside | acronym])


def _points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _letters(text: str, split_apostrophes: Flags | None) -> Letters:
    points = _points(text)
    packed = ch.characters().take(points)
    kind = ch.kinds(packed)
    taken = kind != ch.DROPPED
    taken[_elided(packed, kind, split_apostrophes)] = False
    at = taken.nonzero()[0]
    packed, kind = packed.take(at), kind.take(at)
    code = ch.codes(packed)
    sums = np.zeros(len(code) + 1, np.uint64)
    ((code + np.uint64(1)) * _powers(_bits(len(code) + 1))[0][: len(code)]).cumsum(out=sums[1:])
    return Letters(at, kind, code, ch.capitals(packed), packed, sums)


def _boundaries(kind: NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """Indices of letters where words start and end."""
    word = np.zeros(len(kind) + 2, np.bool_)
    np.equal(kind, ch.WORD, out=word[1:-1])
    single = kind == ch.SINGLE
    starts, ends = word[1:-1] > word[:-2], word[1:-1] > word[2:]
    return (starts | single).nonzero()[0], (ends | single).nonzero()[0] + 1


def _case(letters: Letters, low: Ints, high: Ints) -> NDArray[np.uint8]:
    counts = np.zeros(len(letters.upper) + 1, np.int64)
    letters.upper.cumsum(out=counts[1:])
    capitals = counts[high] - counts[low]
    first = letters.upper[low]
    case = np.full(len(low), MIXED, np.uint8)
    case[capitals == 0] = LOWER
    case[capitals == high - low] = CAPITALS
    case[first & (capitals == 1)] = INITIAL
    return case


def _gaps(letters: Letters, low: Ints, high: Ints) -> tuple[NDArray[np.uint8], Flags]:
    """The gap before each word, and whether a sentence opens there."""
    kind = letters.kind
    gap = np.full(len(low), HARD, np.uint8)
    opens = np.ones(len(low), np.bool_)
    if len(low) < 2:
        return gap, opens
    from_, to = high[:-1], low[1:]
    width = to - from_
    first = kind[from_]
    gap[1:] = found = _between()[np.minimum(width, 3), first, kind[to - 1]]
    plural = ((found == HARD) & (first == ch.APOSTROPHE) & (width == 2)).nonzero()[0]
    ends = to[plural]
    gap[plural[(kind[ends - 1] == ch.SPACE) & (letters.code[ends - 3] == ord("s"))] + 1] = HYPHENED
    stops = np.zeros(len(kind) + 1, np.int64)
    ((kind == ch.BREAK) | (kind == ch.STOP) | (kind == ch.QUOTE)).cumsum(out=stops[1:])
    opens[1:] = (stops[to] > stops[from_]) | (first == ch.PERIOD)
    return gap, opens


@cache
def _between() -> NDArray[np.uint8]:
    """The gap by its width, 3 for more than 2, and the classes of its first and last character."""
    gap = np.full((4, ch.OTHER + 1, ch.OTHER + 1), HARD, np.uint8)
    gap[0] = TIGHT
    for kind, found in ((ch.PERIOD, DOTTED), (ch.COMMA, COMMAED)):
        gap[1, kind], gap[2, kind, ch.SPACE] = found, found
    gap[1, ch.SPACE], gap[1, ch.HYPHEN], gap[1, ch.APOSTROPHE] = SOFT, HYPHENED, HYPHENED
    return gap


def _ends(text: str, letters: Letters, low: Ints, high: Ints) -> Ints:
    """Where words end; initials with periods between them end with a period, too: U.S."""
    end = letters.at[high - 1] + 1
    spaced = ((end - letters.at[low] == 2 * (high - low) - 1) & (high - low > 1)).nonzero()[0]
    for word in spaced.tolist():
        if text[end[word] - 2] == "." and text[end[word] : end[word] + 1] == ".":
            end[word] += 1
    return end


def tokenise(texts: Sequence[str], split_apostrophes: Sequence[bool] | None = None) -> Tokens:
    """The words of ``texts``. Where ``split_apostrophes`` says so, an apostrophe always ends a word (Irak'ta)."""
    text, starts = joined(texts)
    split = None
    if split_apostrophes is not None and any(split_apostrophes):
        split = np.asarray(split_apostrophes, np.bool_).repeat(starts[1:] - starts[:-1])
    if kernels.native is not None:
        return _tokenised(kernels.native, text, starts, split)
    letters = _letters(text, split)
    low, high = _boundaries(letters.kind)
    start, end = letters.at[low], _ends(text, letters, low, high)
    gap, opens = _gaps(letters, low, high)
    before = letters.kind[low - 1]
    if len(low) and low[0] == 0:
        before[0] = ch.BREAK
    code = letters.code[low]
    line, script = (letters.kind == ch.BREAK).cumsum()[low], ch.scripts(letters.packed[low])
    return Tokens(
        letters, text, starts, start.searchsorted(starts), start, end, low, high, letters.hashed(low, high),
        _case(letters, low, high), gap, opens, code - np.uint32(48) < 10, script,
        before, letters.kind[high], line, sum(1 << kind for kind in set(script.tolist())),
    )  # fmt: skip


def _tokenised(native: kernels.Kernels, text: str, starts: Ints, split: Flags | None) -> Tokens:
    """``tokenise`` by the compiled kernels."""
    points = _points(text)
    most = len(points)
    at, kind, code = np.empty(most, np.int64), np.empty(most, np.uint8), np.empty(most, np.uint32)
    upper, packed, sums = np.empty(most, np.bool_), np.empty(most, np.uint32), np.empty(most + 1, np.uint64)
    flags = np.zeros(0, np.bool_) if split is None else split
    taken, size = native.letters(points, ch.characters(), flags, at, kind, code, upper, packed, sums)
    letters = Letters(at[:taken], kind[:taken], code[:taken], upper[:taken], packed[:taken], sums[: taken + 1])
    first, hashes = np.empty(len(starts), np.int64), np.empty(size, np.uint64)
    start, end, low, high, line = np.empty((5, size), np.int64)
    case, gap, script, before, after = np.empty((5, size), np.uint8)
    opens, number = np.empty((2, size), np.bool_)
    scripts = native.words(
        points, letters.at, letters.kind, letters.code, letters.upper, letters.packed, starts, first,
        start, end, low, high, line, hashes, case, gap, opens, number, script, before, after,
    )  # fmt: skip
    return Tokens(
        letters, text, starts, first, start, end, low, high, hashes,
        case, gap, opens, number, script, before, after, line, scripts,
    )  # fmt: skip
