"""A standing rule, as it stands on ``alert.rules``."""

from typing import Any

from pydantic import AliasChoices, AwareDatetime, Field

from schemas.base import Message


class RuleTests(Message):
    """Sentences a rule must and must not fire on."""

    fire: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()


class Rule(Message):
    """A standing rule with the sets it uses and its own tests."""

    name: str = Field(min_length=1, max_length=200, validation_alias=AliasChoices("name", "id"))
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
    sets_from: tuple[str, ...] = Field((), description="Rules whose sets this one may use, too.")
    notify_within: str = Field("48h", description="Older articles than this match and never notify.")
    throttle: str = Field("20/h", description="Notifications in event time; more go to a digest. `off` for none.")
    inhibits: tuple[str, ...] = Field((), description="Rules that stay silent where this one matches the same article.")
    resolve_after: str = Field("24h", description="Without an article for this long the alert is resolved.")
    warmup: str | None = Field(None, description="`dry_run`, or how long a changed rule matches without notifying.")
    pause_above: float | None = Field(None, gt=0, le=1, description="Share of articles above which it stops notifying.")
    paused: bool = False


class Silence(Message):
    """While it lasts, alerts it covers are kept and told to nobody; compacted by id."""

    id: str = Field(min_length=1, max_length=200)
    rule: str | None = Field(None, description="Name of a rule; null for any.")
    labels: dict[str, str] = Field(default_factory=dict, description="Labels an alert must carry, all of them.")
    starts: AwareDatetime
    ends: AwareDatetime
    comment: str | None = None
