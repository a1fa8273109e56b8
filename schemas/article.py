"""An article in each of its states, from what a publisher sent to what subscribers read."""

import math
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

import orjson
from pydantic import AliasChoices, AwareDatetime, BeforeValidator, ConfigDict, Field, TypeAdapter, model_validator

from schemas.base import Message, OptionalText, Word, constructed
from schemas.entity import Entity


def _stated_time(value: object) -> object:
    """Readers take epoch seconds for a time; messages carry ISO 8601."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None if value == "" else value
    try:
        return datetime.fromtimestamp(value, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        raise ValueError("expected ISO 8601 or epoch seconds") from None


def _raw_time(value: object) -> object:
    """NaN and infinity are no JSON, whatever a parser lets pass, and a truth value is no time."""
    if isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value)):
        raise ValueError("expected ISO 8601 or epoch seconds")
    return value


StatedTime = Annotated[str | None, BeforeValidator(_stated_time)]
"""A time as precise as its source: ``2024-01-05``, ``2024-01-05T09:00:00+00:00``, ``16:03``."""


def instant(stated: str | None) -> datetime | None:
    """The moment a stated time means, UTC where it names no zone; null for one without a day."""
    if stated is None or len(stated) < 10:
        return None
    try:
        moment = datetime.fromisoformat(stated)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class RawArticle(Message):
    """An article as its publisher sent it: nothing checked, nothing cleaned."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": [name], "properties": {name: {"type": "string"}}} for name in ("html", "text")]
        }
    )

    id: str = Field(min_length=1, max_length=512, description="Set by whoever publishes the article; it never changes.")
    html: str | None = Field(None, description="The page or feed fragment, as fetched.")
    text: str | None = Field(None, description="Plain text, where there is no HTML.")
    url: OptionalText = None
    source: OptionalText = Field(None, description="Who published it, for example a domain or an agency.")
    guid: OptionalText = None
    title: OptionalText = None
    language: OptionalText = Field(None, validation_alias=AliasChoices("language", "lang"))
    published: Annotated[str | int | float | None, BeforeValidator(_raw_time)] = Field(
        None, description="As the publisher states it: ISO 8601 or epoch seconds."
    )
    feed: OptionalText = Field(None, description="Id of the feed it came from.")
    backlog: bool = Field(False, description="Old when first seen: enriched and matched, never notified.")
    position: str = Field("", description="topic-partition-offset; set by the reader, never by the publisher.")
    first_seen: AwareDatetime | None = Field(None, description="Timestamp of the raw record; set by the reader.")

    @model_validator(mode="after")
    def _has_content(self) -> Self:
        if self.html is None and self.text is None:
            raise ValueError("expected `html` or `text`, found neither")
        return self

    def arrived(self, position: str, first_seen: datetime | None) -> Self:
        return constructed(type(self), {**self.__dict__, "position": position, "first_seen": first_seen})


class ParagraphKind(Word):
    """What a paragraph is within the body."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    QUOTATION = "quotation"


class Paragraph(Message):
    """A paragraph of the body: ``body[start:end]``."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    kind: ParagraphKind = ParagraphKind.PARAGRAPH


class Removed(Message):
    """Something the cleaner took out, and as what."""

    kind: str = Field(description="menu, caption, credit, promotion, newsletter, related, notice, date, byline, ...")
    text: str
    line: int | None = Field(None, description="1-based line of the plain text it stood in; null for pages.")


class Flag(Word):
    """What a reader should know before trusting a field."""

    PARTIAL = "partial"
    TRUNCATED = "truncated"
    PUBLISHED_IN_FUTURE = "published_in_future"
    PUBLISHED_IMPLAUSIBLE = "published_implausible"
    PUBLISHED_WITHOUT_ZONE = "published_without_zone"
    PUBLISHED_UNREADABLE = "published_unreadable"
    LANGUAGE_DISPUTED = "language_disputed"


class Article(Message):
    """What is known of an article once it has been cleaned; the base of the states that follow."""

    id: str = Field(min_length=1)
    position: str = Field("", description="topic-partition-offset of the raw record.")
    first_seen: AwareDatetime | None = Field(None, description="Timestamp of the raw record.")
    revision: str = Field("", description="Hash of the normalised cleaned text.")
    title: OptionalText = None
    body: str = Field(description="Paragraphs joined by two line feeds.")
    paragraphs: tuple[Paragraph, ...] = ()
    standfirst: OptionalText = None
    url: OptionalText = Field(None, description="Canonical URL.")
    source: OptionalText = Field(None, description="Who wrote it, for example the agency.")
    publisher: OptionalText = Field(None, description="Who published this copy.")
    authors: tuple[str, ...] = ()
    editor: OptionalText = None
    published: StatedTime = Field(None, description="ISO 8601, as precise as stated; never guessed.")
    published_precision: OptionalText = Field(
        None, description="second, minute, day, month, ... with `no zone` where it has none."
    )
    published_origin: Literal["page", "text", "feed", "url"] | None = None
    updated: StatedTime = None
    updated_precision: OptionalText = None
    updated_origin: Literal["page", "text", "feed", "url"] | None = None
    section: OptionalText = None
    language: OptionalText = Field(None, validation_alias=AliasChoices("language", "lang"), description="ISO 639-1.")
    language_confidence: float | None = Field(None, ge=0, le=1)
    captions: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    feed: OptionalText = None
    backlog: bool = False
    cleaner: str = Field("", description="Version of the cleaner.")
    tier: Literal["full", "overload"] = "full"

    def to_json(self) -> bytes:
        """The same bytes as of any message, in half the time: an article is written in three stages, with tens of
        mentions."""
        return orjson.dumps(self.__dict__, _plain, orjson.OPT_PASSTHROUGH_DATETIME)

    def arrived(self, position: str, first_seen: datetime | None) -> Self:
        """The carried position is the raw record's and stays; the filters give one to an article without."""
        return self if self.position else self.model_copy(update={"position": position, "first_seen": first_seen})

    @property
    def effective(self) -> datetime | None:
        """The earlier of ``published`` and ``first_seen``: the time that windows and decay go by."""
        stated = instant(self.published)
        if stated is None or self.first_seen is None:
            return stated or self.first_seen
        return min(stated, self.first_seen)


