"""From a rule as it stands on its topic to what the matcher runs."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from math import prod

from schemas.rule import Rule
from streams.rules.combining import All, Any, Not, Shared
from streams.rules.errors import Problem, QueryError
from streams.rules.frequency import COMMON, cost
from streams.rules.nearness import Apart
from streams.rules.nodes import Node, Prefix
from streams.rules.parser import parse
from streams.rules.terms import FACTS, fact

FindRule = Callable[[str], Rule | None]


class Compiled:
    """A rule ready to run: its condition and the key groups it needs."""

    __slots__ = ("groups", "node", "rule")

    def __init__(self, rule: Rule, node: Node) -> None:
        self.rule, self.node = rule, node
        self.groups = tuple(node.groups())

    @property
    def name(self) -> str:
        """The rule's name."""
        return self.rule.name

    @property
    def version(self) -> str:
        """Hash of the condition's normal form, sets inlined."""
        return hashlib.sha256(self.node.text.encode()).hexdigest()[:16]


class Compiler:
    """Rules of one collection, which may use each other's sets and each other."""

    def __init__(self, find_rule: FindRule = lambda name: None) -> None:
        self._known_rule = find_rule
        self.used: set[str] = set()
        """Names of the rules that the last one compiled depends on."""
        self._open: list[str] = []
        self._local: dict[tuple[str, str], Shared] = {}
        self._shared: dict[tuple[str, str], Shared] = {}

    def compile(self, rule: Rule) -> Compiled:
        """The rule ready to run; raises QueryError where it cannot be used."""
        self._open, self.used = [f"#{rule.name}"], set()
        self._local.clear()
        node = self._condition(rule)
        where = [_where(name, values) for name, values in sorted(rule.where.items())]
        return Compiled(rule, All([node, *where]) if where else node)

    def steps(self, rule: Rule) -> Iterator[Callable[[], object]]:
        """What compiling reads, each to be tried by itself: raises QueryError where it cannot be used."""
        queries = [query for query in (rule.query, *rule.any) if query]
        stated = " ".join((*queries, *chain.from_iterable(rule.sets.values())))
        used = [_as_phrase(member) for name, set_ in rule.sets.items() if f"@{name}" in stated for member in set_]
        yield from (partial(self._alone, text, rule) for text in (*queries, *used))
        yield from (partial(_where, name, values) for name, values in sorted(rule.where.items()))

    def _alone(self, text: str, rule: Rule) -> None:
        self._open = [f"#{rule.name}"]
        self._local.clear()
        self._parsed(text, rule)

    def _find_rule(self, name: str) -> Rule | None:
        self.used.add(name)
        return self._known_rule(name)

    def _condition(self, rule: Rule) -> Node:
        queries = ([rule.query] if rule.query else []) + list(rule.any)
        if not queries:
            raise QueryError(Problem("E027", 0, f"the rule {rule.name!r} has no query", "give it `query:` or `any:`"))
        nodes = [self._parsed(query, rule) for query in queries]
        return nodes[0] if len(nodes) == 1 else Any(nodes)

    def _parsed(self, query: str, rule: Rule) -> Node:
        return parse(query, lambda name: self._set(name, rule), self._rule)

    def _set(self, name: str, rule: Rule) -> Node | None:
        members = self._members(name, rule)
        if members is None:
            return None
        owner = rule if name in rule.sets else self._owner(name, rule)
        here = owner.name, name
        if here not in self._local:
            self._enter(f"@{name}")
            parts = [self._parsed(_as_phrase(member), owner) for member in members]
            self._open.pop()
            node = Shared(f"@{name}", parts[0] if len(parts) == 1 else Any(parts))
            self._local[here] = self._shared.setdefault((name, node.text), node)
        return self._local[here]

    def _owner(self, name: str, rule: Rule) -> Rule:
        owners = [self._find_rule(other) for other in rule.sets_from]
        return next((owner for owner in owners if owner and name in owner.sets), rule)

    def _members(self, name: str, rule: Rule) -> Sequence[str] | None:
        sets: Mapping[str, Sequence[str]] = rule.sets if name in rule.sets else self._owner(name, rule).sets
        return sets.get(name) or None

    def _rule(self, name: str) -> Node | None:
        rule = self._find_rule(name)
        if rule is None:
            return None
        self._enter(f"#{name}")
        node = Shared(f"#{name}", self._condition(rule))
        self._open.pop()
        return self._shared.setdefault(("rule", node.text), node)

    def _enter(self, name: str) -> None:
        if name in self._open:
            circle = " -> ".join([*self._open[self._open.index(name) :], name])
            raise QueryError(Problem("E011", 0, f"{circle} is a circle", "take one of them out of the other"))
        self._open.append(name)
        if len(self._open) > 20:
            raise QueryError(Problem("E017", 0, "sets and rules use each other more than 20 deep", "flatten them"))


