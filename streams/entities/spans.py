"""Spans of an article that name something."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import repeat
from typing import Any, NamedTuple

from streams.entities.characters import QUOTE, QUOTES
from streams.entities.rules import AFTER_CLUBS, BEFORE_CLUBS, BEFORE_PLACES, FOLLOWED
from streams.entities.tokens import INITIAL, LOWER


class Source(StrEnum):
    """What decided a mention."""

    TABLE = "table"
    MODEL = "model"
    RULE = "rule"
    COREFERENCE = "coreference"


ARTICLED = frozenset({"ORG", "MEDIA"})
SUFFIXES = frozenset({"Jr", "Sr", "II", "III", "IV"})
"""What follows the last name of somebody who is called like a parent."""

ROMAN = re.compile("X{0,2}(?:IX|IV|V?I{1,3}|V|X)")
"""Numbers of rulers, but for the letter I by itself."""

PROVINCE = frozenset({"province", "governorate"})
FRAMED = frozenset({"GPE", "PERSON"})
OFFICES = frozenset(
    {"President", "Chancellor", "Senator", "Governor", "General", "Dr", "Mr", "Mrs", "Ms", "Lord", "Ayatollah"}
)
DOUBTED = "the model takes it for a person"
"""Note of a listed place that is a person's last name if somebody of that name is in the article."""


LOCAL_BODIES = {
    word.capitalize(): kind
    for kind, words in {
        "ORG": "council command commission committee court police university department directorate",
        "EVENT": "open masters marathon olympics prix summit festival games championships accords",
    }.items()
    for word in words.split()
}
"""Last words of the names of bodies and events that are called after their place, and their types."""

GOING_ON = frozenset({" of ", " for", " on "})

BETWEEN = frozenset({" ", "'s ", "’s "})
"""What stands between a club and the word after it."""

OPENING = "its first word is an ordinary one that opens a sentence"
"""Note of a name that may begin a word too early: Will Iraq."""


class Span(NamedTuple):
    """Words ``first`` to ``last`` (exclusive) of the batch, said to name something.

    ``start`` and ``end`` are code points of the joined texts, ``type`` the name of a type,
    ``entries`` the numbers of the entries it may mean, the likeliest first. (A named tuple, because
    thousands are made a second.)
    """

    first: int
    last: int
    start: int
    end: int
    type: str
    source: Source
    entries: tuple[int, ...] = ()
    note: str = ""

    @property
    def size(self) -> int:
        """Words in the span."""
        return self.last - self.first

    def changed(self, kind: str, source: Source, note: str, entries: tuple[int, ...] = ()) -> "Span":
        return Span(self.first, self.last, self.start, self.end, kind, source, entries or self.entries, note)

    def noted(self, note: str) -> "Span":
        """The span with a note (``_replace`` takes three times as long)."""
        first, last, start, end, kind, source, entries, _ = self
        return Span(first, last, start, end, kind, source, entries, note)

    def covers(self, other: "Span") -> bool:
        return self.first <= other.first and other.last <= self.last


