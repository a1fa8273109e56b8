"""The watchdog, with a clock that is set and a client that says what it is told."""

import signal
import subprocess
import sys
from types import SimpleNamespace

import faust
import pytest
from faust.exceptions import ConsumerNotStarted
from faust.types import TP
from kafka.errors import KafkaError

from streams import watchdog
from streams.settings import Settings
from streams.supervisor import how_ended
from streams.watchdog import GRACE_SECONDS, _Watchdog, stall_seconds

STALL = 40.0
TOPIC = "test.articles.raw"


class EndedError(Exception):
    """The process would have ended."""


class Client:
    """End and committed offset of each partition."""

    def __init__(self):
        self.ends = {}
        self.commits = {}
        self.empty = set()
        """Partitions in which no record stands behind what is committed."""
        self.closed = False
        self._at = {}

    def end_offsets(self, partitions):
        return {tp: self.ends[tp.partition] for tp in partitions}

    def committed(self, tp):
        return self.commits.get(tp.partition)

    def assign(self, partitions):
        self._at = {}

    def seek(self, tp, offset):
        self._at[tp] = offset

    def position(self, tp):
        return self._at[tp]

    def poll(self, milliseconds, max_records):
        found = [tp for tp in self._at if tp.partition not in self.empty]
        self._at = {tp: self.ends[tp.partition] for tp in self._at}
        return {tp: ["a record"] for tp in found[:max_records]}

    def close(self, autocommit):
        self.closed = True


class World:
    """A hop, its broker, and a clock."""

    def __init__(self, monkeypatch):
        self.now = 0.0
        self.client = Client()
        self.assigned = {TP(TOPIC, 0)}
        self.app = SimpleNamespace(_consumer=SimpleNamespace(assignment=lambda: self.assigned), rebalancing=False)
        self.worker = SimpleNamespace(tried=0)
        self.pool = SimpleNamespace(finished=0)
        steps = [SimpleNamespace(writes=[SimpleNamespace(name="articles.tagged")])]
        hop = SimpleNamespace(name="clean", reads=SimpleNamespace(name="articles.raw"), steps=steps)
        self.hop_app = SimpleNamespace(hop=hop, app=self.app, worker=self.worker, pool=self.pool)
        monkeypatch.setattr(watchdog, "time", SimpleNamespace(monotonic=lambda: self.now))
        monkeypatch.setattr(watchdog, "end_process", self._end)
        monkeypatch.setattr(watchdog, "KafkaConsumer", lambda **_: self.client)
        self.lacking = False
        monkeypatch.setattr(watchdog, "unwritable", lambda _, names, **__: tuple(names) if self.lacking else ())
        settings = Settings(prefix="test.", broker="127.0.0.1:1")
        self._watchdog = _Watchdog(settings, [self.hop_app], STALL)

    def _end(self, why, error=None):
        raise EndedError(why)

    def look(self, after):
        self.now += after
        self._watchdog._look_at(self.hop_app)


@pytest.fixture
def world(monkeypatch):
    made = World(monkeypatch)
    made.client.ends, made.client.commits = {0: 10}, {0: 5}
    return made


def test_a_worker_that_takes_and_does_not_commit_is_ended_after_the_limit_and_not_before(world):
    world.look(0)
    world.look(STALL - 1)
    with pytest.raises(EndedError, match="clean: articles wait and none is committed for 40 s"):
        world.look(2)


def test_a_group_that_never_committed_counts_from_nothing(world):
    world.client.commits = {}
    world.look(0)
    with pytest.raises(EndedError):
        world.look(STALL + 1)


def test_a_worker_that_has_nothing_to_do_is_left_alone(world):
    world.client.commits = {0: 10}
    for _ in range(5):
        world.look(STALL + 1)


def test_work_that_comes_after_a_long_rest_has_the_whole_time(world):
    world.client.commits = {0: 10}
    world.look(0)
    world.look(100 * STALL)
    world.client.ends = {0: 11}
    world.look(STALL - 1)


@pytest.mark.parametrize("progress", ["commit", "verdict", "page"])
def test_whatever_progress_there_is_gives_it_the_whole_time_again(world, progress):
    for _ in range(5):
        world.look(STALL - 1)
        world.client.commits[0] += progress == "commit" and world.client.commits[0] < 9
        world.worker.tried += progress == "verdict"
        world.pool.finished += progress == "page"


def test_a_worker_without_partitions_is_left_alone(world):
    world.assigned = {TP("test.articles.tagged", 0)}
    for _ in range(5):
        world.look(STALL + 1)


