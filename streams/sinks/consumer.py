"""One sink in one process: its consumer group, its retry topic, its delivery.

A plain aiokafka consumer and no Faust: a sink waits for the network, not for the processor, and needs its
offset committed exactly when a delivery is settled, which may be long after it was read.
"""

import asyncio
import logging
import random
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError

from schemas.alert import Alert
from schemas.topics import ALERTS, retries_of
from streams.connection import client_options
from streams.delivery import Delivery
from streams.header_names import read_any_record
from streams.records import Record, record_read
from streams.settings import Settings
from streams.sinks.configuration import SinksFile
from streams.sinks.history import begin, between
from streams.sinks.ledger import Ledger
from streams.sinks.outbox import KafkaOutbox
from streams.sinks.sink import KeepsOpen, MayBeGone, Notice, SinkSettings
from streams.sinks.undelivered import readable

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
"""Longest pause between two looks at what is due."""
SKIPPED_SECONDS = 1.0
"""How often offsets are committed while a sink only passes over alerts for others."""
GROUP = {
    "enable_auto_commit": False,
    "auto_offset_reset": "earliest",
    "max_poll_interval_ms": 24 * 3600 * 1000,  # a receiver may ask for hours of silence
    "session_timeout_ms": 10_000,
    "heartbeat_interval_ms": 3_000,
    "rebalance_timeout_ms": 180_000,  # what is under way is settled first
}


