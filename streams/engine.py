"""What Faust 0.15.3 and aiokafka 0.14 need mended before a worker may rely on them.

Each mend is idempotent, applied by ``mend()``, and has a regression test that fails without it.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, cast

from aiokafka import AIOKafkaConsumer
from aiokafka.client import AIOKafkaClient
from aiokafka.conn import OAuthAuthenticator
from aiokafka.consumer.fetcher import READ_COMMITTED
from aiokafka.errors import SaslAuthenticationFailed
from faust.tables.manager import TableManager
from faust.transport.consumer import Consumer
from faust.transport.drivers import aiokafka as driver

from streams.header_names import read_any_record
from streams.intake import drain_messages
from streams.loop_consumer import new_loop_consumer

FETCH_WAIT_MS = 500
"""Longest the broker holds a fetch while nothing arrives; it answers at once when something does."""
BUFFERED_SECONDS = 1.0
"""How long nothing is fetched from a node while messages from there wait to be taken: a fetch without their
partitions would hold these up for as long as the broker holds it."""
METADATA_PAUSE = 0.25
"""Seconds between attempts to find a leader."""
LOOK_UPS = 8
"""Look-ups in a row that are not slowed down."""
IDLE_PAUSE = 0.05
"""Seconds between looks for partitions to fetch while there are none, after an assignment above all."""

GONE = (
    "partitions end before what was committed: their topic was made anew, or cut; they are taken from their beginning"
)

log = logging.getLogger(__name__)

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
    setattr(Consumer, "_drain_messages", drain_messages)  # noqa: B010
    setattr(driver.Consumer, "_new_consumer_thread", new_loop_consumer)  # noqa: B010
    read_any_record()


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


def tune_fetches(app: Any) -> None:
    """Set how ``app``'s consumer fetches, which Faust fixes; on every assignment."""
    fetcher = app.consumer._thread._consumer._fetcher
    fetcher._fetch_max_wait_ms = FETCH_WAIT_MS
    fetcher._prefetch_backoff = BUFFERED_SECONDS
    fetcher._isolation_level = READ_COMMITTED  # what a publisher takes back is none of its articles


async def go_back(app: Any, tps: Sequence[Any], client: Mapping[str, Any]) -> None:
    """Commit the beginning of partitions that end before what is committed, before Faust looks where to go on.

    Their topic was made anew, or its log was cut: nothing would be taken from it until it has grown as long again,
    for Faust passes over what lies before the committed offset. Asked by a connection of its own, with the options
    ``client``: behind the first fetch, which the broker holds while nothing arrives, it would take 1.5 s.
    """
    thread = app.consumer._thread
    committed = await thread.call_thread(_committed, thread._consumer, tps)
    if not committed:
        return
    async with AIOKafkaConsumer(**client, group_id=None, enable_auto_commit=False) as reader:
        ends = await reader.end_offsets(list(committed))
        beyond = {tp: offset for tp, offset in committed.items() if offset > ends[tp]}
        begins = await reader.beginning_offsets(list(beyond)) if beyond else {}
    if beyond:
        await app.consumer._commit(begins)
        found = {f"{tp.topic}-{tp.partition}": {"committed": beyond[tp], "end": ends[tp]} for tp in beyond}
        log.error(GONE, extra={"found": found})


async def assign_anew(app: Any) -> None:
    """Ask for another assignment of ``app``'s group, with the partitions that its topic has by now.

    The broker gives a member what it has unless that is the leader, so every member has to ask.
    """
    thread = app.consumer._thread
    await thread.call_thread(_join_again, thread._consumer)


async def _join_again(consumer: Any) -> None:
    await consumer._client.force_metadata_update()
    consumer._coordinator.request_rejoin()


async def _committed(consumer: Any, tps: Sequence[Any]) -> dict[Any, int]:
    """What is committed, of those partitions where anything is."""
    found = {tp: await consumer.committed(tp) for tp in tps}
    return {tp: offset for tp, offset in found.items() if offset is not None}
