"""Brings back what a sink could not be given: from ``alerts.undelivered`` to the sink's retry topic."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from pydantic import ValidationError

from schemas.alert import Alert
from schemas.topics import UNDELIVERED, retries_of
from streams.connection import client_options
from streams.records import Record, described, sent_again
from streams.settings import Settings
from streams.sinks.outbox import GONE, KafkaOutbox
from streams.sinks.runner import ensure_topics
from streams.sinks.waiting import Pending
from streams.whole_topics import read_up_to

WRITER = "replay"


async def enable(settings: Settings, sink: str) -> None:
    """Forget that the sink's receiver said it was gone; a running sink must be started anew to notice."""
    await asyncio.to_thread(ensure_topics, settings, [sink])
    async with AIOKafkaProducer(**client_options(settings), acks="all") as producer:
        await producer.send_and_wait(settings.named(retries_of(sink).name), key=GONE, value=None, partition=0)


async def replay(settings: Settings, sink: str, since_hours: float | None = None) -> int:
    """Let the undelivered alerts of ``sink`` wait for delivery, each once however often this is run; their number.

    A running sink takes them at once, another when it starts.
    """
    await asyncio.to_thread(ensure_topics, settings, [sink])
    reader = AIOKafkaConsumer(
        **client_options(settings),
        group_id=settings.named(f"{sink}.replay"),
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    producer = AIOKafkaProducer(**client_options(settings), acks="all", max_request_size=UNDELIVERED.limit * 2)
    count = 0
    async with reader, producer:
        outbox = KafkaOutbox(producer, settings, sink, WRITER)
        oldest = 0.0 if since_hours is None else time.time() - since_hours * 3600
        topic = settings.named(UNDELIVERED.name)
        partitions = [TopicPartition(topic, number) for number in sorted(await producer.partitions_for(topic))]
        async for record in _unseen(reader, partitions):
            pending = _pending(record, sink)
            if pending is not None and record.timestamp / 1000 >= oldest:
                await outbox.hold(pending)
                count += 1
            await reader.commit({TopicPartition(record.topic, record.partition): record.offset + 1})
    return count


async def _unseen(reader: AIOKafkaConsumer, partitions: Sequence[TopicPartition]) -> AsyncIterator[Any]:
    """Every record that is there now and was not seen by an earlier replay."""
    reader.assign(partitions)
    for partition, end in (await reader.end_offsets(partitions)).items():
        async for record in read_up_to(reader, partition, end):
            yield record


def _pending(record: Any, sink: str) -> Pending | None:
    """The alert of a dead letter of ``sink``; None for one of another, or one that is no alert."""
    why = described(record.headers)
    if why is None or why.stage != sink or record.value is None:
        return None
    try:
        alert = Alert.model_validate_json(record.value)
    except ValidationError:
        return None
    headers = sent_again(record.headers, why.replays + 1)
    stamp = record.timestamp if why.timestamp is None else why.timestamp
    original = Record(why.topic, why.partition, why.offset, stamp / 1000, record.key, record.value, headers)
    now = time.time()
    return replace(Pending(original, alert, since=now, not_before=now), detail="replayed")