_MOMENT: TypeAdapter[Any] = TypeAdapter(datetime)


def _plain(value: object) -> object:
    """What a message holds besides texts, numbers and tuples, as JSON has it."""
    return vars(value) if isinstance(value, Message) else _MOMENT.dump_python(value, mode="json")


class CleanArticle(Article):
    """An article reduced to its readable text and stated facts."""

    removed: tuple[Removed, ...] = ()


class TaggedArticle(Article):
    """A clean article with its entities and the sketch by which copies are found."""

    tagger: str = Field("", description="Version of the tagger and its tables.")
    entities: tuple[Entity, ...] = ()
    sketch: str | None = Field(None, description="Versioned text sketch, base64; made by the reader when missing.")


class Verdict(Word):
    """What an article is to those that came before it."""

    NEW = "new"
    NEAR = "near"
    EXACT = "exact"
    REVISION = "revision"


class SharedText(Message):
    """How much of two texts is common, as seen from each, 0 to 1."""

    of_this: float = Field(ge=0, le=1)
    of_other: float = Field(ge=0, le=1)


class Passage(Message):
    """The longest text two articles share: ``body[start:end] == text`` in this article."""

    text: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Changes(Message):
    """What a revision changed in the text that stood under the id before."""

    of_revision: str = Field(description="Revision it replaces.")
    added: tuple[str, ...] = Field((), description="Words added, at most 50.")
    removed: tuple[str, ...] = Field((), description="Words removed, at most 50.")


class EnrichedArticle(Article):
    """What subscribers read: text, entities, what it copies, and its story."""

    tagger: str = ""
    entities: tuple[Entity, ...] = ()
    verdict: Verdict = Verdict.NEW
    duplicate_of: str | None = Field(None, description="Id of the article this is a copy of.")
    group: str | None = Field(None, description="Id of the first article of the group of copies.")
    group_merged: tuple[str, ...] = Field(
        (), description="Groups of copies that this article showed to be one with its own, which later copies join."
    )
    shared: SharedText | None = None
    passage: Passage | None = None
    changes: Changes | None = None
    extraction_failure: bool = Field(False, description="One body under several headlines of a site: not folded.")
    story: str | None = Field(None, description="Id of the story: the id of its first article.")
    story_size: int = Field(1, ge=1, description="Articles in the story so far, this one included.")
    story_first_seen: AwareDatetime | None = None
    story_publishers: int = Field(1, ge=0, description="Distinct publishers in the story so far.")
    story_merged: tuple[str, ...] = Field((), description="Stories that this article merged into this one.")
    story_strand: str | None = Field(
        None,
        description="Id of the first of the few in its story that the article is alike to; null for most of a story.",
    )
    strand_apart: bool = Field(
        False, description="That strand of the story, of three articles or more, may be an event of its own."
    )


class Story(Message):
    """Articles about one event, latest state by story id."""

    id: str
    title: str | None = None
    size: int = Field(ge=1)
    publishers: int = Field(ge=0)
    members: tuple[str, ...] = Field((), description="Ids of the latest members, at most 100.")
    entities: tuple[str, ...] = Field((), description="Ids of the most frequent entities, at most 10.")
    first_time: AwareDatetime | None = None
    last_time: AwareDatetime | None = None
    merged_into: str | None = Field(None, description="The older story that takes future articles.")


class StoryCorrection(Message):
    """A person's correction of a story; it takes part in the log that stories are made from."""

    id: str = Field(min_length=1, max_length=512, description="Id of the correction itself.")
    action: Literal["split", "merge"]
    story: str = Field(min_length=1, description="The story to split, or one of the two to merge.")
    into: OptionalText = Field(None, description="The other story to merge; the older of the two survives.")
    members: tuple[str, ...] = Field((), description="Ids of the articles that leave the story to be split.")
    language: OptionalText = Field(None, description="Language of the story: the partition it stands in.")
    position: str = ""

    def arrived(self, position: str, first_seen: datetime | None) -> Self:
        return self if self.position else self.model_copy(update={"position": position})