def spans_from(*columns: Iterable[Any]) -> list[Span]:
    """Spans by their fields; ``Span._make`` counts the fields of each, which takes twice as long."""
    return list(map(tuple.__new__, repeat(Span), zip(*columns, strict=False)))


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a batch one by one: the joined text, offsets, hashes, case, and what stands before each."""

    text: str
    start: Sequence[int]
    end: Sequence[int]
    hash: Sequence[int]
    case: Sequence[int]
    before: Sequence[int]
    article: Sequence[int]
    """Whether each word is an article such as ``the`` or ``al``."""
    reporting: Sequence[int]
    """Whether each word is a verb whose subject speaks."""
    joining: Sequence[int]
    """Whether each word is a small one that stands inside names, such as ``van`` or ``bin``; no initials."""

    def any_speaks(self, spans: Sequence[Span]) -> bool:
        """Whether one of the spans stands beside a reporting verb: X said, said X, according to X."""
        starts, ends, reporting, count = self.start, self.end, self.reporting, len(self.start)
        for first, last, start, end, *_ in spans:
            if last < count and reporting[last] and starts[last] <= end + 2:
                return True
            if first and start <= ends[first - 1] + 1 and (reporting[first - 1] or self._according_to(start)):
                return True
        return False

    def _according_to(self, start: int) -> bool:
        """Whether the words before ``start`` say whose word it is."""
        text = self.text
        return text[start - 2] in "oO" and text[max(start - 13, 0) : start].lower() == "according to "

    def lower(self, span: Span) -> list[str]:
        """The words of a span in lower case, without apostrophes."""
        first, last, start, end, *_ = span
        text = self.text
        if last - first == 1:
            words = [text[start:end].lower()]
        else:
            starts, ends = self.start, self.end
            words = [text[starts[number] : ends[number]].lower() for number in range(first, last)]
        if "'" in (surface := text[start:end]) or "’" in surface:
            return [word.replace("'", "").replace("’", "") for word in words]
        return words

    def key(self, span: Span) -> tuple[int, ...]:
        """The hashes of the words of a span, without articles."""
        first, last, *_ = span
        if last - first == 1:
            return (self.hash[first],)
        words = tuple(self.hash[first:last])
        if not any(self.article[first:last]):
            return words
        return tuple([self.hash[number] for number in range(first, last) if not self.article[number]]) or words

    def family(self, span: Span) -> int:
        """The hash of the last word of a person's name, which Jr. is not; of the first one of Kim Jong-un."""
        last = span.last - 1
        if self.case[last] == LOWER:
            return self.hash[span.first]
        suffixed = span.size > 2 and self.text[self.start[last] : self.end[last]] in SUFFIXES
        return self.hash[last - suffixed]

    def last_name(self, span: Span) -> tuple[int, ...]:
        """The key of a person's name from the first small word inside it on, or empty: van Houten of Jan van Houten."""
        for number in range(span.first + 1, span.last - 1):
            if self.joining[number]:
                return self.key(span._replace(first=number))
        return ()

    def nickname(self, span: Span) -> tuple[int, ...]:
        """The key of what stands in quotes inside a name, or empty."""
        inside = range(span.first + 1, span.last - 1)
        first = next((number for number in inside if self.before[number] == QUOTE), None)
        if first is None:
            return ()
        last = next((number for number in inside if number >= first and self.text[self.end[number]] in QUOTES), first)
        return self.key(span._replace(first=first, last=last + 1))

    def with_particles(self, span: Span) -> Span:
        """The span with the small words right before it: de la Rey."""
        first = span.first
        while first and self.joining[first - 1] and self.start[first] <= self.end[first - 1] + 1:
            first -= 1
        return span._replace(first=first, start=self.start[first]) if first < span.first else span

    def shortened(self, span: Span, count: int) -> Span:
        """The span without its first words."""
        return span._replace(first=span.first + count, start=self.start[span.first + count]) if count else span

    def same_but_for_article(self, longer: Span, span: Span) -> bool:
        """Whether ``longer`` is the span with an article before it: al-Bukamal."""
        return longer.last == span.last and self.only_article(longer, span)

    def only_article(self, longer: Span, span: Span) -> bool:
        """Whether ``longer`` begins before the span with nothing but an article: The Independent."""
        return longer.first < span.first and all(self.article[longer.first : span.first])

    def told(self, span: Span) -> str | None:
        """The type that the words around the span give it, when they do: the Surma river, the village of Ariel."""
        first, last = span.first, span.last
        if last < len(self.start) and self.start[last] == span.end + 1 and self.text[span.end] == " ":
            kind = FOLLOWED.get(self.text[self.start[last] : self.end[last]])
            if kind is not None:
                return kind
        if first > 1 and self.text[self.start[first - 1] : span.start] == "of ":
            return "GPE" if self.text[self.start[first - 2] : self.end[first - 2]] in BEFORE_PLACES else None
        return None

    def body_of(self, place: Span) -> Span:
        """The body or event that the place's name opens, up to three words further on; else the place."""
        number, end, count = place.last, place.end, len(self.start)
        while number < count and number < place.last + 3 and self.case[number] == INITIAL:
            if self.start[number] != end + 1 or self.text[end] != " ":
                break
            end = self.end[number]
            kind = LOCAL_BODIES.get(self.text[self.start[number] : end])
            if kind is not None and self.text[end : end + 4] not in GOING_ON:
                return Span(place.first, number + 1, place.start, end, kind, Source.RULE, (), "called after its place")
            number += 1
        return place

    def plays(self, span: Span) -> bool:
        """Whether the word after the span, or the one before it, is of sport: Liverpool play, beat Chelsea."""
        first, last, start, end, *_ = span
        near = last < len(self.start) and self.text[end : self.start[last]] in BETWEEN
        if near and self.text[self.start[last] : self.end[last]] in AFTER_CLUBS:
            return True
        return first > 0 and self.text[self.start[first - 1] : start] in BEFORE_CLUBS

    def with_article(self, span: Span) -> Span:
        """An organisation with the article that is of its name, in capitals inside a sentence: told The Home Depot.

        For types of ARTICLED.
        """
        start, first = span.start, span.first
        if first < 2 or self.text[start - 5 : start] != " The ":
            return span
        if self.case[first - 2] != LOWER or not self.text[start - 6].isalnum():
            return span
        return span._replace(first=first - 1, start=start - 4)

    def proper(self, span: Span) -> Span:
        """A span of several words and a type of FRAMED without the word that says what it is, and with its number.

        Kirkuk of ``Kirkuk province``, Bush of ``President Bush``, ``Pope Benedict XVI``.
        """
        first, last = span.first, span.last - 1
        if span.type == "PERSON":
            span = self._numbered(span)
            return self.shortened(span, 1) if self.text[self.start[first] : self.end[first]] in OFFICES else span
        if self.text[self.start[last] : self.end[last]] not in PROVINCE:
            return span
        return span._replace(last=last, end=self.end[last - 1])

    def _numbered(self, span: Span) -> Span:
        """A ruler's name with the number after it: Pope Benedict XVI."""
        after = span.last
        if after == len(self.start) or self.start[after] != span.end + 1 or self.case[after] == LOWER:
            return span
        number = self.text[self.start[after] : self.end[after]]
        return span._replace(last=after + 1, end=self.end[after]) if ROMAN.fullmatch(number) else span

    def surface(self, span: Span) -> str:
        return self.text[span.start : span.end]


def without_overlaps(spans: Sequence[Span]) -> tuple[list[Span], list[Span]]:
    """Greedy from left to right: kept and rejected. Spans come by start, the longer first."""
    kept: list[Span] = []
    rejected: list[Span] = []
    taken = 0
    for span in spans:
        if span.first < taken:
            rejected.append(span)
        else:
            kept.append(span)
            taken = span.last
    return kept, rejected
