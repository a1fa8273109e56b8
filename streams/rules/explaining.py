"""Why a rule holds for an article, or does not: each condition, true or false, with its spans."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from schemas.article import EnrichedArticle
from schemas.rule import Rule
from streams.rules.combining import All, Any, Has, Not, Shared, placed
from streams.rules.compiling import Compiler
from streams.rules.evidence import evidence_of
from streams.rules.narrowing import Early, Often, Spoken, Within
from streams.rules.nearness import Apart, Near, operator
from streams.rules.nodes import Node, Phrase, Spans, Term
from streams.rules.recency import Recent
from streams.rules.view import ArticleView
from streams.rules.words import Lexicon

MOST_PLACES = 5
MOST_CLOSE = 3
"""Alternatives shown of those that all fail: the closest."""
WIDTH = 100


@dataclass(frozen=True)
class Place:
    """Where a condition is met: ``article[field][start:end] == text``."""

    field: str
    start: int
    end: int
    text: str
    modality: str


@dataclass(frozen=True)
class Explanation:
    """One condition: whether it holds, where, how close it came (0 to 1), and the conditions it is made of."""

    condition: str
    holds: bool
    close: float
    places: tuple[Place, ...] = ()
    parts: tuple["Explanation", ...] = ()
    alternatives: bool = False
    """Whether one of the parts is enough."""
    apart: bool = False
    """Whether every part holds, only not near the others."""

    def lines(self, depth: int = 0, *, whole: bool = False) -> Iterator[str]:
        """The tree for people, a condition a line: what decided it, or the ``whole`` of it."""
        shown = "; ".join(f"{place.field}[{place.start}:{place.end}] {place.text!r}" for place in self.places)
        known = f"  <- {shown}" if shown else "  (all of it is there, not so near)" if self.apart else ""
        yield f"{'  ' * depth}{'true ' if self.holds else 'false'} {self.condition}{known}"
        parts = self.parts if whole else self._telling()
        for part in parts:
            yield from part.lines(depth + 1, whole=whole)
        if len(parts) < len(self.parts) and not self.holds:
            yield f"{'  ' * (depth + 1)}... {len(self.parts) - len(parts)} more alternatives, none closer"

    def _telling(self) -> tuple["Explanation", ...]:
        """The parts that tell why: of alternatives those that hold, else the closest."""
        if not self.alternatives:
            return self.parts
        if self.holds:
            return tuple(part for part in self.parts if part.holds)
        return tuple(sorted(self.parts, key=lambda part: -part.close)[:MOST_CLOSE])

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def first_false(self) -> str:
        """The innermost condition that fails, of the alternative that came closest, in words; a few alternatives
        of which none came closer are named together."""
        failing = [part for part in self._telling() if not part.holds]
        if not failing or (self.alternatives and self._alike()):
            return f"not met: {self.condition}"
        return failing[0].first_false()

    def _alike(self) -> bool:
        """Whether the alternatives are few, and none of them came closer than the rest."""
        return 1 < len(self.parts) <= MOST_CLOSE and len({part.close for part in self.parts}) == 1


def explain(
    rule: Rule, article: EnrichedArticle, find_rule: Callable[[str], Rule | None] = lambda name: None
) -> Explanation:
    """Each condition of a rule for an article; raises QueryError where the rule cannot be used."""
    return explained(Compiler(find_rule).compile(rule).node, ArticleView(article, Lexicon()))


def explained(node: Node, view: ArticleView) -> Explanation:
    """The tree of one condition."""
    spans = node.find(view)
    opened = node.parts if not isinstance(node, Shared) or node.name.startswith("#") else ()
    parts = () if isinstance(node, Phrase) else tuple(explained(part, view) for part in opened)
    if isinstance(node, Apart):
        parts = parts[0], _unwanted(parts[1])
    return Explanation(
        condition=spelled(node),
        holds=bool(spans),
        close=1.0 if spans else _close(node, parts),
        places=_places(view, spans),
        parts=parts,
        alternatives=isinstance(node, Any),
        apart=isinstance(node, Near) and not spans and all(part.holds for part in parts),
    )


def _unwanted(part: Explanation) -> Explanation:
    """What must not stand near; of no interest in itself where it is nowhere."""
    return replace(part, condition=f"unwanted: {part.condition}", parts=part.parts if part.holds else ())


def _close(node: Node, parts: tuple[Explanation, ...]) -> float:
    """How close a condition came that does not hold: the share of its parts that do."""
    if not parts or isinstance(node, Not):
        return 0.0
    if isinstance(node, Any):
        return max(part.close for part in parts)
    if isinstance(node, Apart):
        return 0.9 * parts[0].close
    return 0.9 * sum(part.close for part in parts) / len(parts)


def spelled(node: Node) -> str:
    """A condition much as its author wrote it: sets by their names, long ones cut."""
    text = _spelled(node)
    return text if len(text) <= WIDTH else text[: WIDTH - 3] + "..."


def _spelled(node: Node) -> str:
    match node:
        case Shared():
            return node.name
        case Term(form="", case=""):
            return node.label
        case All() | Any():
            return "(" + (" AND " if isinstance(node, All) else " OR ").join(map(_spelled, node.parts)) + ")"
        case Near() | Apart():
            negated = "NOT " if isinstance(node, Apart) else ""
            return f"({_spelled(node.left)} {negated}{operator(node)} {_spelled(node.right)})"
        case Not():
            return f"NOT {_spelled(node.part)}"
        case Within() | Has() | Early() | Often() | Spoken() | Recent():
            return node.text.replace(node.part.text, _spelled(node.part))
    return node.text


def _places(view: ArticleView, spans: Spans) -> tuple[Place, ...]:
    found = evidence_of(view, placed(spans)[:MOST_PLACES])
    return tuple(Place(one.field, one.start, one.end, one.text, str(one.modality)) for one in found)
