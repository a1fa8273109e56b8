"""A worker that gets nowhere is ended; one that only waits for its broker is left alone."""

import subprocess
import sys
import textwrap
from types import SimpleNamespace

import pytest
from kafka.errors import KafkaError

from streams import watchdog
from streams.settings import Settings
from streams.watchdog import _Watchdog, alive, stall_seconds

STALL = 20.0


class EndedError(Exception):
    """The process would have ended."""


@pytest.fixture
def clock(monkeypatch):
    now = SimpleNamespace(time=1000.0)
    monkeypatch.setattr(watchdog.time, "monotonic", lambda: now.time)
    monkeypatch.setattr(watchdog, "_last_tick", now.time)
    return now


@pytest.fixture
def watched(clock, monkeypatch):
    """A watchdog over one hop, whose offsets the test sets; None for a broker that does not answer."""

    def end(why, error=None):
        raise EndedError(why)

    monkeypatch.setattr(watchdog, "end_process", end)
    hop = SimpleNamespace(
        hop=SimpleNamespace(name="tag"), app=SimpleNamespace(rebalancing=False),
        worker=SimpleNamespace(tried=0), pool=SimpleNamespace(finished=0),
    )  # fmt: skip
    made = _Watchdog(Settings(), [hop], STALL)
    made.hop, made.offsets = hop, (False, {})

    def offsets(_hop):
        if made.offsets is None:
            raise KafkaError
        return made.offsets

    made._offsets = offsets
    return made


def look(watched, clock, seconds):
    """Look at the hop every second for some time."""
    for _ in range(int(seconds)):
        clock.time += 1
        watched._look_at(watched.hop)


def test_a_worker_without_waiting_articles_is_left_alone(watched, clock):
    watched.offsets = (False, {0: 7})
    look(watched, clock, 5 * STALL)
    assert watched.hop.worker.tried == 0


def test_a_worker_that_commits_nothing_while_articles_wait_is_ended(watched, clock):
    watched.offsets = (True, {0: 7})
    with pytest.raises(EndedError, match="articles wait and none is committed"):
        look(watched, clock, STALL + 2)


def test_a_worker_that_commits_now_and_then_is_left_alone(watched, clock):
    for offset in range(10):
        watched.offsets = (True, {0: offset})
        look(watched, clock, STALL - 1)
    assert clock.time > 1000 + 5 * STALL


def test_a_broker_that_is_away_is_waited_for(watched, clock):
    watched.offsets = (True, {0: 7})
    look(watched, clock, STALL - 1)
    watched.offsets = None
    look(watched, clock, 10 * STALL)
    watched.offsets = (True, {0: 7})
    look(watched, clock, STALL - 1)
    assert clock.time > 1000 + 10 * STALL


def test_verdicts_on_suspects_and_finished_pages_count_as_progress(watched, clock):
    watched.offsets = (True, {0: 7})
    for _ in range(5):
        look(watched, clock, STALL - 1)
        watched.hop.worker.tried += 1
        look(watched, clock, STALL - 1)
        watched.hop.pool.finished += 1
    assert clock.time > 1000 + 5 * STALL


def test_a_rebalance_without_end_is_ended(watched, clock):
    watched.hop.app.rebalancing = True
    look(watched, clock, 4 * STALL - 2)
    with pytest.raises(EndedError, match="a rebalance does not end"):
        look(watched, clock, 5)


def test_an_article_may_always_take_its_time_before_the_worker_counts_as_stalled():
    assert stall_seconds(Settings(article_seconds=100, stall_seconds=40)) > 100
    assert stall_seconds(Settings(page_seconds=300, stall_seconds=40)) > 300


def test_a_loop_that_has_not_turned_lately_is_not_alive(clock):
    assert alive()
    clock.time += watchdog.LOOP_SECONDS + 1
    assert not alive()


def test_a_loop_that_stands_still_with_the_interpreter_lock_held_is_ended_by_the_system():
    code = """
    import asyncio, ctypes
    from streams.watchdog import _tick
    async def main():
        _tick(asyncio.get_running_loop(), 0.5)
        await asyncio.sleep(0)
        ctypes.PyDLL(None).sleep(60)
    asyncio.run(main())
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=False, timeout=30)
    assert done.returncode == -14
