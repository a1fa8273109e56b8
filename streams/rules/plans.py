"""The quick way to say whether a rule holds, without its spans; most rules have a shape for which there is one.

A plan is None where the index alone has decided, a small tuple for the common shapes (so that a hundred
thousand rules stay small), and otherwise the condition itself.
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from streams.rules.analysis import Analysis
from streams.rules.combining import All, Any, Not, Shared
from streams.rules.nearness import Near, Scope
from streams.rules.nodes import Group, Node, Phrase, Term
from streams.rules.view import ArticleView


class Words(NamedTuple):
    """Groups of keys of which an article has one each, and keys it must not have."""

    groups: tuple[Group, ...]
    excluded: Group


class Pair(NamedTuple):
    """Two keys with at most so many words between them."""

    left: str
    right: str
    words: int
    ordered: bool


class Row(NamedTuple):
    """Keys of words that follow each other."""

    keys: tuple[str, ...]


Plan: TypeAlias = Node | Words | Pair | Row | None


def plan_of(node: Node, filed: Sequence[Group]) -> Plan:
    """The plan for a condition whose rule is filed under the groups ``filed``."""
    words = _boolean(node)
    if words is not None:
        groups, excluded = words
        return words_plan([group for group in groups if group not in filed], excluded)
    if isinstance(node, Phrase) and not node.slop:
        keys = [key for key in map(_plain_key, node.words) if key is not None]
        return Row(tuple(keys)) if len(keys) == len(node.words) else node
    if isinstance(node, Near) and node.scope is Scope.WORDS:
        left, right = _plain_key(node.left), _plain_key(node.right)
        if left is not None and right is not None:
            return Pair(left, right, node.words, node.ordered)
    return node


def words_plan(left: Sequence[Group], excluded: Group) -> Plan:
    """The plan for groups of keys that must each be met, beside those a rule is filed under, and keys that must not be
    there."""
    return Words(tuple(left), excluded) if left or excluded else None


def holds(plan: Plan, view: ArticleView) -> bool:
    """Whether the condition holds, the article having a key of each group its rule is filed under."""
    if plan is None:
        return True
    analysis = view.analysis
    if isinstance(plan, Words):
        keys = analysis.keys
        return plan.excluded.isdisjoint(keys) and not any(group.isdisjoint(keys) for group in plan.groups)
    if isinstance(plan, Pair):
        return _near(analysis, *plan)
    if isinstance(plan, Row):
        return _in_a_row(analysis, plan.keys)
    return bool(plan.find(view))


def _near(analysis: Analysis, left: str, right: str, words: int, ordered: bool) -> bool:
    positions = analysis.places.positions
    rights = positions(right)
    sentence = analysis.sentence
    for first in positions(left):
        for second in rights:
            gap = second - first
            near = 0 < gap <= words + 1 or (not ordered and -words - 1 <= gap < 0)
            if near and sentence(first) == sentence(second):
                return True
    return False


def _in_a_row(analysis: Analysis, keys: Sequence[str]) -> bool:
    positions = analysis.places.positions
    ends = positions(keys[0])
    for key in keys[1:]:
        if not ends or key not in analysis.keys:
            return False
        row = positions(key)
        ends = [position + 1 for position in ends if position + 1 in row]
    width = len(keys) - 1
    return any(analysis.sentence(last) == analysis.sentence(last - width) for last in ends)


def _plain_key(node: Node) -> str | None:
    return node.key if isinstance(node, Term) and not node.form and not node.case else None


def _boolean(node: Node) -> tuple[list[Group], Group] | None:
    """For a condition on the mere presence of words: groups that must each be met, and keys that must not."""
    groups: list[Group] = []
    excluded: set[str] = set()
    for part in node.parts if type(node) is All else (node,):
        keys = _alternatives(part.part if isinstance(part, Not) else part)
        if keys is None:
            return None
        if isinstance(part, Not):
            excluded |= keys
        else:
            groups.append(keys)
    return groups, frozenset(excluded)


def _alternatives(node: Node) -> Group | None:
    if type(node) is Term:
        return None if node.form or node.case else node.groups()[0]
    if isinstance(node, Shared):
        return _alternatives(node.inner)
    if isinstance(node, Any):
        each = [_alternatives(part) for part in node.parts]
        return None if None in each else frozenset().union(*(keys for keys in each if keys))
    return None
