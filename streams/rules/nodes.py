"""What a query is made of, and how each part finds its spans.

A span is ``(first, last, leaves)``: positions of its first and last word, and the words it rests on as
``(first, last, label)``. A part that is true without a place (a language, a source) answers ``TRUTH``.
Every part is immutable; parts that are equal have equal ``text``, the normal form.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Protocol, TypeAlias

from schemas.alert import Modality
from streams.rules.analysis import Analysis

Leaf: TypeAlias = tuple[int, int, str]
Span: TypeAlias = tuple[int, int, tuple[Leaf, ...]]
Spans: TypeAlias = Sequence[Span]
Group: TypeAlias = frozenset[str]

TRUTH: Spans = ((-1, -1, ()),)
NOTHING: Spans = ()
MOST = 2_000
"""Spans that one part of a query may answer with for one article; more are left off."""


class Sentences(Protocol):
    """Which groups of words the sentences under evaluation have a word of, a bit each."""

    has: int
    """The groups of all of them."""

    def together(self, need: int) -> bool:
        """Whether one sentence has all these groups."""


class View(Protocol):
    """One article under evaluation: its analysis, its facts, and what was found already.

    A view may be of the article's first sentences: what is found there must be right of spans that begin in them,
    and anything may be said of others.
    """

    analysis: Analysis
    found: dict[int, Spans]
    end: int
    """Position after its last word."""

    @property
    def sentences(self) -> Sentences | None:
        """The sentences of the view; None where nothing is known of what the query needs."""

    @property
    def whole(self) -> "View":
        """The view of the whole article."""

    def before(self, position: int) -> "View":
        """The view of the sentences that begin before a position."""

    @property
    def numbers(self) -> Sequence[tuple[int, int, float]]:
        """First and last position and value of every number."""

    @property
    def names(self) -> "Spans":
        """Capitalised words that do not begin a sentence."""

    def fact(self, key: str) -> Spans:
        """Spans, or TRUTH, of ``lang:en``, ``source:x``, ``entity:Q796``, ``type:GPE``, ``category:x``."""

    def modality(self, span: Span) -> Modality:
        """How the sentence speaks of the span."""


class Node:
    """A part of a query."""

    __slots__ = ("text",)
    text: str
    placed = True
    """Whether its spans have places; facts and negations have none."""

    def find(self, view: View) -> Spans:
        """The spans where it holds, ascending; empty where it does not."""
        raise NotImplementedError

    def groups(self) -> list[Group]:
        """Key groups of each of which an article must have at least one key; most selective first."""
        return []

    @property
    def parts(self) -> Sequence["Node"]:
        """Its operands."""
        return ()

    def walk(self) -> Iterator["Node"]:
        """It and everything below it."""
        pending: list[Node] = [self]
        while pending:
            node = pending.pop()
            yield node
            pending.extend(node.parts)


class Term(Node):
    """A word by its key; ``form`` narrows it to one folded form, ``case`` to one spelling."""

    __slots__ = ("case", "form", "key", "label")

    def __init__(self, key: str, label: str, form: str = "", case: str = "") -> None:
        self.key, self.label, self.form, self.case = key, label, form, case
        self.text = "^" + case if case else "=" + form if form else key

    def at(self, analysis: Analysis) -> Sequence[int]:
        """Positions of its words."""
        if self.case:
            return analysis.cases(self.key, self.case)
        return analysis.forms(self.key, self.form) if self.form else analysis.positions(self.key)

    def find(self, view: View) -> Spans:
        if self.key not in view.analysis.keys:
            return NOTHING
        label = self.label
        return [(p, p, ((p, p, label),)) for p in self.at(view.analysis)[:MOST]]

    def groups(self) -> list[Group]:
        return [frozenset((self.key,))]


class Prefix(Node):
    """Words that begin with some letters."""

    __slots__ = ("label", "stem")

    def __init__(self, stem: str) -> None:
        self.stem, self.label, self.text = stem, stem + "*", stem + "*"

    def at(self, analysis: Analysis) -> Sequence[int]:
        """Positions of its words."""
        return analysis.prefixed(self.stem)

    def find(self, view: View) -> Spans:
        return [(p, p, ((p, p, self.label),)) for p in self.at(view.analysis)[:MOST]]


class Phrase(Node):
    """Words in this order, with at most ``slop`` others among them, inside one sentence."""

    __slots__ = ("label", "slop", "words")

    def __init__(self, words: Sequence[Term | Prefix], slop: int, label: str) -> None:
        self.words, self.slop, self.label = tuple(words), slop, label
        self.text = '"' + " ".join(word.text for word in words) + '"' + (f"~{slop}" if slop else "")

    @property
    def parts(self) -> Sequence[Node]:
        return self.words

    def find(self, view: View) -> Spans:
        analysis = view.analysis
        if any(isinstance(word, Term) and word.key not in analysis.keys for word in self.words):
            return NOTHING
        ends = [(p, p) for p in self.words[0].at(analysis)]
        for word in self.words[1:]:
            ends = _continued(ends, word.at(analysis), self.slop)
        width = len(self.words) + self.slop
        sentence, label = analysis.sentence, self.label
        return [
            (first, last, ((first, last, label),))
            for first, last in ends[:MOST]
            if last - first < width and sentence(first) == sentence(last)
        ]

    def groups(self) -> list[Group]:
        return [group for word in self.words for group in word.groups()]


def _continued(ends: Sequence[tuple[int, int]], nexts: Sequence[int], slop: int) -> list[tuple[int, int]]:
    """Each beginning of a phrase with its nearest next word."""
    if not slop:
        following = set(nexts)
        return [(first, last + 1) for first, last in ends if last + 1 in following]
    after = [(first, bisect_right(nexts, last)) for first, last in ends]
    return [(first, nexts[index]) for first, index in after if index < len(nexts)]