def test_an_app_that_takes_long_to_start_keeps_its_own_consumer(world):
    world.hop_app.app = faust.App("slow-to-start", broker="kafka://127.0.0.1:1")

    world.look(0)

    assert world.hop_app.app._consumer is None


def test_one_stuck_partition_is_enough(world):
    world.assigned = {TP(TOPIC, 0), TP(TOPIC, 1)}
    world.client.ends, world.client.commits = {0: 10, 1: 3}, {0: 5, 1: 3}
    world.look(0)
    with pytest.raises(EndedError):
        world.look(STALL + 1)


def test_a_transaction_that_has_ended_is_nothing_to_wait_for(world):
    world.client.empty = {0}
    for _ in range(5):
        world.look(STALL + 1)


def test_while_the_broker_has_too_few_replicas_to_confirm_anything_a_worker_waits(world, caplog):
    world.lacking = True
    for _ in range(5):
        world.look(STALL + 1)
    assert sorted(caplog.records[0].topics) == ["test.articles.rejected", "test.articles.tagged"]

    world.lacking = False
    world.look(STALL - 1)
    with pytest.raises(EndedError):
        world.look(2)


def test_one_partition_that_is_not_fetched_is_found_while_others_get_on(world):
    world.assigned = {TP(TOPIC, 0), TP(TOPIC, 1)}
    world.client.ends, world.client.commits = {0: 10, 1: 1000}, {0: 5, 1: 0}

    def look():
        world.client.commits[1] += 1
        world.look(STALL)

    for _ in range(5):
        look()
    with pytest.raises(
        EndedError, match=r"clean: articles of test\.articles\.raw-0 wait and none is committed for 160 s"
    ):
        look()


@pytest.mark.parametrize("away", [KafkaError(), OSError(), ConsumerNotStarted(), KeyError("a new one")])
def test_while_the_broker_is_away_a_worker_waits_and_has_the_whole_time_after(world, away):
    def fails(partitions):
        raise away

    world.look(0)
    broker, world.client.end_offsets = world.client.end_offsets, fails
    for _ in range(5):
        world.look(STALL + 1)
    assert world.client.closed
    world.client.end_offsets = broker
    world.look(STALL - 1)
    world.look(STALL - 1)


def test_a_rebalance_that_does_not_end_is_ended_after_four_times_the_limit(world):
    world.client.commits = {0: 10}
    world.app.rebalancing = True
    world.look(0)
    world.look(4 * STALL - 1)
    with pytest.raises(EndedError, match="a rebalance does not end for 160 s"):
        world.look(2)


def test_the_limit_is_always_longer_than_one_article_may_take():
    assert stall_seconds(Settings(stall_seconds=1, article_seconds=30, page_seconds=20)) == 30 + GRACE_SECONDS
    assert stall_seconds(Settings(stall_seconds=1, article_seconds=3, page_seconds=20)) == 20 + GRACE_SECONDS
    assert stall_seconds(Settings(stall_seconds=500)) == 500


def test_a_loop_that_has_not_turned_lately_is_not_alive(world, monkeypatch):
    monkeypatch.setattr(watchdog, "_last_tick", 100.0)
    world.now = 100.0 + watchdog.LOOP_SECONDS - 1
    assert watchdog.alive()
    world.now += 2
    assert not watchdog.alive()


HANGING = """
import asyncio, time
from streams import watchdog

async def hang():
    watchdog._tick(asyncio.get_running_loop(), 0.1)
    {what}

asyncio.run(hang())
"""


@pytest.mark.parametrize("what", ["time.sleep(600)", "sum(range(10**13))"], ids=["waiting", "with the lock held"])
def test_a_process_whose_loop_hangs_says_where_and_ends_with_a_signal_that_tells_why(what):
    ended = subprocess.run(
        [sys.executable, "-c", HANGING.format(what=what)], capture_output=True, text=True, timeout=60
    )

    assert (ended.returncode, how_ended(ended.returncode)) == (-signal.SIGALRM, "signal 14: its loop stood still")
    assert "in hang" in ended.stderr


def test_a_thread_ends_a_process_whose_loop_stands_still(world, monkeypatch):
    clock = SimpleNamespace(monotonic=lambda: world.now, sleep=lambda seconds: setattr(world, "now", STALL + 1))
    monkeypatch.setattr(watchdog, "time", clock)
    monkeypatch.setattr(watchdog, "_last_tick", 0.0)
    with pytest.raises(EndedError, match="the event loop has not turned"):
        world._watchdog.run()
