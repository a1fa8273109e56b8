"""Dead letters back to where they came from, and none round for ever."""

import tracemalloc

import pytest

from streams import deadletters
from streams.deadletters import MOST_REPLAYS, Letter, audit, audit_of, replayed, told
from streams.records import REPLAYS, UNREADABLE, Record, dead_letter, described, replays_of
from streams.settings import Settings
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

    records = [*(Record("articles.rejected", 1, 0, 2.0, None, b"x", h) for h in strangers), ours]

    assert list(filter(None, map(audit_of, records))) == []
    assert [(letter.name, letter.done) for letter in told(records, {})] == [("1-42", None)]


def test_of_many_letters_one_is_held_at_a_time(monkeypatch):
    """And what was done about one is known, although it stands behind them all."""
    size, many = 100_000, 500

    class Topic:
        def __init__(self, *_):
            pass

        def from_time(self, since):
            pass

        def until_now(self):
            for offset in range(many):
                out = dead_letter(received(bytes(size)), "clean", NOT_JSON, "articles.rejected", 2 * size)
                yield Record(out.topic, 0, offset, 2.0, out.key, out.value, out.headers)
            dropped = Letter(Record("articles.rejected", 0, 3, 2.0, b"k", b"{"), None)
            noted = audit(dropped, "dropped", "a test")
            yield Record(noted.topic, 0, many, 2.0, noted.key, noted.value, noted.headers)

        def close(self):
            pass

    monkeypatch.setattr(deadletters, "Reader", Topic)
    tracemalloc.start()
    try:
        done = {letter.name: (letter.done, letter.note) for letter in deadletters.letters(Settings()) if letter.done}
        held = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert done == {"0-3": ("dropped", "a test")}
    assert held < 20 * size


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
