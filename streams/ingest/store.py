"""Subscriptions and states on their topics: read whole, written one by one, articles always before the state."""

import asyncio
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from pydantic import ValidationError

from schemas.article import RawArticle
from schemas.feed import Feed, FeedState
from schemas.topics import FEEDS, FEEDS_STATE, RAW, REJECTED, SOURCE_LIMIT
from streams.connection import client_options, partitions_of
from streams.ingest.turns import domain_of
from streams.needed_topics import create_needed
from streams.publishing import record_of
from streams.records import Outgoing, outgoing
from streams.settings import Settings
from streams.whole_topics import read_whole


def partition_of(url: str, partitions: int) -> int:
    """The partition of ``feeds`` for a feed at ``url``: feeds of one domain have one poller."""
    return zlib.crc32(domain_of(url).encode()) % partitions


def ensure_topics(settings: Settings) -> None:
    """Create what is missing of the topics that a poller reads and writes."""
    create_needed(settings, (RAW, REJECTED, FEEDS, FEEDS_STATE))


def producer_of(settings: Settings) -> AIOKafkaProducer:
    """A producer whose every record is confirmed by all replicas."""
    return AIOKafkaProducer(
        **client_options(settings), acks="all", enable_idempotence=True, max_request_size=2 * SOURCE_LIMIT
    )


class Store:
    """What pollers share: ``consumer`` belongs to no group."""

    def __init__(self, settings: Settings, consumer: AIOKafkaConsumer, producer: AIOKafkaProducer) -> None:
        self._settings, self._consumer, self._producer = settings, consumer, producer

    async def partitions(self) -> Sequence[int]:
        """The partitions that feeds stand in."""
        return await partitions_of(self._consumer, self._settings.named(FEEDS.name))

    async def read(
        self, partitions: Iterable[int]
    ) -> tuple[dict[str, tuple[Feed, int]], dict[str, FeedState], dict[int, int]]:
        """Feeds with their partitions, their states, and how far ``feeds`` was read in each partition."""
        numbers = sorted(partitions)
        found, ends = await self._latest([TopicPartition(self._settings.named(FEEDS.name), n) for n in numbers])
        known, _ = await self._latest([TopicPartition(self._settings.named(FEEDS_STATE.name), n) for n in numbers])
        # states of thousands of feeds take seconds to decode, in which the loop has to turn
        feeds, states = await asyncio.to_thread(lambda: (_decoded(Feed, found), _decoded(FeedState, known)))
        placed = {feed.id: (feed, partition) for feed, partition in feeds}
        return placed, {state.id: state for state, _ in states}, {p.partition: end for p, end in ends.items()}

    async def publish(self, articles: Sequence[RawArticle]) -> None:
        """Return once the broker has confirmed every article; one that is too large is set aside."""
        await asyncio.gather(*[await self._send(record_of(article)) for article in articles])

    async def keep(self, state: FeedState, partition: int) -> None:
        """Remember a state, once its articles are published: a crash between repeats them and loses none."""
        await (await self._send(replace(outgoing(FEEDS_STATE, state, "ingest", ()), partition=partition)))

    async def _send(self, out: Outgoing) -> asyncio.Future[Any]:
        headers = [(name, value or b"") for name, value in out.headers]
        topic = self._settings.named(out.topic)
        sent: asyncio.Future[Any] = await self._producer.send(topic, out.value, out.key, out.partition, headers=headers)
        return sent

    async def _latest(self, partitions: Sequence[TopicPartition]) -> tuple[list[Any], dict[TopicPartition, int]]:
        """The record that stands for each key, and where each partition ends."""
        found: dict[tuple[int, bytes | None], Any] = {}
        async for batches in read_whole(self._consumer, partitions):
            for records in batches.values():
                found.update({(record.partition, record.key): record for record in records})
        ends = {partition: await self._consumer.position(partition) for partition in partitions}
        return [record for record in found.values() if record.value is not None], ends


def _decoded(model: Any, records: Iterable[Any]) -> list[tuple[Any, int]]:
    return [(found, each.partition) for each in records if (found := message_of(model, each.value)) is not None]


def message_of(model: Any, value: bytes | None) -> Any:
    """A message of a topic that anybody may write to; None for what is none."""
    try:
        return model.model_validate_json(value) if value else None
    except ValidationError:
        return None
