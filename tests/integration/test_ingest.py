"""From a feed to ``articles.raw`` and on, on a real Kafka, with a feed server of the test's own."""

import json
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner

from schemas.topics import ENRICHED, FEEDS_STATE, RAW
from streams import cli
from streams.broker import LocalBroker
from streams.commands import connection
from streams.commands.run import ensure_topics
from streams.reading import Reader
from streams.settings import Settings
from streams.supervisor import environment_of

pytestmark = pytest.mark.kafka
DIES = """
import os, signal
from streams.cli import main
from streams.ingest.store import Store

async def keep(*_):
    os.kill(os.getpid(), signal.SIGKILL)

Store.keep = keep
main(["ingest", "--once"])
"""
"""A poller that is killed when its articles are confirmed and its state is not yet written."""


class Press:
    """A feed whose entries the test sets."""

    def __init__(self):
        self.numbers, self.asked = [1, 2, 3], []
        press = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                press.asked.append((self.path, self.headers.get("If-None-Match")))
                etag = f'"{press.numbers}"'
                same = self.headers.get("If-None-Match") == etag
                self.send_response(304 if same else 200)
                self.send_header("ETag", etag)
                self.end_headers()
                if not same:
                    self.wfile.write(press.document(self.path))

            def log_message(self, *_):
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def document(self, path):
        items = "".join(
            f"<item><title>Council meeting {n} agrees on the budget</title><guid>{path}{n}</guid>"
            f"<link>https://news.example.org{path}/{n}</link>"
            f"<description>The council met for the {n}th time on Monday and agreed on a budget.</description></item>"
            for n in reversed(self.numbers)
        )
        return f"<rss version='2.0'><channel><title>Press</title>{items}</channel></rss>".encode()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    home = tmp_path_factory.mktemp("kafka")
    with LocalBroker(home) as running:
        yield Settings(broker=running.bootstrap, partitions=3, home=home, metrics_port=0, spare=False)


@pytest.fixture
def press():
    made = Press()
    yield made
    made.close()


@pytest.fixture
def settings(broker, request):
    own = broker.model_copy(update={"prefix": f"{request.node.name.replace('_', '-')[:60]}."})
    ensure_topics(connection(own))
    return own


@pytest.fixture
def wirewatch(settings):
    environment = {**environment_of(settings), "WIREWATCH_SPARE": "false", "WIREWATCH_PARTITIONS": "3"}

    def run(*words, code=0, program=("-m", "streams.cli")):
        if words[:1] == ("feeds",):  # in this process: loading takes longer than what they do
            done = CliRunner().invoke(cli.wirewatch, words, env=environment)
            assert done.exit_code == code, done.output
            return done.output
        command = [sys.executable, *program, *words]
        done = subprocess.run(command, capture_output=True, timeout=60, check=False, env=environment)
        assert done.returncode == code, done.stderr.decode()
        return (done.stdout + done.stderr).decode()

    @contextmanager
    def background(*words):
        with subprocess.Popen(
            [sys.executable, "-m", "streams.cli", *words], env=environment, stderr=subprocess.DEVNULL
        ) as process:
            try:
                yield process
            finally:
                process.terminate()

    run.background = background
    return run


def on(settings, topic):
    reader = Reader(settings, topic)
    reader.from_beginning()
    found = [json.loads(record.value) for record in reader.until_now()]
    reader.close()
    return found


def awaited(settings, topic, enough):
    """What a topic holds once that is ``enough``, or when it has taken too long to be."""
    patience = time.monotonic() + 60
    reader = Reader(settings, topic)
    reader.from_beginning()
    found = []
    for record in reader.following(lambda: time.monotonic() > patience):
        found.append(json.loads(record.value))
        if enough(found):
            break
    reader.close()
    return found


def test_a_feed_is_read_first_as_backlog_then_for_news_and_unchanged_not_at_all(wirewatch, press, settings):
    wirewatch("feeds", "add", press.url + "/a", "--allow-private", "--source", "press")
    assert "1 of 1 feeds read, 3 articles" in wirewatch("ingest", "--once")
    press.numbers.append(4)
    wirewatch("ingest", "--once")
    wirewatch("ingest", "--once")

    articles = on(settings, RAW.name)
    titles = [(article["title"].split()[2], article["backlog"], article["source"]) for article in articles]
    assert sorted(titles) == [("1", True, "press"), ("2", True, "press"), ("3", True, "press"), ("4", False, "press")]
    assert press.asked[-1] == ("/a", '"[1, 2, 3, 4]"')
    assert "nothing new, 4 published so far" in wirewatch("feeds", "list")


def test_a_poller_that_is_killed_before_it_remembers_loses_nothing(wirewatch, press, settings):
    wirewatch("feeds", "add", press.url + "/a", "--allow-private")
    wirewatch(code=-9, program=("-c", DIES))
    wirewatch("ingest", "--once")
    wirewatch("ingest", "--once")

    times = Counter(article["id"] for article in on(settings, RAW.name))
    assert list(times.values()) == [2, 2, 2]


def test_what_feeds_bring_is_enriched_by_the_workers_that_run_beside(wirewatch, press, settings):
    wirewatch("feeds", "add", press.url + "/a", "--allow-private")
    with wirewatch.background("run", "--feeds"):
        first = awaited(settings, ENRICHED.name, lambda found: len(found) == 3)
        press.numbers.append(4)
        wirewatch("ingest", "--once")
        every = awaited(settings, ENRICHED.name, lambda found: len(found) == 4)

    assert all(article["backlog"] for article in first)
    assert [article["title"].split()[2] for article in every if not article["backlog"]] == ["4"]


def test_two_pollers_share_the_feeds_and_neither_repeats_the_other(wirewatch, press, settings):
    paths = [f"/{name}" for name in "abcdef"]
    with wirewatch.background("ingest"), wirewatch.background("ingest") as other:
        wirewatch("feeds", "add", *(press.url + path for path in paths), "--allow-private")
        awaited(settings, FEEDS_STATE.name, lambda found: len({state["id"] for state in found}) == 6)
        other.terminate()
        other.wait(20)
        wirewatch("feeds", "add", press.url.replace("127.0.0.1", "localhost") + "/g", "--allow-private")
        found = awaited(settings, RAW.name, lambda found: len({article["id"] for article in found}) == 21)

    assert len(found) == 21
    assert len(press.asked) == 7


def test_feeds_are_listed_exported_and_removed(wirewatch, press, settings, tmp_path):
    wirewatch("feeds", "add", press.url + "/a", "--allow-private", "--folder", "Wires")
    exported = wirewatch("feeds", "export")
    (tmp_path / "list.opml").write_text(exported)

    assert "there already" in wirewatch("feeds", "add", "--opml", str(tmp_path / "list.opml"))
    wirewatch("feeds", "add", press.url + "/a", "--full")
    [row] = map(json.loads, wirewatch("feeds", "list", "--json").splitlines())
    assert (row["folder"], row["allow_private"], row["full"], row["status"]) == ("Wires", True, True, "new")
    assert "no feed https://other.example/" in wirewatch("feeds", "remove", "https://other.example/", code=1)
    assert "1 removed" in wirewatch("feeds", "remove", press.url + "/a")
    assert wirewatch("feeds", "list") == "no feeds yet; see `wirewatch feeds add`\n"
