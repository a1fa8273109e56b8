"""A sink's promises on Kafka: its retry topic, and ``alerts.undelivered``."""

from typing import Any

import orjson
from aiokafka import AIOKafkaProducer

from schemas.topics import UNDELIVERED, retries_of
from streams.records import Headers, Record, dead_letter
from streams.settings import Settings
from streams.sinks.undelivered import Undelivered
from streams.sinks.waiting import Pending

GONE = b"gone"
"""Key of the entry that says that the receiver is gone; those of alerts are positions."""
WRITER = "delivery_writer"


class KafkaOutbox:
    """Writes for one sink of one process; ``writer`` tells its own entries from those of others."""

    def __init__(self, producer: AIOKafkaProducer, settings: Settings, sink: str, writer: str) -> None:
        self._producer = producer
        self._retries = settings.named(retries_of(sink).name)
        self._undelivered = settings.named(UNDELIVERED.name)
        self._sink = sink
        self._writer = [(WRITER, writer.encode())]

    async def hold(self, pending: Pending) -> None:
        """Keep an alert that waits."""
        await self._keep(pending.record.position.encode(), pending.record.value, pending.headers())

    async def release(self, pending: Pending) -> None:
        """Let go of one that no longer does."""
        await self._keep(pending.record.position.encode(), None, ())

    async def disable(self, address: str, detail: str) -> None:
        """Keep in mind that the receiver at ``address`` is gone."""
        await self._keep(GONE, orjson.dumps({"address": address, "detail": detail}), ())

    async def bury(self, record: Record, why: Undelivered) -> None:
        """Put a record on ``alerts.undelivered``, with headers that say why."""
        out = dead_letter(record, self._sink, why, UNDELIVERED.name, UNDELIVERED.limit)
        await self._send(self._undelivered, out.key, out.value, out.headers)

    async def _keep(self, key: bytes, value: bytes | None, headers: Headers) -> None:
        await self._send(self._retries, key, value, [*headers, *self._writer], partition=0)

    async def _send(self, topic: str, key: Any, value: Any, headers: Headers, partition: int | None = None) -> None:
        await self._producer.send_and_wait(topic, value=value, key=key, partition=partition, headers=list(headers))
