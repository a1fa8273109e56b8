"""Filing the rules that most rules are at once, from their words, without the parts of a query in between."""

from collections.abc import Sequence

from schemas.rule import Rule
from streams.rules.entries import Entry, Filed, filed_under
from streams.rules.frequency import COMMON, cost, ranked
from streams.rules.plain import KEYS, LENGTH, Close, Following, Present, shape_of
from streams.rules.plans import Pair, Plan, Row, words_plan

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
        left, right = KEYS[shape.left], KEYS[shape.right]
        return _filed(rule, ranked((left, right)), Pair(left, right, shape.words, shape.ordered))
    if isinstance(shape, Following):
        keys = tuple(map(KEYS.__getitem__, shape.words))
        return _filed(rule, keys, Row(keys))
    return None


def _present(rule: Rule, shape: Present) -> Entry | None:
    wanted = [_filed_as(words) for words, negated in shape.parts if not negated]
    unwanted = [_filed_as(words) for words, negated in shape.parts if negated] if len(shape.parts) > len(wanted) else ()
    if not wanted or any(keys in unwanted for keys in wanted):
        return None
    filed = filed_under(ranked(wanted))
    left = [_group(keys) for keys in wanted if keys not in filed]
    return _filed(rule, filed, words_plan(left, frozenset().union(*map(_group, unwanted))))


def _filed_as(words: Sequence[str]) -> Filed:
    """The keys of alternative words, a single one plain."""
    if len(words) == 1:
        return KEYS[words[0]]
    keys = frozenset(map(KEYS.__getitem__, words))
    return keys if len(keys) > 1 else next(iter(keys))


def _group(keys: Filed) -> frozenset[str]:
    return frozenset((keys,)) if isinstance(keys, str) else keys


def _filed(rule: Rule, filed: Sequence[Filed], plan: Plan) -> Entry | None:
    return Entry(rule, filed, plan) if cost(filed[0]) <= COMMON else None
