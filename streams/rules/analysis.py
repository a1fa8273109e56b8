"""An article as the matcher reads it: words with places, sentences, and the keys they answer to."""

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import accumulate, compress

from streams.rules.places import Places
from streams.rules.words import JOINED, Lexicon, forms, joined

LIMIT = 400_000
"""Code points of a body that are read; the rest of a longer one is not, and the match says so."""

_WORD = re.compile(r"(\w++(?:['’\u00ad\u200b-\u200d\u2060.,]\w++)*+)")
"""A run of letters and digits, with apostrophes, and with dots and commas between two of them (U.S, 9,500)."""
_ASCII_WORD = re.compile(r"(\w++(?:['.,]\w++)*+)", re.ASCII)
"""The same in a text of ASCII, faster."""
_STRICT = re.compile(r"((?:[^\W\d_]\.)+[^\W\d_](?!\w)|\d+(?:[.,]\d+)*(?!\w)|\w+(?:['’\u00ad\u200b-\u200d\u2060]\w+)*)")
"""The same with dots only in acronyms and numbers, commas only in numbers, for texts that lack spaces."""

_ENDS = re.compile(r"[.!?…][\"'”’»)\]]*\s|[.!?…][\"'”’»)\]]*$")
_TITLES = forms(
    "mr mrs ms dr prof gen lt col maj sgt capt cmdr adm brig st sen rep gov pres sec hon rev fr "
    "vs no jan feb mar apr jun jul aug sept sep oct nov dec inc corp ltd co dept est approx"
)
_STARTERS = frozenset(map(str.title, forms("the a an in on at it he she they we this that but and for if when after")))


def parts_of(text: str) -> list[str]:
    """The text in pieces that join to it again; every second one, from index 1, is a word.

    >>> parts_of("U.S. troops, 9,500.")[1::2]
    ['U.S', 'troops', '9,500']
    """
    parts = _loosely(text)
    return _strictly(parts) if any(map(joined, set(parts[1::2]))) else parts


def _loosely(text: str) -> list[str]:
    return (_ASCII_WORD if text.isascii() else _WORD).split(text)


def _strictly(loose: list[str]) -> list[str]:
    """The parts where dots and commas join acronyms and numbers only: what is joined loosely is parted further."""
    found = loose[:1]
    for word, after in zip(loose[1::2], loose[2::2], strict=True):
        found += (word, after) if word.isalnum() else (*_STRICT.split(word)[1:-1], after)
    return found


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
        return after in _STARTERS or before[0].isdigit()
    return before.lower() not in _TITLES and not (len(before) == 1 and before.isupper())


def _breaks_in(parts: list[str]) -> list[tuple[int, int]]:
    """Index of the first word after each break, with the break's kind."""
    kinds = list(map(_breaks.__getitem__, parts[2:-1:2]))
    return [
        (index, kinds[index - 1])
        for index in compress(range(1, len(kinds) + 1), kinds)
        if kinds[index - 1] == 2 or _ends_sentence(parts[2 * index - 1], parts[2 * index], parts[2 * index + 1])
    ]


class Analysis:
    """The words of title and body in one row of positions; the title's come first.

    What only some rules need (offsets, sentences, paragraphs) is worked out when first asked for.
    """

    def __init__(self, title: str | None, body: str, lexicon: Lexicon) -> None:
        self.title, self.body = title or "", body
        self.year: int | None = None
        """The year that its sentences are read in, if known: what is dated earlier is past."""
        self.month: int | None = None
        """The month that they are read in, if known."""
        self.cut = len(body) > LIMIT
        self._known = lexicon.words()
        self.keys = self._take(_loosely(self.title), _loosely(self.body[:LIMIT]))
        if JOINED in self.keys:
            self.keys = self._take(_strictly(self._head), _strictly(self._text))

    def _take(self, head: list[str], text: list[str]) -> set[str]:
        """Take both fields in, split; the keys that their words answer to."""
        self._head, self._text = head, text
        self.split = len(self._head) // 2
        self.words: list[str] = self._head[1::2] + self._text[1::2]
        return self._known.answers(self.words)

    @cached_property
    def places(self) -> Places:
        """Where its words stand."""
        return Places(self.words, 0, self._known, self.keys)

    def places_in(self, start: int, end: int) -> Places:
        """Where the words of a stretch stand."""
        words = self.words[start:end]
        return Places(words, start, self._known, self._known.answers(words))

    @cached_property
    def starts(self) -> list[int]:
        """Offset of each word in its field, code points."""
        return list(accumulate(map(len, self._head)))[:-1:2] + list(accumulate(map(len, self._text)))[:-1:2]

    @cached_property
    def _breaks(self) -> list[tuple[int, int]]:
        """Position of the first word after each break, and whether sentences (1) or paragraphs (2) part there."""
        shift = self.split
        breaks = [(0, 2), *_breaks_in(self._head)] if shift else []
        if shift < len(self.words):
            breaks += [(shift, 2)] + [(index + shift, kind) for index, kind in _breaks_in(self._text)]
        return breaks

    @cached_property
    def firsts(self) -> list[int]:
        """Position of each sentence's first word."""
        return [index for index, _ in self._breaks]

    @cached_property
    def _paragraphs(self) -> list[int]:
        return [index for index, kind in self._breaks if kind == 2]

    def sentence(self, position: int) -> int:
        """Number of the sentence that a word stands in."""
        return bisect_right(self.firsts, position) - 1

    def paragraph(self, position: int) -> int:
        """Number of the paragraph that a word stands in."""
        return bisect_right(self._paragraphs, position) - 1

    def bounds(self, sentence: int) -> tuple[int, int]:
        """Positions of a sentence's first word and of the one after its last."""
        first = self.firsts[sentence]
        return first, self.firsts[sentence + 1] if sentence + 1 < len(self.firsts) else len(self.words)

    def paragraph_bounds(self, paragraph: int) -> tuple[int, int]:
        """Positions of a paragraph's first word and of the one after its last."""
        first = self._paragraphs[paragraph]
        last = self._paragraphs[paragraph + 1] if paragraph + 1 < len(self._paragraphs) else len(self.words)
        return first, last

    @cached_property
    def lead(self) -> int:
        """Position after the lead: the sentences that begin within the body's first 60 words."""
        after = bisect_left(self.firsts, self.split + 60)
        return self.firsts[after] if after < len(self.firsts) else len(self.words)

    def end(self, position: int) -> int:
        """Offset after the word at ``position``."""
        return self.starts[position] + len(self.words[position])

    def between(self, position: int) -> str:
        """What stands after the word at ``position``, up to the next."""
        if position < self.split:
            return self._head[2 * position + 2]
        return self._text[2 * (position - self.split) + 2]

    def position_at(self, field: str, offset: int) -> int:
        """Position of the first word that ends after ``offset`` of ``field``."""
        low, high = (0, self.split) if field == "title" else (self.split, len(self.words))
        found = bisect_right(self.starts, offset, low, high) - 1
        return found if found >= low and self.end(found) > offset else found + 1
