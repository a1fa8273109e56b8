"""What an alert rests on: spans of the matcher as offsets into title and body."""

from collections.abc import Iterable

from schemas.alert import Evidence, Member
from streams.rules.analysis import Analysis
from streams.rules.nodes import Leaf, Span, Spans
from streams.rules.view import ArticleView

MOST_EVIDENCE = 40
"""Pieces of evidence that one alert carries."""
_OPENING = "\"'“‘«([„"


def tightest(spans: Spans) -> list[Span]:
    """Spans that contain no other, those that overlap made one.

    >>> tightest([(0, 9, ()), (2, 4, ()), (3, 6, ()), (8, 9, ())])
    [(2, 6, ()), (8, 9, ())]
    """
    found: list[Span] = []
    end = 1 << 60
    minimal = []
    for span in sorted({span for span in spans if span[0] >= 0}, key=lambda span: (-span[0], span[1], span[2])):
        if span[1] < end:
            minimal.append(span)
            end = span[1]
    for span in reversed(minimal):
        if found and span[0] <= found[-1][1]:
            first, last, leaves = found.pop()
            span = first, max(last, span[1]), leaves + span[2]
        found.append(span)
    return found


def evidence_of(view: ArticleView, spans: Spans) -> tuple[Evidence, ...]:
    """Evidence in order of the text, at most MOST_EVIDENCE."""
    return tuple(_evidence(view, span) for span in tightest(spans)[:MOST_EVIDENCE])


def _evidence(view: ArticleView, span: Span) -> Evidence:
    analysis = view.analysis
    field = "title" if span[0] < analysis.split else "body"
    text = analysis.title if field == "title" else analysis.body
    start, end = analysis.starts[span[0]], analysis.end(span[1])
    low, high = sentence_offsets(analysis, text, span)
    return Evidence(
        field="title" if field == "title" else "body",
        start=start,
        end=end,
        text=text[start:end],
        sentence=text[low:high],
        sentence_start=low,
        sentence_end=high,
        modality=view.modality(span),
        members=tuple(_members(analysis, text, span[2])),
    )


def sentence_offsets(analysis: Analysis, text: str, span: Span) -> tuple[int, int]:
    """Offsets of the sentences that a span touches, with their quotation marks and full stops."""
    first, _ = analysis.bounds(analysis.sentence(span[0]))
    _, last = analysis.bounds(analysis.sentence(span[1]))
    low, high = analysis.starts[first], analysis.end(last - 1)
    while low and text[low - 1] in _OPENING:
        low -= 1
    while high < len(text) and not text[high].isspace():
        high += 1
    return low, high


def _members(analysis: Analysis, text: str, leaves: Iterable[Leaf]) -> Iterable[Member]:
    for first, last, term in sorted(set(leaves)):
        start, end = analysis.starts[first], analysis.end(last)
        yield Member(start=start, end=end, text=text[start:end], term=term)
