"""Filing the rules that most rules are at once, from their words, without the parts of a query in between."""

from collections.abc import Iterable, Sequence

from schemas.rule import Rule
from streams.rules.entries import Entry, filed_under
from streams.rules.frequency import COMMON, cost, ranked
from streams.rules.nodes import Group
from streams.rules.plain import LENGTH, Close, Following, Present, shape_of
from streams.rules.plans import Pair, Plan, Row, words_plan
from streams.rules.words import key_of

_FREE = {"name", "query", "labels", "tests", "description"}
"""Settings in which nothing can be wrong, save the query."""


def direct_entry(rule: Rule) -> Entry | None:
    """What compiling would file for a rule that is a query of a common shape; None for others, and for a fault."""
    query = rule.query
    if not query or len(query) >= LENGTH or not rule.model_fields_set <= _FREE:
        return None
    shape = shape_of(query)
    if isinstance(shape, Present):
        return _present(rule, shape)
    if isinstance(shape, Close):
        left, right = key_of(shape.left), key_of(shape.right)
        return _filed(rule, ranked((_group((shape.left,)), _group((shape.right,)))), Pair(left, right, *shape[2:]))
    if isinstance(shape, Following):
        keys = tuple(map(key_of, shape.words))
        return _filed(rule, [frozenset((key,)) for key in keys[:2]], Row(keys))
    return None


def _present(rule: Rule, shape: Present) -> Entry | None:
    wanted = [_group(words) for words, negated in shape.parts if not negated]
    unwanted = [_group(words) for words, negated in shape.parts if negated]
    if not wanted or any(group in unwanted for group in wanted):
        return None
    groups = ranked(wanted)
    return _filed(rule, groups, words_plan(wanted, frozenset().union(*unwanted), filed_under(groups)))


def _group(words: Iterable[str]) -> Group:
    return frozenset(map(key_of, words))


def _filed(rule: Rule, groups: Sequence[Group], plan: Plan) -> Entry | None:
    return Entry(rule, *filed_under(groups), plan) if cost(groups[0]) <= COMMON else None
