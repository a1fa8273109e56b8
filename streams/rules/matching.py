"""Many rules against one article: a two-level index picks candidates, their spans decide.

A rule is filed under each key of its most selective group and, below, each key of the next: an article
is asked for a rule only where it has a key of both. What the index picks is verified exactly, so it
changes how fast an answer comes, never which. Method: presearchers of stored queries (Luwak), with two keys.
"""

from collections.abc import Iterator

from schemas.article import EnrichedArticle
from schemas.rule import Rule
from streams.rules.checking import checked
from streams.rules.compiling import Compiled, Compiler
from streams.rules.direct import direct_entry
from streams.rules.entries import Entry, Index, entry_of
from streams.rules.errors import Problem, QueryError
from streams.rules.match import Match
from streams.rules.meeting import Met
from streams.rules.nodes import Node
from streams.rules.opening import Openings, opening_of
from streams.rules.plans import holds
from streams.rules.sentences import Vocabulary
from streams.rules.view import ArticleView
from streams.rules.words import Lexicon

RECENT = 20_000
"""Rules whose condition is kept ready for evidence."""
FORMER = 32
"""Longer rules that may have gone, or as many as there are, before all are read anew."""


class RuleSet:
    """Rules ready to be matched; rules may be added and removed between two articles."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self._lexicon = lexicon or Lexicon()
        self._entries: dict[str, Entry] = {}
        self._users: dict[str, set[str]] = {}
        self._uses: dict[str, frozenset[str]] = {}
        self._coming: Rule | None = None
        self._index = Index()
        self._choices, self._openings = Index(), Openings()
        """The rules that are a choice of alternatives, both ways: sentences may have been looked at, or not."""
        self.since: dict[str, float] = {}
        """When a rule that warms up came, by name; noted by who knows it."""
        self._vocabulary = Vocabulary()
        self._compiler = Compiler(self._find)
        self._compiled: dict[str, Compiled] = {}
        self._long = self._former = 0
        """Rules with a condition that is kept, and those of them that have gone: what they needed is still there."""

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Rule]:
        return (entry.rule for entry in self._entries.values())

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def _find(self, name: str) -> Rule | None:
        if self._coming is not None and self._coming.name == name:
            return self._coming
        entry = self._entries.get(name)
        return entry.rule if entry else None

    def rule(self, name: str) -> Rule:
        """The rule of that name; raises KeyError."""
        return self._entries[name].rule

    def compiled(self, name: str) -> Compiled:
        """The rule of that name, ready to run; raises KeyError."""
        found = self._compiled.get(name)
        if found is None:
            if len(self._compiled) >= RECENT:
                self._compiled.clear()
            entry = self._entries[name]
            ready = Compiled(entry.rule, entry.plan) if isinstance(entry.plan, Node) else None
            found = self._compiled[name] = ready or self._compiler.compile(entry.rule)
        return found

    def version(self, name: str) -> str:
        """Hash of the rule's condition; raises KeyError."""
        return self.compiled(name).version

    def severity(self, name: str) -> str:
        """A rule's severity, without making it ready; raises KeyError."""
        return self._entries[name].rule.severity

    def add(self, rule: Rule) -> None:
        """Take a rule in, or replace the one of its name; raises QueryError and then changes nothing."""
        ready = [self._ready(rule)]
        users = self._users_of(rule.name)
        if users:
            self._coming = rule
            try:
                ready += [self._ready_user(user, rule.name) for user in users]
            finally:
                self._coming = None
        for entry, used in ready:
            self._replace(entry, used)
        self._tidy()

    def _tidy(self) -> None:
        """Leave behind what only rules that have gone needed, once that may be half of all: words, needs, sets."""
        if self._former <= max(FORMER, self._long):
            return
        self._compiler, self._vocabulary = Compiler(self._find), Vocabulary()
        for entry in [entry for entry in self._entries.values() if isinstance(entry.plan, Node)]:
            again, _ = self._ready(entry.rule)
            self._unfile(entry)
            self._entries[entry.name] = again
            self._file(again)
        self._former = 0

    def _ready(self, rule: Rule) -> tuple[Entry, frozenset[str]]:
        """What is to be filed for a rule, and the names of the rules that it depends on."""
        entry = direct_entry(rule)
        if entry is not None:
            return entry, frozenset()
        entry = entry_of(checked(rule, self._compiler))
        if isinstance(entry.plan, Node):
            self._vocabulary.prepare(entry.plan)
        return entry, frozenset(self._compiler.used)

    def _ready_user(self, user: str, changed: str) -> tuple[Entry, frozenset[str]]:
        """The same for a rule that uses the one that changes, which may have changed too much for it."""
        try:
            return self._ready(self._entries[user].rule)
        except QueryError as error:
            fault = error.problem
            message = f"{user!r} uses {changed!r} and could not go on: {fault.message}"
            raise QueryError(Problem(fault.code, 0, message, f"change {user!r} first")) from None

    def _users_of(self, name: str) -> list[str]:
        return sorted(self._users[name]) if name in self._users else []

    def _replace(self, entry: Entry, used: frozenset[str]) -> None:
        old = self._entries.get(entry.name)
        if old is not None:
            self._unfile(old)
        self._entries[entry.name] = entry
        self._file(entry)
        if used or entry.name in self._uses:
            self._depend(entry.name, used)

    def _depend(self, user: str, used: frozenset[str]) -> None:
        """Note which rules a rule uses now, and no longer."""
        for name in self._uses.pop(user, frozenset()):
            self._users[name].discard(user)
        for name in used:
            self._users.setdefault(name, set()).add(user)
        if used:
            self._uses[user] = used

    def remove(self, name: str) -> None:
        """Forget a rule; an unknown name is none. Raises QueryError while others use it."""
        entry = self._entries.get(name)
        if entry is None:
            return
        users = self._users_of(name)
        if users:
            raise QueryError(Problem("E010", 0, f"{name!r} is used by {', '.join(users)}", "remove these first"))
        del self._entries[name]
        self._unfile(entry)
        self._depend(name, frozenset())
        self._tidy()

    def _file(self, entry: Entry) -> None:
        if not isinstance(entry.plan, Node):
            self._index.add(entry)
            return
        self._long += 1
        opening = opening_of(entry.plan)
        if opening is None:
            self._index.add(entry)
        else:
            self._choices.add(entry)
            self._openings.add(entry, opening)

    def _unfile(self, entry: Entry) -> None:
        self._compiled.pop(entry.name, None)
        if not isinstance(entry.plan, Node):
            self._index.remove(entry)
            return
        self._long -= 1
        self._former += 1
        opening = opening_of(entry.plan)
        if opening is None:
            self._index.remove(entry)
        else:
            self._choices.remove(entry)
            self._openings.remove(entry, opening)

    def view(self, article: EnrichedArticle) -> ArticleView:
        """The article as these rules read it."""
        return ArticleView(article, self._lexicon, self._vocabulary)

    def match(self, article: EnrichedArticle) -> list[Match]:
        """The rules that hold for the article, by name."""
        view = self.view(article)
        names = sorted(entry.name for entry in self._candidates(view) if entry.plan is None or holds(entry.plan, view))
        return [Match(name, self, view) for name in names]

    def _candidates(self, view: ArticleView) -> set[Entry]:
        found: set[Entry] = set()
        self._index.find(view, found)
        met = view.sentences if self._openings else None
        if isinstance(met, Met):
            self._openings.find(view, met, found)
        else:
            self._choices.find(view, found)
        return found
