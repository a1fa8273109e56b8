"""The parts of a query that combine others: AND, OR, NOT, nearness, fields, counts, modality."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple, Protocol

from streams.rules.frequency import ranked
from streams.rules.nodes import MOST, NOTHING, TRUTH, Group, Node, Span, Spans, Term, View, normal_form

FEW = 8
"""Sentences up to which an operand is looked for in each of them, rather than in all of the text at once."""


def placed(spans: Spans) -> Spans:
    """Spans with a place, without what is merely true, which stands first."""
    return spans if spans and spans[0][0] >= 0 else [span for span in spans if span[0] >= 0]


def merged(spans: Spans) -> Spans:
    """Ascending, each once, at most MOST."""
    return sorted(set(spans))[:MOST] if len(spans) > 1 else spans


class Sentences(Protocol):
    """Which groups of words the sentences under evaluation have a word of."""

    @property
    def has(self) -> int:
        """The groups of all of them, a bit each."""

    def where(self, gate: "Gate") -> Sequence[int]:
        """Numbers of the sentences that have all that a gate needs, ascending; it needs something."""

    def open(self, choice: "Any") -> Iterable["Gate"]:
        """The gates of a choice to look at, of hundreds in long ones; others would find nothing."""

    def between(self, first: int, after: int) -> "Sentences":
        """Some that follow each other, from a first one up to another; only the article's first keep their numbers."""


class Gate(NamedTuple):
    """An operand that is asked only in sentences which have what its spans need.

    ``need`` has a bit for each group of words of which the sentence where a span begins has one; none where that is
    not known. So it changes how fast an answer comes, never which. ``number`` is the need's among those of a set of
    rules, from 1 on.
    """

    part: Node
    need: int = 0
    number: int = 0

    def find(self, view: View) -> Spans:
        """The operand's spans."""
        part, need, _ = self
        sentences = view.sentences
        if not need or sentences is None or view.single:
            return part.find(view)
        where = sentences.where(self)
        if len(where) > FEW:
            return part.find(view)
        found: list[Span] = []
        for number in where:
            one = view.sentence(number)
            found += [span for span in part.find(one) if one.start <= span[0] < one.end]
        return found

    def open(self, view: View) -> bool:
        """Whether some sentence of the view has what the operand's spans need."""
        sentences = view.sentences
        return not self.need or sentences is None or bool(sentences.where(self))


class All(Node):
    """Every operand holds somewhere in the article; its spans are theirs."""

    __slots__ = ("_parts", "gates")

    def __init__(self, parts: Sequence[Node]) -> None:
        self._parts = tuple(parts)
        self.gates: Sequence[Gate] = ()
        """The operands, once it is known what they need."""
        self.text = normal_form("(" + " AND ".join(sorted({part.text for part in parts})) + ")")

    @property
    def parts(self) -> Sequence[Node]:
        return self._parts

    def find(self, view: View) -> Spans:
        found: list[Span] = []
        view = view.whole
        if not all(gate.open(view) for gate in self.gates):
            return NOTHING
        for part in self.gates or self._parts:
            spans = part.find(view)
            if not spans:
                return NOTHING
            found += spans
        return merged(found)

    def groups(self) -> Sequence[Group]:
        return ranked(group for part in self._parts for group in part.groups())


class Any(Node):
    """At least one operand holds; its spans are theirs."""

    __slots__ = ("_parts", "always", "gates", "group", "need", "numbered", "rarest", "spread", "words")

    def __init__(self, parts: Sequence[Node]) -> None:
        self._parts = tuple(parts)
        self.text = normal_form("(" + " OR ".join(sorted({part.text for part in parts})) + ")")
        self.words: dict[str, list[Term]] = {}
        self.need: int | None = None
        """The group of its plain words; None where it is not known."""
        self.group: Group | None = None
        """The one that stands for it: a sentence has it where an alternative may hold; None where that is not known."""
        self.always: list[Gate] = []
        """The other alternatives of which it is not known what they need; all of them, until that is asked."""
        self.gates: dict[int, list[tuple[int, Gate]]] = {}
        """The others, each behind what it needs, by the rarest group of that: the number of its bit, from 1 on."""
        self.numbered: dict[int, list[Gate]] = {}
        """The same by the number of what they need."""
        self.spread: list[tuple[int, Sequence[Gate], Node]] = []
        """Those whose words may stand in several sentences, each behind what it needs anywhere in the article."""
        self.rarest = 0
        """These groups, as bits."""
        for part in parts:
            if type(part) is Term:
                self._enter(part)
            else:
                self.always.append(Gate(part))

    def _enter(self, term: Term) -> None:
        """File a word under its key; of plain ones of one key the first stands for all."""
        same = self.words.setdefault(term.key, [])
        if all(other.text != term.text for other in same):
            same.append(term)

    @property
    def parts(self) -> Sequence[Node]:
        return self._parts

    def find(self, view: View) -> Spans:
        sentences = view.sentences
        each: list[Spans] = []
        if self.words and (sentences is None or self.need is None or self.need & sentences.has):
            each += [term.find(view) for key in self.words.keys() & view.places.keys for term in self.words[key]]
        if self.always:
            each += [gate.find(view) for gate in self.always]
        if self.gates:
            each += [gate.find(view) for gate in (self._all() if sentences is None else sentences.open(self))]
        if self.spread:
            whole = view.whole
            has = whole.sentences.has if whole.sentences else -1
            each += [
                part.find(view)
                for need, gates, part in self.spread
                if need & has == need and all(gate.open(whole) for gate in gates)
            ]
        each = [spans for spans in each if spans]
        if len(each) < 2:
            return each[0] if each else NOTHING
        return merged(list(chain.from_iterable(each)))

    def _all(self) -> Iterable[Gate]:
        return chain.from_iterable(self.numbered.values())

    def groups(self) -> Sequence[Group]:
        """The best of each operand together, then the second best."""
        each = [part.groups() for part in self._parts]
        depth = min(map(len, each), default=0)
        return ranked(frozenset().union(*(groups[level] for groups in each)) for level in range(min(depth, 3)))


class Shared(Node):
    """A named set or another rule: looked for once per article, whoever asks."""

    __slots__ = ("_groups", "inner", "name")

    def __init__(self, name: str, inner: Node) -> None:
        self.name, self.inner, self.text = name, inner, inner.text
        self._groups: Sequence[Group] | None = None

    @property
    def parts(self) -> Sequence[Node]:
        return (self.inner,)

    def find(self, view: View) -> Spans:
        spans = view.found.get(id(self))
        if spans is None:
            spans = view.found[id(self)] = self.inner.find(view)
        return spans

    def groups(self) -> Sequence[Group]:
        if self._groups is None:
            self._groups = self.inner.groups()
        return self._groups


class Has(Node):
    """The operand holds somewhere in the article, and is no evidence."""

    __slots__ = ("gate", "part")
    placed = False

    def __init__(self, part: Node) -> None:
        self.part, self.text = part, f"has({part.text})"
        self.gate = Gate(part)

    @property
    def parts(self) -> Sequence[Node]:
        return (self.part,)

    def find(self, view: View) -> Spans:
        return TRUTH if self.gate.find(view.whole) else NOTHING

    def groups(self) -> Sequence[Group]:
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
