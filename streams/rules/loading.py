"""Rules from YAML: safe, bounded, and with every fault at its line."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import yaml
from pydantic import ValidationError

from schemas.rule import Rule, RuleTests
from streams.rules.errors import RuleError, RulesError
from streams.rules.located import LocatedRule
from streams.rules.terms import FACTS
from streams.rules.yaml_reading import Located, YamlReader, plain

SIZE = 64 * 1024 * 1024
_NAME = re.compile(r"\w[\w.-]*")


def unusable_name(name: str) -> str:
    """What is wrong with the name of a rule; empty for a good one, which `#name` and a command line can take.

    >>> unusable_name("port-strike"), unusable_name("bad name!")
    ('', "name 'bad name!': expected letters, digits, '-', '_' and '.', as in port-strike")
    """
    if _NAME.fullmatch(name):
        return ""
    return f"name {name!r}: expected letters, digits, '-', '_' and '.', as in port-strike"


def parse_rules(yaml_text: str, name: str = "rules") -> list[Rule]:
    """The rules of a YAML text; raises RulesError with everything that is wrong with its form.

    A file is one rule, a list of rules, or a mapping with `rules` and, for all of them, `sets`.
    """
    return [located.rule for located in parse_located(yaml_text, name)]


def parse_located(yaml_text: str, name: str = "rules") -> list[LocatedRule]:
    """As `parse_rules`, keeping where everything stood."""
    if len(yaml_text) > SIZE:
        raise RulesError(
            [RuleError("E018", 1, 1, f"{len(yaml_text)} characters; {SIZE} are allowed", "split the file", name=name)]
        )
    reader, errors, lines = YamlReader(yaml_text, name), [], yaml_text.splitlines()
    found: list[LocatedRule] = []
    try:
        for document in reader.documents():
            for located, shared in _rules_in(document, reader):
                try:
                    found.append(_rule(located, shared, reader, lines, name))
                except RulesError as error:
                    errors += error.errors
    except RuleError as error:
        errors.append(error)
    except yaml.YAMLError as error:
        errors.append(_unreadable(error, reader))
    errors += _doubles(found, reader)
    if errors:
        raise RulesError(errors)
    return found


def _unreadable(error: yaml.YAMLError, reader: YamlReader) -> RuleError:
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    what = getattr(error, "problem", None) or str(error).splitlines()[0]
    fault = reader.fail(
        "E020", line, column, f"this is not YAML: {what}", 'quote text that has : # [ { or begins with @ " *'
    )
    if fault.source[column - 1 : column] == "\t":
        fault.hint = "indent by spaces: YAML takes no tabs"
    return fault


def _rules_in(document: Located, reader: YamlReader) -> Iterable[tuple[Located, dict[str, Located]]]:
    """The rules of a document, each with the sets of the file."""
    value, shared = document.value, {}
    if isinstance(value, dict) and "rules" in value:
        extra = set(value) - {"rules", "sets"}
        if extra:
            raise reader.fail(
                "E021",
                document.line,
                document.column,
                f"unknown here: {', '.join(sorted(extra))}",
                "a file has `rules` and `sets`",
            )
        sets = value.get("sets")
        shared = sets.value if sets is not None and isinstance(sets.value, dict) else {}
        value = value["rules"].value
    for located in value if isinstance(value, list) else [Located(value, document.line, document.column)]:
        yield located, shared


_KNOWN = frozenset(Rule.model_fields) | {"id", "version"}


def _rule(
    located: Located, shared: dict[str, Located], reader: YamlReader, lines: Sequence[str], name: str
) -> LocatedRule:
    values = located.value
    if not isinstance(values, dict):
        what = "a rule is a mapping with `name` and `query`"
        raise RulesError([reader.fail("E020", located.line, located.column, what, "- name: my-rule")])
    errors = [
        reader.fail("E021", value.line, _key_column(lines, value, key), f"a rule has no setting {key!r}", _nearest(key))
        for key, value in values.items()
        if key not in _KNOWN
    ]
    errors += _unknown_examples(values.get("tests"), lines, reader)
    split = {key: faults for key in ("any", "sets", "tests") if (faults := _split_texts(values.get(key), reader))}
    errors += [error for faults in split.values() for error in faults]
    known = {key: value for key, value in values.items() if key in _KNOWN and key not in split}
    try:
        rule = Rule.model_validate(_data(known, shared))
    except ValidationError as error:
        errors += _unfit(error, values, located, reader)
    else:
        if what := unusable_name(rule.name):
            at = values.get("name") or values["id"]
            errors.append(reader.fail("E023", at.line, at.column, what, _example("name")))
    if errors:
        raise RulesError(errors)
    return LocatedRule(rule, name, lines, values, Located(shared, located.line, located.column))


def _unknown_examples(tests: Located | None, lines: Sequence[str], reader: YamlReader) -> Iterator[RuleError]:
    """Examples under another name would never be tried."""
    for key, value in tests.value.items() if tests is not None and isinstance(tests.value, dict) else ():
        if key not in RuleTests.model_fields:
            column = _key_column(lines, value, key)
            yield reader.fail("E021", value.line, column, f"tests has no {key!r}", _example("tests"))


def _split_texts(setting: Located | None, reader: YamlReader) -> list[RuleError]:
    """Members of lists that YAML reads as a name and a value, for their colon: ``Slick grows: tanker leaks oil``."""
    value = setting.value if setting is not None else None
    lists = list(value.values()) if isinstance(value, dict) else [setting] if setting is not None else []
    texts = (text for listed in lists if isinstance(listed.value, list) for text in listed.value)
    what, hint = "a colon and a space make two values of this text", "put the text into quotation marks"
    return [reader.fail("E020", one.line, one.column, what, hint) for one in texts if isinstance(one.value, dict)]


def _unfit(
    error: ValidationError, values: dict[str, Located], located: Located, reader: YamlReader
) -> Iterator[RuleError]:
    """Each setting whose value cannot be used, once."""
    told = set()
    for fault in error.errors(include_url=False):
        key = str(fault["loc"][0])
        at = values.get(key, located)
        if key not in told:
            told.add(key)
            where = ".".join(map(str, fault["loc"]))
            yield reader.fail("E023", at.line, at.column, f"{where}: {_said(fault['msg'])}", _example(key))


def _data(values: dict[str, Located], shared: dict[str, Located]) -> dict[str, Any]:
    """The settings as a rule has them: what may stand alone in a file is a list there, and facts are text."""
    data = {key: plain(value) for key, value in values.items() if key != "version"}
    own = values["sets"].value if "sets" in values and isinstance(values["sets"].value, dict) else {}
    data["sets"] = {key: list(map(str, _listed(plain(value)))) for key, value in {**shared, **own}.items()}
    for key in ("any", "sets_from", "inhibits", "escalate"):
        if isinstance(data.get(key), str | dict):
            data[key] = [data[key]]
    if isinstance(data.get("where"), dict):
        data["where"] = {key: list(map(str, _listed(value))) for key, value in data["where"].items()}
    labels = data.get("labels")
    data["labels"] = {key: str(value) for key, value in labels.items()} if isinstance(labels, dict) else labels or {}
    return data


_EXAMPLES = {
    "name": "name: port-strike",
    "query": "query: rocket SENT base",
    "any": "any: [rocket SENT base, tank SENT border]",
    "sets": "sets: {site: [airbase, army camp]}",
    "severity": "severity: high",
    "labels": "labels: {team: sea}",
    "where": "where: {lang: [en, fr]}",
    "when": "when: {articles: 3, sources: 2, within: 30m}",
    "suppress": "suppress: {by: story, for: 24h}",
    "escalate": "escalate: [{distinct_sources: 3, severity: high}]",
    "throttle": "throttle: 20/h",
    "notify_within": "notify_within: 48h",
    "resolve_after": "resolve_after: 24h",
    "warmup": "warmup: dry_run",
    "pause_above": "pause_above: 0.05",
    "tests": "tests: {fire: [A sentence., Another.], quiet: [A third.]}",
}


def _example(setting: str) -> str:
    return f"write it as in `{_EXAMPLES[setting]}`" if setting in _EXAMPLES else "see docs/rules.md"


def _said(message: str) -> str:
    """What the model says, in words of YAML."""
    words = {"valid tuple": "list", "valid list": "list", "valid dictionary": "mapping", "valid string": "text"}
    for word, better in words.items():
        message = message.replace(f"Input should be a {word}", f"expected a {better}")
    return message[0].lower() + message[1:]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _key_column(lines: Sequence[str], value: Located, key: str) -> int:
    line = lines[value.line - 1] if value.line <= len(lines) else ""
    return line.find(key) + 1 if key in line else value.column


def _nearest(key: str) -> str:
    import difflib

    if key in FACTS:
        return f"write `where: {{{key}: ...}}`"
    near = difflib.get_close_matches(key, _KNOWN, 1)
    return f"did you mean {near[0]!r}?" if near else f"settings: {', '.join(sorted(_KNOWN))}"


def _doubles(found: Sequence[LocatedRule], reader: YamlReader) -> Iterator[RuleError]:
    names: set[str] = set()
    for located in found:
        if located.rule.name in names:
            at = located.values.get("name") or located.values.get("id")
            if at is not None:
                yield reader.fail(
                    "E022",
                    at.line,
                    at.column,
                    f"a second rule named {located.rule.name!r}",
                    "give every rule its own name",
                )
        names.add(located.rule.name)
