"""The trained tagger's spans."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from streams import kernels
from streams.entities.clues import clues_of
from streams.entities.features import Clues
from streams.entities.matching import TEXTS_EACH, addressed
from streams.entities.model import KINDS, Model, Scores
from streams.entities.rules import DATELINE
from streams.entities.segments import Segments, find_segments
from streams.entities.spans import OPENING, Columns, Source, Span, spans_from
from streams.entities.tokens import LOWER, Flags, Ints, Tokens
from streams.entities.vocabulary import DAY, Seen
from streams.text.hashing import Hashes, mixed, numbered

PIECE = 8192
"""Words that go through the model together."""

PERSON = KINDS.index("PER")

NOWHERE = np.zeros(0, np.int64)

COMMON = 3
"""Level from which a word that opens a sentence is no name by itself."""


@dataclass(frozen=True)
class Guesser:
    """The model with the tables it looks at."""

    model: Model
    bits: tuple[Hashes, Hashes]

    def spans(
        self, tokens: Tokens, tables: Hashes, seen: Seen, asked: Flags, articles: Ints
    ) -> tuple[list[list[Span]], Ints, Ints]:
        """The spans of each article; none where it is not ``asked`` (one flag an article). And their first words, and
        those after their last.

        ``articles`` says with which word each article begins, and where the last ends.
        """
        segments = find_segments(tokens, seen)
        if not len(segments.row):
            return [[] for _ in asked], NOWHERE, NOWHERE
        clues = clues_of(tokens, segments, tables, seen, TEXTS_EACH)
        answers = [self.model.labels(tokens, piece, clues) for piece in pieces(segments)]
        labels, scores = answers[0] if len(answers) == 1 else map(np.concatenate, zip(*answers, strict=True))
        first, last, kinds, opening = labelled(tokens, segments, clues, seen, labels, scores, asked)
        columns = Columns(first, last, tokens.start[first], tokens.end[last - 1], kinds, opening, NOWHERE, NOWHERE)
        return spans_from(columns, articles, Source.MODEL, KINDS, ("", OPENING)), first, last


def labelled(
    tokens: Tokens, segments: Segments, clues: Clues, seen: Seen, labels: Ints, scores: Scores, asked: Flags
) -> tuple[Ints, Ints, Ints, Flags]:
    """The spans of the labels: first word, word after the last, kind; and whether the first is an ordinary word that
    opens a sentence."""
    if kernels.native is not None:
        first, last, kinds = np.empty((3, len(labels)), np.int64)
        opening = np.empty(len(labels), np.bool_)
        count = kernels.native.runs(
            scores, labels, segments.row, segments.first, tokens.hash, tokens.case, tokens.gap, tokens.number,
            clues.ordinary, clues.opens, seen.marks, clues.document, asked, first, last, kinds, opening,
        )  # fmt: skip
        return first[:count], last[:count], kinds[:count], opening[:count]
    spoken_to = addressed(tokens, seen)
    called = spoken_to[segments.row].nonzero()[0]
    rows = segments.row[called]
    alone = (labels[called] == 0) & (tokens.case[rows] != LOWER) & (seen.level[rows] < 2)
    labels = labels.copy()
    labels[called[alone]] = 2 * PERSON + 1
    common = np.zeros(len(tokens), np.bool_)
    common[segments.row] = clues.opens[segments.row] & (clues.ordinary[segments.row] >= COMMON)
    first, last, kinds = _runs(labels, segments)
    kinds = _voted(tokens, clues.document, scores_of(scores, segments.row, first, last), first, last, kinds)
    small = (tokens.case == LOWER) & ~tokens.number
    last = last - 2 * ((last - first > 2) & small[last - 2] & (seen.marks[last - 1] & DAY != 0))
    last = _without_small_ends(first, last, small)
    keep = asked[clues.document[first]] & ~((last - first == 1) & common[first])
    first, last = first[keep], last[keep]
    return first, last, np.where(spoken_to[first], PERSON, kinds[keep]), common[first]


def dateline(body: str, offset: int, tokens: Tokens) -> Span | None:
    """The place that opens the body of a report, which starts at ``offset`` of the joined texts."""
    found = DATELINE.match(body)
    if found is None or not ("," in found[0] or "(" in found[0]):
        return None
    start, end = offset + found.start(1), offset + found.end(1)
    first, last = tokens.start.searchsorted((start, end)).tolist()
    if not (first < last and tokens.start[first] == start):
        return None
    return Span(first, last, start, int(tokens.end[last - 1]), "LOC", Source.RULE)


def pieces(segments: Segments) -> Iterator[Segments]:
    """The segments in runs of about PIECE words, so that a long text takes no more memory than a short one."""
    edges = segments.first
    if len(segments.row) <= PIECE:
        yield segments
        return
    begin = 0
    while begin < len(edges) - 1:
        end = max(begin + 1, int(edges.searchsorted(edges[begin] + PIECE, side="right")) - 1)
        yield Segments(segments.row[edges[begin] : edges[end]], edges[begin : end + 1] - edges[begin])
        begin = end


def _runs(labels: Ints, segments: Segments) -> tuple[Ints, Ints, Ints]:
    """First word, word after the last, and number of the kind of each labelled run."""
    begins = ((labels > 0) & (labels % 2 == 1)).nonzero()[0]
    inside = (labels > 0) & (labels % 2 == 0)
    outside = (~inside).nonzero()[0]
    edges = np.concatenate((outside, (len(labels),)))
    ends = edges[edges.searchsorted(begins, side="right")]
    limits = segments.first[segments.first.searchsorted(begins, side="right")]
    first, last = segments.row[begins], segments.row[np.minimum(ends, limits) - 1] + 1
    return first, last, (labels[begins] - 1) // 2


def scores_of(scores: Scores, row: Ints, first: Ints, last: Ints) -> NDArray[np.float64]:
    """How much each kind suits each run: the label B of its first word, and I of the others.

    The sums are exact, so that what an article is made of does not depend on those before it in the batch.
    """
    begin, end = row.searchsorted(first), row.searchsorted(last - 1) + 1
    running = np.concatenate((np.zeros((1, len(KINDS))), scores[:, 2::2].cumsum(axis=0, dtype=np.float64)))
    return np.asarray(scores[begin, 1::2] + running[end] - running[begin + 1])


def _voted(tokens: Tokens, document: Ints, scores: NDArray[np.float64], first: Ints, last: Ints, kinds: Ints) -> Ints:
    """The kind of each run; that which suits it best in all of an article where its kinds there differ."""
    running = np.concatenate((np.zeros(1, np.uint64), (tokens.hash * np.uint64(3)).cumsum(dtype=np.uint64)))
    key = mixed(running[last] - running[first] + document[first].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    _, name = numbered(key)
    total = np.stack([np.bincount(name, weights=scores[:, kind]) for kind in range(len(KINDS))])
    low, high = np.full(total.shape[1], len(KINDS)), np.zeros(total.shape[1], np.int64)
    np.minimum.at(low, name, kinds)
    np.maximum.at(high, name, kinds)
    return np.asarray(np.where(low < high, total.argmax(axis=0), low)[name])


def _without_small_ends(first: Ints, last: Ints, small: Flags) -> Ints:
    """Where the runs end when they do not end with a word in lower case."""
    while True:
        shorter = (last - first > 1) & small[last - 1]
        if not shorter.any():
            return last
        last = last - shorter
