"""The whole path on a real Kafka, as a newcomer sees it: `wirewatch demo` to its end."""

import json
import os
import subprocess
import sys

import jsonschema
import pytest

from streams.broker import LocalBroker
from streams.reading import Reader
from streams.settings import Settings

pytestmark = pytest.mark.kafka


def demo(home, *articles, **environment):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("WIREWATCH_")}
    done = subprocess.run(
        [sys.executable, "-m", "streams.cli", "demo", "--once", *map(str, articles)],
        capture_output=True, timeout=240, check=False, env={**clean, "WIREWATCH_HOME": str(home), **environment},
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    return done.stdout.decode()


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    with LocalBroker(tmp_path_factory.mktemp("kafka")) as started:
        yield started.bootstrap


def values(settings, topic):
    reader = Reader(settings, topic)
    reader.from_beginning()
    found = [json.loads(record.value) for record in reader.until_now()]
    reader.close()
    return found


def by_file(settings, root):
    """Enriched articles by the sample whose bytes they came from; of two equal samples the first came first."""
    files = {file.name: file.read_bytes() for file in sorted((root / "seeds" / "articles").glob("*.json"))}
    reader = Reader(settings, "articles.raw")
    reader.from_beginning()
    names = {}
    for record in sorted(reader.until_now(), key=lambda r: (r.partition, r.offset)):
        names[record.position] = next(name for name, content in files.items() if content == record.value)
        del files[names[record.position]]
    reader.close()
    return {names[article["position"]]: article for article in values(settings, "articles.enriched")}


@pytest.fixture(scope="module")
def samples(broker, tmp_path_factory, root):
    settings = Settings(broker=broker, prefix="samples.")
    output = demo(tmp_path_factory.mktemp("home"), WIREWATCH_BROKER=broker, WIREWATCH_PREFIX="samples.")
    return settings, output


def test_every_sample_is_accounted_for_and_the_stages_balance(samples):
    _, output = samples

    assert "10 published = 7 enriched + 3 rejected + 0 missing" in output
    assert "NO" not in output


def test_each_sample_ends_as_expected(samples, root):
    settings, _ = samples
    expected = json.loads((root / "seeds" / "expected.json").read_text())
    found = by_file(settings, root)
    sent = {name for name, what in expected.items() if what["outcome"] == "sent"}

    assert found.keys() == sent
    for name in sent:
        assert found[name]["verdict"] == expected[name]["verdict"], name
        assert found[name]["duplicate_of"] == expected[name].get("duplicate_of"), name
        if expected[name]["story_with"]:
            assert found[name]["story"] == expected[name]["story_with"][0], name


def test_alerts_carry_evidence_that_stands_in_the_article(samples, root):
    settings, _ = samples
    articles = {article["position"]: article for article in values(settings, "articles.enriched")}
    alerts = values(settings, "alerts")

    assert "troop-withdrawal" in {alert["rule"] for alert in alerts}
    for alert in alerts:
        for evidence in alert["evidence"]:
            text = articles[alert["position"]][evidence["field"]]
            assert text[evidence["start"] : evidence["end"]] == evidence["text"]


@pytest.mark.parametrize(
    ("topic", "model"),
    [
        ("articles.tagged", "TaggedArticle"),
        ("articles.enriched", "EnrichedArticle"),
        ("alerts", "Alert"),
        ("stories", "Story"),
    ],
)
def test_a_plain_consumer_can_validate_what_it_reads(samples, root, topic, model):
    settings, _ = samples
    schema = json.loads((root / "schemas" / "json" / f"{model}.json").read_text())
    found = values(settings, topic)

    assert found
    for message in found:
        jsonschema.validate(message, schema)


def test_the_five_real_articles_are_read_as_a_careful_reader_would(broker, development_data, tmp_path):
    folder = development_data / "seeds"
    expected = json.loads((folder / "expected.json").read_text())["articles"]
    files = sorted(folder.glob("*.txt"))
    demo(tmp_path, *files, WIREWATCH_BROKER=broker, WIREWATCH_PREFIX="five.")
    settings = Settings(broker=broker, prefix="five.")
    texts = {file.name: file.read_text() for file in files}
    enriched = {_file_of(article, expected): article for article in values(settings, "articles.enriched")}
    fired = {_file_of(enriched_of, expected) for enriched_of in _alerted(settings)}

    assert enriched.keys() == texts.keys()
    assert fired == {name for name, what in expected.items() if what["troop_withdrawal"]["fire"]}
    story = {name[:3]: article["story"] for name, article in enriched.items()}
    group = {name[:3]: article["group"] for name, article in enriched.items()}
    assert group["000"] == group["001"]
    assert story["003"] == story["004"]
    assert story["002"] not in (story["000"], story["003"])


def _alerted(settings):
    by_position = {article["position"]: article for article in values(settings, "articles.enriched")}
    return [by_position[alert["position"]] for alert in values(settings, "alerts")]


def _file_of(article, expected):
    """The development file an article came from: the one with its title, or with none, and its publishing date."""
    for name, what in expected.items():
        same_title = (what["title"] or None) == article["title"]
        if same_title and what["published"] == article["published"]:
            return name
    raise AssertionError(f"no file has the title {article['title']!r}")
