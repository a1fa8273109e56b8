"""From records to outcomes: nothing a publisher can send and nothing a stage can do raises."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.article import CleanArticle
from schemas.topics import CLEAN, RAW, TAGGED
from streams.faults.corpus import poison
from streams.process import decoded, run, run_all, walk, written
from streams.records import Record
from streams.stage import Drop, Reason, Reject, Step


def record(value, key=b"k"):
    return Record(RAW.name, 0, 7, 1_700_000_000.0, key, value)


def article(name: str = "a") -> CleanArticle:
    return CleanArticle(id=name, body="It met on Monday.")


def step(run: Any, run_many: Any = None) -> Step[Any]:
    return Step("tag", reads=CLEAN, writes=(CLEAN,), run=run, run_many=run_many)


def fail(_message):
    raise ValueError("no")


def test_a_tombstone_is_rejected():
    assert decoded(RAW, record(None)).reason is Reason.TOMBSTONE


def test_what_is_no_json_is_told_from_json_that_is_no_article():
    assert decoded(RAW, record(b"no json")).reason is Reason.NOT_JSON
    assert decoded(RAW, record(b'{"id": "a"}')).reason is Reason.INVALID


def test_a_record_above_its_topic_limit_is_not_even_read():
    assert decoded(RAW, record(b" " * (RAW.limit + 1))).reason is Reason.TOO_LARGE


def test_an_article_carries_where_and_when_it_was_read():
    message = decoded(RAW, record(b'{"id": "a", "text": "t"}'))
    assert message.position == "articles.raw-0-7"
    assert message.first_seen.timestamp() == 1_700_000_000


@given(st.binary(max_size=200))
def test_no_bytes_make_decoding_raise(value):
    decoded(RAW, record(value))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["id", "text", "html", "url", "published", "title"]), json_values))
def test_no_json_object_makes_decoding_raise(fields):
    decoded(RAW, record(json.dumps(fields).encode()))


def test_every_poison_is_decoded_or_rejected_as_meant():
    for piece in poison("run"):
        outcome = decoded(RAW, record(piece.value, piece.record_key))
        # a cleaner may still reject what could be read
        if isinstance(outcome, Reject):
            assert piece.meant != "sent", piece.id


def test_a_stage_that_raises_is_a_rejection_that_says_what_was_raised():
    outcome = run(step(fail), article())
    assert outcome == Reject(Reason.CRASHED, "ValueError('no')")


def test_where_a_batch_raises_each_message_is_tried_alone():
    def one(message):
        return [message] if message.id != "bad" else fail(message)

    def many(messages):
        return [one(message) for message in messages]

    outcomes = run_all(step(one, many), [article("a"), article("bad"), article("b")])
    assert [type(outcome) for outcome in outcomes] == [list, Reject, list]


def test_a_batch_that_gives_too_few_outcomes_is_not_believed():
    outcomes = run_all(step(lambda m: [m], lambda messages: []), [article("a"), article("b")])
    assert [outcome[0].id for outcome in outcomes] == ["a", "b"]


def test_what_one_stage_stops_the_next_does_not_see():
    seen = []

    def second(message):
        seen.append(message.id)
        return [message]

    def first(message):
        return Drop(Reason.NO_MATCH) if message.id == "stopped" else [message]

    outcomes = walk([step(first), step(second)], [article("a"), article("stopped"), article("b")])
    assert seen == ["a", "b"]
    assert outcomes[1] == Drop(Reason.NO_MATCH)


def test_an_output_that_no_topic_of_the_stage_carries_is_a_rejection():
    outcome = written(Step("tag", reads=CLEAN, writes=(TAGGED,), run=fail), record(b"{}"), [article()])
    assert isinstance(outcome, Reject)
    assert outcome.reason is Reason.CRASHED


def test_an_output_that_has_grown_past_its_topic_limit_is_a_rejection():
    large = CleanArticle(id="a", body="x" * CLEAN.limit)
    outcome = written(step(fail), record(b"{}"), [large])
    assert isinstance(outcome, Reject)
    assert outcome.reason is Reason.TOO_LARGE
