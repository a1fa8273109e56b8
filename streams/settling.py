"""Writing what a batch came to, and waiting for the broker's word on all of it."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import faust
from aiokafka.errors import MessageSizeTooLargeError, RecordListTooLargeError

from schemas.topics import REJECTED
from streams import metrics
from streams.changelog import Kept
from streams.process import Settled
from streams.records import HEAD, Outgoing, Record, dead_letter
from streams.settings import Settings
from streams.stage import Drop, Reason, Reject
from streams.state import States

log = logging.getLogger(__name__)

REFUSED = (MessageSizeTooLargeError, RecordListTooLargeError)


class Settler:
    """Outputs, dead letters and changelog entries of one hop, settled together.

    A record the broker finds too large becomes a dead letter; any other failure raises, and nothing of the
    batch may be acknowledged then.
    """

    def __init__(self, app: faust.App, settings: Settings, name: str, states: States | None) -> None:
        self._app = app
        self._settings = settings
        self._name = name
        self._states = states

    async def settle(
        self, records: Sequence[Record], settled: Sequence[Settled], kept_of: Mapping[int, Kept]
    ) -> list[Settled]:
        """Write everything; what each record came to in the end. Tombstones go once their summary is confirmed."""
        outputs = [
            [(out, await self._send(out)) for out in self._outputs(r, s)] for r, s in zip(records, settled, strict=True)
        ]
        entries = {partition: await self._keep(partition, kept) for partition, kept in kept_of.items()}
        refused = [[out for out, future in sent if await _is_refused(future)] for sent in outputs]
        # only now: a record must share no batch with those that follow
        final = [
            await self._again(record, what, again) if again else what
            for record, what, again in zip(records, settled, refused, strict=True)
        ]
        await self._confirm(entries, kept_of)
        return final

    async def send_due(self, partition: int, outputs: Sequence[Outgoing], kept: Kept) -> None:
        """The same for what no record asked for."""
        futures = [await self._send(out) for out in outputs]
        entries = {partition: await self._keep(partition, kept)}
        await asyncio.gather(*futures)
        await self._confirm(entries, {partition: kept})

    async def deliver(self, out: Outgoing) -> None:
        """Write one record and wait for the broker's word."""
        await (await self._send(out))

    def _outputs(self, record: Record, what: Settled) -> Sequence[Outgoing]:
        if isinstance(what, Reject):
            return [dead_letter(record, self._name, what, REJECTED.name, REJECTED.limit)]
        return () if isinstance(what, Drop) else what

    async def _again(self, record: Record, what: Settled, refused: Sequence[Outgoing]) -> Settled:
        """Send each alone what the broker refused in a batch; what it refuses again becomes a dead letter."""
        for out in refused:
            if not await _is_refused(await self._send(out)):
                continue
            if isinstance(what, list) and out is not what[0]:
                log.error("the broker finds a record too large; it is left out", extra={"topic": out.topic})
                continue
            reject = what if isinstance(what, Reject) else _too_large(out)
            await self.deliver(dead_letter(record, self._name, reject, REJECTED.name, HEAD))
            return reject
        return what

    async def _keep(self, partition: int, kept: Kept) -> list[Any]:
        assert self._states is not None
        metrics.replayed.labels(self._name).inc(kept.recalled)
        return [await self._to_changelog(partition, entry.key, entry.value) for entry in kept.entries]

    async def _confirm(self, entries: Mapping[int, Sequence[Any]], kept_of: Mapping[int, Kept]) -> None:
        for partition, futures in entries.items():
            await self._wait(partition, futures)
            gone = [await self._to_changelog(partition, key, None) for key in kept_of[partition].gone]
            await self._wait(partition, gone)

    async def _wait(self, partition: int, futures: Sequence[Any]) -> None:
        """Until the broker has confirmed entries.

        A gap between their offsets is somebody else's record: from there on this process does not know the
        changelog any more, and reads it again when it is next assigned the partition.
        """
        offsets = sorted(record.offset for record in await asyncio.gather(*futures))
        if offsets and self._states is not None:
            state = self._states[partition]
            if offsets == [*range(state.written_through + 1, state.written_through + 1 + len(offsets))]:
                state.written_through = offsets[-1]

    async def _to_changelog(self, partition: int, key: bytes, value: bytes | None) -> Any:
        assert self._states is not None
        return await self._app.producer.send(self._states.topic, key, value, partition, None, None)

    async def _send(self, out: Outgoing) -> Any:
        topic = self._settings.named(out.topic)
        return await self._app.producer.send(topic, out.key, out.value, out.partition, None, list(out.headers))


async def _is_refused(future: Any) -> bool:
    """Whether the broker found a record, or one in the same batch, too large. Any other failure raises."""
    try:
        await future
    except REFUSED:
        return True
    return False


def _too_large(out: Outgoing) -> Reject:
    size = len(out.value or b"")
    log.error("the broker finds an output too large", extra={"topic": out.topic, "bytes": size})
    return Reject(Reason.TOO_LARGE, f"the broker refused {size} bytes for {out.topic}")
