"""The rules in force: what a record of either topic does to them."""

import json

import pytest

from schemas.article import EnrichedArticle
from schemas.topics import RULES, SILENCES
from streams.records import Record
from streams.rulebook import RuleBook
from streams.stage import Reason


def record(topic, key, value, offset=0):
    content = value if value is None or isinstance(value, bytes) else json.dumps(value).encode()
    return Record(topic.name, 0, offset, 1.0, key.encode() if key is not None else None, content)


def rule(name, query="strike", **fields):
    return record(RULES, name, {"name": name, "query": query, **fields})


def silence(name):
    times = {"starts": "2026-01-01T00:00:00Z", "ends": "2026-01-02T00:00:00Z"}
    return record(SILENCES, name, {"id": name, "rule": "r", **times})


@pytest.fixture
def book():
    return RuleBook()


def rejected(book):
    return [(found.key.decode(), reject.reason) for found, reject in book.unusable()]


def fires(book, name, text):
    found = book.rules.match(EnrichedArticle(id="a", body=text, language="en"))
    return name in {match.rule.name for match in found}


def test_rules_are_added_replaced_and_deleted(book):
    book.take(rule("r", "strike"))
    assert (len(book.rules), fires(book, "r", "A strike began.")) == (1, True)
    book.take(rule("r", "harvest"))
    assert (len(book.rules), fires(book, "r", "A strike began."), fires(book, "r", "The harvest came.")) == (
        1,
        False,
        True,
    )
    book.take(record(RULES, "r", None))
    assert len(book.rules) == 0


def test_deleting_what_is_not_there_changes_nothing(book):
    book.take(rule("r"))

    assert book.take(record(RULES, "other", None)) is None
    assert book.take(record(RULES, None, None)) is None
    assert len(book.rules) == 1


@pytest.mark.parametrize("bad", [b"{", b"", b"\xff", b"[]", b'{"query": "x"}', b'{"name": ""}', b"[" * 10_000])
def test_a_record_that_is_no_rule_is_rejected_and_the_last_good_one_stays(book, bad):
    book.take(rule("r"))

    assert book.take(record(RULES, "r", bad)).reason == Reason.INVALID
    assert fires(book, "r", "A strike began.")


@pytest.mark.parametrize(
    "query", ["(strike", "", "strike AND", "@nowhere", "NEAR/3", "(" * 5000, "a AND " * 5000 + "b"]
)
def test_a_rule_that_cannot_be_compiled_is_reported_once_and_the_last_good_one_stays(book, query):
    book.take(rule("r"))
    assert book.take(rule("r", query)) is None

    if rejected(book):
        assert fires(book, "r", "A strike began.")
    assert rejected(book) == []


def test_a_rule_waits_for_the_sets_of_one_that_comes_later(book):
    book.take(rule("user", "@actors AND strike", sets_from=["owner"]))
    assert len(book.rules) == 0
    book.take(rule("owner", "@actors", sets={"actors": ["union"]}))

    assert rejected(book) == []
    assert fires(book, "user", "The union began a strike.")


def test_a_rule_reported_as_lacking_sets_is_taken_when_they_come_after_all(book):
    book.take(rule("user", "@actors AND strike", sets_from=["owner"]))
    assert rejected(book) == [("user", Reason.INVALID)]
    book.take(rule("owner", "@actors", sets={"actors": ["union"]}))

    assert rejected(book) == []
    assert fires(book, "user", "The union began a strike.")


def test_each_new_version_that_cannot_be_used_is_reported_again(book):
    for query in ("@nowhere", "@nobody"):
        book.take(rule("r", query))
        assert rejected(book) == [("r", Reason.INVALID)]


def test_what_was_deleted_while_it_waited_does_not_come_back(book):
    book.take(rule("user", "@actors AND strike", sets_from=["owner"]))
    book.take(record(RULES, "user", None))
    book.take(rule("owner", "@actors", sets={"actors": ["union"]}))

    assert len(book.rules) == 1
    assert rejected(book) == []


def test_a_rule_whose_sets_others_use_is_deleted_once_they_are_gone(book):
    book.take(rule("owner", "@actors", sets={"actors": ["union"]}))
    book.take(rule("user", "@actors AND strike", sets_from=["owner"]))

    assert book.take(record(RULES, "owner", None)) is None
    assert rejected(book) == [("owner", Reason.INVALID)]
    assert fires(book, "user", "The union began a strike.")
    book.take(record(RULES, "user", None))
    assert (len(book.rules), rejected(book)) == (0, [])


def test_a_good_version_ends_the_waiting_of_a_bad_one(book):
    book.take(rule("r", "@nowhere"))
    book.take(rule("r", "strike"))

    assert rejected(book) == []
    assert fires(book, "r", "A strike began.")


def test_silences_come_and_go_by_their_id(book):
    book.take(silence("s"))
    book.take(silence("t"))
    book.take(silence("s"))
    assert [each.id for each in book.silences()] == ["s", "t"]
    book.take(record(SILENCES, "s", None))
    book.take(record(SILENCES, "unknown", None))

    assert [each.id for each in book.silences()] == ["t"]


def test_a_broken_silence_is_rejected_and_the_last_good_one_stays(book):
    book.take(silence("s"))

    assert book.take(record(SILENCES, "s", b'{"id": "s"}')).reason == Reason.INVALID
    assert [each.id for each in book.silences()] == ["s"]


def test_a_rule_that_warms_up_does_so_from_its_record_on():
    book = RuleBook()

    book.take(rule("slow", warmup="1h"))
    book.take(rule("usual"))

    [slow, usual] = book.rules.match(EnrichedArticle(id="a", body="A strike began.", language="en"))
    assert (slow.since, usual.since) == (1.0, None)