_OPERATORS = frozenset(("AND", "OR", "NOT", "CLAUSE", "SENT", "NEXT", "PARA", "PROPN"))


def _as_phrase(member: str) -> str:
    """Several words in a set are a phrase, each with its sign."""
    words = member.split()
    bare = len(words) > 1 and all(
        word.lstrip("=^").rstrip("*").replace("-", "").replace("'", "").isalnum() and word not in _OPERATORS
        for word in words
    )
    return f'"{member}"' if bare else member


def _where(name: str, values: Sequence[str]) -> Node:
    if name not in FACTS:
        known = ", ".join(FACTS)
        raise QueryError(Problem("E005", 0, f"where has no {name!r}", f"known: {known}"))
    try:
        facts = [fact(FACTS[name], value) for value in values]
    except QueryError as error:
        raise QueryError(Problem("E023", 0, f"where {name}: {error.problem.message}", error.problem.hint)) from None
    return facts[0] if len(facts) == 1 else Any(facts)


def unusable(compiled: Compiled) -> Problem | None:
    """Why no article could be picked out for the rule by its words, if so."""
    node, groups = compiled.node, compiled.groups
    if groups and cost(groups[0]) <= COMMON:
        return None
    if isinstance(node, Not):
        return Problem("E014", 0, "only what must not be found", "name at least one thing that must be found")
    if not groups:
        if any(isinstance(part, Prefix) for part in node.walk()):
            return Problem(
                "E016",
                0,
                "a prefix stands without a plain word",
                "join it by AND or NEAR with a word: sanction* AND embargo",
            )
        return Problem(
            "E015",
            0,
            "nothing in it must be a word of the article",
            "name a word, phrase, entity or source that must be there",
        )
    found, common = _commonest(node, {})
    if found > COMMON:
        return Problem(
            "E015",
            0,
            f"no selective term: about {min(found, 1):.0%} of articles have {common}",
            "add a rarer word that must be there",
        )
    return None


DEPTH = 150
"""Conditions within conditions, sets and rules included, that a rule may have; matching walks them by recursion."""
TOO_DEEP = Problem("E017", 0, f"conditions within conditions, more than {DEPTH} deep", "split the chain into rules")


def too_deep(compiled: Compiled) -> Problem | None:
    """Whether its conditions lie too deep within each other to be walked; raises RecursionError for the deepest."""
    node = compiled.node
    flat = not any(inner.parts for part in node.parts for inner in part.parts)
    return None if flat or _depth(node, {}) <= DEPTH else TOO_DEEP


def _depth(node: Node, known: dict[int, int]) -> int:
    found = known.get(id(node))
    if found is None:
        found = 1 + max((_depth(part, known) for part in node.parts), default=0)
        if isinstance(node, Shared):
            known[id(node)] = found
    return found


def _commonest(node: Node, known: dict[int, tuple[float, str]]) -> tuple[float, str]:
    """About how many articles of one meet the commonest alternative of a condition, and that alternative."""
    if isinstance(node, Shared):
        if id(node) not in known:
            known[id(node)] = _commonest(node.inner, known)
        return known[id(node)]
    if isinstance(node, Any):
        return max(_commonest(part, known) for part in node.parts)
    if isinstance(node, Apart):
        return _commonest(node.left, known)
    if not node.parts:
        groups = node.groups()
        return (cost(groups[0]) if groups else 1.0), node.text[:60]
    each = [_commonest(part, known) for part in node.parts if not isinstance(part, Not)]
    return prod(min(found, 1.0) for found, _ in each), " and ".join(text for _, text in each)[:60]


def rule_version(rule: Rule, find_rule: FindRule = lambda name: None) -> str:
    """Hash of the rule's normal form, with the sets and rules it uses inlined; raises QueryError."""
    return Compiler(find_rule).compile(rule).version
