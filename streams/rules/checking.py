"""What is wrong with a rule, and whether it does what its own examples say."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from schemas.article import EnrichedArticle
from schemas.rule import Rule
from streams.rules.compiling import TOO_DEEP, Compiled, Compiler, too_deep, unusable
from streams.rules.errors import Problem, QueryError, RuleError
from streams.rules.evidence import evidence_of
from streams.rules.explaining import Explanation, explained
from streams.rules.hygiene import SETTINGS, check_setting, hygiene_of
from streams.rules.view import ArticleView
from streams.rules.words import Lexicon, looks_disguised

FindRule = Callable[[str], Rule | None]


def nobody(name: str) -> Rule | None:
    """Finds no other rule."""
    return None


def check(rule: Rule, find_rule: FindRule = nobody) -> list[RuleError]:
    """Everything that keeps a rule from being used; empty for a good one."""
    return [
        RuleError.of(error, source=error.query or rule.query or "", name=rule.name)
        for error in faults_of(rule, find_rule)
    ]


def faults_of(rule: Rule, find_rule: FindRule = nobody) -> list[QueryError]:
    """Everything that keeps a rule from being used: of each query, member of a set and setting the first fault."""
    compiler = Compiler(find_rule)
    found = _raised(compiler.steps(rule)) or _raised([lambda: usable(rule, compiler)])
    found += _raised([*(partial(check_setting, rule, setting) for setting in SETTINGS), lambda: refuse_disguises(rule)])
    return list({(error.problem, error.query): error for error in found}.values())


def _raised(steps: Iterable[Callable[[], object]]) -> list[QueryError]:
    errors = []
    for step in steps:
        try:
            step()
        except QueryError as error:
            errors.append(error)
        except RecursionError:
            errors.append(QueryError(TOO_DEEP))
    return errors


def usable(rule: Rule, compiler: Compiler) -> Compiled:
    """The rule ready to run; raises QueryError where its condition cannot be used."""
    try:
        compiled = compiler.compile(rule)
        problem = unusable(compiled) or too_deep(compiled)
    except RecursionError:
        problem = TOO_DEEP
    if problem:
        raise QueryError(problem)
    return compiled


_CONDITION = {"name", "query", "any", "sets", "sets_from", "where", "labels", "tests", "description"}


def checked(rule: Rule, compiler: Compiler) -> Compiled:
    """The rule ready to run; raises QueryError for the first thing that keeps it from being used."""
    compiled = usable(rule, compiler)
    if not rule.model_fields_set <= _CONDITION:
        hygiene_of(rule)
    refuse_disguises(rule)
    return compiled


def refuse_disguises(rule: Rule) -> None:
    """Raises QueryError for a word whose letters come from several scripts: it looks like another and is not."""
    members = (member for members in rule.sets.values() for member in members) if rule.sets else ()
    for text in (rule.query or "", *rule.any, *members):
        for word in () if text.isascii() else text.split():
            if looks_disguised(word):
                message = f"{word!r} mixes letters of several scripts"
                raise QueryError(Problem("E028", text.find(word), message, "type it again"), text)


@dataclass(frozen=True)
class Failure:
    """An example that a rule gets wrong: on which side it stands, and why it came out otherwise."""

    rule: str
    expected: str
    example: str
    why: str
    explanation: Explanation | None = None

    def __str__(self) -> str:
        return f"{self.rule}: {self.expected} example failed: {self.example}\n  {self.why}"


def example_article(text: str) -> EnrichedArticle:
    """An example as an article; `title | body` gives both."""
    title, bar, body = text.partition(" | ")
    return EnrichedArticle(id="example", title=title if bar else None, body=body if bar else text, language="en")


def test(rule: Rule, find_rule: FindRule = nobody) -> list[Failure]:  # noqa: PT028
    """The rule's own examples that it gets wrong; raises QueryError where it cannot be used.

    An example is a sentence of an article that has what `where` asks for: it has no source and no section itself.
    """
    compiled, lexicon = Compiler(find_rule).compile(rule.model_copy(update={"where": {}})), Lexicon()
    failures = [_missed(compiled, text, lexicon) for text in rule.tests.fire]
    failures += [_wrong(compiled, text, lexicon) for text in rule.tests.quiet]
    return [failure for failure in failures if failure]


test.__test__ = False  # type: ignore[attr-defined]


def _missed(compiled: Compiled, text: str, lexicon: Lexicon) -> Failure | None:
    view = ArticleView(example_article(text), lexicon)
    if compiled.node.find(view):
        return None
    explanation = explained(compiled.node, view)
    return Failure(compiled.name, "fire", text, f"nothing was found; {explanation.first_false()}", explanation)


def _wrong(compiled: Compiled, text: str, lexicon: Lexicon) -> Failure | None:
    view = ArticleView(example_article(text), lexicon)
    spans = compiled.node.find(view)
    if not spans:
        return None
    evidence = evidence_of(view, spans)
    found = "; ".join(f"{one.text!r} ({', '.join(m.term for m in one.members)})" for one in evidence)
    return Failure(
        compiled.name, "quiet", text, f"found {found or 'facts of the article'}", explained(compiled.node, view)
    )
