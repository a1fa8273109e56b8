"""The state of the partitions a hop owns: restored before their first message, written with its outputs."""

import logging
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams import metrics
from streams.changelog import Entry, PartitionState, Restorer, Survey, entry_of, state_version
from streams.stage import Memory

log = logging.getLogger(__name__)

PROGRESS_SECONDS = 2.0
READ_AT_ONCE = 5000


class States:
    """Partition number to state, for the partitions of one hop that this process owns."""

    def __init__(
        self, stage: str, topic: str, new_memory: Callable[[], Memory[Any, Any]], client: dict[str, Any]
    ) -> None:
        self.topic = topic
        """Full name of the changelog topic."""
        self._stage = stage
        self._new_memory = new_memory
        self._client = client
        self._held: dict[int, PartitionState] = {}
        self.generation = 0
        """Of the consumer group, as of the last assignment."""

    def __getitem__(self, partition: int) -> PartitionState:
        return self._held[partition]

    async def assign(self, partitions: set[int], generation: int) -> None:
        """Hold the state of exactly ``partitions``, each as its changelog has it now.

        What was held before is kept only if nobody else has written to its changelog since.
        """
        self.generation = generation
        for partition in set(self._held) - partitions:
            del self._held[partition]
        if not partitions:
            return
        reader = AIOKafkaConsumer(
            **self._client, group_id=None, enable_auto_commit=False, max_poll_records=READ_AT_ONCE
        )
        await reader.start()
        try:
            await self._restore_stale(reader, partitions)
        finally:
            await reader.stop()

    async def _restore_stale(self, reader: AIOKafkaConsumer, partitions: set[int]) -> None:
        ends = await reader.end_offsets([TopicPartition(self.topic, p) for p in sorted(partitions)])
        started = time.monotonic()
        for tp, end in ends.items():
            held = self._held.get(tp.partition)
            if held is not None and held.written_through == end - 1:
                continue
            self._held[tp.partition] = await self._restored(reader, tp, end)
        metrics.restore_seconds.labels(self._stage).set(time.monotonic() - started)

    async def _restored(self, reader: AIOKafkaConsumer, tp: TopicPartition, end: int) -> PartitionState:
        memory = self._new_memory()
        state = PartitionState(memory, written_through=end - 1)
        survey = Survey(state_version(memory))
        async for entry in self._entries(reader, tp, end):
            survey.see(entry)
        restorer = Restorer(state, survey)
        async for entry in self._entries(reader, tp, end):
            restorer.take(entry)
        count = restorer.finish()
        metrics.restored_entries.labels(self._stage).inc(count)
        if survey.missing:
            metrics.missing_entries.labels(self._stage).inc(survey.missing)
            log.error(
                "changelog is incomplete: copies of the articles it lacks will not be recognised",
                extra={"topic": tp.topic, "partition": tp.partition, "missing": survey.missing},
            )
        log.info("restored", extra={"stage": self._stage, "partition": tp.partition, "decisions": count})
        return state

    async def _entries(self, reader: AIOKafkaConsumer, tp: TopicPartition, end: int) -> AsyncIterator[Entry]:
        """Every entry of a changelog partition up to ``end``; says how far it is while it takes long."""
        reader.assign([tp])
        await reader.seek_to_beginning(tp)
        said = time.monotonic()
        while await reader.position(tp) < end:
            for records in (await reader.getmany(tp, timeout_ms=1000, max_records=READ_AT_ONCE)).values():
                for record in records:
                    if record.value is not None and record.offset < end:
                        yield entry_of(record.key or b"", record.value)
            if time.monotonic() - said > PROGRESS_SECONDS:
                said = time.monotonic()
                position = await reader.position(tp)
                log.info(
                    "restoring", extra={"stage": self._stage, "partition": tp.partition, "at": position, "of": end}
                )
