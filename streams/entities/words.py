"""The words of a batch one by one, and the keys of names by their words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from streams.entities.characters import QUOTE, QUOTES
from streams.entities.spans import Span
from streams.entities.tokens import LOWER, Ints, Tokens
from streams.entities.vocabulary import ARTICLE, JOINS, Seen
from streams.text.hashing import Hashes

SUFFIXES = frozenset({"Jr", "Sr", "II", "III", "IV"})
"""What follows the last name of somebody who is called like a parent."""

Key = tuple[int, ...]
"""The hashes of the words of a name, without articles."""


@dataclass(slots=True, eq=False)
class Words:
    """The words of a batch one by one: the joined text, offsets, hashes, case, what stands before each, and marks.

    The columns are views, which give single items faster than arrays. Lists give them faster still, but few words
    are asked for, and to make the lists took a twentieth of the time.
    """

    text: str
    start: Sequence[int]
    end: Sequence[int]
    hash: Sequence[int]
    case: Sequence[int]
    before: Sequence[int]
    marks: Sequence[int]
    """The lists that each word is in, as ``Seen`` has them."""
    columns: tuple[Ints, Ints, Hashes, NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint16]]
    """The same but for the text, as arrays."""

    def joins(self, number: int) -> bool:
        """Whether a word is a small one that stands inside names, such as ``van`` or ``bin``; no initials."""
        if not self.marks[number] & JOINS:
            return False
        return self.case[number] == LOWER or self.end[number] - self.start[number] > 1

    def lower(self, span: Span) -> list[str]:
        """The words of a span in lower case, without apostrophes."""
        first, last, start, end = span[:4]
        text = self.text
        surface = text[start:end]
        if last - first == 1:
            words = [surface.lower()]
        else:
            starts, ends = self.start, self.end
            words = [text[starts[number] : ends[number]].lower() for number in range(first, last)]
        if "'" in surface or "’" in surface:
            return [word.replace("'", "").replace("’", "") for word in words]
        return words

    def key(self, span: Span) -> Key:
        """The hashes of the words of a span, without articles."""
        return self.key_between(span[0], span[1])

    def key_between(self, first: int, last: int) -> Key:
        """The hashes of the words from ``first`` to ``last`` (exclusive), without articles if there are others."""
        if last - first == 1:
            return (self.hash[first],)
        words, marks = tuple(self.hash[first:last]), self.marks[first:last]
        return tuple([word for word, mark in zip(words, marks, strict=True) if not mark & ARTICLE]) or words

    def family(self, span: Span) -> int:
        """The hash of the last word of a person's name, which Jr. is not; of the first one of Kim Jong-un."""
        last = span[1] - 1
        if self.case[last] == LOWER:
            return self.hash[span[0]]
        suffixed = last - span[0] > 1 and self.text[self.start[last] : self.end[last]] in SUFFIXES
        return self.hash[last - suffixed]

    def last_name(self, span: Span) -> Key:
        """The key of a person's name from the first small word inside it on, or empty: van Houten of Jan van Houten."""
        for number in range(span[0] + 1, span[1] - 1):
            if self.joins(number):
                return self.key_between(number, span[1])
        return ()

    def nickname(self, span: Span) -> Key:
        """The key of what stands in quotes inside a name, or empty."""
        inside = range(span[0] + 1, span[1] - 1)
        first = next((number for number in inside if self.before[number] == QUOTE), None)
        if first is None:
            return ()
        last = next((number for number in inside if number >= first and self.text[self.end[number]] in QUOTES), first)
        return self.key_between(first, last + 1)

    def with_particles(self, span: Span) -> Span:
        """The span with the small words right before it: de la Rey."""
        first = span[0]
        while first and self.joins(first - 1) and self.start[first] <= self.end[first - 1] + 1:
            first -= 1
        return span._replace(first=first, start=self.start[first]) if first < span[0] else span

    def shortened(self, span: Span, count: int) -> Span:
        """The span without its first words."""
        return span._replace(first=span.first + count, start=self.start[span.first + count]) if count else span

    def same_but_for_article(self, longer: Span, span: Span) -> bool:
        """Whether ``longer`` is the span with an article before it: al-Bukamal."""
        return longer.last == span.last and self.only_article(longer, span)

    def only_article(self, longer: Span, span: Span) -> bool:
        """Whether ``longer`` begins before the span with nothing but an article: The Independent."""
        return longer.first < span.first and all(mark & ARTICLE for mark in self.marks[longer.first : span.first])

    def surface(self, span: Span) -> str:
        return self.text[span[2] : span[3]]


def words_of(tokens: Tokens, seen: Seen) -> Words:
    """The words for what goes by one of them at a time."""
    return Words(
        tokens.text, tokens.start.data, tokens.end.data, tokens.hash.data, tokens.case.data, tokens.before.data,
        seen.marks.data, (tokens.start, tokens.end, tokens.hash, tokens.case, tokens.before, seen.marks),
    )  # fmt: skip
