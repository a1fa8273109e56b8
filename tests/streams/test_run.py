"""``wirewatch run`` before it has a broker: it waits, says so once, and leaves when it is told to."""

import threading
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from streams.broker import BrokerError
from streams.cli import wirewatch
from streams.commands import run as command


@pytest.fixture
def absent(monkeypatch):
    """A broker that is away; the third look is followed by the word to stop."""
    looks = []

    def look(_where):
        looks.append(1)
        if len(looks) == 3:
            told[0].stop = True
        raise BrokerError("expected a broker, found none")

    told = []
    make = command.Told

    def remembered():
        told.append(make())
        return told[0]

    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr(command, "Told", remembered)
    monkeypatch.setattr(command, "ensure_topics", look)
    monkeypatch.setattr(command, "WAIT_SECONDS", 0.0)
    monkeypatch.setattr(command, "supervise", lambda *_: pytest.fail("workers were started"))
    return looks


def test_told_to_stop_while_it_waits_it_leaves_with_one_line_and_starts_nothing(absent):
    done = CliRunner().invoke(command.run, [])

    assert done.exit_code == 0
    assert len(absent) == 3
    assert done.output.splitlines() == ["expected a broker, found none; trying again every 0 s"]


def test_workers_sinks_and_pollers_are_stopped_together():
    together = threading.Barrier(3)

    class Slow:
        def start(self):
            pass

        def stop(self):
            together.wait(timeout=30)  # broken, and so an error, if they stop one after the other

    command.supervise(SimpleNamespace(stop=True), Slow(), Slow(), Slow())

    assert not together.broken


@pytest.mark.parametrize(
    ("words", "broker", "said"),
    [
        (["nosuch"], "127.0.0.1:1", "expected hops of clean-tag, dedupe, alert; found nosuch"),
        ([], "127.0.0.1", "expected a broker as host:port, found '127.0.0.1'; correct WIREWATCH_BROKER"),
    ],
)
def test_what_waiting_cannot_mend_is_said_at_once(absent, monkeypatch, words, broker, said):
    monkeypatch.setenv("WIREWATCH_BROKER", broker)

    done = CliRunner().invoke(wirewatch, ["run", *words])

    assert done.exit_code != 0
    assert said in done.stderr
    assert absent == []
