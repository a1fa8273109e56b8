"""``wirewatch demo``, ended before it is through."""

import fcntl
import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from streams.commands import demo as module
from streams.settings import Settings


@pytest.fixture
def handlers():
    """Whoever handled signals handles them again afterwards."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("handlers")
def test_a_file_that_is_no_article_is_told_before_anything_is_started(monkeypatch, tmp_path):
    (tmp_path / "empty.txt").write_text("")
    monkeypatch.setattr(module, "_kafka", lambda _: pytest.fail("a Kafka was started"))

    result = CliRunner().invoke(module.demo, [str(tmp_path / "empty.txt")])

    assert str(result.exception) == f"{tmp_path / 'empty.txt'}: expected an article, found an empty file"


@pytest.mark.usefixtures("handlers")
def test_a_second_demo_leaves_the_kafka_of_the_first_alone(monkeypatch, tmp_path):
    (tmp_path / "article.txt").write_text("It rained.")
    monkeypatch.setenv("WIREWATCH_HOME", str(tmp_path))
    monkeypatch.delenv("WIREWATCH_BROKER", raising=False)
    monkeypatch.setattr(module, "LocalBroker", lambda *_, **__: pytest.fail("the Kafka was touched"))

    with (tmp_path / "demo.lock").open("ab") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        result = CliRunner().invoke(module.demo, [str(tmp_path / "article.txt")])

    assert str(result.exception).startswith(f"another demo runs in {tmp_path}; end it by Ctrl-C")


@pytest.mark.parametrize("at_hand", [True, False])
def test_who_stays_is_told_how_a_second_shell_comes_to_have_the_commands(monkeypatch, tmp_path, capsys, at_hand):
    if at_hand:
        (tmp_path / "wirewatch").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(module, "Told", lambda: SimpleNamespace(stop=True))
    monkeypatch.setattr(module, "Watch", lambda *_: SimpleNamespace(close=lambda: None))
    beside = SimpleNamespace(start=lambda: None, stop=lambda: None)
    monkeypatch.setattr(module, "Supervisor", lambda *_, **__: beside)

    module._stay(Settings(broker="kafka:9092"), None)

    told = capsys.readouterr().out.splitlines()
    assert ("  . " + str(Path(sys.prefix) / "bin" / "activate") in told) is not at_hand
    assert "  wirewatch publish FILE" in told


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.usefixtures("handlers")
def test_a_demo_that_is_told_to_stop_while_it_starts_stops_its_kafka_and_ends(monkeypatch, tmp_path, number):
    events = []
    (tmp_path / "article.txt").write_text("It rained.")

    @contextmanager
    def kafka(_load):
        try:
            yield Settings(broker="127.0.0.1:1", home=tmp_path)
        finally:
            events.append("kafka stopped")

    monkeypatch.setattr(module, "_kafka", kafka)
    monkeypatch.setattr(module, "ensure_topics", lambda _: os.kill(os.getpid(), number))
    monkeypatch.setattr(module, "push_shipped_rules", lambda _: events.append("went on"))

    result = CliRunner().invoke(module.demo, [str(tmp_path)])

    assert (result.exit_code, events) == (1, ["kafka stopped"])
    assert "Aborted" in result.output
