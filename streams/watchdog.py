"""Notices a worker that takes and does not commit, or whose loop stands still, and ends it.

A thread with a client of its own: a worker that only waits for an absent broker is left alone.
"""

import asyncio
import faulthandler
import logging
import signal
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from faust.exceptions import ConsumerNotStarted
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from schemas.topics import REJECTED
from streams.agents import end_process
from streams.app import HopApp
from streams.broker import BrokerError
from streams.connection import administered, client_options
from streams.settings import Settings
from streams.topics_admin import unwritable

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
GRACE_SECONDS = 10.0
"""Beyond what an article may take, before a worker counts as stalled."""
LOOP_SECONDS = 10.0
LONG = 4
"""Times the limit that a rebalance may last, or one partition stand still while others get on."""
EACH = "each partition"
LOOKS, LOOK_MS = 5, 1000
"""How often and how long a record is looked for that waits."""
_last_tick = time.monotonic()


def alive() -> bool:
    """Whether the event loop has turned lately."""
    return time.monotonic() - _last_tick < LOOP_SECONDS


def start_watchdog(settings: Settings, hop_apps: Sequence[HopApp], loop: asyncio.AbstractEventLoop) -> None:
    """Watch the loop and the commits of ``hop_apps`` until the process ends."""
    stall = stall_seconds(settings)
    _tick(loop, settings.article_seconds)
    watchdog = _Watchdog(settings, hop_apps, stall)
    threading.Thread(target=watchdog.run, name="watchdog", daemon=True).start()


def stall_seconds(settings: Settings) -> float:
    """How long a worker may be without progress: always longer than one article may take."""
    return max(settings.stall_seconds, settings.article_seconds + GRACE_SECONDS, settings.page_seconds + GRACE_SECONDS)


def _tick(loop: asyncio.AbstractEventLoop, seconds: float) -> None:
    """Note that the loop turns, and set the clocks that end the process when it does not.

    After ``seconds`` the trace of what it hung in is written, and then the system ends it, also while the
    interpreter lock is held; by SIGALRM, so that the supervisor can tell why. Once a second, not once a slice: a
    clock for each slice took a fifth of the loop's time.
    """
    global _last_tick
    _last_tick = time.monotonic()
    faulthandler.dump_traceback_later(seconds + TICK_SECONDS)
    signal.setitimer(signal.ITIMER_REAL, seconds + 2 * TICK_SECONDS)
    loop.call_later(TICK_SECONDS, _tick, loop, seconds)


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
            why = self._stuck(hop_app, progress)
        except Exception as error:  # whatever the client raises: if this thread died, nothing would be watched
            # a KeyError is of a partition that the client has not heard of yet; the next one has
            if not isinstance(error, (KafkaError, BrokerError, ConsumerNotStarted, OSError, KeyError)):
                log.warning("could not look after a hop", extra={"stage": hop_app.hop.name, "error": repr(error)})
            progress.reset()
            self._forget(hop_app)
            return
        if why:
            end_process(f"{hop_app.hop.name}: {why}")

    def _stuck(self, hop_app: HopApp, progress: "_Progress") -> str | None:
        """Why a hop gets nowhere; None while it gets on, or has nothing to do."""
        unread, committed = self._offsets(hop_app)
        done = (hop_app.worker.tried, hop_app.pool.finished)
        rebalancing, long = hop_app.app.rebalancing, LONG * self._stall
        marks = {EACH: (committed, *done)} if unread or rebalancing else {}
        stood = progress.stood({**marks, **{tp: (committed[tp.partition], *done) for tp in unread}})
        if rebalancing:
            return f"a rebalance does not end for {long:g} s" if stood[EACH] > long else None
        if stood.pop(EACH, 0.0) > self._stall:
            suspects, why = unread, f"articles wait and none is committed for {self._stall:g} s"
        else:
            suspects = {tp: at for tp, at in unread.items() if stood[tp] > long}
            why = f"articles of {', '.join(map(_name, suspects))} wait and none is committed for {long:g} s"
        if suspects and (not self._holds_any(suspects) or self._waits_for_replicas(hop_app)):
            progress.reset()
            return None
        return why if suspects else None

    def _waits_for_replicas(self, hop_app: HopApp) -> bool:
        """Whether the broker confirms nothing that the hop writes, for too few of its nodes are there."""
        bootstrap, options = administered(self._settings)
        topics = {*(topic.name for topic in hop_app.hop.steps[-1].writes), REJECTED.name}
        names = sorted(map(self._settings.named, topics))
        lacking = unwritable(bootstrap, names, **options)
        if lacking:
            log.warning("waiting for replicas of what is written to", extra={"topics": lacking})
        return bool(lacking)

    def _offsets(self, hop_app: HopApp) -> tuple[dict[TopicPartition, int], Any]:
        """Assigned partitions that go beyond what is committed, with where they go on; and what is committed."""
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
        return {tp: committed[tp.partition] for tp, end in ends.items() if end > committed[tp.partition]}, committed

    def _holds_any(self, starts: Mapping[TopicPartition, int]) -> bool:
        """Whether a record stands at or behind these offsets; where transactions end and where records were
        deleted, offsets go on without one. What cannot be read in time counts as one."""
        reader = KafkaConsumer(
            enable_auto_commit=False, auto_offset_reset="earliest", isolation_level="read_committed",
            **client_options(self._settings),
        )  # fmt: skip
        try:
            reader.assign(list(starts))
            for tp, at in starts.items():
                reader.seek(tp, at)
            ends = reader.end_offsets(list(starts))
            for _ in range(LOOKS):
                if reader.poll(LOOK_MS, max_records=1):
                    return True
                if all(reader.position(tp) >= end for tp, end in ends.items()):
                    return False
            return True
        finally:
            reader.close(autocommit=False)

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
    """Since when each thing that is watched stands still."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._since: dict[object, tuple[object, float]] = {}

    def stood(self, marks: Mapping[Any, object]) -> dict[Any, float]:
        """Seconds since the mark of each thing changed; a thing that is not among them is not watched any more."""
        now, before = time.monotonic(), self._since
        self._since = {
            key: before[key] if key in before and before[key][0] == mark else (mark, now) for key, mark in marks.items()
        }
        return {key: now - since for key, (_, since) in self._since.items()}


def _name(partition: TopicPartition) -> str:
    return f"{partition.topic}-{partition.partition}"
