"""Records by hand: a few sent and confirmed, and what a compacted topic says now."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import TypeVar

import click
from kafka.producer.future import RecordMetadata
from pydantic import ValidationError

from schemas.base import Message
from schemas.topics import Topic
from streams.errors import explain
from streams.process import decoded
from streams.reading import Reader, latest
from streams.records import Outgoing, outgoing
from streams.settings import Settings
from streams.stage import Reject
from streams.writing import Writer

M = TypeVar("M", bound=Message)


def current(settings: Settings, topic: Topic[M]) -> list[M]:
    """The latest message of each key; what cannot be read is said on standard error and left out."""
    found: list[M] = []
    for record in latest(settings, topic).values():
        message = decoded(topic, record)
        if isinstance(message, Reject):
            click.echo(f"{record.position} cannot be read: {message.detail}", err=True)
        elif isinstance(message, topic.carries):
            found.append(message)
    return found


def messages(settings: Settings, topic: Topic[M], since: float = 0.0) -> Iterator[M]:
    """The messages that a topic holds at this moment, from ``since`` on; what cannot be read is left out."""
    with closing(Reader(settings, topic.name)) as reader:
        reader.from_time(since)
        for record in reader.until_now():
            message = decoded(topic, record)
            if isinstance(message, topic.carries):
                yield message


def articles_of(kind: type[M], lines: Iterable[bytes], name: str) -> Iterator[M]:
    """An article a line, as they stand on a topic, but for empty lines; what is none is said by its line."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield kind.model_validate_json(line)
        except ValidationError as error:
            raise click.ClickException(f"{name}:{number} is not an article. {explain(error)}") from None


def listed(lines: Iterable[str], none: str) -> None:
    """Print ``lines``; say ``none`` where there are none, on standard error, which no script reads."""
    empty = True
    for line in lines:
        empty = False
        click.echo(line)
    if empty:
        click.echo(none, err=True)


def send(settings: Settings, topic: str, records: Sequence[tuple[str, bytes | None]]) -> list[RecordMetadata]:
    """Write keys and values to a declared topic; where each one is. Raises where the broker does not confirm one."""
    return _sent(settings, [Outgoing(topic, key.encode(), value) for key, value in records])


def put(settings: Settings, topic: Topic[M], given: Sequence[Message], by: str) -> list[RecordMetadata]:
    """Write messages of a topic as the events that they are, from the command ``by``; as `send` otherwise."""
    return _sent(settings, [outgoing(topic, message, by, ()) for message in given])


def _sent(settings: Settings, records: Sequence[Outgoing]) -> list[RecordMetadata]:
    with closing(Writer(settings)) as writer:
        sent = [writer.send(out) for out in records]
        return [writer.confirm(each) for each in sent]
