"""The parts of a query that combine others: AND, OR, NOT, nearness, fields, counts, modality."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from streams.rules.frequency import ranked
from streams.rules.nodes import MOST, NOTHING, TRUTH, Group, Node, Span, Spans, Term, View


def placed(spans: Spans) -> Spans:
    """Spans with a place, without what is merely true, which stands first."""
    return spans if spans and spans[0][0] >= 0 else [span for span in spans if span[0] >= 0]


def merged(spans: Spans) -> Spans:
    """Ascending, each once, at most MOST."""
    return sorted(set(spans))[:MOST] if len(spans) > 1 else spans


class All(Node):
    """Every operand holds somewhere in the article; its spans are theirs."""

    __slots__ = ("_parts",)

    def __init__(self, parts: Sequence[Node]) -> None:
        self._parts = tuple(parts)
        self.text = "(" + " AND ".join(sorted({part.text for part in parts})) + ")"

    @property
    def parts(self) -> Sequence[Node]:
        return self._parts

    def find(self, view: View) -> Spans:
        found: list[Span] = []
        view = view.whole
        for part in self._parts:
            spans = part.find(view)
            if not spans:
                return NOTHING
            found += spans
        return merged(found)

    def groups(self) -> list[Group]:
        return ranked(group for part in self._parts for group in part.groups())


class Any(Node):
    """At least one operand holds; its spans are theirs."""

    __slots__ = ("_parts", "needs", "others", "words")

    def __init__(self, parts: Sequence[Node]) -> None:
        self._parts = tuple(parts)
        self.text = "(" + " OR ".join(sorted({part.text for part in parts})) + ")"
        self.words: dict[str, list[Term]] = {}
        self.others: list[Node] = []
        self.needs: Needs | None = None
        for part in parts:
            if type(part) is Term:
                self._enter(part)
            else:
                self.others.append(part)

    def _enter(self, term: Term) -> None:
        """File a word under its key; of plain ones of one key the first stands for all."""
        same = self.words.setdefault(term.key, [])
        if all(other.text != term.text for other in same):
            same.append(term)

    @property
    def parts(self) -> Sequence[Node]:
        return self._parts

    def find(self, view: View) -> Spans:
        words, others = self._asked(view)
        each: list[Spans] = []
        if words:
            each += (term.find(view) for key in self.words.keys() & view.analysis.keys for term in self.words[key])
        each += (part.find(view) for part in others)
        each = [spans for spans in each if spans]
        if len(each) < 2:
            return each[0] if each else NOTHING
        return merged(list(chain.from_iterable(each)))

    def _asked(self, view: View) -> tuple[int, Iterable[Node]]:
        needs = self.needs
        sentences = view.sentences
        if needs is None or sentences is None:
            return 1, self.others
        has, together = sentences.has, sentences.together
        return needs.words & has, [
            part for need, part in needs.others if not need or (need & has == need and together(need))
        ]

    def groups(self) -> list[Group]:
        """The best of each operand together, then the second best."""
        each = [part.groups() for part in self._parts]
        depth = min(map(len, each), default=0)
        return ranked(frozenset().union(*(groups[level] for groups in each)) for level in range(min(depth, 3)))


class Needs(NamedTuple):
    """What the alternatives of an Any need, as bits of the groups that sentences have."""

    words: int
    others: list[tuple[int, Node]]


class Shared(Node):
    """A named set or another rule: looked for once per article, whoever asks."""

    __slots__ = ("_groups", "inner", "name")

    def __init__(self, name: str, inner: Node) -> None:
        self.name, self.inner, self.text = name, inner, inner.text
        self._groups: list[Group] | None = None

    @property
    def parts(self) -> Sequence[Node]:
        return (self.inner,)

    def find(self, view: View) -> Spans:
        spans = view.found.get(id(self))
        if spans is None:
            spans = view.found[id(self)] = self.inner.find(view)
        return spans

    def groups(self) -> list[Group]:
        if self._groups is None:
            self._groups = self.inner.groups()
        return self._groups


class Has(Node):
    """The operand holds somewhere in the article, and is no evidence."""

    __slots__ = ("part",)
    placed = False

    def __init__(self, part: Node) -> None:
        self.part, self.text = part, f"has({part.text})"

    @property
    def parts(self) -> Sequence[Node]:
        return (self.part,)

    def find(self, view: View) -> Spans:
        return TRUTH if self.part.find(view.whole) else NOTHING

    def groups(self) -> list[Group]:
        return self.part.groups()


class Not(Node):
    """The operand holds nowhere in the article."""

    __slots__ = ("part",)
    placed = False

    def __init__(self, part: Node) -> None:
        self.part, self.text = part, f"NOT {part.text}"

    @property
    def parts(self) -> Sequence[Node]:
        return (self.part,)

    def find(self, view: View) -> Spans:
        return NOTHING if self.part.find(view.whole) else TRUTH
