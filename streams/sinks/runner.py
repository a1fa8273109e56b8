"""Runs sinks: each reads ``alerts`` in a consumer group of its own, so that a slow one delays nobody.

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
from aiokafka.errors import CommitFailedError, IllegalStateError

from schemas.alert import Alert
from schemas.topics import ALERTS, SOURCE_LIMIT, retries_of
from streams import metrics
from streams.connection import client_options
from streams.delivery import Delivery, readable
from streams.errors import ConfigurationError
from streams.records import Record
from streams.settings import Settings
from streams.sinks.configuration import SinksFile, load_sinks
from streams.sinks.ledger import Ledger
from streams.sinks.outbox import KafkaOutbox
from streams.sinks.sink import KeepsOpen, MayBeGone, Notice, SinkSettings
from streams.sinks.stdout import StdoutSettings
from streams.sinks.waiting import Pending
from streams.topics_admin import TopicPlan, create_topics

log = logging.getLogger(__name__)

IDLE_SECONDS = 1.0
"""Longest pause between two looks at what is due."""
RARELY_MS = 24 * 3600 * 1000


def configured_sinks(settings: Settings, names: Sequence[str] = ()) -> tuple[SinksFile, Mapping[str, SinkSettings]]:
    """The file of sinks, and the settings of those to run. Standard output needs no file."""
    found = load_sinks(settings)
    if found is None:
        if list(names) != ["stdout"]:
            raise ConfigurationError(
                "no sinks are configured; name a file of them in WIREWATCH_SINKS, see docs/sinks.md"
            )
        found = SinksFile(sinks={"stdout": StdoutSettings()})
    return found, found.chosen(tuple(names))


async def run_sinks(settings: Settings, names: Sequence[str] = (), stop: asyncio.Event | None = None) -> None:
    """Run the sinks ``names``, all where none is named, until ``stop`` is set; raises what ends one of them.

    What a sink's receiver does never ends it. ConfigurationError before anything is read.
    """
    found, chosen = configured_sinks(settings, names)
    stop = stop or asyncio.Event()
    await asyncio.to_thread(create_retry_topics, settings, list(chosen))
    metrics.start_sink_series(chosen)
    producer = AIOKafkaProducer(**_producer_options(settings))
    await producer.start()
    try:
        async with asyncio.TaskGroup() as group:
            for name, sink in chosen.items():
                runner = SinkRunner(name, sink, found, settings, producer)
                group.create_task(runner.run(stop), name=f"sink {name}")
    finally:
        await producer.stop()


def create_retry_topics(settings: Settings, names: Sequence[str]) -> None:
    """Create the retry topics that are missing."""
    options = client_options(settings)
    servers = ",".join(options.pop("bootstrap_servers"))
    topics = [retries_of(name) for name in names]
    plans = [TopicPlan(settings.named(topic.name), 1, settings.replication, topic.config) for topic in topics]
    create_topics(servers, plans, **options)


def _producer_options(settings: Settings) -> dict[str, Any]:
    return {
        **client_options(settings),
        "acks": "all",
        "enable_idempotence": True,
        "max_request_size": 2 * SOURCE_LIMIT,
        "request_timeout_ms": 120_000,
    }


class SinkRunner(ConsumerRebalanceListener):
    """One sink in this process: its consumer, its retry topic, its delivery."""

    def __init__(
        self, name: str, sink: SinkSettings, file: SinksFile, settings: Settings, producer: AIOKafkaProducer
    ) -> None:
        self._name = name
        self._settings = settings
        self._sink_settings = sink
        self._topic = settings.named(ALERTS.name)
        self._writer = secrets.token_hex(8)
        self._sink = sink.build()
        self._delivery = Delivery(
            name,
            self._sink,
            sink,
            lambda alert: file.receives(name, alert),
            KafkaOutbox(producer, settings, name, self._writer),
            time.time,
            random.random,
        )
        self._most = self._sink.at_once if self._sink.at_once > 1 else 4 * self._sink.concurrency
        self._owned: set[int] = set()
        self._working = asyncio.Lock()
        """Held while alerts are settled; an assignment changes between, never within."""

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until ``stop`` is set; what is being delivered then is settled first."""
        self._consumer = AIOKafkaConsumer(
            **client_options(self._settings),
            group_id=self._settings.named(self._name),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_poll_interval_ms=RARELY_MS,
            session_timeout_ms=10_000,
            heartbeat_interval_ms=3_000,
            rebalance_timeout_ms=60_000,
        )
        entries = AIOKafkaConsumer(**client_options(self._settings), group_id=None, enable_auto_commit=False)
        await self._sink.start()
        try:
            await entries.start()
            self._ledger = Ledger(entries, self._settings.named(retries_of(self._name).name), self._writer)
            await self._consumer.start()
            self._consumer.subscribe([self._topic], listener=self)
            log.info("sink runs", extra={"sink": self._name, "target": self._sink.target})
            while not stop.is_set():
                await self._turn(stop)
        finally:
            await self._consumer.stop()
            await entries.stop()
            await self._sink.stop()

    async def _turn(self, stop: asyncio.Event) -> None:
        """Do what is due, then take what has come."""
        async with self._working:
            if self._owned:
                async for pending in self._ledger.news():
                    self._put(pending)
                await self._delivery.retry()
                await self._delivery.resend()
        pause = self._pause()
        if self._delivery.rests_until > time.time():
            await _until(stop, pause)
            return
        batches = await self._consumer.getmany(timeout_ms=int(pause * 1000), max_records=self._most)
        async with self._working:
            await self._take(batches)

    def _pause(self) -> float:
        due = self._delivery.next_at()
        return IDLE_SECONDS if due is None else min(IDLE_SECONDS, max(0.0, due - time.time()))

    async def _take(self, batches: Mapping[TopicPartition, Sequence[Any]]) -> None:
        """Settle what was read and commit it; what belongs to others by now, or is not restored yet, is left."""
        records: list[Record] = []
        offsets: dict[TopicPartition, int] = {}
        for partition, found in batches.items():
            if partition.partition in self._owned:
                records.extend(map(_record, found))
                offsets[partition] = found[-1].offset + 1
            elif partition in self._consumer.assignment():
                self._consumer.seek(partition, found[0].offset)
        if not records:
            return
        await self._delivery.take(records)
        try:
            await self._consumer.commit(offsets)
        except (CommitFailedError, IllegalStateError) as error:
            log.warning("not committed: alerts may come again", extra={"sink": self._name, "error": repr(error)})

    async def on_partitions_revoked(self, revoked: Any) -> None:
        """Settle what is under way, then let go."""
        async with self._working:
            self._owned = set()

    async def on_partitions_assigned(self, assigned: Any) -> None:
        """Know what waits before the first alert is taken."""
        async with self._working:
            await self._begin(assigned)
            owned = {partition.partition for partition in assigned}
            self._delivery.waiting.clear()
            for pending in await self._ledger.restore():
                self._put(pending, owned)
            self._shut_or_open()
            await self._recall(assigned)
            self._owned = owned
            extra = {"sink": self._name, "partitions": sorted(owned), "waiting": len(self._delivery.waiting)}
            log.info("assigned", extra=extra)

    def _put(self, pending: Pending, owned: set[int] | None = None) -> None:
        if pending.record.partition in (self._owned if owned is None else owned):
            self._delivery.waiting.put(pending)

    def _shut_or_open(self) -> None:
        """A receiver that has said it is gone stays off until the address is another one."""
        gone = self._ledger.gone
        if gone and isinstance(self._sink, MayBeGone) and gone["address"] == self._sink.address:
            self._delivery.gone(gone["detail"])

    async def _begin(self, assigned: Sequence[TopicPartition]) -> None:
        """Where a group has never committed, begin a while back, and make that its beginning."""
        new = [partition for partition in assigned if await self._consumer.committed(partition) is None]
        since = int((time.time() - self._sink_settings.start) * 1000)
        if not new:
            return
        found = await self._consumer.offsets_for_times(dict.fromkeys(new, max(0, since)))
        ends = await self._consumer.end_offsets(new)
        begin = {partition: found[partition].offset if found[partition] else ends[partition] for partition in new}
        for partition, offset in begin.items():
            self._consumer.seek(partition, offset)
        await self._consumer.commit(begin)

    async def _recall(self, assigned: Sequence[TopicPartition]) -> None:
        """For a sink that keeps alerts open: read back those it had been told of."""
        if not isinstance(self._sink, KeepsOpen):
            return
        for number in self._owned:
            self._sink.forget(number)
        reader = AIOKafkaConsumer(**client_options(self._settings), group_id=None, enable_auto_commit=False)
        await reader.start()
        try:
            for partition in assigned:
                until = await self._consumer.committed(partition) or 0
                for record in await _between(reader, partition, time.time() - self._sink.keep_seconds, until):
                    self._remember(_record(record))
        finally:
            await reader.stop()

    def _remember(self, record: Record) -> None:
        alert = readable(record)
        if isinstance(alert, Alert) and isinstance(self._sink, KeepsOpen) and self._delivery.gets(alert):
            self._sink.remember(Notice(alert, b"", record.timestamp or 0.0), record.partition)


async def _between(reader: AIOKafkaConsumer, partition: TopicPartition, since: float, until: int) -> list[Any]:
    """Records of a partition from a moment on, up to the offset ``until``."""
    reader.assign([partition])
    found = (await reader.offsets_for_times({partition: max(0, int(since * 1000))}))[partition]
    if found is None or found.offset >= until:
        return []
    reader.seek(partition, found.offset)
    records: list[Any] = []
    while await reader.position(partition) < until:
        for some in (await reader.getmany(partition, timeout_ms=1000)).values():
            records.extend(record for record in some if record.offset < until)
    return records


def _record(record: Any) -> Record:
    """A record as aiokafka gives it, as ours."""
    seconds = record.timestamp / 1000 if record.timestamp >= 0 else None
    headers = [(name, value) for name, value in record.headers]
    return Record(ALERTS.name, record.partition, record.offset, seconds, record.key, record.value, headers)


async def _until(stop: asyncio.Event, seconds: float) -> None:
    """Wait for a stop, at most ``seconds``."""
    try:
        await asyncio.wait_for(stop.wait(), max(0.05, seconds))
    except TimeoutError:
        return
