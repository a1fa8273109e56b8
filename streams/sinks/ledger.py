"""Reads a sink's retry topic: what waits, whether the receiver is gone, and what others have written since.

The topic is compacted and has one partition: an entry's key is the position of its alert, null ends it. So it
is read whole at each assignment, and what waits needs no offset of its own.
"""

import logging
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.sinks.outbox import GONE, WRITER
from streams.sinks.waiting import Pending, pending_of
from streams.whole_topics import read_whole

log = logging.getLogger(__name__)


class Ledger:
    """The retry topic of one sink, as one process reads it."""

    def __init__(self, consumer: AIOKafkaConsumer, topic: str, writer: str) -> None:
        self._consumer = consumer
        self._partition = TopicPartition(topic, 0)
        self._writer = writer.encode()
        self.gone: dict[str, str] = {}
        """``address`` and ``detail`` of a receiver that is gone; empty while none is."""
        self.enabled = False
        """Whether somebody has said since the last look that the receiver is back."""

    async def restore(self) -> list[Pending]:
        """All that waits now."""
        found: dict[bytes, Pending] = {}
        self.gone = {}
        async for batches in read_whole(self._consumer, [self._partition]):
            for record in _records(batches):
                key = record.key or b""
                pending = self._read(record)
                if pending is None:
                    found.pop(key, None)
                else:
                    found[key] = pending
        return list(found.values())

    async def news(self) -> AsyncIterator[Pending]:
        """What others have added since it was last read: an alert that is replayed, for example."""
        for record in _records(await self._consumer.getmany(self._partition, timeout_ms=0)):
            pending = self._read(record)
            if pending is not None and dict(record.headers).get(WRITER) != self._writer:
                yield pending

    def _read(self, record: Any) -> Pending | None:
        """The alert of an entry, None where it ends one or is about the receiver."""
        if record.key == GONE:
            self.gone = orjson.loads(record.value) if record.value else {}
            self.enabled = not self.gone
            return None
        own: Iterable[tuple[str, bytes]] = ((name, text) for name, text in record.headers if name != WRITER)
        if record.value is None:
            return None
        pending = pending_of(record.value, own)
        if pending is None:
            log.error("an entry of the retry topic cannot be read", extra={"topic": record.topic, "at": record.offset})
        return pending


def _records(batches: Mapping[TopicPartition, Sequence[Any]]) -> list[Any]:
    return [record for records in batches.values() for record in records]
