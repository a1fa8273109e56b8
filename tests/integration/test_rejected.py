"""Dead letters on a real Kafka: listed, shown, replayed once, edited, dropped."""

import json
import os
import subprocess
import sys

import pytest
from kafka import KafkaProducer

from streams.broker import LocalBroker
from streams.commands import connection
from streams.commands.run import ensure_topics
from streams.reading import Reader
from streams.records import Record, dead_letter
from streams.settings import Settings
from streams.stage import Reason, Reject

pytestmark = pytest.mark.kafka
NAMES = ("first", "second", "third")
KEYS = (b"first", None, b"third")


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    home = tmp_path_factory.mktemp("kafka")
    with LocalBroker(home) as broker:
        yield Settings(broker=broker.bootstrap, partitions=1, home=home)


@pytest.fixture
def rejected(settings, request):
    """The command, on topics of this test's own that hold three dead letters."""
    own = settings.model_copy(update={"prefix": f"{request.node.name.replace('_', '-')[:60]}."})
    ensure_topics(connection(own))
    producer = KafkaProducer(bootstrap_servers=own.broker)
    for offset, (key, name) in enumerate(zip(KEYS, NAMES, strict=True)):
        record = Record("articles.raw", 0, offset, 1.0, key, b"{" + name.encode(), [("traceparent", b"t")])
        out = dead_letter(record, "clean-tag", Reject(Reason.NOT_JSON, "cut short"), "articles.rejected", 10_000)
        producer.send(own.named(out.topic), key=out.key, value=out.value, headers=list(out.headers)).get(10)
    producer.close()

    def run(*words, code=0):
        environment = {**os.environ, "WIREWATCH_BROKER": own.broker, "WIREWATCH_PREFIX": own.prefix}
        command = [sys.executable, "-m", "streams.cli", "rejected", *words]
        done = subprocess.run(command, capture_output=True, timeout=60, check=False, env=environment)
        assert done.returncode == code, done.stderr.decode()
        return (done.stdout or done.stderr).decode()

    run.settings = own
    return run


def raw(settings):
    reader = Reader(settings, "articles.raw")
    reader.from_beginning()
    found = list(reader.until_now())
    reader.close()
    return found


def test_dead_letters_are_listed_counted_and_shown_with_their_bytes(rejected):
    listed = [json.loads(line) for line in rejected("list", "--json").splitlines()]

    assert [(row["letter"], row["reason"], row["offset"]) for row in listed] == [
        ("0-0", "not_json", 0),
        ("0-1", "not_json", 1),
        ("0-2", "not_json", 2),
    ]
    assert rejected("list", "--counts").split() == ["3", "clean-tag:", "not_json"]
    assert rejected("show", "0-1", "--raw") == "{second"


def test_a_replay_sends_key_bytes_and_headers_back_and_goes_on_where_it_stopped(rejected):
    rejected("replay", "--limit", "2")
    rejected("replay")

    found = raw(rejected.settings)
    assert [(r.key, r.value) for r in found] == [(k, b"{" + n.encode()) for k, n in zip(KEYS, NAMES, strict=True)]
    assert all(("traceparent", b"t") in r.headers and ("wirewatch_replays", b"1") in r.headers for r in found)
    assert rejected("list") == "no dead letters are open\n"


def test_letters_that_cannot_go_back_do_not_use_up_the_limit(rejected):
    producer = KafkaProducer(bootstrap_servers=rejected.settings.broker)
    for offset, (name, times) in enumerate([(b"often", b"9"), (b"last", b"0")], start=3):
        record = Record("articles.raw", 0, offset, 1.0, name, b"{" + name, [("wirewatch_replays", times)])
        out = dead_letter(record, "clean-tag", Reject(Reason.NOT_JSON), "articles.rejected", 10_000)
        producer.send(rejected.settings.named(out.topic), key=out.key, value=out.value, headers=list(out.headers)).get(
            10
        )
    producer.close()
    rejected("replay", "--limit", "3")
    rejected("replay", "--limit", "1")

    assert [record.value for record in raw(rejected.settings)][3:] == [b"{last"]


def test_a_dry_run_sends_nothing(rejected):
    rejected("replay", "--dry-run")

    assert raw(rejected.settings) == []
    assert len(rejected("list").splitlines()) == 3


def test_a_letter_can_be_corrected_and_another_dropped_with_a_note(rejected, tmp_path):
    (tmp_path / "mended.json").write_text('{"id": "mended", "text": "The council met."}\n')

    rejected("edit", "0-0", "--with", str(tmp_path / "mended.json"))
    rejected("drop", "0-1", "--note", "a test of the publisher's")

    [sent] = raw(rejected.settings)
    assert json.loads(sent.value)["id"] == "mended"
    assert "done       dropped: a test of the publisher's\n" in rejected("show", "0-1")
    done = {row["letter"]: row["done"] for row in map(json.loads, rejected("list", "--all", "--json").splitlines())}
    assert done == {"0-0": "edited", "0-1": "dropped", "0-2": None}


def test_an_empty_file_is_not_sent_as_a_correction(rejected, tmp_path):
    (tmp_path / "empty.json").write_text("\n")

    assert "nothing is sent" in rejected("edit", "0-0", "--with", str(tmp_path / "empty.json"), code=1)
    assert raw(rejected.settings) == []
