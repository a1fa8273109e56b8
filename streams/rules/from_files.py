"""Rules of files and directories, ready to match, and every fault at its place."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from schemas.rule import Rule
from streams.rules.checking import faults_of
from streams.rules.errors import QueryError, RuleError, RulesError
from streams.rules.filling import add_all
from streams.rules.loading import parse_located
from streams.rules.located import LocatedRule
from streams.rules.matching import RuleSet


def load_rules(paths: Iterable[Path | str]) -> RuleSet:
    """The rules of files (of directories: every *.yaml in them); raises RulesError with all that is wrong."""
    return compile_located(read_rules(paths))


def read_rules(paths: Iterable[Path | str]) -> list[LocatedRule]:
    """The same, read only: what a condition says is not looked at."""
    located: list[LocatedRule] = []
    errors: list[RuleError] = []
    for path in _files(paths):
        try:
            located += parse_located(path.read_text("utf-8"), str(path))
        except RulesError as error:
            errors += error.errors
        except UnicodeDecodeError:
            errors.append(RuleError("E020", 1, 1, "this file is not UTF-8", "save it as UTF-8", name=str(path)))
    if errors:
        raise RulesError(errors)
    return located


def _files(paths: Iterable[Path | str]) -> Iterator[Path]:
    for path in map(Path, paths):
        yield from sorted((*path.glob("*.yaml"), *path.glob("*.yml"))) if path.is_dir() else (path,)


def compile_located(located: Sequence[LocatedRule]) -> RuleSet:
    """Rules of files, ready; raises RulesError with every fault at its place."""
    names: set[str] = set()
    doubles: dict[str, RuleError] = {}
    for one in located:
        if one.rule.name in names:
            doubles[one.rule.name] = RuleError(
                "E022", 1, 1, f"a second rule named {one.rule.name!r}", "give every rule its own name", name=one.name
            )
        names.add(one.rule.name)
    found = RuleSet()
    refused = add_all(found, [one.rule for one in located])
    wrong = [one for one in located if one.rule.name in refused and one.rule.name not in doubles]
    rules = {one.rule.name: one.rule for one in located}
    faults = [error for one in wrong for error in _faults(one, rules, refused[one.rule.name][1])]
    # a fault of a set that rules share is one
    errors = [*{(one.name, one.line, one.column, one.code): one for one in faults}.values(), *doubles.values()]
    if errors:
        raise RulesError(errors)
    return found


def _faults(one: LocatedRule, rules: Mapping[str, Rule], refused: QueryError) -> list[RuleError]:
    """Everything that is wrong with a rule that could not be taken in; the faults of a rule it uses are told there."""
    faults = faults_of(one.rule, rules.get) or [refused]
    texts = (one.rule.query or "", *one.rule.any, *chain.from_iterable(one.rule.sets.values()))
    own = {"", *(text.strip('"') for text in texts)}
    told = [error for error in faults if error.problem.code == "E011" or error.query.strip('"') in own]
    return [one.error(error) for error in told]
