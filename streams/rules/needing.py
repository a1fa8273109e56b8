"""What the sentence where a span begins must have, read off a query."""

from collections.abc import Sequence
from functools import lru_cache

from streams.rules.combining import All, Any, Gate, Has, Shared
from streams.rules.facts import Number, Proper
from streams.rules.frequency import share
from streams.rules.meeting import LEVELS
from streams.rules.narrowing import OfOne
from streams.rules.nearness import Apart, Near
from streams.rules.nodes import Group, Node, Phrase, Prefix, Term
from streams.rules.words import key_of

CHOICE = "@"
"""What the only word of a group begins with that stands for a choice; no word of a text begins so."""


class Known:
    """What has been read off the parts of one query, by identity."""

    def __init__(self) -> None:
        self.wanted: dict[int, list[Group]] = {}
        self.needed: dict[int, list[tuple[float, Group]]] = {}


def needed(node: Node, known: Known) -> list[Group]:
    """As ``wanted``, but a choice that is a group itself stands for what its alternatives want, which says more."""
    return [group for _, group in _needed(node, known)]


def _needed(node: Node, known: Known) -> list[tuple[float, Group]]:
    found = known.needed.get(id(node))
    if found is None:
        groups = wanted(node, known.wanted)
        if isinstance(node, Any) and node.group:
            found = [(common(groups[0]), node.group)]
        elif isinstance(node, Near | Shared | OfOne | Apart):
            found = [one for part in _beside(node) for one in _needed(part, known)]
        else:
            found = [(common(group), group) for group in groups]
        found = known.needed[id(node)] = sorted(set(found), key=lambda one: (one[0], min(one[1])))
    return found


def _beside(node: Node) -> Sequence[Node]:
    """The operands of which a span has one each in the sentence where it begins."""
    match node:
        case Near() if not node.scope.beyond:
            return node.parts
        case Shared() | OfOne():
            return node.parts
        case Apart():
            return (node.left,)
    return ()


def wanted(node: Node, known: dict[int, list[Group]]) -> list[Group]:
    """Groups of words of which the sentence where a span begins has one each, rarest first; none where unknown."""
    found = known.get(id(node))
    if found is None:
        found = known[id(node)] = _rarest_first(_wanted(node, known))
    return found


def _wanted(node: Node, known: dict[int, list[Group]]) -> list[Group]:
    match node:
        case Term() | Prefix():
            return [frozenset((node.text,))]
        case Phrase():
            return [frozenset((word.text,)) for word in node.words]
        case Number():
            return [frozenset(("NUM",))]
        case Proper():
            return [frozenset(("PROPN",))]
        case Any():
            each = [wanted(part, known) for part in node.parts]
            depth = min(LEVELS, *map(len, each)) if each else 0
            return [frozenset().union(*(groups[level] for groups in each)) for level in range(depth)]
    return [group for part in _beside(node) for group in wanted(part, known)]


def wanted_anywhere(node: Node, known: dict[int, list[Group]]) -> list[Group]:
    """Groups of words of which an article where it is found has one each, in whatever sentences."""
    match node:
        case All() | Near() | Shared() | OfOne() | Has():
            return [group for part in node.parts for group in wanted_anywhere(part, known)]
        case Apart():
            return wanted_anywhere(node.left, known)
    return wanted(node, known)


def gates_anywhere(node: Node) -> Sequence[Gate]:
    """Gates each of which some sentence opens of an article where it is found; its parts are prepared."""
    match node:
        case All() | Near() if not isinstance(node, Near) or node.scope.beyond:
            return [gate for gate in node.gates if gate.need]
        case Shared() | OfOne() | Has():
            return gates_anywhere(node.parts[0])
        case Apart():
            return gates_anywhere(node.left)
    return []


def _rarest_first(groups: Sequence[Group]) -> list[Group]:
    if len(groups) < 2:
        return list(groups)
    return sorted(dict.fromkeys(groups), key=lambda group: (common(group), min(group)))


def common(group: Group) -> float:
    """About how many articles of one have a word of a group."""
    return min(1.0, sum(map(_share, group)))


@lru_cache(maxsize=10_000)
def _share(name: str) -> float:
    if name in ("NUM", "PROPN"):
        return 1.0
    return share(key_of(name[1:]) if name[0] in "=^" else name)
