"""``wirewatch trace``: where an article is, and what came of it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import click
import orjson
from kafka import KafkaConsumer, TopicPartition

from schemas.alert import Alert
from schemas.article import EnrichedArticle, TaggedArticle
from schemas.topics import ALERTS, CLEAN, ENRICHED, RAW, REJECTED, TAGGED, UNDELIVERED, Topic
from streams.commands import configured
from streams.commands.since import Since
from streams.connection import client_options
from streams.errors import WirewatchError
from streams.process import decoded
from streams.reading import Reader
from streams.records import Record, described
from streams.settings import Settings
from streams.show import counted, on_one_line, told
from streams.table import groups_of
from streams.text.identity import article_id
from streams.text.urls import canonical_url

JOURNEY: tuple[Topic[Any], ...] = (RAW, CLEAN, TAGGED, ENRICHED, ALERTS, REJECTED, UNDELIVERED)
ENDS = {ENRICHED.name, REJECTED.name}
"""Where an article is accounted for."""
KEYED = {RAW.name, CLEAN.name, REJECTED.name}
"""Topics whose key is the article's id, also where the value cannot be read."""


@click.command()
@click.argument("article")
@click.option(
    "--since", type=Since(), default="all", show_default=True, help="Only records at most 30s, 10m, 2h, 7d old."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a record.")
def trace(article: str, since: float, as_json: bool) -> None:
    """Say where ARTICLE is, and what came of it.

    ARTICLE is an id or a URL. Each record of it is listed, in the order of time.
    """
    settings = configured()
    wanted = Wanted.of(article)
    found = sorted(_records(settings, wanted, since), key=lambda r: r.timestamp or 0)
    if not found:
        raise WirewatchError(f"expected an article {article}, found none on any topic from {RAW.name} to {ALERTS.name}")
    seen: set[str] = set()
    for record in found:
        event = f"{record.topic} {record.identity}"
        row = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
        row |= {"time": _time(record), "what": what(record), "again": event in seen}
        seen.add(event)
        click.echo(json.dumps(row) if as_json else on_one_line(_line(row)))
    click.echo(_conclusion(settings, found), err=True)


@dataclass(frozen=True)
class Wanted:
    """An article as it is asked for."""

    identifier: str
    url: str | None
    """Canonical; articles with an id of their publisher's are known by it."""
    marks: tuple[bytes, ...]
    """Of which one stands in whatever is of it: a quick look, for most records are of other articles."""

    @classmethod
    def of(cls, article: str) -> "Wanted":
        """An id, or a URL and the id that `publish` makes of it."""
        url = canonical_url(article) if "://" in article else None
        if url is None:
            return cls(article, None, (article.encode(),))
        identifier = article_id({"url": url})
        return cls(identifier, url, (identifier.encode(), urlsplit(url).netloc.encode()))

    def is_in(self, record: Record) -> bool:
        """Whether a record is of the article: by its key, where that is an id, or by what it says."""
        if record.topic in KEYED and record.key == self.identifier.encode():
            return True
        value = record.value or b""
        return any(mark in value for mark in self.marks) and self._is_told(value)

    def _is_told(self, value: bytes) -> bool:
        try:
            fields = orjson.loads(value)
        except orjson.JSONDecodeError:
            return False
        if not isinstance(fields, dict):
            return False
        url = fields.get("url")
        same = self.url is not None and isinstance(url, str) and canonical_url(url) == self.url
        return same or fields.get("id") == self.identifier


def _records(settings: Settings, wanted: Wanted, start: float) -> Iterator[Record]:
    for topic in _written(settings):
        with closing(Reader(settings, topic.name)) as reader:
            reader.from_time(start)
            yield from filter(wanted.is_in, reader.until_now())


def _written(settings: Settings) -> Iterator[Topic[Any]]:
    """The topics of the journey that this pipeline has."""
    read = {topic.name for topic in groups_of(settings.pipeline).values()}
    yield from (topic for topic in JOURNEY if topic is not CLEAN or topic.name in read)


def what(record: Record) -> str:
    """A record in a few words."""
    letter = described(record.headers)
    if letter is not None:
        return f"{letter.stage}: {letter.reason}  {letter.detail}"
    message = decoded(next(topic for topic in JOURNEY if topic.name == record.topic), record)
    match message:
        case Alert():
            return f"{message.rule} {message.state}: {told(message)}"
        case EnrichedArticle():
            copy = f" of {message.duplicate_of}" if message.duplicate_of else ""
            return f"{message.verdict}{copy}, story {message.story} of {message.story_size}"
        case TaggedArticle():
            return f"{message.language or 'no language'}, {counted(len(message.entities), 'entity', 'entities')}"
    return f"{len(record.value or b'')} bytes"


def _time(record: Record) -> str:
    return datetime.fromtimestamp(record.timestamp or 0, UTC).isoformat(timespec="milliseconds")


def _line(row: Mapping[str, Any]) -> str:
    place = f"{row['topic']}-{row['partition']}-{row['offset']}"
    return f"{row['time'][:23].replace('T', ' ')}  {place:<28} {row['what']}{'  (again)' if row['again'] else ''}"


def _conclusion(settings: Settings, found: list[Record]) -> str:
    """What came of it; who has not come to it yet, if it is still on its way."""
    topics = {record.topic for record in found}
    if ended := topics & ENDS:
        return f"accounted for: on {' and '.join(sorted(ended))}"
    for group, topic in groups_of(settings.pipeline).items():
        for record in found:
            if record.topic == topic.name and (behind := _behind(settings, group, record)) > 0:
                return f"on its way: {group} takes it after {behind - 1} others of {topic.name}-{record.partition}"
    return "went through; what came of it is not kept any more"


def _behind(settings: Settings, group: str, record: Record) -> int:
    """How many records a consumer group has to settle until it is through with ``record``."""
    place = TopicPartition(settings.named(record.topic), record.partition)
    consumer = KafkaConsumer(group_id=settings.named(group), enable_auto_commit=False, **client_options(settings))
    try:
        committed = consumer.committed(place)
        consumer.assign([place])
        start = consumer.beginning_offsets([place])[place] if committed is None else committed
    finally:
        consumer.close(autocommit=False)
    return int(record.offset - start + 1)
