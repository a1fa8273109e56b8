"""Dead letters back to where they came from, and none round for ever."""

import pytest

from streams.deadletters import MOST_REPLAYS, Letter, audit, replayed, told
from streams.records import REPLAYS, UNREADABLE, Record, dead_letter, described, replays_of
from streams.stage import Reason, Reject

NOT_JSON = Reject(Reason.NOT_JSON, "a brace is missing")
LIMIT = 1000


def letter_of(record, limit=LIMIT):
    """``record`` set aside, and read again from the dead letters."""
    out = dead_letter(record, "clean", NOT_JSON, "articles.rejected", limit)
    why = described(out.headers)
    return Letter(Record(out.topic, 1, 42, 2.0, out.key, out.value, out.headers), why)


def received(value=b"{", headers=()):
    return Record("articles.raw", 2, 7, 1.5, b"k", value, headers)


def test_a_letter_goes_back_as_it_came():
    out = replayed(letter_of(received(headers=[("traceparent", b"t"), ("own", b"kept")])))

    assert (out.topic, out.key, out.value) == ("articles.raw", b"k", b"{")
    assert out.headers == [("traceparent", b"t"), ("own", b"kept"), (REPLAYS, b"1")]


def test_a_letter_is_named_by_where_it_stands():
    assert letter_of(received()).name == "1-42"


@pytest.mark.parametrize(("key", "value"), [(b"", None), (b"k", None), (None, b""), (None, b"{")])
def test_a_tombstone_and_a_missing_key_go_back_as_they_came(key, value):
    out = replayed(letter_of(Record("articles.raw", 0, 0, None, key, value)))

    assert (out.key, out.value) == (key, value)


def test_a_record_of_neither_key_nor_value_gets_an_empty_key_for_no_client_writes_it_without():
    assert letter_of(Record("articles.raw", 0, 0, None, None, None)).record.key == b""


def test_what_was_done_about_a_letter_without_a_key_can_be_written_down_too():
    noted = audit(letter_of(Record("articles.raw", 0, 0, None, None, b"{")), "dropped")

    assert (noted.key, noted.value, noted.partition) == (b"", None, 1)


def test_a_record_that_no_client_could_read_is_not_sent_again():
    unreadable = received(value=b"", headers=[(UNREADABLE, b"too large")])

    assert replayed(letter_of(unreadable)) == "it could not be read"


def test_what_anybody_has_written_to_the_topic_is_no_letter_and_hides_none():
    ours = letter_of(received()).record
    strangers = [
        [("dlq_stage", b"clean")],
        [("dlq_stage", b"clean"), ("dlq_reason", b"x"), ("dlq_topic", b"t"), ("dlq_partition", b"two")],
        [("dlq_stage", None)],
        [("wirewatch_audit", b"dropped"), ("wirewatch_letter", None)],
    ]

    found = list(told([*(Record("articles.rejected", 1, 0, 2.0, None, b"x", h) for h in strangers), ours]))

    assert [(letter.name, letter.done) for letter in found] == [("1-42", None)]


def test_each_round_is_counted_and_the_last_one_is_not_sent():
    record = received()
    for done in range(MOST_REPLAYS):
        assert replays_of(record.headers) == done
        out = replayed(letter_of(record))
        record = received(headers=out.headers)

    assert replayed(letter_of(record)) == f"it has come back {MOST_REPLAYS} times"


def test_headers_do_not_grow_from_round_to_round():
    first = replayed(letter_of(received(headers=[("own", b"kept")])))
    second = replayed(letter_of(received(headers=first.headers)))

    assert [name for name, _ in second.headers] == [name for name, _ in first.headers]


def test_of_which_only_the_head_was_kept_nothing_is_sent():
    assert replayed(letter_of(received(b"x" * (LIMIT + 1)))) == "only its head was kept"
    assert replayed(letter_of(received(b"x" * LIMIT))).value == b"x" * LIMIT


def test_nothing_is_sent_to_a_topic_that_no_stage_reads():
    assert replayed(letter_of(Record("alert.rules", 0, 7, 1.5, b"k", b"{"))) == "no stage reads alert.rules"
