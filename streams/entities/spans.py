"""Spans of an article that name something."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


class Source(StrEnum):
    """What decided a mention."""

    TABLE = "table"
    MODEL = "model"
    RULE = "rule"
    COREFERENCE = "coreference"


@dataclass(frozen=True, slots=True)
class Span:
    """Words ``first`` to ``last`` (exclusive) of the batch, said to name something.

    ``start`` and ``end`` are code points of the joined texts, ``type`` the name of a type,
    ``entries`` the numbers of the entries it may mean, the likeliest first.
    """

    first: int
    last: int
    start: int
    end: int
    type: str
    source: Source
    entries: tuple[int, ...] = ()
    note: str = ""

    def changed(self, kind: str, source: Source, note: str) -> "Span":
        return replace(self, type=kind, source=source, note=note)

    def overlaps(self, other: "Span") -> bool:
        return self.first < other.last and other.first < self.last

    def covers(self, other: "Span") -> bool:
        return self.first <= other.first and other.last <= self.last

    def __len__(self) -> int:
        return self.last - self.first


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a batch as plain lists: the joined text, offsets, hashes and what stands before each."""

    text: str
    start: Sequence[int]
    end: Sequence[int]
    hash: Sequence[int]
    case: Sequence[int]
    before: Sequence[int]

    def lower(self, span: Span) -> list[str]:
        """The words of a span in lower case, without apostrophes."""
        return [self._lower(number) for number in range(span.first, span.last)]

    def _lower(self, number: int) -> str:
        return self.text[self.start[number] : self.end[number]].lower().replace("'", "").replace("’", "")

    def key(self, span: Span) -> tuple[int, ...]:
        """The hashes of the words of a span."""
        return tuple(self.hash[span.first : span.last])

    def shortened(self, span: Span, count: int) -> Span:
        """The span without its first words."""
        return replace(span, first=span.first + count, start=self.start[span.first + count]) if count else span

    def surface(self, span: Span) -> str:
        return self.text[span.start : span.end]


def without_overlaps(spans: Sequence[Span]) -> tuple[list[Span], list[Span]]:
    """Greedy from left to right, the longer first among those that start together: kept and rejected."""
    kept: list[Span] = []
    rejected: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.first, span.start, -span.last)):
        (rejected if kept and span.first < kept[-1].last else kept).append(span)
    return kept, rejected