class SinkConsumer(ConsumerRebalanceListener):
    """One sink in this process: its consumer, its retry topic, its delivery."""

    def __init__(
        self, name: str, sink: SinkSettings, file: SinksFile, settings: Settings, producer: AIOKafkaProducer
    ) -> None:
        self._name = name
        self._settings = settings
        self._sink_settings = sink
        self._writer = secrets.token_hex(8)
        self._sink = sink.build()
        outbox = KafkaOutbox(producer, settings, name, self._writer)
        scope = settings.named(name)
        self._delivery = Delivery(
            name, self._sink, sink, lambda alert: file.receives(name, alert), outbox, time.time, random.random, scope
        )
        self._most = max(self._sink.at_once, 4 * self._sink.concurrency)
        self._owned: set[int] = set()
        self._offsets: dict[TopicPartition, int] = {}
        """Settled and not committed."""
        self._committed_at = 0.0
        self._broken: Exception | None = None
        """What went wrong with an assignment."""
        self._working = asyncio.Lock()
        """Held while alerts are settled; an assignment changes between, never within."""

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until ``stop`` is set; what is being delivered then is settled first."""
        read_any_record()
        options = client_options(self._settings)
        self._consumer = AIOKafkaConsumer(**options, group_id=self._settings.named(self._name), **GROUP)
        entries = AIOKafkaConsumer(**options, group_id=None, enable_auto_commit=False)
        await self._sink.start()
        try:
            await entries.start()
            self._ledger = Ledger(entries, self._settings.named(retries_of(self._name).name), self._writer)
            await self._consumer.start()
            self._consumer.subscribe([self._settings.named(ALERTS.name)], listener=self)
            log.info("sink runs", extra={"sink": self._name, "target": self._sink.target})
            while not stop.is_set():
                await self._turn(stop)
        finally:
            await self._consumer.stop()
            await entries.stop()
            await self._sink.stop()

    async def _turn(self, stop: asyncio.Event) -> None:
        """Do what is due, then take what has come."""
        if self._broken:
            raise self._broken
        async with self._working:
            if self._owned:
                await self._listen()
                await self._delivery.retry()
                await self._delivery.resend()
        pause = self._pause()
        if self._delivery.rests_until > time.time():
            await _until(stop, pause)
            return
        batches = await self._consumer.getmany(timeout_ms=int(pause * 1000), max_records=self._most)
        async with self._working:
            await self._take(batches)

    async def _listen(self) -> None:
        """Take in what others have written to the retry topic."""
        async for pending in self._ledger.news():
            if pending.record.partition in self._owned:
                self._delivery.waiting.put(pending)
        if self._ledger.enabled and self._delivery.disabled:
            self._delivery.back()
        self._ledger.enabled = False

    def _pause(self) -> float:
        due = self._delivery.next_at()
        return IDLE_SECONDS if due is None else min(IDLE_SECONDS, max(0.0, due - time.time()))

    async def _take(self, batches: Mapping[TopicPartition, Sequence[Any]]) -> None:
        """Settle what was read and commit it; what belongs to others by now, or is not restored yet, is left."""
        records: list[Record] = []
        offsets: dict[TopicPartition, int] = {}
        for partition, found in batches.items():
            if partition.partition in self._owned:
                records += [record_read(ALERTS.name, record) for record in found]
                offsets[partition] = found[-1].offset + 1
            elif partition in self._consumer.assignment():
                self._consumer.seek(partition, found[0].offset)
        did = await self._delivery.take(records) if records else False
        self._offsets |= offsets
        if did or time.monotonic() - self._committed_at > SKIPPED_SECONDS:
            await self._commit()

    async def _commit(self) -> None:
        """Commit what is settled. Alerts for others need no haste: reading those again costs little."""
        self._committed_at = time.monotonic()
        if not self._offsets:
            return
        offsets, self._offsets = self._offsets, {}
        try:
            await self._consumer.commit(offsets)
        except (CommitFailedError, IllegalStateError) as error:
            log.warning("not committed: alerts may come again", extra={"sink": self._name, "error": repr(error)})

    async def on_partitions_revoked(self, revoked: Any) -> None:
        """Settle what is under way, then let go."""
        async with self._working:
            try:
                await self._commit()
            except KafkaError as error:  # aiokafka would only log it
                self._broken = error
            self._owned = set()

    async def on_partitions_assigned(self, assigned: Any) -> None:
        """Know what waits before the first alert is taken."""
        try:
            await self._own(assigned)
        except Exception as error:  # aiokafka would only log it
            self._broken = error

    async def _own(self, assigned: Any) -> None:
        async with self._working:
            await begin(self._consumer, sorted(assigned), time.time() - self._sink_settings.start)
            owned = {partition.partition for partition in assigned}
            self._delivery.waiting.clear()
            for pending in await self._ledger.restore():
                if pending.record.partition in owned:
                    self._delivery.waiting.put(pending)
            self._shut_or_open()
            await self._recall(sorted(assigned))
            self._owned = owned
            self._delivery.count_waiting()
            extra = {"sink": self._name, "partitions": sorted(owned), "waiting": len(self._delivery.waiting)}
            log.info("assigned", extra=extra)

    def _shut_or_open(self) -> None:
        """A receiver that has said it is gone stays off until the address is another one."""
        gone = self._ledger.gone
        if gone and isinstance(self._sink, MayBeGone) and gone["address"] == self._sink.address:
            self._delivery.gone(gone["detail"])

    async def _recall(self, assigned: Sequence[TopicPartition]) -> None:
        """For a sink that keeps alerts open: read back those it had been told of."""
        if not isinstance(self._sink, KeepsOpen):
            return
        self._sink.forget()
        since = time.time() - self._sink.keep_seconds
        async with AIOKafkaConsumer(
            **client_options(self._settings), group_id=None, enable_auto_commit=False
        ) as reader:
            for partition in assigned:
                async for record in between(reader, partition, since, await self._consumer.committed(partition) or 0):
                    alert = readable(record)
                    if isinstance(alert, Alert) and self._delivery.chooser.gets(alert):
                        self._sink.remember(Notice(alert, b"", record.timestamp or 0.0))


async def _until(stop: asyncio.Event, seconds: float) -> None:
    """Wait for a stop, at most ``seconds``."""
    try:
        await asyncio.wait_for(stop.wait(), max(0.05, seconds))
    except TimeoutError:
        return
