"""An alert and the evidence it rests on."""

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from schemas.base import Message


class Modality(StrEnum):
    """How a sentence speaks of what it mentions."""

    ACTUAL = "actual"
    PAST = "past"
    PLANNED = "planned"
    DEMANDED = "demanded"
    THREATENED = "threatened"
    CONDITIONAL = "conditional"
    DENIED = "denied"
    REFUSED = "refused"


class Member(Message):
    """A word or phrase of the rule, where it matched: code points of the field."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str
    term: str = Field(description="The rule's term or set that matched.")


class Evidence(Message):
    """One match: ``article[field][start:end]``, the sentence round it, and its members."""

    field: Literal["title", "body"]
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    text: str
    sentence: str
    sentence_start: int = Field(ge=0)
    sentence_end: int = Field(ge=0)
    modality: Modality
    members: tuple[Member, ...] = ()


class AlertState(StrEnum):
    """Where an alert stands in the life of its story."""

    OPEN = "open"
    UPDATE = "update"
    ESCALATED = "escalated"
    RESOLVED = "resolved"


class Alert(Message):
    """A rule matched an article."""

    alert_id: str = Field(description="Hash of rule, rule version, article id and revision.")
    dedup_key: str = Field(description="Hash of rule and story.")
    id: str = Field(description="The article's id.")
    position: str = ""
    revision: str = ""
    rule: str
    rule_version: str
    severity: str = "medium"
    labels: dict[str, str] = Field(default_factory=dict)
    state: AlertState = AlertState.OPEN
    notify: bool = Field(True, description="Whether sinks are told; false for updates and suppressed alerts.")
    suppressed: str | None = Field(
        None,
        description="Why not: story, threshold, backlog, old, silenced, inhibited, throttled, frequent, paused or "
        "warmup.",
    )
    story: str | None = None
    title: str | None = None
    url: str | None = None
    source: str | None = None
    language: str | None = None
    published: str | None = None
    first_seen: AwareDatetime | None = None
    suppressed_by: str | None = Field(None, description="The alert that told of this story already.")
    modality: Modality | None = Field(None, description="How the first evidence speaks of it.")
    time: AwareDatetime | None = Field(None, description="Event time of the article.")
    evidence: tuple[Evidence, ...] = ()
    cut: bool = Field(
        False,
        description="Whether the article was too long to be read to its end, or met too many rules to tell of each.",
    )
    strand: str | None = Field(
        None, description="The strand of the story that it is of, where that was told of as an event of its own."
    )
    strands: tuple[str, ...] = Field((), description="Of what is resolved, the strands that were told of so.")
    articles: int = Field(1, ge=1, description="Articles of the story that matched so far.")
    sources: int = Field(1, ge=0, description="Distinct publishers among them.")
