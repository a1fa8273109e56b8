"""Writing what a batch came to, and waiting for the broker's word on every record of it."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any

import faust
from aiokafka.errors import MessageSizeTooLargeError, RecordListTooLargeError

from streams import metrics
from streams.changelog import Kept
from streams.records import Outgoing
from streams.settings import Settings
from streams.state import States

log = logging.getLogger(__name__)

REFUSED = (MessageSizeTooLargeError, RecordListTooLargeError)


class Settler:
    """Writes for one hop. A delivery that fails raises, except for a record that the broker finds too large."""

    def __init__(self, app: faust.App, settings: Settings, stage: str, states: States | None) -> None:
        self._app = app
        self._settings = settings
        self._stage = stage
        self._states = states

    async def settle(
        self, groups: Sequence[Sequence[Outgoing]], kept_of: Mapping[int, Kept]
    ) -> list[Sequence[Outgoing]]:
        """Write outputs and changelog entries; tombstones once their summary is confirmed.

        Returns of each group what the broker refuses for its size. It refuses whole batches, so what it
        refused is sent again alone, and not before all else is through: it must share no batch.
        """
        sent = [[(out, await self.send(out)) for out in group] for group in groups]
        entries = {partition: await self._keep(partition, kept) for partition, kept in kept_of.items()}
        refused = [[out for out, future in group if await _is_refused(future)] for group in sent]
        for partition, written_out in entries.items():
            await self._known(partition, written_out)
            await self._forget(partition, kept_of[partition].gone)
        return [[out for out in group if await _is_refused(await self.send(out))] for group in refused]

    async def send(self, out: Outgoing) -> Any:
        """Hand one record to the producer; the future holds the broker's word."""
        topic = self._settings.named(out.topic)
        headers: Any = list(out.headers)
        return await self._app.producer.send(topic, out.key, out.value, out.partition, None, headers)

    async def _keep(self, partition: int, kept: Kept) -> list[Any]:
        assert self._states is not None
        if kept.recalled:
            metrics.replayed.labels(self._stage).inc(kept.recalled)
        return [
            await self._app.producer.send(self._states.topic, e.key, e.value, partition, None, None)
            for e in kept.entries
        ]

    async def _forget(self, partition: int, gone: Sequence[bytes]) -> None:
        if self._states is not None:
            topic = self._states.topic
            futures = [await self._app.producer.send(topic, key, None, partition, None, None) for key in gone]
            await self._known(partition, futures)

    async def _known(self, partition: int, futures: Sequence[Any]) -> None:
        """Wait until the broker has confirmed entries, and note where they stand."""
        offsets = [record.offset for record in await asyncio.gather(*futures)]
        if offsets and self._states is not None:
            self._states[partition].wrote(offsets)


async def _is_refused(future: Any) -> bool:
    """Whether the broker found a record, or one in the same batch, too large. Any other failure raises."""
    try:
        await future
    except REFUSED:
        return True
    return False
