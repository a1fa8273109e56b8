"""Files of rules: read, with everything that is wrong with them. The filters read them, too, and know no Kafka."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from streams.commands import shipped
from streams.errors import WirewatchError
from streams.rules import RulesError, load_rules


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
