"""Files of rules: read, with everything that is wrong with them, and put in force."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from schemas.rule import Rule
from schemas.topics import RULES
from streams.commands import configured, shipped
from streams.commands.records import put
from streams.connection import reach
from streams.errors import WirewatchError
from streams.rules import RulesError, load_rules, read_rules, test
from streams.settings import Settings


def shipped_rules() -> Path:
    """The rules that come with wirewatch."""
    return shipped("rules")


def rules_of(files: Sequence[Path]) -> Any:
    """The rules of ``files`` and directories, ready to match; says everything that is wrong with them."""
    try:
        found = load_rules(files)
    except RulesError as error:
        raise WirewatchError(str(error)) from None
    if not len(found):
        raise WirewatchError(f"expected rules, found none in {', '.join(map(str, files))}; see docs/rules.md")
    return found


def by_name(found: Any) -> Any:
    """What gives the rule of a name, None where there is none."""
    return lambda name: found.rule(name) if name in found else None


def names_of(found: Any) -> list[str]:
    """The names of rules, in order."""
    return sorted(rule.name for rule in found)


def push_rules(files: Sequence[Path], settings: Any = None) -> list[str]:
    """Send the rules of ``files`` to their topic; the names, once the broker has confirmed each."""
    found, chosen = rules_of(files), settings or configured()
    reach(chosen)  # the examples take seconds, and a broker that is away is said sooner
    for rule in found:
        if failures := test(rule, by_name(found)):
            raise WirewatchError(f"{rule.name} fails {len(failures)} of its own examples; see `wirewatch rules test`")
    return _put(found, chosen)


def push_shipped_rules(settings: Settings) -> list[str]:
    """Send the rules that come with wirewatch to their topic; the names, once the broker has confirmed each.

    As they stand: that they can be used, and keep their examples, is tested with the code, and takes seconds.
    """
    return _put((located.rule for located in read_rules([shipped_rules()])), settings)


def _put(found: Iterable[Rule], settings: Settings) -> list[str]:
    rules = list(found)
    put(settings, RULES, rules, "rules")
    return [rule.name for rule in rules]
