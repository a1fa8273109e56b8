"""``wirewatch board`` on a real Kafka: what comes is shown, a broker that is away is told of."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from schemas.alert import Alert
from schemas.article import EnrichedArticle
from streams.broker.process import wait_until
from streams.commands import connection
from streams.commands.records import send
from streams.commands.run import ensure_topics
from streams.reading import Reader

pytestmark = pytest.mark.kafka
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@contextmanager
def board(home, broker, *words):
    """The command as a process; its address, once it has said that."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("WIREWATCH_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "streams.cli", "board", "--port", "0", *words],
        env={**clean, "WIREWATCH_HOME": str(home), "WIREWATCH_BROKER": broker}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process, process.stderr.readline().split()[-1]
    finally:
        process.kill()
        process.communicate()


def asked(address, path):
    with urllib.request.urlopen(address + path, timeout=10) as answer:
        return json.load(answer)


def comes(condition):
    assert wait_until(condition, 30, pause=0.05)


def article(name, **changes):
    return EnrichedArticle(id=name, body=f"{name} came.", story="a-story", first_seen=NOW, **changes).to_json()


@pytest.fixture(scope="module")
def settings(own_kafka):
    return own_kafka(2)


def test_what_was_there_and_what_comes_is_shown_and_what_is_no_message_passed_over(settings, tmp_path):
    send(settings, "articles.enriched", [("a-story", article("first", title="First"))])
    with board(tmp_path, settings.broker) as (process, address):
        comes(lambda: asked(address, "stories")["rows"])
        alert = Alert(
            alert_id="a", dedup_key="k", id="first", rule="coup", rule_version="1", story="a-story", title="First"
        )
        send(settings, "alerts", [("k", b"no alert"), ("k", alert.to_json())])
        send(settings, "articles.enriched", [("a-story", article("second", title="Second", story_size=2))])
        comes(lambda: len(asked(address, "story?id=a-story")["articles"]) == 2)
        comes(lambda: asked(address, "story?id=a-story")["alerts"])

        [row] = asked(address, "stories")["rows"]
        assert (row["size"], [rule["rule"] for rule in row["rules"]]) == (2, ["coup"])
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_a_start_reads_back_so_many_of_each_partition(settings):
    own = settings.model_copy(update={"prefix": "back."})
    ensure_topics(connection(own))
    send(own, "articles.enriched", [(f"{number}", article(f"{number}")) for number in range(40)])

    reader = Reader(own, "articles.enriched")
    reader.from_beginning()
    reader.skip_to_latest(10)
    found = list(reader.until_now())
    reader.close()

    assert sorted({record.partition for record in found}) == [0, 1]
    assert len(found) == 10


def test_a_broker_that_is_away_is_told_and_the_board_is_there_all_the_same(tmp_path):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        broker = f"127.0.0.1:{nobody.getsockname()[1]}"
        with board(tmp_path, broker) as (process, address):
            comes(lambda: broker in asked(address, "stories")["status"])
            assert asked(address, "stories")["rows"] == []
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0


def test_a_port_that_is_taken_leaves_the_board_another(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with board(tmp_path, "127.0.0.1:1", "--port", port) as (_, address):
            assert f":{port}/" not in address
            assert (tmp_path / "run" / "board.url").read_text() == address
