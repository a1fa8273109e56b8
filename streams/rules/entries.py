"""Rules as the index keeps them: small, and filed under the keys an article must have."""

from collections.abc import Iterable, Sequence, Set
from math import prod
from typing import TypeAlias

from schemas.rule import Rule
from streams.rules.compiling import Compiled
from streams.rules.frequency import Keys
from streams.rules.nodes import Group
from streams.rules.plans import Plan, plan_of
from streams.rules.view import ArticleView

PAIRS = 64
"""Pairs of keys a rule is filed under at most; one with larger groups is filed under the first only."""


_LEAST = {"name", "query"}
Filed: TypeAlias = str | Group
"""Keys that a rule is filed under, a single one plain."""


class Entry:
    """A rule of a set: small, because there may be very many.

    ``source`` is its query where it has nothing else, and otherwise its JSON; ``first`` and ``second`` are the
    groups it is filed under, single keys as plain strings.
    """

    __slots__ = ("first", "name", "plan", "second", "source")

    def __init__(self, rule: Rule, filed: Sequence[Filed], plan: Plan) -> None:
        self.name, self.plan = rule.name, plan
        self.first, self.second = filed[0], filed[1] if len(filed) > 1 else None
        plain = rule.model_fields_set <= _LEAST and rule.query is not None
        self.source: str | bytes = (
            str(rule.query) if plain else rule.__pydantic_serializer__.to_json(rule, exclude_defaults=True)
        )

    @property
    def rule(self) -> Rule:
        """The rule as it stands on its topic."""
        if isinstance(self.source, str):
            return Rule(name=self.name, query=self.source)
        return Rule.model_validate_json(self.source)


def entry_of(compiled: Compiled) -> Entry:
    """What is filed for a rule."""
    filed = filed_under(compiled.groups)
    return Entry(compiled.rule, list(map(_single, filed)), plan_of(compiled.node, filed))


def _single(group: Group) -> Filed:
    return next(iter(group)) if len(group) == 1 else group


def each(group: str | Group | None) -> Iterable[str]:
    """The keys of a group."""
    return (group,) if isinstance(group, str) else group or ()


def filed_under(groups: Sequence[Keys]) -> Sequence[Keys]:
    """Keys of the first and of the second level; none of the second where pairs would be too many."""
    sizes = [1 if isinstance(keys, str) else len(keys) for keys in groups[:2]]
    return groups[: 1 + (prod(sizes) <= PAIRS)]


class Bucket:
    """Rules that share a first key: by their second, or waiting for none."""

    __slots__ = ("alone", "pairs")

    def __init__(self) -> None:
        self.alone: list[Entry] = []
        self.pairs: dict[str, list[Entry]] = {}

    def add(self, entry: Entry) -> None:
        """File a rule."""
        if entry.second is None:
            self.alone.append(entry)
        for key in each(entry.second):
            self.pairs.setdefault(key, []).append(entry)

    def remove(self, entry: Entry) -> None:
        """Take a filed rule out."""
        if entry.second is None:
            self.alone.remove(entry)
        for key in each(entry.second):
            self.pairs[key].remove(entry)
            if not self.pairs[key]:
                del self.pairs[key]

    def find(self, keys: Set[str], found: set[Entry]) -> None:
        """Add the rules whose second key is among ``keys``."""
        found.update(self.alone)
        if self.pairs:
            for key in self.pairs.keys() & keys:
                found.update(self.pairs[key])


class Index:
    """Rules by the keys that an article must have."""

    def __init__(self) -> None:
        self._index: dict[str, Entry | Bucket] = {}
        self._facts = 0

    def add(self, entry: Entry) -> None:
        """File a rule."""
        index = self._index
        for key in each(entry.first):
            there = index.setdefault(key, entry)
            if there is entry:
                continue
            if isinstance(there, Entry):
                index[key] = bucket = Bucket()
                bucket.add(there)
                there = bucket
            there.add(entry)
        self._facts += asks_facts(entry)

    def remove(self, entry: Entry) -> None:
        """Take a filed rule out."""
        for key in each(entry.first):
            there = self._index[key]
            if isinstance(there, Bucket):
                there.remove(entry)
                if there.alone or there.pairs:
                    continue
            del self._index[key]
        if self._facts:
            self._facts -= asks_facts(entry)

    def find(self, view: ArticleView, found: set[Entry]) -> None:
        """Add the rules for which the article has a key of each group that they are filed under."""
        index = self._index
        if not index:
            return
        keys = view.analysis.keys
        if self._facts:
            keys = keys | view.facts.keys()
        for key in index.keys() & keys:
            there = index[key]
            if type(there) is Bucket:
                there.find(keys, found)
            elif there.second is None or second_met(there.second, keys):  # type: ignore[union-attr]
                found.add(there)  # type: ignore[arg-type]


def asks_facts(entry: Entry) -> bool:
    """Whether a rule is filed under a fact of the article."""
    first, second = entry.first, entry.second
    if isinstance(first, str) and isinstance(second, str):
        return ":" in first or ":" in second
    return any(":" in key for group in (first, second) for key in each(group))


def second_met(second: str | Group | None, keys: Set[str]) -> bool:
    """Whether ``keys`` has one of the second group."""
    if isinstance(second, str):
        return second in keys
    return second is None or not second.isdisjoint(keys)
