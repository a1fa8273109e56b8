"""Many rules taken in at once, in whatever order they use each other."""

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from schemas.rule import Rule
from streams.rules.errors import QueryError, RuleError, RulesError
from streams.rules.matching import RuleSet


def compile_rules(rules: Iterable[Rule]) -> RuleSet:
    """A set of rules ready to be matched; raises RulesError with everything that is wrong."""
    found, errors = compile_usable(rules)
    if errors:
        raise RulesError(list(errors.values()))
    return found


def compile_usable(rules: Iterable[Rule]) -> tuple[RuleSet, Mapping[str, RuleError]]:
    """The rules that can be used, ready, and by name what is wrong with the others."""
    found = RuleSet()
    refused = add_all(found, rules)
    errors = {name: RuleError.of(error, source=rule.query or "", name=name) for name, (rule, error) in refused.items()}
    return found, errors


def add_all(found: RuleSet, rules: Iterable[Rule]) -> dict[str, tuple[Rule, QueryError]]:
    """Take rules in, in as many rounds as it takes: one may use others that come later. Those that cannot be used, by
    name, with what is wrong."""
    with _collection_paused():
        return _rounds(found, list(rules))


def _rounds(found: RuleSet, waiting: list[Rule]) -> dict[str, tuple[Rule, QueryError]]:
    refused: dict[str, tuple[Rule, QueryError]] = {}
    while waiting:
        postponed = []
        for rule in waiting:
            try:
                found.add(rule)
                refused.pop(rule.name, None)
            except QueryError as error:
                refused[rule.name] = rule, error
                postponed.append(rule)
        if len(postponed) == len(waiting):
            break
        waiting = postponed
    return refused


@contextmanager
def _collection_paused() -> Iterator[None]:
    """Without the search for cycles, of which loading many rules makes none and pays for at every step."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
