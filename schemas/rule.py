"""A standing rule, as it stands on ``alert.rules``."""

from typing import Any

from pydantic import Field

from schemas.base import Message


class RuleTests(Message):
    """Sentences a rule must and must not fire on."""

    fire: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()


class Rule(Message):
    """A standing rule with the sets it uses and its own tests."""

    name: str = Field(min_length=1, max_length=200)
    query: str | None = None
    any: tuple[str, ...] = Field((), description="Alternatives; the rule matches where one does.")
    sets: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    severity: str = "medium"
    labels: dict[str, str] = Field(default_factory=dict)
    where: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    when: dict[str, Any] = Field(default_factory=dict)
    suppress: dict[str, Any] = Field(default_factory=dict)
    escalate: tuple[dict[str, Any], ...] = ()
    tests: RuleTests = RuleTests()
    description: str | None = None
