"""Records to outcomes: whatever a record holds and whatever a stage does, there is one outcome for each."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import topics
from schemas.article import CleanArticle, RawArticle, StoryCorrection, TaggedArticle
from schemas.rule import Rule
from streams.process import OVERHEAD, decoded, run_all, walk, written
from streams.records import Record
from streams.stage import Drop, Reason, Reject, Step


def record(value, topic=topics.RAW, **changes):
    return Record(topic.name, 0, changes.pop("offset", 5), 1.5, changes.pop("key", b"k"), value, **changes)


def raw(**fields):
    return json.dumps({"id": "a", "text": "It rained.", **fields}).encode()


def clean_of(message):
    return [CleanArticle(id=message.id, body=message.text)]


def tag_of(message):
    return [TaggedArticle(id=message.id, body=message.body, language="en")]


CLEAN = Step("clean", reads=topics.RAW, run=clean_of, writes=(topics.CLEAN,))
TAG = Step("tag", reads=topics.CLEAN, run=tag_of, writes=(topics.TAGGED,))

DEEP = b"[" * 10_000 + b"]" * 10_000
BAD = {
    "not JSON": (b"{", Reason.NOT_JSON),
    "empty": (b"", Reason.NOT_JSON),
    "not UTF-8": (b'{"id": "a", "text": "\xff\xfe"}', Reason.NOT_JSON),
    "nothing but white space": (b" \n", Reason.NOT_JSON),
    "nesting 10,000 deep": (b'{"id": "a", "text": "x", "more": ' + DEEP + b"}", Reason.NOT_JSON),
    "10,000 brackets": (DEEP[:10_000], Reason.NOT_JSON),
    "a lone surrogate": (b'{"id": "a", "text": "\\ud800"}', Reason.NOT_JSON),
    "a lone surrogate in bytes": (b'{"id": "a", "text": "\xed\xa0\x80"}', Reason.NOT_JSON),
    "an array": (b"[]", Reason.INVALID),
    "null": (b"null", Reason.INVALID),
    "a number": (b"7", Reason.INVALID),
    "NaN for a text": (b'{"id": "a", "text": NaN}', Reason.INVALID),
    "NaN": (b"NaN", Reason.INVALID),
    "NaN for a time": (b'{"id": "a", "text": "x", "published": NaN}', Reason.INVALID),
    "infinity for a time": (b'{"id": "a", "text": "x", "published": -Infinity}', Reason.INVALID),
    "true for a time": (raw(published=True), Reason.INVALID),
    "wrong types": (raw(text=["x"]), Reason.INVALID),
    "an id of another type": (raw(id=7), Reason.INVALID),
    "no id": (b'{"text": "x"}', Reason.INVALID),
    "no content": (b'{"id": "a"}', Reason.INVALID),
    "an empty id": (raw(id=""), Reason.INVALID),
    "an endless id": (raw(id="x" * 513), Reason.INVALID),
    "a tombstone": (None, Reason.TOMBSTONE),
    "10 MB": (raw(text="x" * 10_000_000), Reason.TOO_LARGE),
}  # fmt: skip


@pytest.mark.parametrize(("value", "reason"), BAD.values(), ids=BAD.keys())
def test_bad_input_becomes_one_rejection_that_says_why(value, reason):
    reject = decoded(topics.RAW, record(value))

    assert isinstance(reject, Reject)
    assert reject.reason == reason
    assert reject.detail
    assert len(reject.detail) <= 500
    reject.detail.encode()


anything = st.recursive(st.none() | st.text() | st.floats(), st.lists).map(lambda value: json.dumps(value).encode())


@given(st.binary(max_size=200) | anything)
def test_any_bytes_are_a_message_or_a_rejection(value):
    assert isinstance(decoded(topics.RAW, record(value)), RawArticle | Reject)


def test_a_missing_key_is_no_reason_to_reject():
    assert decoded(topics.RAW, record(raw(), key=None)).id == "a"


def test_fields_of_later_versions_are_ignored():
    assert decoded(topics.RAW, record(raw(mood="sunny"))).text == "It rained."


def test_the_reader_sets_position_and_time_whatever_the_publisher_says():
    article = decoded(topics.RAW, record(raw(position="articles.raw-9-9")))

    assert article.position == "articles.raw-0-5"
    assert article.first_seen.timestamp() == 1.5


def test_a_time_that_no_calendar_holds_is_a_rejection():
    assert isinstance(decoded(topics.RAW, Record(topics.RAW.name, 0, 1, 1e17, b"k", raw())), Reject)


def test_a_story_correction_is_read_in_its_place_among_the_tagged_articles():
    value = b'{"id": "c", "action": "merge", "story": "s", "into": "t"}'
    correction = decoded(topics.TAGGED, record(value, topics.TAGGED))

    assert isinstance(correction, StoryCorrection)
    assert correction.position == "articles.tagged-0-5"
    assert decoded(topics.RAW, record(value)).reason == Reason.INVALID


def test_what_is_neither_article_nor_correction_is_explained_as_an_article():
    assert "body" in decoded(topics.TAGGED, record(b'{"id": "c"}', topics.TAGGED)).detail


def test_a_stage_that_raises_is_a_rejection_and_its_neighbours_are_not():
    def run(message):
        if message.id == "bad":
            raise RuntimeError("no such luck" + "!" * 1000)
        return clean_of(message)

    step = Step("clean", reads=topics.RAW, run=run, writes=(topics.CLEAN,))
    first, bad, last = run_all(step, [RawArticle(id=i, text="x") for i in ("a", "bad", "b")])

    assert (first[0].id, last[0].id) == ("a", "b")
    assert bad.reason == Reason.CRASHED
    assert "no such luck" in bad.detail
    assert len(bad.detail) <= 500


def _fails(messages):
    raise ValueError("the whole batch")


@pytest.mark.parametrize("run_many", [_fails, lambda messages: [], lambda messages: [Drop(Reason.NO_MATCH)] * 3])
def test_a_batch_that_raises_or_gives_another_number_is_tried_one_by_one(run_many):
    step = Step("clean", reads=topics.RAW, run=clean_of, run_many=run_many, writes=(topics.CLEAN,))
    outcomes = run_all(step, [RawArticle(id=i, text="x") for i in ("a", "b")])

    assert [outcome[0].id for outcome in outcomes] == ["a", "b"]


def test_a_batch_is_given_as_a_batch():
    given = []
    step = Step(
        "clean",
        reads=topics.RAW,
        run=_fails,
        run_many=lambda messages: given.append(len(messages)) or [clean_of(m) for m in messages],
        writes=(topics.CLEAN,),
    )
    outcomes = run_all(step, [RawArticle(id=i, text="x") for i in ("a", "b")])

    assert given == [2]
    assert [outcome[0].id for outcome in outcomes] == ["a", "b"]


def test_composed_stages_take_on_what_the_first_gave_and_leave_alone_what_it_refused():
    def run(message):
        refusals = {"drop": Drop(Reason.NO_MATCH), "reject": Reject(Reason.NO_TEXT)}
        return refusals.get(message.id) or clean_of(message)

    first = Step("clean", reads=topics.RAW, run=run, writes=(topics.CLEAN,))
    outcomes = walk([first, TAG], [RawArticle(id=i, text=f"{i}.") for i in ("a", "drop", "b", "reject")])

    assert [(outcomes[i][0].id, outcomes[i][0].body) for i in (0, 2)] == [("a", "a."), ("b", "b.")]
    assert (outcomes[1], outcomes[3]) == (Drop(Reason.NO_MATCH), Reject(Reason.NO_TEXT))


def test_nothing_going_on_is_no_trouble_to_the_second_stage():
    nothing = Step("clean", reads=topics.RAW, run=lambda m: Drop(Reason.NO_MATCH), writes=(topics.CLEAN,))

    assert walk([nothing, TAG], [RawArticle(id="a", text="x")]) == [Drop(Reason.NO_MATCH)]


def test_an_outcome_is_written_to_the_topic_that_carries_it_with_the_trace_of_its_record():
    [out] = written(CLEAN, record(raw(), headers=[("traceparent", b"t")]), [CleanArticle(id="a", body="x")])

    assert (out.topic, out.key) == ("articles.clean", b"a")
    assert ("traceparent", b"t") in out.headers


def test_an_output_too_large_for_its_topic_is_a_rejection():
    fits = CleanArticle(id="a", body="x" * (topics.CLEAN.limit - OVERHEAD - 1000))
    large = CleanArticle(id="a", body="x" * (topics.CLEAN.limit - OVERHEAD + 1))

    assert written(CLEAN, record(raw()), [fits])[0].value == fits.to_json()
    assert written(CLEAN, record(raw()), [large]).reason == Reason.TOO_LARGE


def test_a_message_that_no_topic_of_the_stage_carries_is_a_rejection_that_names_both():
    reject = written(CLEAN, record(raw()), [Rule(name="r")])

    assert reject.reason == Reason.CRASHED
    assert "clean gave Rule" in reject.detail


def test_refusals_pass_as_they_are():
    for refusal in (Drop(Reason.NO_MATCH), Reject(Reason.PAYWALL, "wall")):
        assert written(CLEAN, record(raw()), refusal) is refusal
