"""What a query is made of, and how each part finds its spans.

A span is ``(first, last, leaves)``: positions of its first and last word, and the words it rests on as
``(first, last, label)``. A part that is true without a place (a language, a source) answers ``TRUTH``.
Every part is immutable; parts that are equal have equal ``text``, the normal form, of long ones a hash.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias

from schemas.alert import Modality
from streams.rules.analysis import Analysis
from streams.rules.places import Places

if TYPE_CHECKING:
    from streams.rules.combining import Sentences

Leaf: TypeAlias = tuple[int, int, str]
Span: TypeAlias = tuple[int, int, tuple[Leaf, ...]]
Spans: TypeAlias = Sequence[Span]
Group: TypeAlias = frozenset[str]

TRUTH: Spans = ((-1, -1, ()),)
NOTHING: Spans = ()
MOST = 2_000
"""Spans that one part of a query may answer with for one article; more are left off."""
MOST_LEAVES = 32
"""Words that one span names as what it rests on."""
LONG_FORM = 400
"""Characters of a normal form above which it is hashed."""


class View(Protocol):
    """One article under evaluation: its analysis, its facts, and what was found already.

    A view may be of some of the article's sentences: what is found there must be right of spans that begin in them,
    and anything may be said of others.
    """

    analysis: Analysis
    found: dict[int, Spans]
    """What was found of sets and rules, by the part's identity."""
    start: int
    """Position of its first word."""
    end: int
    """Position after its last word."""
    single: bool
    """Whether it is known to be of one sentence."""

    @property
    def places(self) -> Places:
        """Where its words stand."""

    @property
    def sentences(self) -> "Sentences | None":
        """The sentences of the view; None where nothing is known of what the query needs."""

    @property
    def whole(self) -> "View":
        """The view of the whole article."""

    def before(self, position: int) -> "View":
        """The view of the sentences that begin before a position."""

    def sentence(self, number: int) -> "View":
        """The view of one sentence of the article."""

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


def normal_form(text: str) -> str:
    """What tells a part from others: ``text`` or, where it is long, its hash. A text has those of all parts in it, and
    sets stand in many parts: in full, those of the shipped rules would take 100 MB."""
    if len(text) <= LONG_FORM:
        return text
    return "#" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Node:
    """A part of a query."""

    __slots__ = ("text",)
    text: str
    placed = True
    """Whether its spans have places; facts and negations have none."""

    @property
    def crosses(self) -> bool:
        """Whether a span of it may end in another sentence than it begins in."""
        return any(part.crosses for part in self.parts)

    def find(self, view: View) -> Spans:
        """The spans where it holds, ascending; empty where it does not."""
        raise NotImplementedError

    def groups(self) -> Sequence[Group]:
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

    __slots__ = ("_groups", "case", "form", "key", "label")

    def __init__(self, key: str, label: str, form: str = "", case: str = "") -> None:
        self.key, self.label, self.form, self.case = key, label, form, case
        self.text = "^" + case if case else "=" + form if form else key
        self._groups = (frozenset((key,)),)

    def at(self, places: Places) -> Sequence[int]:
        """Positions of its words."""
        if self.case:
            return places.cases(self.key, self.case)
        return places.forms(self.key, self.form) if self.form else places.positions(self.key)

    def find(self, view: View) -> Spans:
        places, label = view.places, self.label
        if self.key not in places.keys:
            return NOTHING
        return [(p, p, ((p, p, label),)) for p in self.at(places)[:MOST]]

    def groups(self) -> Sequence[Group]:
        return self._groups


class Prefix(Node):
    """Words that begin with some letters."""

    __slots__ = ("label", "stem")

    def __init__(self, stem: str) -> None:
        self.stem, self.label, self.text = stem, stem + "*", stem + "*"

    def at(self, places: Places) -> Sequence[int]:
        """Positions of its words."""
        return places.prefixed(self.stem)

    def find(self, view: View) -> Spans:
        return [(p, p, ((p, p, self.label),)) for p in self.at(view.places)[:MOST]]


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
        places = view.places
        if any(isinstance(word, Term) and word.key not in places.keys for word in self.words):
            return NOTHING
        ends = [(p, p) for p in self.words[0].at(places)]
        for word in self.words[1:]:
            ends = _continued(ends, word.at(places), self.slop)
        width = len(self.words) + self.slop
        sentence, label = view.analysis.sentence, self.label
        return [
            (first, last, ((first, last, label),))
            for first, last in ends[:MOST]
            if last - first < width and sentence(first) == sentence(last)
        ]

    def groups(self) -> Sequence[Group]:
        return [group for word in self.words for group in word.groups()]


def _continued(ends: Sequence[tuple[int, int]], nexts: Sequence[int], slop: int) -> list[tuple[int, int]]:
    """Each beginning of a phrase with its nearest next word."""
    if not slop:
        following = set(nexts)
        return [(first, last + 1) for first, last in ends if last + 1 in following]
    after = [(first, bisect_right(nexts, last)) for first, last in ends]
    return [(first, nexts[index]) for first, index in after if index < len(nexts)]
