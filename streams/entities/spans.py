"""Spans of an article that name something."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import partial
from itertools import repeat
from typing import Any, NamedTuple


class Source(StrEnum):
    """What decided a mention."""

    TABLE = "table"
    MODEL = "model"
    RULE = "rule"
    COREFERENCE = "coreference"


DOUBTED = "the model takes it for a person"
"""Note of a listed place that is a person's last name if somebody of that name is in the article."""

OPENING = "its first word is an ordinary one that opens a sentence"
"""Note of a name that may begin a word too early: Will Iraq."""


class Span(NamedTuple):
    """Words ``first`` to ``last`` (exclusive) of the batch, said to name something.

    ``start`` and ``end`` are code points of the joined texts, ``type`` the name of a type,
    ``entries`` the numbers of the entries it may mean, the likeliest first. (A named tuple, because
    thousands are made a second; what goes by all of them asks for fields by place, which is faster.)
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
        return made((*self[:4], kind, source, entries or self[6], note))

    def noted(self, note: str) -> "Span":
        """The span with a note (``_replace`` takes three times as long)."""
        return made((*self[:7], note))

    def covers(self, other: "Span") -> bool:
        return self.first <= other.first and other.last <= self.last


made = partial(tuple.__new__, Span)
"""A span of a tuple of all its fields; to call the class takes twice as long."""


def spans_from(*columns: Iterable[Any]) -> list[Span]:
    """Spans by their fields; ``Span._make`` counts the fields of each, which takes twice as long."""
    return list(map(tuple.__new__, repeat(Span), zip(*columns, strict=False)))


def without_overlaps(spans: Sequence[Span]) -> tuple[list[Span], list[Span]]:
    """Greedy from left to right: kept and rejected. Spans come by start, the longer first."""
    kept: list[Span] = []
    rejected: list[Span] = []
    taken = 0
    for span in spans:
        if span[0] < taken:
            rejected.append(span)
        else:
            kept.append(span)
            taken = span[1]
    return kept, rejected
