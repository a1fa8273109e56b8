"""Where a sink begins on ``alerts``, and what stood there before."""

from collections.abc import AsyncIterator, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition

from schemas.topics import ALERTS
from streams.records import Record, record_read
from streams.whole_topics import read_up_to


async def begin(consumer: AIOKafkaConsumer, assigned: Sequence[TopicPartition], since: float) -> None:
    """Where the group has never committed, begin at the moment ``since``, and make that its beginning."""
    new = [partition for partition in assigned if await consumer.committed(partition) is None]
    if not new:
        return
    ends = await consumer.end_offsets(new)  # before the look below: what comes in between is new
    found = await consumer.offsets_for_times(dict.fromkeys(new, max(0, int(since * 1000))))
    offsets = {partition: found[partition].offset if found[partition] else ends[partition] for partition in new}
    for partition, offset in offsets.items():
        consumer.seek(partition, offset)
    await consumer.commit(offsets)


async def between(
    reader: AIOKafkaConsumer, partition: TopicPartition, since: float, until: int
) -> AsyncIterator[Record]:
    """Records of a partition from a moment on, up to the offset ``until``."""
    reader.assign([partition])
    found = (await reader.offsets_for_times({partition: max(0, int(since * 1000))}))[partition]
    if found is None or found.offset >= until:
        return
    reader.seek(partition, found.offset)
    async for record in read_up_to(reader, partition, until):
        yield record_read(ALERTS.name, record)
