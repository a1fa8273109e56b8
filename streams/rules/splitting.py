"""A text in words and what stands between them, and where its sentences part: the form without compiled kernels."""

import re
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, compress
from typing import Protocol, TypeAlias

from streams.rules.words import KnownWords, forms, joined

_WORD = re.compile(r"(\w++(?:['’\u00ad\u200b-\u200d\u2060.,]\w++)*+)")
"""A run of letters and digits, with apostrophes, and with dots and commas between two of them (U.S, 9,500)."""
_ASCII_WORD = re.compile(r"(\w++(?:['.,]\w++)*+)", re.ASCII)
"""The same in a text of ASCII, faster."""
_STRICT = re.compile(r"((?:[^\W\d_]\.)+[^\W\d_](?!\w)|\d+(?:[.,]\d+)*(?!\w)|\w+(?:['’\u00ad\u200b-\u200d\u2060]\w+)*)")
"""The same with dots only in acronyms and numbers, commas only in numbers, for texts that lack spaces."""

_ENDS = re.compile(r"[.!?…][\"'”’»)\]]*\s|[.!?…][\"'”’»)\]]*$")
ABBREVIATIONS = forms(
    "mr mrs ms dr prof gen lt col maj sgt capt cmdr adm brig st sen rep gov pres sec hon rev fr "
    "vs no jan feb mar apr jun jul aug sept sep oct nov dec inc corp ltd co dept est approx"
)
STARTERS = frozenset(map(str.title, forms("the a an in on at it he she they we this that but and for if when after")))


def parts_of(text: str) -> list[str]:
    """The text in pieces that join to it again; every second one, from index 1, is a word.

    >>> parts_of("U.S. troops, 9,500.")[1::2]
    ['U.S', 'troops', '9,500']
    """
    parts = loosely(text)
    return strictly(parts) if any(map(joined, set(parts[1::2]))) else parts


def loosely(text: str) -> list[str]:
    return (_ASCII_WORD if text.isascii() else _WORD).split(text)


def strictly(loose: list[str]) -> list[str]:
    """The parts where dots and commas join acronyms and numbers only: what is joined loosely is parted further."""
    found = loose[:1]
    for word, after in zip(loose[1::2], loose[2::2], strict=True):
        found += (word, after) if word.isalnum() else (*_STRICT.split(word)[1:-1], after)
    return found


@lru_cache(maxsize=20_000)
def partings(word: str) -> Sequence[int]:
    """Places of the signs where ``strictly`` parts a word.

    >>> partings("base.He"), partings("U.S")
    ((4,), ())
    """
    return () if word.isalnum() else tuple(part.end() for part in _STRICT.finditer(word))[:-1]


class _Breaks(dict[str, int]):
    """What the text between two words separates: 0 words, 1 sentences, 2 paragraphs."""

    def __missing__(self, between: str) -> int:
        kind = 2 if between.count("\n") > 1 else int(_ENDS.search(between) is not None)
        if len(between) < 8 and len(self) < 10_000:
            self[between] = kind
        return kind


_breaks = _Breaks()


def _ends_sentence(before: str, between: str, after: str) -> bool:
    """Whether a full stop between two words ends a sentence, not an abbreviation."""
    if after[0].islower():
        return False
    if between[0] != ".":
        return True
    if "." in before:
        return after in STARTERS or before[0].isdigit()
    return before.lower() not in ABBREVIATIONS and not (len(before) == 1 and before.isupper())


def _breaks_in(parts: list[str]) -> list[tuple[int, int]]:
    """Index of the first word after each break, with the break's kind."""
    kinds = list(map(_breaks.__getitem__, parts[2:-1:2]))
    return [
        (index, kinds[index - 1])
        for index in compress(range(1, len(kinds) + 1), kinds)
        if kinds[index - 1] == 2 or _ends_sentence(parts[2 * index - 1], parts[2 * index], parts[2 * index + 1])
    ]


Token: TypeAlias = str | int
"""What stands for a word within a text: itself, or its number."""


class Reading(Protocol):
    """Title and body split into words, in one row of positions; the title's come first."""

    split: int
    """Position of the body's first word."""
    size: int
    """How many words there are."""

    def words(self, start: int, end: int) -> list[str]:
        """The words of a stretch."""

    def keys(self, start: int, end: int) -> set[str]:
        """Every key that one of the words of a stretch answers to."""

    def tokens(self, start: int, end: int) -> Sequence[Token]:
        """What stands for each word of a stretch."""

    def answering(self, key: str) -> Sequence[Token]:
        """What stands for each known word that answers to a key."""

    def places(self, key: str, start: int, end: int) -> Sequence[int] | None:
        """Where words of a stretch stand that answer to a key, ascending; None where that has to be looked up."""

    def spelled(self, token: Token, /) -> str:
        """The word that something stands for."""

    def starts(self) -> list[int]:
        """Offset of each word in its field, code points."""

    def breaks(self) -> tuple[list[int], list[int]]:
        """Positions of the first word of each sentence, and of each paragraph."""

    def gaps(self, start: int, end: int) -> Sequence[str]:
        """What stands after each word of a stretch, up to the next of its field."""


class Parts:
    """Title and body, each in parts."""

    def __init__(self, title: list[str], body: list[str], known: KnownWords) -> None:
        self._title, self._body, self._known = title, body, known
        self._words: list[str] = title[1::2] + body[1::2]
        self.split, self.size = len(title) // 2, len(self._words)

    def words(self, start: int, end: int) -> list[str]:
        """The words of a stretch."""
        return self._words[start:end]

    def keys(self, start: int, end: int) -> set[str]:
        """Every key that one of the words of a stretch answers to."""
        return self._known.answers(self._words[start:end]) if end - start < self.size else self.answers

    tokens = words

    def answering(self, key: str) -> Sequence[Token]:
        """The known words that answer to a key."""
        return self._known.surfaces.get(key, ())

    def places(self, key: str, start: int, end: int) -> None:
        """Always looked up."""

    spelled = str

    @cached_property
    def answers(self) -> set[str]:
        """Every key that one of all the words answers to."""
        return self._known.answers(self._words)

    def starts(self) -> list[int]:
        """Offset of each word in its field, code points."""
        return [start for part in (self._title, self._body) for start in list(accumulate(map(len, part)))[:-1:2]]

    def breaks(self) -> tuple[list[int], list[int]]:
        """Positions of the first word of each sentence, and of each paragraph."""
        shift = self.split
        found = [(0, 2), *_breaks_in(self._title)] if shift else []
        if shift < self.size:
            found += [(shift, 2)] + [(index + shift, kind) for index, kind in _breaks_in(self._body)]
        return [index for index, _ in found], [index for index, kind in found if kind == 2]

    def gaps(self, start: int, end: int) -> Sequence[str]:
        """What stands after each word of a stretch, up to the next of its field."""
        if start >= self.split:
            return self._body[2 * (start - self.split) + 2 : 2 * (end - self.split) + 2 : 2]
        return (self._title[2::2] + self._body[2::2])[start:end]
