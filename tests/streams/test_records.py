import hashlib
import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from schemas import topics
from schemas.article import EnrichedArticle, RawArticle, Story, StoryCorrection
from schemas.rule import Rule
from streams.records import Record, carried, dead_letter, described, outgoing, record_read, replays_of
from streams.stage import Reason, Reject

SEEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NOT_JSON = Reject(Reason.NOT_JSON, "a brace is missing")


def record(**changes):
    fields = {"topic": "articles.raw", "partition": 2, "offset": 7, "timestamp": 1.5, "key": b"k", "value": b"{"}
    return Record(**{**fields, **changes})


def test_a_record_carries_a_cloud_event_whose_id_a_retry_does_not_change():
    article = EnrichedArticle(id="a", body="x", position="articles.raw-2-7", first_seen=SEEN, story="s")

    first, again = (dict(outgoing(topics.ENRICHED, article, "dedupe", ()).headers) for _ in range(2))

    assert first == again
    assert first["ce_id"] == b"a@articles.raw-2-7"
    assert first["ce_specversion"] == b"1.0"
    assert first["ce_time"] == b"2026-01-02T03:04:05+00:00"


@pytest.mark.parametrize(
    ("topic", "message"),
    [
        (topics.ENRICHED, EnrichedArticle(id="a", body="x", story="s")),
        (topics.TAGGED, StoryCorrection(id="c", action="merge", story="a", into="b")),
    ],
)
def test_a_record_names_the_committed_schema_of_its_value(root, topic, message):
    [schema] = [value for name, value in outgoing(topic, message, "stage", ()).headers if name == "ce_dataschema"]

    committed = json.loads((root / "schemas" / "json" / f"{type(message).__name__}.json").read_text())
    assert schema.decode() == committed["$id"]


@pytest.mark.parametrize(
    ("topic", "first", "second"),
    [
        (topics.STORIES, Story(id="s", size=1, publishers=1), Story(id="s", size=2, publishers=1)),
        (topics.RAW, RawArticle(id="a", text="It rained."), RawArticle(id="a", text="It poured.")),
        (topics.RULES, Rule(name="flood", query="rain"), Rule(name="flood", query="rain OR flood")),
    ],
)
def test_two_states_of_one_thing_are_two_events_and_the_same_state_is_one(topic, first, second):
    ids = [dict(outgoing(topic, message, "stage", ()).headers)["ce_id"] for message in (first, second, second)]

    assert ids[0] != ids[1] == ids[2]


def test_the_key_is_the_one_the_topic_declares():
    assert outgoing(topics.ENRICHED, EnrichedArticle(id="a", body="x", story="s"), "dedupe", ()).key == b"s"


def test_the_trace_goes_along_and_the_event_of_the_hop_before_does_not():
    headers = [("ce_id", b"1"), ("traceparent", b"00-ab-cd-01")]

    assert list(carried(headers)) == [("traceparent", b"00-ab-cd-01")]


def test_a_dead_letter_keeps_bytes_key_and_headers_and_says_why():
    letter = dead_letter(record(headers=[("traceparent", b"t")]), "clean-tag", NOT_JSON, "articles.rejected", 100)
    why = described(letter.headers)

    assert (letter.key, letter.value) == (b"k", b"{")
    assert ("traceparent", b"t") in letter.headers
    assert (why.stage, why.reason, why.detail) == ("clean-tag", "not_json", "a brace is missing")
    assert (why.topic, why.partition, why.offset) == ("articles.raw", 2, 7)


def test_generic_tools_find_the_origin_in_the_dialect_of_spring():
    headers = dict(dead_letter(record(), "clean", NOT_JSON, "articles.rejected", 100).headers)

    assert headers["kafka_dlt-original-topic"] == b"articles.raw"
    assert int.from_bytes(headers["kafka_dlt-original-partition"], "big") == 2
    assert int.from_bytes(headers["kafka_dlt-original-offset"], "big") == 7


def test_a_dead_letter_may_have_no_value():
    letter = dead_letter(record(value=None, key=None), "clean", Reject(Reason.TOMBSTONE), "articles.rejected", 100)

    assert letter.value is None


def test_of_an_oversized_record_head_size_and_hash_are_kept():
    value = b"x" * 200_000
    letter = dead_letter(record(value=value), "clean", Reject(Reason.TOO_LARGE), "articles.rejected", 100_000)
    why = described(letter.headers)

    assert letter.value == value[: len(letter.value)]
    assert len(letter.value) < 100_000
    assert (why.size, why.sha256) == (200_000, hashlib.sha256(value).hexdigest())


def test_how_often_a_record_was_replayed_is_counted_on():
    assert replays_of([("wirewatch_replays", b"2")]) == 2
    assert replays_of([("wirewatch_replays", b"many")]) == 0


def test_a_record_that_is_written_again_behind_the_first_hop_is_known_by_its_event():
    first = record(topic="articles.tagged", headers=[("ce_id", b"a@articles.raw-2-7")])
    again = record(topic="articles.tagged", offset=99, headers=[("ce_id", b"a@articles.raw-2-7")])

    assert first.identity == again.identity
    assert record(headers=[("ce_id", b"a@")]).identity == "articles.raw-2-7"
    assert record(topic="articles.tagged").identity == "articles.tagged-2-7"


@pytest.mark.parametrize(("milliseconds", "seconds"), [(1500, 1.5), (0, 0.0), (-1, None)])
def test_a_record_is_as_it_was_read_under_the_declared_name_of_its_topic(milliseconds, seconds):
    read = SimpleNamespace(
        topic="mine.alerts", partition=2, offset=7, timestamp=milliseconds, key=b"k", value=None, headers=(("a", b"b"),)
    )

    assert record_read("alerts", read) == Record("alerts", 2, 7, seconds, b"k", None, [("a", b"b")])


def test_an_event_without_an_id_is_known_by_its_position():
    assert record(topic="articles.tagged", headers=[("ce_id", None)]).identity == "articles.tagged-2-7"
