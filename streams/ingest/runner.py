"""Runs a poller: for as long as it is let, in a consumer group that shares the feeds; or once, over all of them."""

import asyncio
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from itertools import chain
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener

from schemas.feed import Feed
from schemas.topics import FEEDS
from streams.connection import client_options
from streams.ingest.fetch import SECONDS, Fetcher
from streams.ingest.pages import PAGES_SECONDS, Pages
from streams.ingest.poll import Polling
from streams.ingest.poller import AT_ONCE, Poller
from streams.ingest.store import Store, ensure_topics, message_of, producer_of
from streams.pool import Pool
from streams.settings import Settings

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.2
"""How often it is looked whose turn it is."""
GROUP = {
    "enable_auto_commit": False,  # the topic is read whole at each assignment
    "auto_offset_reset": "earliest",
    "session_timeout_ms": 10_000,
    "heartbeat_interval_ms": 3_000,
    "rebalance_timeout_ms": int((2 * SECONDS + PAGES_SECONDS) * 1000),  # polls under way are finished first
}


async def ingest(settings: Settings, stop: asyncio.Event) -> None:
    """Poll the feeds that fall to this process until ``stop`` is set; raises where the broker fails."""
    await asyncio.to_thread(ensure_topics, settings)
    async with _tools(settings) as (store, poller):
        await _Member(settings, store, poller).run(stop)


async def ingest_once(settings: Settings) -> Poller:
    """Poll every feed once, also those that another process polls; the poller knows what became of it."""
    await asyncio.to_thread(ensure_topics, settings)
    async with _tools(settings, once=True) as (store, poller):
        numbers = await store.partitions()
        feeds, states, _ = await store.read(numbers)
        for feed, partition in feeds.values():
            poller.add(feed, states.get(feed.id), partition)
        while not poller.idle:
            poller.start_due()
            await asyncio.sleep(LOOK_SECONDS)
        poller.start_due()
        return poller


@asynccontextmanager
async def _tools(settings: Settings, *, once: bool = False) -> AsyncIterator[tuple[Store, Poller]]:
    # names are resolved in these threads: as many as polls, so that a resolver that hangs holds up nobody else's
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(2 * AT_ONCE))
    reader = AIOKafkaConsumer(**client_options(settings), group_id=None, enable_auto_commit=False)
    pool = Pool(settings.pool, settings.page_seconds)
    async with reader, producer_of(settings) as producer, Fetcher() as fetcher:
        store = Store(settings, reader, producer)
        with closing(pool):
            yield store, Poller(store, Polling(fetcher, pool, Pages(fetcher)), once=once)


class _Member(ConsumerRebalanceListener):
    """One of the processes that share the feeds, by the partitions these stand in."""

    def __init__(self, settings: Settings, store: Store, poller: Poller) -> None:
        self._settings, self._store, self._poller = settings, store, poller
        self._broken: Exception | None = None
        self._owned: set[int] = set()
        """Partitions whose feeds and states are read: what comes on others is read with them."""

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until ``stop`` is set; what is under way then is finished first."""
        options = client_options(self._settings)
        self._consumer = AIOKafkaConsumer(**options, group_id=self._settings.named("ingest"), **GROUP)
        await self._consumer.start()
        try:
            self._consumer.subscribe([self._settings.named(FEEDS.name)], listener=self)
            while not stop.is_set():
                if self._broken:
                    raise self._broken
                self._poller.start_due()
                changes = await self._consumer.getmany(timeout_ms=int(LOOK_SECONDS * 1000))
                for record in chain.from_iterable(changes.values()):
                    self._change(record)
            await self._poller.settle()
        finally:
            await self._consumer.stop()

    def _change(self, record: Any) -> None:
        """Take in that a feed was added, changed or removed."""
        if record.partition not in self._owned:
            return
        name = (record.key or b"").decode("utf-8", "replace")
        feed = message_of(Feed, record.value)
        if feed is not None:
            self._poller.add(feed, self._poller.known(feed.id), record.partition)
        elif record.value is None:
            self._poller.remove(name)

    async def on_partitions_revoked(self, revoked: Any) -> None:
        """Finish what is under way, then let go."""
        self._owned = set()
        await self._poller.settle()

    async def on_partitions_assigned(self, assigned: Any) -> None:
        """Know the feeds and what was read of them before the first is polled."""
        try:
            feeds, states, ends = await self._store.read(partition.partition for partition in assigned)
            for partition in assigned:
                self._consumer.seek(partition, ends[partition.partition])
            for feed, number in feeds.values():
                self._poller.add(feed, states.get(feed.id), number)
            self._owned = set(ends)
            log.info("feeds assigned", extra={"feeds": len(feeds), "partitions": sorted(ends)})
        except Exception as error:  # aiokafka would only log it
            self._broken = error
