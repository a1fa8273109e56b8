"""Spans of an article that name something."""

from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from itertools import pairwise, repeat
from typing import NamedTuple

from streams import kernels
from streams.entities.tokens import Flags, Ints


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


class Columns(NamedTuple):
    """Spans in order: of each first word, the one after the last, start, end, and the number of its type.

    ``noted`` says which have the second of two notes, none where it is empty. ``begins`` says where the entries of
    each begin in ``entries``, which may say one twice; no span has any where it is empty.
    """

    first: Ints
    last: Ints
    start: Ints
    end: Ints
    kinds: Ints
    noted: Flags
    begins: Ints
    entries: Ints


def spans_from(
    columns: Columns, articles: Ints, source: Source, types: tuple[str, ...], notes: tuple[str, str] = ("", "")
) -> list[list[Span]]:
    """The spans of each article, which begin at words of ``articles``, where the last ends, too."""
    if kernels.native is not None:
        return kernels.native.spans((Span, source, types, notes), *columns, articles)
    first, last, start, end, kinds, noted, begins, meant = (column.tolist() for column in columns)
    entries = [
        (meant[begin],) if after - begin == 1 else tuple(dict.fromkeys(meant[begin:after]))
        for begin, after in pairwise([*begins, len(meant)])
    ]
    found = [
        made((*places, types[kind], source, of, notes[note]))
        for *places, kind, of, note in zip(
            first, last, start, end, kinds, entries if begins else repeat(()), noted or repeat(False), strict=False
        )
    ]
    return [found[begin:after] for begin, after in pairwise(columns.first.searchsorted(articles).tolist())]


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
