"""The parts of a query that combine others: AND, OR, NOT, nearness, fields, counts, modality."""

from collections.abc import Iterable, Sequence, Set

from streams.rules.frequency import ranked
from streams.rules.nodes import MOST, NOTHING, TRUTH, Group, Node, Span, Spans, Term, View


def placed(spans: Spans) -> Spans:
    """Spans with a place, without what is merely true."""
    return [span for span in spans if span[0] >= 0]


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

    __slots__ = ("_free", "_guarded", "_parts", "_words")

    def __init__(self, parts: Sequence[Node]) -> None:
        self._parts = tuple(parts)
        self.text = "(" + " OR ".join(sorted({part.text for part in parts})) + ")"
        self._words: dict[str, Term] = {}
        self._guarded: dict[str, list[tuple[Node, Group]]] = {}
        self._free: list[Node] = []
        for part in parts:
            if type(part) is Term and not part.form and not part.case:
                self._words.setdefault(part.key, part)
            else:
                self._file(part)

    def _file(self, part: Node) -> None:
        """File an operand under the keys of which it needs one, so that an article without them does not ask it."""
        guards = [group for group in part.groups()[:2] if _of_words(group)]
        if not guards:
            self._free.append(part)
            return
        for key in guards[0]:
            self._guarded.setdefault(key, []).append((part, guards[-1]))

    @property
    def parts(self) -> Sequence[Node]:
        return self._parts

    def find(self, view: View) -> Spans:
        keys = view.analysis.keys
        found: list[Span] = []
        for key in self._words.keys() & keys:
            found += self._words[key].find(view)
        for part in self._asked(keys):
            found += part.find(view)
        return merged(found)

    def _asked(self, keys: Set[str]) -> Iterable[Node]:
        """Operands that may hold for an article with these keys."""
        asked = dict.fromkeys(self._free)
        for key in self._guarded.keys() & keys:
            for part, guard in self._guarded[key]:
                if part not in asked and not guard.isdisjoint(keys):
                    asked[part] = None
        return asked

    def groups(self) -> list[Group]:
        """The best of each operand together, then the second best."""
        each = [part.groups() for part in self._parts]
        depth = min(map(len, each), default=0)
        return ranked(frozenset().union(*(groups[level] for groups in each)) for level in range(min(depth, 3)))


def _of_words(group: Group) -> bool:
    """Whether a group is of words only, not of facts, which are no keys of the text."""
    return not any(":" in key for key in group)


class Shared(Node):
    """A named set or another rule: looked for once per article, whoever asks."""

    __slots__ = ("inner", "name")

    def __init__(self, name: str, inner: Node) -> None:
        self.name, self.inner, self.text = name, inner, inner.text

    @property
    def parts(self) -> Sequence[Node]:
        return (self.inner,)

    def find(self, view: View) -> Spans:
        spans = view.found.get(id(self))
        if spans is None:
            spans = view.found[id(self)] = self.inner.find(view)
        return spans

    def groups(self) -> list[Group]:
        return self.inner.groups()


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
        return TRUTH if self.part.find(view) else NOTHING

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
        return NOTHING if self.part.find(view) else TRUTH
