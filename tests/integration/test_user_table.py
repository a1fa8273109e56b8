"""A user's own names while the pipeline runs on a real Kafka: added, broken, mended."""

import json
import os
import subprocess
import sys

import pytest
from kafka import KafkaConsumer

from streams.broker import LocalBroker
from streams.commands import connection
from streams.commands.records import send
from streams.commands.run import ensure_topics
from streams.settings import Settings

pytestmark = pytest.mark.kafka

TEXT = (
    "The Zorblat Column and the Quindor Watch said on Monday that they had met officials in Baghdad. "
    "The talks went on for three hours and ended without an agreement, a spokesman told reporters."
)
ZORBLAT, QUINDOR = "Zorblat Column\t\tARMED_GROUP\tuser:z\n", "Quindor Watch\t\tORG\tuser:q\n"


@pytest.fixture
def settings(tmp_path):
    table = tmp_path / "my.tsv"
    table.write_text(ZORBLAT)
    with LocalBroker(tmp_path / "kafka") as broker:
        chosen = Settings(broker=broker.bootstrap, partitions=1)
        ensure_topics(connection(chosen))
        yield chosen


@pytest.fixture
def worker(settings, tmp_path):
    """A running pipeline with the table; ends with the test."""
    own = {
        "WIREWATCH_BROKER": settings.broker,
        "WIREWATCH_PARTITIONS": "1",
        "WIREWATCH_HOME": str(tmp_path),
        "WIREWATCH_METRICS_PORT": "0",
        "WIREWATCH_ENTITIES": str(tmp_path / "my.tsv"),
    }
    environment = {**os.environ, **own}
    with subprocess.Popen(
        [sys.executable, "-m", "streams.cli", "run"], env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.terminate()


def event(worker, name):
    """The next line of the worker's log that tells of an event of this name; fails when the worker ends first."""
    for line in worker.stderr:
        if name in line:
            return line
    pytest.fail(f"the worker ended and never said: {name}")


def users_names(settings, title):
    """Publish an article, wait until it is tagged, and give the ids of the user's names in it."""
    article = {"id": title, "title": title, "text": TEXT}
    send(settings, "articles.raw", [(title, json.dumps(article).encode())])
    reader = KafkaConsumer("articles.tagged", bootstrap_servers=settings.broker, auto_offset_reset="earliest")
    try:
        for record in reader:
            tagged = json.loads(record.value)
            if tagged["id"] == title:
                return {entity["id"] for entity in tagged["entities"] if entity["id"].startswith("user:")}
    finally:
        reader.close()


def test_a_users_table_is_followed_while_the_pipeline_runs(worker, settings, tmp_path):
    table = tmp_path / "my.tsv"
    event(worker, "assigned")
    assert users_names(settings, "first") == {"user:z"}

    table.write_text(ZORBLAT + QUINDOR)
    event(worker, "entity tables read again")
    assert users_names(settings, "second") == {"user:z", "user:q"}

    table.write_text(ZORBLAT + QUINDOR + "Broken\t\tNOTYPE\n")
    assert "my.tsv:3:9: expected a type" in event(worker, "the last good one stays")
    assert users_names(settings, "third") == {"user:z", "user:q"}

    table.write_text(QUINDOR)
    event(worker, "entity tables read again")
    assert users_names(settings, "fourth") == {"user:q"}
