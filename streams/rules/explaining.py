"""Why a rule holds for an article, or does not: each condition, true or false, with its spans."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from schemas.article import EnrichedArticle
from schemas.rule import Rule
from streams.rules.combining import Shared, placed
from streams.rules.compiling import Compiler
from streams.rules.evidence import evidence_of
from streams.rules.nodes import Node, Phrase, Span
from streams.rules.view import ArticleView
from streams.rules.words import Lexicon

MOST_PLACES = 5
MOST_PARTS = 60


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
    """One condition: whether it holds, where, and the conditions it is made of."""

    condition: str
    holds: bool
    places: tuple[Place, ...] = ()
    parts: tuple["Explanation", ...] = ()

    def lines(self, depth: int = 0) -> Iterator[str]:
        """The tree for people, a condition a line."""
        shown = "; ".join(f"{place.field}[{place.start}:{place.end}] {place.text!r}" for place in self.places)
        yield f"{'  ' * depth}{'true ' if self.holds else 'false'} {self.condition}{'  <- ' + shown if shown else ''}"
        for part in self.parts:
            yield from part.lines(depth + 1)

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def first_false(self) -> str:
        """The innermost condition that fails, in words."""
        for part in self.parts:
            if not part.holds and not self.condition.startswith("OR"):
                return part.first_false()
        return f"not met: {self.condition}"


def explain(
    rule: Rule, article: EnrichedArticle, find_rule: Callable[[str], Rule | None] = lambda name: None
) -> Explanation:
    """Each condition of a rule for an article; raises QueryError where the rule cannot be used."""
    return explained(Compiler(find_rule).compile(rule).node, ArticleView(article, Lexicon()))


def explained(node: Node, view: ArticleView) -> Explanation:
    """The tree of one condition."""
    spans = node.find(view)
    if isinstance(node, Shared):
        inner = explained(node.inner, view) if node.name.startswith("#") else None
        return Explanation(node.name, bool(spans), _places(view, spans), (inner,) if inner else ())
    parts = () if isinstance(node, Phrase) else tuple(explained(part, view) for part in node.parts[:MOST_PARTS])
    return Explanation(_condition(node), bool(spans), _places(view, spans), parts)


def _condition(node: Node) -> str:
    kinds = {"All": "AND", "Any": "OR", "Not": "NOT"}
    short = node.text if len(node.text) <= 120 else node.text[:117] + "..."
    kind = kinds.get(type(node).__name__)
    return f"{kind} {short}" if kind and kind != "NOT" else short


def _places(view: ArticleView, spans: "list[Span] | tuple[Span, ...] | object") -> tuple[Place, ...]:
    found = evidence_of(view, placed(spans)[:MOST_PLACES])  # type: ignore[arg-type]
    return tuple(Place(one.field, one.start, one.end, one.text, str(one.modality)) for one in found)
