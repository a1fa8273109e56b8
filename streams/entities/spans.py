"""Spans of an article that name something, and how one is preferred to another."""

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

    def retyped(self, kind: str, note: str) -> "Span":
        return replace(self, type=kind, note=note)


def without_overlaps(spans: list[Span]) -> tuple[list[Span], list[Span]]:
    """Greedy from left to right, the longer first among those that start together: kept and rejected."""
    kept: list[Span] = []
    rejected: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.first, span.start, -span.last)):
        if kept and span.first < kept[-1].last:
            rejected.append(span)
        else:
            kept.append(span)
    return kept, rejected
