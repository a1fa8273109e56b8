"""State made again from the log that it is a fold of, where its changelog has lost part of it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from streams.changelog import Entry, Kept, PartitionState
from streams.guard import Guard
from streams.process import decoded, remembered
from streams.records import Record, record_read
from streams.stage import Decision, Reject, Step

log = logging.getLogger(__name__)

READ_AT_ONCE = 200


@dataclass(frozen=True)
class Source:
    """What a stage's state is a fold of: its topic, by its full name, as far as its consumer group has committed."""

    step: Step[Any]
    topic: str
    group: str
    client: dict[str, Any]

    async def committed(self, partition: int) -> int:
        """Offset up to which the group has worked; 0 before it has."""
        admin = AIOKafkaAdminClient(**self.client)
        await admin.start()
        try:
            tp = TopicPartition(self.topic, partition)
            found = await admin.list_consumer_group_offsets(self.group, partitions=[tp])
        finally:
            await admin.close()
        return max(0, found[tp].offset) if tp in found else 0


@dataclass
class Survivors:
    """What a damaged changelog still holds."""

    decisions: dict[str, Decision] = field(default_factory=dict)
    keys: list[bytes] = field(default_factory=list)

    def see(self, entry: Entry) -> None:
        """Keep an entry, unless it is a summary: what it sums up is read again."""
        self.keys.append(entry.key)
        if not entry.is_summary:
            self.decisions.setdefault(entry.position, entry.decision)


@dataclass
class Rebuilt:
    """A state made again, and what its changelog has to become."""

    state: PartitionState
    entries: list[Entry]
    gone: list[bytes]
    whole: bool
    """Whether the log still began at its beginning."""


@dataclass(frozen=True)
class Mender:
    """What mends a changelog: where its state comes from, what guards the work, and what writes."""

    source: Source
    guard: Guard
    send: Callable[[str, bytes, bytes | None, int], Awaitable[Any]]
    """Hands topic, key, value and partition to the producer; gives the future of the broker's word."""

    async def write(self, topic: str, partition: int, rebuilt: Rebuilt) -> int:
        """Write what was made again, then delete what no longer counts; the highest offset, or -1.

        Old summaries go first: they would hide what is written again. Ended in between, it is done again.
        """
        summaries = [key for key in rebuilt.gone if key.endswith(b":summary")]
        others = [key for key in rebuilt.gone if not key.endswith(b":summary")]
        highest = -1
        for part in ([(key, None) for key in summaries], [(e.key, e.value) for e in rebuilt.entries],
                     [(key, None) for key in others]):  # fmt: skip
            futures = [await self.send(topic, key, value, partition) for key, value in part]
            highest = max([highest, *(record.offset for record in await asyncio.gather(*futures))])
        return highest


async def rebuild(
    source: Source, state: PartitionState, partition: int, generation: int, survivors: Survivors, guard: Guard
) -> Rebuilt:
    """Fold the log of ``partition`` into the empty ``state``, up to what is committed; nothing is sent.

    Decisions that survived are taken as they were: rules may have changed since. A record that ends the
    process is met under the guard, as when it first came.
    """
    kept = Kept()
    options = {"group_id": None, "enable_auto_commit": False, "max_poll_records": READ_AT_ONCE}
    async with AIOKafkaConsumer(**source.client, **options) as reader:
        tp = TopicPartition(source.topic, partition)
        begin = (await reader.beginning_offsets([tp]))[tp]
        async for records in _records(reader, source, tp, begin, await source.committed(partition)):
            await guard.run([r.position for r in records], _work(source, state, records, generation, kept, survivors))
            guard.settled()
            await asyncio.sleep(0)
    dropped = set(kept.gone)
    entries = [entry for entry in kept.entries if entry.key not in dropped]
    current = {entry.key for entry in entries}
    return Rebuilt(state, entries, [key for key in survivors.keys if key not in current], begin == 0)


def _work(
    source: Source,
    state: PartitionState,
    records: Sequence[Record],
    generation: int,
    kept: Kept,
    survivors: Survivors,
) -> Any:
    def one(record: Record) -> Any:
        message = decoded(source.step.reads, record)
        if isinstance(message, Reject):
            return message
        return remembered(state, message, generation, kept, survivors.decisions)

    return lambda which: [one(records[i]) for i in which]


async def _records(
    reader: AIOKafkaConsumer, source: Source, tp: TopicPartition, begin: int, end: int
) -> AsyncIterator[list[Record]]:
    reader.assign([tp])
    reader.seek(tp, begin)
    name = source.step.reads.name
    while await reader.position(tp) < end:
        for found in (await reader.getmany(tp, timeout_ms=200)).values():
            yield [record_read(name, record) for record in found if record.offset < end]


def say(stage: str, partition: int, rebuilt: Rebuilt) -> None:
    """Tell that a state was made again, and whether the log still held all of it."""
    lacks: Mapping[str, Any] = {} if rebuilt.whole else {"lacks": "what the log no longer holds"}
    log.warning(
        "changelog was incomplete: its state is rebuilt from the log",
        extra={"stage": stage, "partition": partition, "decisions": len(rebuilt.state.keys), **lacks},
    )
