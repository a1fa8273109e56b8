"""Rules as YAML text: for a new rule, and for one more example in a file that people keep."""

from typing import Any, Literal

import yaml

from schemas.rule import Rule


def to_yaml(rule: Rule) -> str:
    """A rule as it would stand in a file; `parse_rules` reads it back as it was."""
    values: dict[str, Any] = rule.model_dump(mode="json", exclude_defaults=True)
    text: str = yaml.safe_dump([values], sort_keys=False, allow_unicode=True, width=120)
    return text


def with_example(rule: Rule, kind: Literal["fire", "quiet"], sentence: str) -> Rule:
    """The rule with one more sentence that it should fire on, or stay quiet on; unchanged where it has it."""
    known = rule.tests.fire if kind == "fire" else rule.tests.quiet
    examples = known if sentence in known else (*known, sentence)
    return rule.model_copy(update={"tests": rule.tests.model_copy(update={kind: examples})})
