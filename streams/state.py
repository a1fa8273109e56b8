"""The state of the partitions a hop owns: restored before their first message, written with its outputs."""

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Callable, ItemsView, Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from streams import metrics
from streams.broker import BrokerError
from streams.catching_up import TAIL, follow_on
from streams.changelog import PartitionState, entry_of, state_version
from streams.connection import partitions_of
from streams.rebuilding import Mender, Survivors, rebuild, say
from streams.restoring import Batch, Restorer, Stored, Survey
from streams.stage import Memory

log = logging.getLogger(__name__)

PROGRESS_SECONDS = 2.0
READ_AT_ONCE = 2000
"""Entries of a changelog at a time: reading holds the event loop, for some milliseconds; folding does not."""
FETCHED_BYTES = 4 << 20
"""Of a changelog at a time: of 1 MB, as is usual, the way to the broker and back takes longer than the reading; of 8
MB, the system takes longer to find memory for it."""
KEPT_BYTES = 256 << 20
"""Bytes of a changelog that are kept from the first reading, so that it need not be read from the broker again."""


class TooLargeError(Exception):
    """A changelog holds more than is to be held."""


class States:
    """Partition number to state, for the partitions of one hop that this process owns or may come to own.

    Without a ``mender`` a partition whose changelog has lost something is not held. More decisions than ``most`` in
    all are refused with TooLargeError.
    """

    def __init__(
        self,
        stage: str,
        topic: str,
        new_memory: Callable[[], Memory[Any, Any]],
        client: dict[str, Any],
        mender: Mender | None = None,
        most: float = math.inf,
    ) -> None:
        self._mender, self._most = mender, most
        self.topic = topic
        """Full name of the changelog topic."""
        self._stage = stage
        self._new_memory = new_memory
        self._client = client
        self._held: dict[int, PartitionState] = {}
        self.generation = 0
        """Of the consumer group, as of the last assignment."""

    def items(self) -> ItemsView[int, PartitionState]:
        """Partition and state of each that is held."""
        return self._held.items()

    def __getitem__(self, partition: int) -> PartitionState:
        return self._held[partition]

    def adopt(self, held: Mapping[int, PartitionState]) -> None:
        """Hold what another follower of the changelog has held; the next assignment brings it up to date."""
        self._held |= held

    async def assign(self, partitions: set[int], generation: int) -> None:
        """Hold the state of exactly ``partitions``, each as its changelog has it now.

        What was held before is kept if all that was written to its changelog since can be added to it.
        """
        self.generation = generation
        if not partitions:
            self._held.clear()
            return
        async with changelog_reader(self._client) as reader:
            await self._check_partitions(reader, partitions)
            await self.hold(reader, partitions)

    async def _check_partitions(self, reader: AIOKafkaConsumer, partitions: set[int]) -> None:
        """Refuse at once what a look for its end would wait 40 s for; the next start makes what is missing."""
        if lacking := partitions - {*await partitions_of(reader, self.topic)}:
            raise BrokerError(
                f"expected {self.topic} to have partitions {sorted(lacking)}, as the topic that it is the state of, "
                "found none; `wirewatch run` makes them before a worker starts again"
            )

    async def hold(self, reader: AIOKafkaConsumer, partitions: set[int]) -> None:
        """The same by a reader that is there already."""
        for partition in set(self._held) - partitions:
            del self._held[partition]
        started = time.monotonic()
        ends = await reader.end_offsets([TopicPartition(self.topic, p) for p in sorted(partitions)])
        stale = {tp: end for tp, end in ends.items() if not await self._is_current(reader, tp, end)}
        self._held |= await self._restored(reader, stale)
        self._check_size(sum(len(state.keys) for state in self._held.values()))
        metrics.restore_seconds.labels(self._stage).set(time.monotonic() - started)

    async def _restored(
        self, reader: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]
    ) -> dict[int, PartitionState]:
        """States made from the whole of their changelogs, up to their ends; what is damaged is mended first."""
        spans = await _spans(reader, ends)
        surveys = {tp: Survey() for tp in ends}
        first = _FirstReading()
        async for tp, batch in self._batches(reader, spans, "reading what is to be restored"):
            first.add(tp, batch)
            surveys[tp].see(batch)
            self._check_size(sum(survey.seen for survey in surveys.values()))
        whole = {tp: end for tp, end in ends.items() if not await self._is_damaged(tp, surveys[tp], end)}
        states = {tp: PartitionState(self._new_memory(), written_through=end - 1) for tp, end in whole.items()}
        restorers = {tp: await asyncio.to_thread(Restorer, state, surveys[tp]) for tp, state in states.items()}
        again = {tp: span for tp, span in spans.items() if tp in restorers}
        async for tp, batch in first.again() if first.whole else self._batches(reader, again, "restoring"):
            if tp in restorers:
                await asyncio.to_thread(restorers[tp].take, batch)
        for tp, restorer in restorers.items():
            self._report(tp, await asyncio.to_thread(restorer.finish))
        damaged = {tp: end for tp, end in ends.items() if tp not in whole}
        if self._mender:  # never folded as it is: decisions may rest on the ones that are missing
            for tp, end in damaged.items():
                self._report_missing(tp, surveys[tp].judged.missing)
                states[tp] = await self._mended(reader, self._mender, tp, end)
        return {tp.partition: state for tp, state in states.items()}

    async def _is_damaged(self, tp: TopicPartition, survey: Survey, end: int) -> bool:
        """Whether decisions are missing, or all of them are: where some were written, or each message leaves one."""
        judged = await asyncio.to_thread(lambda: survey.judged)
        if judged.missing or (end > 0 and not survey.found):
            return True
        if self._mender is None or survey.found or not getattr(self._new_memory(), "complete", False):
            return False
        return bool(await self._mender.source.committed(tp.partition))

    async def _mended(self, reader: AIOKafkaConsumer, mender: Mender, tp: TopicPartition, end: int) -> PartitionState:
        """The state made again from the log, once its changelog holds it again, too."""
        survivors = Survivors()
        async for _, stored in self._stored(reader, await _spans(reader, {tp: end}), "reading what is left"):
            for key, value in stored:
                survivors.see(entry_of(key, value))
        state = PartitionState(self._new_memory())
        rebuilt = await rebuild(mender.source, state, tp.partition, self.generation, survivors, mender.guard)
        state.written_through = max(end - 1, await mender.write(self.topic, tp.partition, rebuilt))
        say(self._stage, tp.partition, rebuilt)
        return state

    async def _is_current(self, reader: AIOKafkaConsumer, tp: TopicPartition, end: int) -> bool:
        """Whether what is held is all that stands in the changelog, now that it has been read on."""
        held = self._held.get(tp.partition)
        if held is None or held.written_through == end - 1:
            return held is not None
        if not 0 <= held.written_through < end - 1 < held.written_through + TAIL:
            return False
        tail = await _records(reader, tp, held.written_through, end)
        return await asyncio.to_thread(follow_on, held, tail)

    def _check_size(self, decisions: int) -> None:
        if decisions > self._most:
            raise TooLargeError(f"{decisions} decisions and more, where {self._most} are to be held")

    def _report(self, tp: TopicPartition, decisions: int) -> None:
        metrics.restored_entries.labels(self._stage).inc(decisions)
        level = logging.INFO if self._mender else logging.DEBUG  # what is only followed is nobody's news
        log.log(level, "restored", extra={"stage": self._stage, "partition": tp.partition, "decisions": decisions})

    def _report_missing(self, tp: TopicPartition, missing: int) -> None:
        metrics.missing_entries.labels(self._stage).inc(missing)
        if missing:
            lacks = "changelog is incomplete: what the missing decisions knew is lost"
            log.error(lacks, extra={"stage": self._stage, "partition": tp.partition, "missing": missing})

    async def _batches(
        self, reader: AIOKafkaConsumer, spans: Mapping[TopicPartition, tuple[int, int]], doing: str
    ) -> AsyncIterator[tuple[TopicPartition, Batch]]:
        """Every entry in ``spans``, opened."""
        version = state_version(self._new_memory())
        async for tp, stored in self._stored(reader, spans, doing):
            yield tp, Batch(stored, version)

    async def _stored(
        self, reader: AIOKafkaConsumer, spans: Mapping[TopicPartition, tuple[int, int]], doing: str
    ) -> AsyncIterator[tuple[TopicPartition, Stored]]:
        """Every entry in ``spans`` of changelog partitions, as it is stored; says how far it is while it takes long."""
        if not spans:  # assigned nothing while a fetch is under way, a consumer takes 40 s to stop
            return
        reader.assign(list(spans))
        for tp, (begin, _) in spans.items():
            reader.seek(tp, begin)
        said = time.monotonic()
        while behind := {tp: end for tp, (_, end) in spans.items() if await reader.position(tp) < end}:
            for tp, records in (await reader.getmany(*behind, timeout_ms=200, max_records=READ_AT_ONCE)).items():
                end = behind[tp]
                yield tp, [(r.key or b"", r.value) for r in records if r.value is not None and r.offset < end]
            if time.monotonic() - said > PROGRESS_SECONDS:
                said = time.monotonic()
                left = sum([end - await reader.position(tp) for tp, end in behind.items()])
                log.info(doing, extra={"stage": self._stage, "entries_left": left})


