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
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn, cast

import faust

from schemas.alert import Alert
from schemas.base import Message
from schemas.topics import REJECTED
from streams import metrics
from streams.changelog import Kept, PartitionState
from streams.deciding import Decider
from streams.guard import Guard
from streams.intake import batches
from streams.pipeline import Hop
from streams.process import Settled, written
from streams.recent import Recent
from streams.records import HEAD, Outgoing, Record, dead_letter, outgoing
from streams.settings import Settings
from streams.settling import Settler
from streams.stage import Drop, Due, Outcome, Reason, Reject, Tended
from streams.state import States

log = logging.getLogger(__name__)

WITHIN_SECONDS = 0.0
"""How long a batch waits for more: one turn of the loop. What a millisecond would add arrives while another works."""
WRITTEN_AT_ONCE = 50
"""Messages turned into JSON between two looks of the event loop."""


def end_process(why: str, error: BaseException | None = None) -> NoReturn:
    """Leave without acknowledging anything; the supervisor's restart takes the same messages again."""
    log.critical("worker ends itself", extra={"why": why, "error": repr(error) if error else None})
    logging.shutdown()
    os._exit(1)


class HopWorker:
    """One hop in one process: takes batches, decides every outcome, then writes, settles and counts."""

    def __init__(
        self,
        hop: Hop,
        decider: Decider,
        guard: Guard,
        settler: Settler,
        states: States | None,
        recent: Recent | None = None,
    ) -> None:
        self.hop, self._recent = hop, recent
        self.settler = settler
        self._decider = decider
        self._guard = guard
        self._states = states
        self._stage = hop.steps[-1]
        self._received, self._in_flight = metrics.received.labels(hop.name), metrics.in_flight.labels(hop.name)
        self._seconds = metrics.stage_seconds.labels(hop.name)
        self._age = metrics.article_age_seconds.labels(hop.name)
        self._last = metrics.last_article_timestamp_seconds.labels(hop.name)
        self._turn = asyncio.Lock()
        self._frequent: frozenset[str] = frozenset()

    @property
    def tried(self) -> int:
        """How many verdicts on suspects there have been."""
        return self._guard.tried

    async def take(self, records: Sequence[Record]) -> list[Settled]:
        """Process a batch; returns once the broker has confirmed everything written for it."""
        async with self._turn:
            started = time.perf_counter()
            self._received.inc(len(records))
            self._in_flight.inc(len(records))
            decided = await self._decider.decide(records)
            settled = await self._all_written(records, decided.outcomes)
            await self._settle(records, settled, decided.kept)
            self._guard.settled()
            self._count(records, settled, time.perf_counter() - started)
            metrics.count_alerts(_alerts(decided.outcomes, settled))
            return settled

    async def _all_written(self, records: Sequence[Record], outcomes: Sequence[Outcome[Any]]) -> list[Settled]:
        """Outcomes as records to write; the loop looks at all else between so many."""
        settled: list[Settled] = []
        for start in range(0, len(records), WRITTEN_AT_ONCE):
            if start:
                await asyncio.sleep(0)
            part = slice(start, start + WRITTEN_AT_ONCE)
            settled += map(self._written, records[part], outcomes[part])
        return settled

    def _written(self, record: Record, outcome: Outcome[Any]) -> Settled:
        settled = written(self._stage, record, outcome)
        if self._recent is not None and isinstance(settled, list):
            for out, message in zip(settled, cast(Sequence[Message], outcome), strict=True):
                self._recent.note(out.topic, out.value or b"", message)
        return settled

    async def tend(self, now: datetime) -> None:
        """Send what has become due with time alone, such as the end of an alert; settled like a batch."""
        frequent: dict[str, float] = {}
        async with self._turn:
            for partition, state in list((self._states or {}).items()):
                if isinstance(state.memory, Tended):
                    await self._send_due(partition, state, state.memory.due(now))
                    frequent |= state.memory.frequent()
        self._say_frequent(frequent)

    def _say_frequent(self, shares: Mapping[str, float]) -> None:
        """Say once which rules fire so often that nobody is told of each alert any more."""
        if shares.keys() - self._frequent:
            log.warning("rules fire too often and go to a digest", extra={"share": dict(shares)})
        if self._frequent or shares:  # the hops of a process share the gauge, and one of them has rules
            metrics.rules_frequent.set(len(shares))
        self._frequent = frozenset(shares)

    async def _send_due(self, partition: int, state: PartitionState, due: Sequence[Due]) -> None:
        kept = Kept()
        for one in due:
            state.note(one.position, one.decision, self._states.generation if self._states else 0, kept)
        [topic, *_] = self._stage.writes
        group = [outgoing(topic, one.message, self._stage.name, ()) for one in due]
        await self.settler.settle([group], {partition: kept})
        metrics.count_alerts(one.message for one in due if isinstance(one.message, Alert))

    async def _settle(self, records: Sequence[Record], settled: list[Settled], kept_of: Mapping[int, Kept]) -> None:
        """Write what the batch came to; where the broker refuses an output, its input becomes a dead letter."""
        groups = [self._outputs(record, what) for record, what in zip(records, settled, strict=True)]
        refused = await self.settler.settle(groups, kept_of)
        for i, outputs in enumerate(refused):
            if outputs:
                settled[i] = await self._set_aside(records[i], settled[i], outputs)

    async def _set_aside(self, record: Record, settled: Settled, refused: Sequence[Outgoing]) -> Settled:
        """Make ``record`` a dead letter of its head if its main output was refused; else leave the rest out."""
        sizes = {out.topic: len(out.value or b"") for out in refused}
        log.error("the broker finds records too large", extra={"position": record.position, "bytes": sizes})
        if isinstance(settled, list) and settled[0] not in refused:
            return settled
        found = f"the broker refused {sizes[refused[0].topic]} bytes for {refused[0].topic}"
        reject = settled if isinstance(settled, Reject) else Reject(Reason.TOO_LARGE, found)
        limit = HEAD if isinstance(settled, Reject) else REJECTED.limit
        await self.deliver(dead_letter(record, self.hop.name, reject, REJECTED.name, limit))
        return reject

    def _outputs(self, record: Record, what: Settled) -> Sequence[Outgoing]:
        if isinstance(what, Reject):
            return [dead_letter(record, self.hop.name, what, REJECTED.name, REJECTED.limit)]
        return () if isinstance(what, Drop) else what

    async def deliver(self, out: Outgoing) -> None:
        """Write one record and wait for the broker's word."""
        await (await self.settler.send(out))

    def _count(self, records: Sequence[Record], settled: Sequence[Settled], seconds: float) -> None:
        """Count a settled batch, once."""
        name, now = self.hop.name, time.time()
        for (outcome, reason), count in Tally(map(_disposition, settled)).items():
            metrics.articles.labels(name, outcome, reason).inc(count)
        for topic, count in Tally(out.topic for what in settled if isinstance(what, list) for out in what).items():
            metrics.emitted.labels(name, topic).inc(count)
        self._in_flight.dec(len(records))
        self._seconds.observe(seconds / len(records))
        for record in records:
            if record.timestamp is not None:
                self._age.observe(max(0.0, now - record.timestamp))
        self._last.set(now)


def _alerts(outcomes: Sequence[Outcome[Any]], settled: Sequence[Settled]) -> Iterator[Alert]:
    """The alerts among what was written."""
    for outcome, what in zip(outcomes, settled, strict=True):
        if isinstance(what, list):
            yield from (message for message in cast(Sequence[Message], outcome) if isinstance(message, Alert))


def _disposition(settled: Settled) -> tuple[str, str]:
    match settled:
        case Drop(reason):
            return "dropped", reason
        case Reject(reason):
            return "rejected", reason
        case _:
            return "sent", ""


def record_of(message: Any, topic: str) -> Record:
    """The record behind a Faust message."""
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
        async for messages in batches(stream, settings.batch, WITHIN_SECONDS):
            try:
                await worker.take([record_of(message, source.name) for message in messages])
            except BaseException as error:  # also a cancellation: the batch would be acknowledged
                end_process("a batch could not be settled", error)
