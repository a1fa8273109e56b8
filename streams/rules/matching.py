"""Many rules against one article: a two-level index picks candidates, their spans decide.

A rule is filed under each key of its most selective group and, below, each key of the next: an article
is asked for a rule only where it has a key of both. What the index picks is verified exactly, so it
changes how fast an answer comes, never which. Method: presearchers of stored queries (Luwak), with two keys.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from schemas.alert import Evidence
from schemas.article import EnrichedArticle
from schemas.rule import Rule
from streams.rules.compiling import Compiled, Compiler, unusable
from streams.rules.errors import Problem, QueryError, RuleError, RulesError
from streams.rules.evidence import evidence_of
from streams.rules.nodes import Group, Spans
from streams.rules.view import ArticleView
from streams.rules.words import Lexicon

PAIRS = 64
"""Pairs of keys a rule is filed under at most; one with larger groups is filed under the first only."""


class Match:
    """A rule that holds for an article, with the evidence of it."""

    def __init__(self, compiled: Compiled, view: ArticleView) -> None:
        self._compiled, self._view = compiled, view

    @property
    def rule(self) -> Rule:
        """The rule as it stands on its topic."""
        return self._compiled.rule

    @property
    def name(self) -> str:
        """The rule's name."""
        return self._compiled.rule.name

    @property
    def version(self) -> str:
        """Hash of the rule's condition."""
        return self._compiled.version

    @property
    def cut(self) -> bool:
        """Whether the article was too long to be read to its end."""
        return self._view.analysis.cut

    @property
    def spans(self) -> Spans:
        """Word positions of what was found."""
        return self._compiled.node.find(self._view)

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """What was found, as offsets into title and body."""
        return evidence_of(self._view, self.spans)


class _Bucket:
    """Rules that share a first key: by their second, or waiting for none."""

    __slots__ = ("alone", "pairs")

    def __init__(self) -> None:
        self.alone: list[Compiled] = []
        self.pairs: dict[str, list[Compiled]] = {}


