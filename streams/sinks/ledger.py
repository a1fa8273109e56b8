"""Reads a sink's retry topic: what waits, whether the receiver is gone, and what others have written since.

The topic is compacted and has one partition: an entry's key is the position of its alert, null ends it. So it
is read whole at each assignment, and what waits needs no offset of its own.
"""

import logging
from collections.abc import AsyncIterator, Iterable
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer, TopicPartition

from streams.sinks.outbox import GONE, WRITER
from streams.sinks.waiting import Pending, pending_of

log = logging.getLogger(__name__)


class Ledger:
    """The retry topic of one sink, as one process reads it."""

    def __init__(self, consumer: AIOKafkaConsumer, topic: str, writer: str) -> None:
        self._consumer = consumer
        self._partition = TopicPartition(topic, 0)
        self._writer = writer.encode()
        self._consumer.assign([self._partition])
        self.gone: dict[str, str] = {}
        """``address`` and ``detail`` of a receiver that is gone; empty while none is."""
        self.enabled = False
        """Whether somebody has said since the last look that the receiver is back."""

    async def restore(self) -> list[Pending]:
        """All that waits now."""
        found: dict[bytes, Pending] = {}
        self.gone = {}
        await self._consumer.seek_to_beginning(self._partition)
        end = (await self._consumer.end_offsets([self._partition]))[self._partition]
        while await self._consumer.position(self._partition) < end:
            for record in await self._some(1000):
                key = record.key or b""
                pending = self._read(record)
                if pending is None:
                    found.pop(key, None)
                else:
                    found[key] = pending
        return list(found.values())

    async def news(self) -> AsyncIterator[Pending]:
        """What others have added since it was last read: an alert that is replayed, for example."""
        for record in await self._some(0):
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

    async def _some(self, milliseconds: int) -> list[Any]:
        batches = await self._consumer.getmany(self._partition, timeout_ms=milliseconds)
        return [record for records in batches.values() for record in records]
