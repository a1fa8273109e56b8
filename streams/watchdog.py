"""Notices a worker that takes and does not commit, or whose loop stands still, and ends it.

A thread with a client of its own: a worker that only waits for an absent broker is left alone.
"""

import asyncio
import faulthandler
import logging
import signal
import threading
import time
from collections.abc import Sequence
from typing import Any

from faust.exceptions import ConsumerNotStarted
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from streams.agents import end_process
from streams.app import HopApp
from streams.connection import client_options
from streams.settings import Settings

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
GRACE_SECONDS = 10.0
"""Beyond what an article may take, before a worker counts as stalled; and beyond that, before the system ends it."""
LOOP_SECONDS = 10.0
_last_tick = time.monotonic()


def alive() -> bool:
    """Whether the event loop has turned lately."""
    return time.monotonic() - _last_tick < LOOP_SECONDS


def start_watchdog(settings: Settings, hop_apps: Sequence[HopApp], loop: asyncio.AbstractEventLoop) -> None:
    """Watch the loop and the commits of ``hop_apps`` until the process ends."""
    stall = stall_seconds(settings)
    _tick(loop, settings.article_seconds, stall + GRACE_SECONDS)
    watchdog = _Watchdog(settings, hop_apps, stall)
    threading.Thread(target=watchdog.run, name="watchdog", daemon=True).start()


def stall_seconds(settings: Settings) -> float:
    """How long a worker may be without progress: always longer than one article may take."""
    return max(settings.stall_seconds, settings.article_seconds + GRACE_SECONDS, settings.page_seconds + GRACE_SECONDS)


def _tick(loop: asyncio.AbstractEventLoop, seconds: float, limit: float) -> None:
    """Note that the loop turns, and set the clocks that end the process when it does not.

    After ``seconds`` with a trace of what it hung in, also while the interpreter lock is held; after ``limit``
    by the system itself. Once a second, not once a slice: a clock for each slice took a fifth of the loop's time.
    """
    global _last_tick
    _last_tick = time.monotonic()
    faulthandler.dump_traceback_later(seconds + TICK_SECONDS, exit=True)
    signal.setitimer(signal.ITIMER_REAL, limit)
    loop.call_later(TICK_SECONDS, _tick, loop, seconds, limit)


class _Watchdog:
    def __init__(self, settings: Settings, hop_apps: Sequence[HopApp], stall: float) -> None:
        self._settings = settings
        self._stall = stall
        self._progress = {hop_app.hop.name: _Progress() for hop_app in hop_apps}
        self._hop_apps = hop_apps
        self._clients: dict[str, KafkaConsumer] = {}

    def run(self) -> None:
        while True:
            time.sleep(max(TICK_SECONDS, self._stall / 8))
            if time.monotonic() - _last_tick > self._stall:
                end_process(f"the event loop has not turned for {self._stall:g} s")
            for hop_app in self._hop_apps:
                self._look_at(hop_app)

    def _look_at(self, hop_app: HopApp) -> None:
        progress = self._progress[hop_app.hop.name]
        try:
            behind, committed = self._offsets(hop_app)
        except (KafkaError, ConsumerNotStarted, OSError, ValueError, AssertionError):
            progress.reset()
            self._forget(hop_app)
            return
        if hop_app.app.rebalancing:
            limit, why = 4 * self._stall, "a rebalance does not end"
            behind = True
        else:
            limit, why = self._stall, "articles wait and none is committed"
        if progress.stalled(behind, (committed, hop_app.worker.tried, hop_app.pool.finished), limit):
            end_process(f"{hop_app.hop.name}: {why} for {limit:g} s")

    def _offsets(self, hop_app: HopApp) -> tuple[bool, Any]:
        """Whether an assigned partition holds more than is committed, and what is."""
        topic = self._settings.named(hop_app.hop.reads.name)
        # not `consumer`: before the app has started that would make one, for the loop of this thread
        consumer = hop_app.app._consumer
        if consumer is None:
            raise ConsumerNotStarted
        mine = sorted(tp.partition for tp in consumer.assignment() if tp.topic == topic)
        client = self._client(hop_app)
        partitions = [TopicPartition(topic, p) for p in mine]
        ends = client.end_offsets(partitions) if partitions else {}
        committed = {tp.partition: client.committed(tp) or 0 for tp in partitions}
        return any(end > committed[tp.partition] for tp, end in ends.items()), committed

    def _client(self, hop_app: HopApp) -> KafkaConsumer:
        name = hop_app.hop.name
        if name not in self._clients:
            self._clients[name] = KafkaConsumer(
                group_id=self._settings.named(name), enable_auto_commit=False, **client_options(self._settings)
            )
        return self._clients[name]

    def _forget(self, hop_app: HopApp) -> None:
        client = self._clients.pop(hop_app.hop.name, None)
        if client is not None:
            try:
                client.close(autocommit=False)
            except Exception as error:
                log.debug("watchdog client", extra={"error": repr(error)})


class _Progress:
    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._since = time.monotonic()
        self._committed: Any = None

    def stalled(self, behind: bool, committed: Any, limit: float) -> bool:
        if not behind or committed != self._committed:
            self._since = time.monotonic()
            self._committed = committed
        return time.monotonic() - self._since > limit
