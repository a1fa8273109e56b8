"""Records by hand: a few sent and confirmed, and what a compacted topic says now."""

from collections.abc import Sequence
from contextlib import closing
from typing import TypeVar

import click
from kafka.producer.future import RecordMetadata

from schemas.base import Message
from schemas.topics import Topic
from streams.process import decoded
from streams.reading import Reader
from streams.records import Outgoing, Record
from streams.settings import Settings
from streams.stage import Reject
from streams.writing import Writer

M = TypeVar("M", bound=Message)


def latest(settings: Settings, topic: Topic[M]) -> dict[str, Record]:
    """The record that stands for each key now; deleted keys are left out."""
    with closing(Reader(settings, topic.name)) as reader:
        reader.from_beginning()
        found = {(record.key or b"").decode("utf-8", "replace"): record for record in reader.until_now()}
    return {key: record for key, record in found.items() if record.value is not None}


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


def send(settings: Settings, topic: str, records: Sequence[tuple[str, bytes | None]]) -> list[RecordMetadata]:
    """Write keys and values to a declared topic; where each one is. Raises where the broker does not confirm one."""
    with closing(Writer(settings)) as writer:
        sent = [writer.send(Outgoing(topic, key.encode(), value)) for key, value in records]
        return [writer.confirm(each) for each in sent]
