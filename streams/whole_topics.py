"""Partitions read to an end that is known beforehand, by a consumer of aiokafka that belongs to no group."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

WAIT_MS = 1000


async def read_whole(
    consumer: AIOKafkaConsumer, partitions: Collection[TopicPartition], at_once: int | None = None
) -> AsyncIterator[Mapping[TopicPartition, Sequence[Any]]]:
    """Give all records there are now, at most ``at_once`` a batch; then ``consumer`` stands behind the last of them."""
    if not partitions:
        return
    consumer.assign(partitions)
    await consumer.seek_to_beginning(*partitions)
    ends = await consumer.end_offsets(partitions)
    while any([await consumer.position(partition) < end for partition, end in ends.items()]):
        yield await consumer.getmany(timeout_ms=WAIT_MS, max_records=at_once)


async def read_up_to(consumer: AIOKafkaConsumer, partition: TopicPartition, until: int) -> AsyncIterator[Any]:
    """Give records of a partition from where ``consumer`` stands, as it gives them, up to the offset ``until``."""
    while await consumer.position(partition) < until:
        for records in (await consumer.getmany(partition, timeout_ms=WAIT_MS)).values():
            for record in records:
                if record.offset < until:
                    yield record