class RuleSet:
    """Rules ready to be matched; rules may be added and removed between two articles."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self._lexicon = lexicon or Lexicon()
        self._rules: dict[str, Compiled] = {}
        self._users: dict[str, set[str]] = {}
        self._index: dict[str, _Bucket] = {}
        self._facts = 0
        self._compiler = Compiler(self._find)

    def __len__(self) -> int:
        return len(self._rules)

    def __iter__(self) -> Iterator[Rule]:
        return (compiled.rule for compiled in self._rules.values())

    def __contains__(self, name: str) -> bool:
        return name in self._rules

    def _find(self, name: str) -> Rule | None:
        compiled = self._rules.get(name)
        return compiled.rule if compiled else None

    def rule(self, name: str) -> Rule:
        """The rule of that name; raises KeyError."""
        return self._rules[name].rule

    def compiled(self, name: str) -> Compiled:
        """The rule of that name, ready to run; raises KeyError."""
        return self._rules[name]

    def version(self, name: str) -> str:
        """Hash of the rule's condition; raises KeyError."""
        return self._rules[name].version

    def add(self, rule: Rule) -> None:
        """Take a rule in, or replace the one of its name; raises QueryError and then changes nothing."""
        compiled, used = self._ready(rule)
        self._replace(compiled)
        for name in used:
            self._users.setdefault(name, set()).add(rule.name)
        for name in sorted(self._users.get(rule.name, ())):
            if name in self._rules and name != rule.name:
                self._replace(self._compiler.compile(self._rules[name].rule))

    def _ready(self, rule: Rule) -> tuple[Compiled, set[str]]:
        compiled = self._compiler.compile(rule)
        problem = unusable(compiled)
        if problem:
            raise QueryError(problem)
        return compiled, self._compiler.used

    def _replace(self, compiled: Compiled) -> None:
        if compiled.name in self._rules:
            self._unfile(self._rules[compiled.name])
        self._rules[compiled.name] = compiled
        self._file(compiled)

    def remove(self, name: str) -> None:
        """Forget a rule; unknown names are none."""
        compiled = self._rules.get(name)
        if compiled is None:
            return
        users = [user for user in self._users.get(name, ()) if user in self._rules]
        if users:
            raise QueryError(
                Problem("E010", 0, f"{name!r} is used by {', '.join(sorted(users))}", "remove these first")
            )
        del self._rules[name]
        self._unfile(compiled)

    def _file(self, compiled: Compiled) -> None:
        first, second = filed_under(compiled.groups)
        for key in first:
            bucket = self._index.get(key)
            if bucket is None:
                bucket = self._index[key] = _Bucket()
            if not second:
                bucket.alone.append(compiled)
            for other in second:
                bucket.pairs.setdefault(other, []).append(compiled)
        self._facts += any(":" in key for key in (*first, *second))

    def _unfile(self, compiled: Compiled) -> None:
        first, second = filed_under(compiled.groups)
        for key in first:
            bucket = self._index[key]
            if not second:
                bucket.alone.remove(compiled)
            for other in second:
                bucket.pairs[other].remove(compiled)
                if not bucket.pairs[other]:
                    del bucket.pairs[other]
            if not bucket.alone and not bucket.pairs:
                del self._index[key]
        self._facts -= any(":" in key for key in (*first, *second))

    def view(self, article: EnrichedArticle) -> ArticleView:
        """The article as these rules read it."""
        return ArticleView(article, self._lexicon)

    def match(self, article: EnrichedArticle) -> list[Match]:
        """The rules that hold for the article, by name."""
        view = self.view(article)
        found = [compiled for compiled in self._candidates(view) if _holds(compiled, view)]
        found.sort(key=lambda compiled: compiled.rule.name)
        return [Match(compiled, view) for compiled in found]

    def _candidates(self, view: ArticleView) -> Iterable[Compiled]:
        keys = view.analysis.keys
        if self._facts:
            keys = keys | view.facts.keys()
        found: set[Compiled] = set()
        for key in self._index.keys() & keys:
            bucket = self._index[key]
            found.update(bucket.alone)
            for other in bucket.pairs.keys() & keys:
                found.update(bucket.pairs[other])
        return found


def filed_under(groups: tuple[Group, ...]) -> tuple[Group, Group]:
    """Keys of the first and of the second level; none on the second where pairs would be too many."""
    if len(groups) > 1 and len(groups[0]) * len(groups[1]) <= PAIRS:
        return groups[0], groups[1]
    return groups[0], frozenset()


def _holds(compiled: Compiled, view: ArticleView) -> bool:
    if compiled.exact is None:
        return bool(compiled.node.find(view))
    keys = view.analysis.keys
    return compiled.excluded.isdisjoint(keys) and not any(group.isdisjoint(keys) for group in compiled.exact)


def compile_rules(rules: Iterable[Rule]) -> RuleSet:
    """A set of rules ready to be matched; raises RulesError with everything that is wrong."""
    found, errors = compile_usable(rules)
    if errors:
        raise RulesError(list(errors.values()))
    return found


def compile_usable(rules: Iterable[Rule]) -> tuple[RuleSet, Mapping[str, RuleError]]:
    """The rules that can be used, ready, and by name what is wrong with the others."""
    found, errors = RuleSet(), {}
    waiting = list(rules)
    while waiting:
        postponed = []
        for rule in waiting:
            try:
                found.add(rule)
            except QueryError as error:
                problem = error.problem
                errors[rule.name] = RuleError(
                    problem.code,
                    1,
                    problem.offset + 1,
                    problem.message,
                    problem.hint,
                    source=rule.query or "",
                    name=rule.name,
                )
                if problem.code in ("E009", "E010"):
                    postponed.append(rule)
            else:
                errors.pop(rule.name, None)
        if len(postponed) == len(waiting):
            break
        waiting = postponed
    return found, errors
