"""Rules of files, put in force."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from schemas.rule import Rule
from schemas.topics import RULES
from streams.commands import configured
from streams.commands.records import put
from streams.commands.rulefiles import by_name, rules_of, shipped_rules
from streams.connection import reach
from streams.errors import WirewatchError
from streams.rules import read_rules, test
from streams.settings import Settings


def push_rules(files: Sequence[Path], settings: Any = None) -> list[str]:
    """Send the rules of ``files`` to their topic; the names, once the broker has confirmed each."""
    chosen = settings or configured()
    reach(chosen)  # rules and their examples take seconds, and a broker that is away is said sooner
    found = rules_of(files)
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
