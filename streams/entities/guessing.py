"""The trained tagger's spans."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from streams.entities.clues import WordCase, clues_of
from streams.entities.features import columns
from streams.entities.model import LABELS, Model
from streams.entities.segments import Segments, abbreviated, find_segments, joins
from streams.entities.spans import Source, Span
from streams.entities.tokens import LOWER, Flags, Hashes, Ints, Tokens

TEXTS_EACH = 2
"""Texts of an article: title and body."""

PIECE = 8192
"""Words that go through the model together."""

COMMON = 4
"""Level from which a word that opens a sentence is no name by itself."""


@dataclass(frozen=True)
class Guesser:
    """The model with the tables it looks at."""

    model: Model
    word_case: WordCase
    bits: tuple[Hashes, Hashes]

    def spans(self, tokens: Tokens, tables: Hashes, asked: Flags) -> list[list[Span]]:
        """The spans of each article; none where it is not ``asked`` (one flag an article)."""
        segments = find_segments(tokens, joins(tokens, abbreviated(tokens)))
        spans: list[list[Span]] = [[] for _ in asked]
        if not len(segments.row):
            return spans
        clues = clues_of(tokens, segments, tables, self.word_case, TEXTS_EACH)
        labels = np.concatenate(
            [self.model.labels(columns(tokens, piece, clues), piece)[0] for piece in pieces(segments)]
        )
        common = np.zeros(len(tokens), np.bool_)
        common[segments.row] = clues.opens[segments.row] & (clues.ordinary[segments.row] >= COMMON)
        small = (tokens.case == LOWER) & ~tokens.number
        for first, last, kind in _runs(labels, segments):
            while last - first > 1 and small[last - 1]:
                last -= 1
            if last - first == 1 and common[first]:
                continue
            article = int(clues.document[first])
            if asked[article]:
                start, end = int(tokens.start[first]), int(tokens.end[last - 1])
                spans[article].append(Span(first, last, start, end, kind, Source.MODEL))
        return spans


def pieces(segments: Segments) -> Iterator[Segments]:
    """The segments in runs of about PIECE words, so that a long text takes no more memory than a short one."""
    edges = segments.first
    begin = 0
    while begin < len(edges) - 1:
        end = max(begin + 1, int(np.searchsorted(edges, edges[begin] + PIECE, side="right")) - 1)
        yield Segments(segments.row[edges[begin] : edges[end]], edges[begin : end + 1] - edges[begin])
        begin = end


def _runs(labels: Ints, segments: Segments) -> list[tuple[int, int, str]]:
    """First word, word after the last, and kind of each labelled run."""
    begins = np.flatnonzero((labels > 0) & (labels % 2 == 1))
    inside = (labels > 0) & (labels % 2 == 0)
    outside = np.flatnonzero(~inside)
    edges = np.append(outside, len(labels))
    ends = edges[np.searchsorted(edges, begins, side="right")]
    limits = segments.first[np.searchsorted(segments.first, begins, side="right")]
    first, last = segments.row[begins], segments.row[np.minimum(ends, limits) - 1] + 1
    kinds = [LABELS[label][2:] for label in labels[begins].tolist()]
    return list(zip(first.tolist(), last.tolist(), kinds, strict=True))
