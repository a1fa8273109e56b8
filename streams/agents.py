"""The generic Faust agent: runs any hop of the table between its topics, and settles what it did.

Faust acknowledges a message even when its agent raises. So everything that can go wrong with a message is
an outcome before it reaches the loop, and anything else, a failed delivery above all, ends the process:
nothing is acknowledged then, and the restart takes the same messages again.
"""

import asyncio
import logging
import os
import time
from collections import Counter as Tally
from collections.abc import Sequence
from typing import Any, NoReturn

import faust
from aiokafka.errors import MessageSizeTooLargeError, RecordListTooLargeError

from schemas.topics import REJECTED
from streams import metrics
from streams.changelog import Kept
from streams.deciding import Decided, Decider
from streams.engine import batches
from streams.guard import Guard
from streams.pipeline import Hop
from streams.process import Settled, written
from streams.records import HEAD, Outgoing, Record, dead_letter
from streams.settings import Settings
from streams.stage import Drop, Reason, Reject
from streams.state import States

log = logging.getLogger(__name__)

WITHIN_SECONDS = 0.001
REFUSED = (MessageSizeTooLargeError, RecordListTooLargeError)


def end_process(why: str, error: BaseException | None = None) -> NoReturn:
    """Leave without acknowledging anything; the supervisor's restart takes the same messages again."""
    log.critical("worker ends itself", extra={"why": why, "error": repr(error) if error else None})
    logging.shutdown()
    os._exit(1)


