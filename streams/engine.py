"""What Faust 0.15.3 and aiokafka 0.14 need mended before a worker may rely on them.

Each mend is idempotent, applied by ``mend()``, and has a regression test that fails without it.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from typing import Any, cast

from aiokafka.client import AIOKafkaClient
from aiokafka.conn import OAuthAuthenticator
from aiokafka.errors import SaslAuthenticationFailed
from faust.tables.manager import TableManager
from faust.transport.consumer import Consumer

FETCH_WAIT_MS = 10
"""Longest the broker holds a fetch of idle partitions; busy ones on the same node wait behind it."""
METADATA_PAUSE = 0.25
"""Seconds between attempts to find a leader."""
LOOK_UPS = 8
"""Look-ups in a row that are not slowed down."""
IDLE_PAUSE = 0.05
"""Seconds between looks for partitions to fetch while there are none, after an assignment above all."""

_commit_offset: Any = Consumer._new_offset
_update_metadata: Any = AIOKafkaClient._metadata_update
_login_step: Any = OAuthAuthenticator.step


def mend() -> None:
    """Apply every mend."""
    setattr(Consumer, "_new_offset", _offset_below_in_flight)  # noqa: B010
    setattr(AIOKafkaClient, "_metadata_update", _unhurried_metadata_update)  # noqa: B010
    setattr(OAuthAuthenticator, "step", _answered_login_step)  # noqa: B010
    setattr(TableManager, "on_start", _start_without_tables)  # noqa: B010
    setattr(Consumer, "_wait_next_records", _next_records)  # noqa: B010


def _offset_below_in_flight(self: Any, tp: Any) -> int | None:
    """Never commit past a message that is still being worked on (faust-streaming #606).

    Faust compares the lowest acknowledged offset with the committed one off by one, so a single message
    in flight before acknowledged ones is committed over, and lost when the process dies.
    """
    lowest = min((m.offset for m in self._unacked_messages if m.tp == tp and not m.acked), default=None)
    if lowest is None:
        return cast("int | None", _commit_offset(self, tp))
    acked = self._acked[tp]
    held = [offset for offset in acked if offset >= lowest]
    acked[:] = [offset for offset in acked if offset < lowest]
    try:
        return cast("int | None", _commit_offset(self, tp))
    finally:
        acked.extend(held)


async def _unhurried_metadata_update(self: Any, metadata: Any, topics: Any) -> bool:
    """Pause after a failed look-up, and between many: aiokafka asks without a pause, which costs a core while a
    broker is away or a topic is missing."""
    found = await _update_metadata(self, metadata, topics)
    recent = self.__dict__.setdefault("recent_look_ups", deque(maxlen=LOOK_UPS))
    recent.append(time.monotonic())
    if not found or (len(recent) == LOOK_UPS and recent[-1] - recent[0] < LOOK_UPS * METADATA_PAUSE):
        await asyncio.sleep(METADATA_PAUSE)
    return bool(found)


async def _answered_login_step(self: Any, payload: Any) -> Any:
    """Take a broker's no to a token for one (RFC 7628, section 3.2.3): aiokafka does not look at it, goes on as if
    it were let in, and takes what the broker says to its next request for a cluster without nodes."""
    if self._token_sent and payload:
        raise SaslAuthenticationFailed(bytes(payload).decode(errors="replace"))
    return await _login_step(self, payload)


async def _start_without_tables(self: Any) -> None:
    """Start at once: Faust waits a second for tables to be declared, and there are none."""
    if not self.should_stop:
        await self._update_channels()
        await self.recovery.start()


async def _next_records(self: Any, timeout: float) -> tuple[Any, Any]:
    """Look again soon while no partition may be fetched: Faust sleeps a second then, at the start of every flow."""
    if not self.flow_active:
        await self.wait(self.can_resume_flow)
    partitions = None if self.app.client_only else self._get_active_partitions()
    if partitions or self.app.client_only:
        return await self._getmany(active_partitions=partitions, timeout=timeout), partitions
    await self.sleep(IDLE_PAUSE)
    return {}, partitions


async def batches(stream: Any, most: int, within: float) -> AsyncIterator[list[Any]]:
    """Events of ``stream`` in lists of at most ``most``, ``within`` seconds after the first; acknowledged together.

    Like Faust's ``take_events``, which looks for events every ``within`` seconds and so, at the millisecond
    that latency asks for, costs a fifth of a core while nothing arrives. This one sleeps until an event does.
    """
    arrived, emptied = asyncio.Event(), asyncio.Event()
    held: list[Any] = []
    emptied.set()

    async def hold(value: Any) -> Any:
        await emptied.wait()
        held.append(stream.current_event)
        arrived.set()
        if len(held) >= most:
            emptied.clear()
            await stream.wait(emptied)
        return value

    acknowledges, stream.enable_acks = stream.enable_acks, False
    stream.add_processor(hold)
    stream._enable_passive(stream.channel.__aiter__())
    try:
        while not stream.should_stop:
            await stream.wait(arrived)
            if held and len(held) < most:
                await asyncio.sleep(within)
            if held:
                emptied.clear()
                try:
                    yield list(held)
                finally:
                    taken = list(held)
                    held.clear()
                    arrived.clear()
                    for event in taken:
                        await stream.ack(event)
                    emptied.set()
    finally:
        stream.enable_acks = acknowledges
        stream._processors.remove(hold)


def shorten_fetch_wait(app: Any) -> None:
    """Set the fetch wait of ``app``'s consumer, which Faust fixes at 1.5 s; on every assignment."""
    fetcher = app.consumer._thread._consumer._fetcher
    fetcher._fetch_max_wait_ms = FETCH_WAIT_MS
