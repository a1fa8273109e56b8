"""Commands on a real Kafka, as a person or a script calls them."""

import json
import os
import subprocess
import sys
import time

import pytest
from kafka import KafkaConsumer, KafkaProducer

from schemas.article import RawArticle
from schemas.rule import Rule
from streams.commands import connection
from streams.commands.records import send
from streams.commands.run import ensure_topics, first_rules

pytestmark = pytest.mark.kafka
READERS = (
    ("doctor.clean-tag", "doctor.articles.raw"),
    ("doctor.dedupe", "doctor.articles.tagged"),
    ("doctor.alert", "doctor.articles.enriched"),
)


@pytest.fixture(scope="module")
def settings(own_kafka):
    return own_kafka(1)


@pytest.fixture
def command(settings):
    """How a command is started, and with which environment."""
    environment = {**os.environ, "WIREWATCH_BROKER": settings.broker, "WIREWATCH_PARTITIONS": "1"}
    return lambda *words: ([sys.executable, "-m", "streams.cli", *words], environment)


@pytest.fixture
def wirewatch(command):
    def run(*words, prefix=""):
        arguments, environment = command(*words)
        environment["WIREWATCH_PREFIX"] = prefix
        return subprocess.run(arguments, capture_output=True, timeout=60, check=False, env=environment, text=True)

    return run


def test_silences_are_added_listed_and_ended(wirewatch):
    added = wirewatch(
        "silences", "add", "--rule", "coup", "--label", "team=sea", "--for", "30m", "--comment", "a drill"
    )
    identifier = added.stdout.split()[0]
    listed = json.loads(wirewatch("silences", "--json").stdout)

    assert listed["id"] == identifier
    assert (listed["rule"], listed["labels"], listed["comment"]) == ("coup", {"team": "sea"}, "a drill")
    assert identifier in wirewatch("silences").stdout
    assert wirewatch("silences", "end", identifier).stdout == "1 ended\n"
    assert wirewatch("silences").stdout == ""
    again = wirewatch("silences", "end", identifier)
    assert again.returncode == 1
    assert again.stderr == f"Error: no silence {identifier}; see `wirewatch silences`\n"


def test_the_first_run_puts_the_shipped_rules_in_force_and_later_ones_leave_deleted_rules_alone(wirewatch, settings):
    own = settings.model_copy(update={"prefix": "first."})
    ensure_topics(connection(own))

    names = first_rules(own)

    assert "troop-withdrawal" in names
    assert first_rules(own) == []
    send(own, "alert.rules", [(name, None) for name in names])
    assert first_rules(own) == []


def test_the_doctor_names_what_is_missing_until_the_topics_are_there_and_somebody_reads_them(wirewatch, settings):
    def examined():
        done = wirewatch("doctor", "--json", prefix="doctor.")
        return done.returncode, {row["piece"]: row for row in map(json.loads, done.stdout.splitlines())}

    code, found = examined()
    assert (code, found["broker"]["level"], found["topics"]["level"]) == (1, "ok", "fault")
    assert "doctor.articles.raw" in found["topics"]["told"]
    assert "flow" not in found

    ensure_topics(connection(settings.model_copy(update={"prefix": "doctor."})))
    ahead = int((time.time() + 2000) * 1000)
    producer = KafkaProducer(bootstrap_servers=settings.broker)
    producer.send("doctor.articles.raw", b"{}", timestamp_ms=ahead)
    producer.close()
    code, found = examined()
    assert (code, found["topics"]["level"], found["rules"]["level"], found["clock"]["level"]) == (
        1,
        "ok",
        "note",
        "note",
    )
    assert found["clock"]["told"].startswith("articles.raw-0-0 is 1,9")
    assert found["flow"]["level"] == "fault"
    assert "doctor.clean-tag 1 behind, doctor.dedupe 0 behind" in found["flow"]["told"]

    readers = [KafkaConsumer(topic, group_id=group, bootstrap_servers=settings.broker) for group, topic in READERS]
    try:
        for reader in readers:
            while not reader.assignment():
                reader.poll(100)
        code, found = examined()
        assert (code, found["flow"]["level"]) == (0, "ok")
    finally:
        for reader in readers:
            reader.close()


def test_tail_ends_when_nobody_reads_it_any_more(command, settings):
    rules = [Rule(name=f"rule-{number}", query="coup") for number in range(3)]
    send(settings, "alert.rules", [(rule.name, rule.to_json()) for rule in rules])
    arguments, environment = command("tail", "alert.rules", "--since", "all", "--json")
    tail = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    try:
        assert json.loads(tail.stdout.readline())["name"] == "rule-0"
        tail.stdout.close()
        assert (tail.wait(timeout=30), tail.stderr.read()) == (0, b"")
    finally:
        tail.kill()
        tail.wait()
        tail.stderr.close()


def test_trace_says_how_many_others_an_article_waits_behind(wirewatch, settings):
    own = settings.model_copy(update={"prefix": "trace."})
    ensure_topics(connection(own))
    send(own, "articles.raw", [(name, RawArticle(id=name, text="It rained.").to_json()) for name in ("a", "b", "c")])

    traced = wirewatch("trace", "c", prefix="trace.")

    assert traced.returncode == 0
    assert "articles.raw-0-2" in traced.stdout
    assert traced.stderr == "on its way: clean-tag takes it after 2 others of articles.raw-0\n"
    nowhere = wirewatch("trace", "d", prefix="trace.")
    assert nowhere.returncode == 1
    assert nowhere.stderr.startswith("Error: expected an article d, found none")
