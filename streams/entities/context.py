"""What the words around a name say of it."""

from collections.abc import Sequence

from streams.entities.rules import (
    AFTER_CLUBS,
    BEFORE_CLUBS,
    BEFORE_PLACES,
    BETWEEN_BUILDINGS,
    FOLLOWED,
    SECOND_BUILDINGS,
)
from streams.entities.spans import Span
from streams.entities.vocabulary import BESIDE, REPORTS
from streams.entities.words import Words

BETWEEN = frozenset({" ", "'s ", "’s "})
"""What stands between a club and the word after it."""


def any_speaks(spans: Sequence[Span], words: Words) -> bool:
    """Whether one of the spans stands beside a reporting verb: X said, said X, according to X."""
    marks, ends, text, count = words.marks, words.end, words.text, len(words.start)
    for span in spans:
        first, last, start = span[0], span[1], span[2]
        if last < count and marks[last] & REPORTS and words.start[last] <= span[3] + 2:
            return True
        if not first or start > ends[first - 1] + 1:
            continue
        if marks[first - 1] & REPORTS:
            return True
        if text[start - 2] in "oO" and text[max(start - 13, 0) : start].lower() == "according to ":
            return True
    return False


def told(span: Span, words: Words) -> str | None:
    """The type that the words around the span give it, when they do: the Surma river, the village of Ariel."""
    first, last, start, end = span[:4]
    text, starts, marks = words.text, words.start, words.marks
    if last < len(starts) and marks[last] & BESIDE and starts[last] == end + 1 and text[end] == " ":
        word = text[end + 1 : words.end[last]]
        kind = FOLLOWED.get(word)
        if kind is not None:
            return kind
        if word in BETWEEN_BUILDINGS and _ends_building(last + 1, words):
            return "FAC"
    if first > 1 and marks[first - 2] & BESIDE and text[start - 3 : start] == "of " and starts[first - 1] == start - 3:
        return "GPE" if text[starts[first - 2] : words.end[first - 2]] in BEFORE_PLACES else None
    return None


def _ends_building(number: int, words: Words) -> bool:
    """Whether a word is the second of two that are of something built: air base, cargo crossing."""
    starts, end = words.start, words.end[number - 1]
    if number == len(starts) or starts[number] != end + 1:
        return False
    return words.text[end + 1 : words.end[number]] in SECOND_BUILDINGS


def plays(span: Span, words: Words) -> bool:
    """Whether the word after the span, or the one before it, is of sport: Liverpool play, beat Chelsea."""
    first, last, start, end = span[:4]
    text, starts = words.text, words.start
    near = last < len(starts) and text[end : starts[last]] in BETWEEN
    if near and text[starts[last] : words.end[last]] in AFTER_CLUBS:
        return True
    return first > 0 and text[starts[first - 1] : start] in BEFORE_CLUBS
