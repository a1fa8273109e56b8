"""Every topic, declared once: what it carries, by which key, and how the broker keeps it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from schemas.alert import Alert
from schemas.article import CleanArticle, EnrichedArticle, RawArticle, Story, StoryCorrection, TaggedArticle
from schemas.base import Message
from schemas.dead_letter import DeadLetter
from schemas.feed import Feed, FeedState
from schemas.rule import Rule, Silence

M = TypeVar("M", bound=Message)
Cleanup = Literal["delete", "compact"]

DAY = 24 * 60 * 60 * 1000
SOURCE_LIMIT = 4 * 1024 * 1024
"""Largest record of a topic that articles travel on, bytes."""
DEAD_LETTER_LIMIT = SOURCE_LIMIT + 1024 * 1024
"""Above every source's limit, so that a dead letter always fits with its headers."""


@dataclass(frozen=True)
class Topic(Generic[M]):
    """A topic: its name without prefix, what it carries, and the settings of the broker."""

    name: str
    carries: type[M]
    key: Callable[[M], str]
    keyed_by: str
    description: str
    cleanup: Cleanup = "delete"
    retention_days: int | None = None
    partitions: int | None = field(default=None)
    """None: as many as the setting `partitions` says."""
    limit: int = SOURCE_LIMIT
    segment: int | None = None
    """Bytes after which the log goes on in a new file; only closed ones are compacted. None: as the broker says."""
    follows: str | None = None
    """Name of the topic for each of whose partitions this one has the same."""
    also: tuple[type[Message], ...] = ()
    """What else takes part in its order, told apart by what a reader requires of each."""

    @property
    def config(self) -> Mapping[str, str]:
        """The topic's settings as Kafka spells them."""
        kept = {} if self.retention_days is None else {"retention.ms": str(self.retention_days * DAY)}
        parts = {} if self.segment is None else {"segment.bytes": str(self.segment)}
        return {"cleanup.policy": self.cleanup, "max.message.bytes": str(self.limit), **kept, **parts}


def _as_received(message: Any) -> str:
    raise TypeError("a dead letter keeps the key it was received with")


RAW = Topic(
    "articles.raw",
    RawArticle,
    lambda m: m.id,
    "article id",
    "Articles as their publishers sent them.",
    retention_days=7,
)
CLEAN = Topic(
    "articles.clean",
    CleanArticle,
    lambda m: m.id,
    "article id",
    "Articles reduced to their text; written only where `clean | tag` has a hop.",
    retention_days=3,
)
TAGGED = Topic(
    "articles.tagged",
    TaggedArticle,
    lambda m: m.language or "und",
    "language",
    "Clean articles with entities and text sketch; and corrections of stories.",
    retention_days=3,
    also=(StoryCorrection,),
)
ENRICHED = Topic(
    "articles.enriched",
    EnrichedArticle,
    lambda m: m.story or m.id,
    "story id",
    "What subscribers read: text, entities, copies, story.",
    retention_days=30,
)
STORIES = Topic("stories", Story, lambda m: m.id, "story id", "The latest state of each story.", cleanup="compact")
ALERTS = Topic(
    "alerts", Alert, lambda m: m.dedup_key, "dedup_key", "Rules that matched, with evidence.", retention_days=90
)
RULES = Topic(
    "alert.rules",
    Rule,
    lambda m: m.name,
    "rule name",
    "The rules in force; null deletes one.",
    cleanup="compact",
    partitions=1,
)
SILENCES = Topic(
    "alert.silences",
    Silence,
    lambda m: m.id,
    "silence id",
    "While one lasts, alerts it covers are kept and told to nobody; null ends one.",
    cleanup="compact",
    partitions=1,
)
REJECTED = Topic(
    "articles.rejected",
    DeadLetter,
    _as_received,
    "as received",
    "What a stage could not use: original bytes, and headers that say why.",
    retention_days=30,
    limit=DEAD_LETTER_LIMIT,
)
UNDELIVERED = Topic(
    "alerts.undelivered",
    DeadLetter,
    _as_received,
    "as received",
    "Alerts that a sink could not be given.",
    retention_days=30,
    limit=DEAD_LETTER_LIMIT,
)
RULES_REJECTED = Topic(
    "rules.rejected",
    DeadLetter,
    _as_received,
    "as received",
    "Rules that could not be read.",
    partitions=1,
    retention_days=30,
    limit=DEAD_LETTER_LIMIT,
)
FEEDS = Topic(
    "feeds",
    Feed,
    lambda m: m.id,
    "feed id; the partition follows from the registrable domain",
    "The feeds that are polled; null ends one.",
    cleanup="compact",
)
FEEDS_STATE = Topic(
    "feeds.state",
    FeedState,
    lambda m: m.id,
    "feed id, in the partition that its feed has on `feeds`",
    "What has been read of each feed, and when it is read next.",
    cleanup="compact",
    follows=FEEDS.name,
    segment=16 * 1024 * 1024,
)

TOPICS: tuple[Topic[Any], ...] = (
    RAW, CLEAN, TAGGED, ENRICHED, STORIES, ALERTS, RULES, SILENCES, REJECTED, UNDELIVERED, RULES_REJECTED,
    FEEDS, FEEDS_STATE,
)  # fmt: skip


def changelog_of(stage: str) -> str:
    """Name of the topic that keeps what ``stage`` has decided."""
    return f"{stage}.changelog"


def retries_of(sink: str) -> Topic[Alert]:
    """The topic where the alerts wait that a sink has taken and not yet delivered."""
    return Topic(
        f"alerts.retry.{sink}",
        Alert,
        _as_received,
        "position of the alert; null once it is delivered",
        f"Alerts that wait for the sink {sink}, with the time before which they rest.",
        cleanup="compact",
        partitions=1,
        limit=DEAD_LETTER_LIMIT,
        segment=16 * 1024 * 1024,
    )