class HopWorker:
    """One hop in one process: takes batches, decides every outcome, then writes, settles and counts."""

    def __init__(
        self, app: faust.App, hop: Hop, settings: Settings, decider: Decider, guard: Guard, states: States | None
    ) -> None:
        self.hop = hop
        self._app = app
        self._settings = settings
        self._decider = decider
        self._guard = guard
        self._states = states
        self._stage = hop.steps[-1]

    @property
    def tried(self) -> int:
        """How many verdicts on suspects there have been."""
        return self._guard.tried

    async def take(self, records: Sequence[Record]) -> list[Settled]:
        """Process a batch; returns once the broker has confirmed everything written for it."""
        started = time.perf_counter()
        metrics.received.labels(self.hop.name).inc(len(records))
        metrics.in_flight.labels(self.hop.name).inc(len(records))
        decided = await self._decider.decide(records)
        settled = [written(self._stage, r, o) for r, o in zip(records, decided.outcomes, strict=True)]
        await self._settle(records, settled, decided)
        self._guard.settled()
        self._count(records, settled, time.perf_counter() - started)
        return settled

    async def _settle(self, records: Sequence[Record], settled: list[Settled], decided: Decided) -> None:
        """Write outputs, dead letters and changelog entries; tombstones once their summary is confirmed."""
        outputs = [
            [(out, await self._send(out)) for out in self._outputs(r, s)] for r, s in zip(records, settled, strict=True)
        ]
        entries = {partition: await self._keep(partition, kept) for partition, kept in decided.kept.items()}
        refused = [[out for out, future in sent if await self._is_refused(future)] for sent in outputs]
        for i, again in enumerate(refused):  # only now: a record must share no batch with those that follow
            settled[i] = await self._again(records[i], settled[i], again) if again else settled[i]
        for partition, futures in entries.items():
            written_to = await asyncio.gather(*futures)
            if written_to and self._states is not None:
                self._states[partition].written_through = max(record.offset for record in written_to)
            await self._forget(partition, decided.kept[partition].gone)

    async def _is_refused(self, future: Any) -> bool:
        """Whether the broker found a record, or one in the same batch, too large. Any other failure raises."""
        try:
            await future
        except REFUSED:
            return True
        return False

    async def _again(self, record: Record, settled: Settled, refused: Sequence[Outgoing]) -> Settled:
        """Send each alone what the broker refused in a batch; what it refuses again becomes a dead letter."""
        for out in refused:
            if not await self._is_refused(await self._send(out)):
                continue
            if isinstance(settled, list) and out is not settled[0]:
                log.error("the broker finds a record too large; it is left out", extra={"topic": out.topic})
                continue
            reject = settled if isinstance(settled, Reject) else self._too_large(out)
            await self.deliver(dead_letter(record, self.hop.name, reject, REJECTED.name, HEAD))
            return reject
        return settled

    def _too_large(self, out: Outgoing) -> Reject:
        size = len(out.value or b"")
        log.error("the broker finds an output too large", extra={"topic": out.topic, "bytes": size})
        return Reject(Reason.TOO_LARGE, f"the broker refused {size} bytes for {out.topic}")

    def _outputs(self, record: Record, what: Settled) -> Sequence[Outgoing]:
        if isinstance(what, Reject):
            return [dead_letter(record, self.hop.name, what, REJECTED.name, REJECTED.limit)]
        return () if isinstance(what, Drop) else what

    async def _keep(self, partition: int, kept: Kept) -> list[Any]:
        assert self._states is not None
        metrics.replayed.labels(self.hop.name).inc(kept.recalled)
        return [
            await self._app.producer.send(self._states.topic, e.key, e.value, partition, None, None)
            for e in kept.entries
        ]

    async def _forget(self, partition: int, gone: Sequence[bytes]) -> None:
        if not gone or self._states is None:
            return
        topic = self._states.topic
        futures = [await self._app.producer.send(topic, key, None, partition, None, None) for key in gone]
        deleted = await asyncio.gather(*futures)
        self._states[partition].written_through = max(record.offset for record in deleted)

    async def deliver(self, out: Outgoing) -> None:
        """Write one record and wait for the broker's word."""
        await (await self._send(out))

    async def _send(self, out: Outgoing) -> Any:
        topic = self._settings.named(out.topic)
        return await self._app.producer.send(topic, out.key, out.value, out.partition, None, list(out.headers))

    def _count(self, records: Sequence[Record], settled: Sequence[Settled], seconds: float) -> None:
        """Count a settled batch, once."""
        name, now = self.hop.name, time.time()
        for (outcome, reason), count in Tally(map(_disposition, settled)).items():
            metrics.articles.labels(name, outcome, reason).inc(count)
        for topic, count in Tally(out.topic for what in settled if isinstance(what, list) for out in what).items():
            metrics.emitted.labels(name, topic).inc(count)
        metrics.in_flight.labels(name).dec(len(records))
        metrics.stage_seconds.labels(name).observe(seconds / len(records))
        age = metrics.article_age_seconds.labels(name)
        for record in records:
            if record.timestamp is not None:
                age.observe(max(0.0, now - record.timestamp))
        metrics.last_article_timestamp_seconds.labels(name).set(now)


def _disposition(settled: Settled) -> tuple[str, str]:
    match settled:
        case Drop(reason):
            return "dropped", reason
        case Reject(reason):
            return "rejected", reason
        case _:
            return "sent", ""


def record_of(event: Any, topic: str) -> Record:
    """The record behind a Faust event."""
    message = event.message
    headers = message.headers or ()
    pairs = list(headers.items()) if isinstance(headers, dict) else list(headers)
    return Record(topic, message.partition, message.offset, message.timestamp, message.key, message.value, pairs)


def add_agent(app: faust.App, worker: HopWorker, settings: Settings) -> None:
    """Run ``worker`` as an agent of ``app``."""
    source = worker.hop.reads
    channel = app.topic(
        settings.named(source.name), key_type=bytes, value_type=bytes, key_serializer="raw", value_serializer="raw"
    )

    @app.agent(channel, name=worker.hop.name, concurrency=1)
    async def agent(stream: Any) -> None:
        async for events in batches(stream, settings.batch, WITHIN_SECONDS):
            try:
                await worker.take([record_of(event, source.name) for event in events])
            except BaseException as error:  # also a cancellation: the batch would be acknowledged
                end_process("a batch could not be settled", error)
