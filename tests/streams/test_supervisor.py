"""Workers that end are started again: at once after work, with growing pauses while they keep ending."""

import os
import signal
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.errors import WirewatchError
from streams.settings import Settings
from streams.supervisor import MOST_PAUSE, STEADY_SECONDS, Supervisor, how_ended, pause_after

WORKER = """
import os, signal, sys, time
how = open(os.environ["HOW"]).read()
if how == "stay":
    time.sleep(60)
if how == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    open(os.environ["HOW"] + ".deaf", "w").close()
    time.sleep(60)
sys.exit(int(how))
"""


@pytest.fixture
def how(tmp_path, monkeypatch):
    """Says how workers behave: an exit code, stay, or deaf."""
    (tmp_path / "pretended_worker.py").write_text(WORKER)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("HOW", str(tmp_path / "how"))
    return tmp_path / "how"


@pytest.fixture
def said():
    return []


@pytest.fixture
def supervisor(how, said, tmp_path):
    made = Supervisor(Settings(broker="127.0.0.1:1", home=tmp_path), 1, say=said.append, module="pretended_worker")
    yield made
    made.stop()


def look_until(supervisor, condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not happen"
        supervisor.look()
        time.sleep(0.01)


def test_a_worker_that_ends_is_started_again_and_its_end_is_told(supervisor, how, said):
    how.write_text("3")
    supervisor.start()
    look_until(supervisor, lambda: supervisor.slots[0].restarts >= 2)
    assert said[0].startswith("worker 0 ended (exit code 3); starting it again in")


def test_a_killed_worker_is_started_again(supervisor, how, said):
    how.write_text("stay")
    supervisor.start()
    first = supervisor.slots[0].process.pid
    os.kill(first, signal.SIGKILL)
    look_until(supervisor, lambda: supervisor.slots[0].process and supervisor.slots[0].process.pid != first)
    assert "signal 9" in said[0]


def test_a_worker_that_cannot_use_its_settings_is_not_started_again(supervisor, how):
    how.write_text("78")
    supervisor.start()
    with pytest.raises(WirewatchError, match="cannot run as it is set"):
        look_until(supervisor, lambda: False)


def test_a_worker_that_does_not_leave_when_told_is_killed(supervisor, how, monkeypatch):
    monkeypatch.setattr("streams.supervisor.STOP_SECONDS", 0.2)
    how.write_text("deaf")
    supervisor.start()
    look_until(supervisor, how.with_name("how.deaf").exists)
    supervisor.stop()
    assert supervisor.slots[0].process.returncode == -signal.SIGKILL


def test_what_must_be_there_is_looked_after_before_a_restart(how, tmp_path):
    how.write_text("1")
    calls = []
    made = Supervisor(
        Settings(broker="127.0.0.1:1", home=tmp_path), 1, say=lambda _: None, module="pretended_worker",
        before_restart=lambda: calls.append(1),
    )  # fmt: skip
    made.start()
    look_until(made, lambda: made.slots[0].restarts >= 2)
    made.stop()
    assert calls


def test_a_worker_that_did_its_work_starts_again_at_once():
    assert pause_after(MOST_PAUSE, STEADY_SECONDS + 1, 1) == 0


def test_a_worker_that_somebody_kills_again_and_again_starts_at_once():
    assert pause_after(0.0, 3.0, -signal.SIGKILL) == 0


@given(st.floats(0, STEADY_SECONDS), st.integers(1, 77))
def test_pauses_grow_to_a_bound_while_a_worker_keeps_ending(lived, code):
    pauses = [0.0]
    for _ in range(12):
        pauses.append(pause_after(pauses[-1], lived, code))
    assert pauses == sorted(pauses)
    assert pauses[-1] == MOST_PAUSE


def test_an_end_is_told_in_words():
    assert how_ended(1) == "exit code 1"
    assert how_ended(-signal.SIGALRM) == "signal 14: its loop stood still"
    assert how_ended(-signal.SIGHUP) == "signal 1"
