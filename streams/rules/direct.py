"""Filing the rules that most rules are at once, from their words, without the parts of a query in between."""

from collections.abc import Sequence

from schemas.rule import Rule
from streams.rules.entries import PAIRS, Entry, Filed
from streams.rules.frequency import COMMON, cost, share
from streams.rules.plain import KEYS, LENGTH, Close, Following, Present, shape_of
from streams.rules.plans import Pair, Plan, Row, Words

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
        return _filed(rule, _ranked((left, right)), Pair(left, right, shape.words, shape.ordered))
    if isinstance(shape, Following):
        keys = tuple(map(KEYS.__getitem__, shape.words))
        return _filed(rule, keys, Row(keys))
    return None


def _present(rule: Rule, shape: Present) -> Entry | None:
    wanted = [_filed_as(words) for words, negated in shape.parts if not negated]
    unwanted = [_filed_as(words) for words, negated in shape.parts if negated] if len(shape.parts) > len(wanted) else ()
    if not wanted or any(keys in unwanted for keys in wanted):
        return None
    groups = _ranked(wanted)
    filed = groups[: 1 + _paired(groups)]
    left = tuple(_group(keys) for keys in wanted if keys not in filed)
    excluded = frozenset().union(*map(_group, unwanted))
    return _filed(rule, filed, Words(left, excluded) if left or excluded else None)


def _filed_as(words: Sequence[str]) -> Filed:
    """The keys of alternative words, a single one plain."""
    if len(words) == 1:
        return KEYS[words[0]]
    keys = frozenset(map(KEYS.__getitem__, words))
    return keys if len(keys) > 1 else next(iter(keys))


def _group(keys: Filed) -> frozenset[str]:
    return frozenset((keys,)) if isinstance(keys, str) else keys


def _ranked(groups: Sequence[Filed]) -> Sequence[Filed]:
    """As `ranked` of groups: most selective first, each once."""
    unique = list(dict.fromkeys(groups))
    if len(unique) > 1:
        unique.sort(key=_rank)
    return unique


def _rank(keys: Filed) -> tuple[float, int, str]:
    return (share(keys), 1, keys) if isinstance(keys, str) else (cost(keys), len(keys), min(keys))


def _paired(groups: Sequence[Filed]) -> bool:
    """Whether the second group is filed, too: pairs of keys are not too many."""
    sizes = [1 if isinstance(keys, str) else len(keys) for keys in groups[:2]]
    return len(sizes) > 1 and sizes[0] * sizes[1] <= PAIRS


def _filed(rule: Rule, groups: Sequence[Filed], plan: Plan) -> Entry | None:
    first = groups[0]
    if (share(first) if isinstance(first, str) else cost(first)) > COMMON:
        return None
    return Entry(rule, first, groups[1] if len(groups) > 1 else None, plan)