def changelog_reader(client: Mapping[str, Any]) -> AIOKafkaConsumer:
    """A consumer without a group, not started, made for reading much at once."""
    return AIOKafkaConsumer(
        **client, group_id=None, enable_auto_commit=False, max_poll_records=READ_AT_ONCE,
        max_partition_fetch_bytes=FETCHED_BYTES,
    )  # fmt: skip


class _FirstReading:
    """What was read of changelogs, while it is not too much to keep.

    A state is read twice: first which entries count, then what they say.
    """

    def __init__(self) -> None:
        self.whole = True
        self._read: list[tuple[TopicPartition, Batch]] = []
        self._bytes = 0

    def add(self, tp: TopicPartition, batch: Batch) -> None:
        self._bytes += sum(map(len, batch.values))
        self.whole = self.whole and self._bytes <= KEPT_BYTES
        if self.whole:
            self._read.append((tp, batch))
        else:
            self._read.clear()

    async def again(self) -> AsyncIterator[tuple[TopicPartition, Batch]]:
        """All of it, once more, and then no longer."""
        self._read.reverse()
        while self._read:
            yield self._read.pop()


async def _spans(reader: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]) -> dict[TopicPartition, tuple[int, int]]:
    """First and end offset of the partitions that hold anything."""
    begins = await reader.beginning_offsets(list(ends)) if ends else {}
    return {tp: (begins[tp], end) for tp, end in ends.items() if begins[tp] < end}


async def _records(reader: AIOKafkaConsumer, tp: TopicPartition, begin: int, end: int) -> list[Any]:
    """The records of a partition from ``begin`` to before ``end``."""
    reader.assign([tp])
    reader.seek(tp, begin)
    found: list[Any] = []
    while await reader.position(tp) < end:
        for records in (await reader.getmany(tp, timeout_ms=200)).values():
            found += [record for record in records if record.offset < end]
    return found
