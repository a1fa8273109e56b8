"""The rules in force: what a record of either topic does to them."""

import asyncio
import json
from contextlib import suppress
from types import SimpleNamespace

import pytest

from schemas.article import EnrichedArticle
from schemas.topics import RULES, SILENCES
from streams import rulebook
from streams.records import Record
from streams.rulebook import RuleBook, RuleFeed
from streams.settings import Settings
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


def test_a_rule_that_is_in_force_is_not_compiled_again(book, monkeypatch):
    book.take(rule("r", "strike"))
    monkeypatch.setattr(book.rules, "add", lambda _: pytest.fail("compiled again"))
    book.take(rule("r", "strike"))

    assert fires(book, "r", "A strike began.")


def test_what_its_topics_tell_no_more_of_is_noticed(book):
    book.take(rule("r"))
    book.take(silence("s"))
    book.forget_told()
    book.take(rule("r"))
    assert book.has_more()
    book.take(silence("s"))
    assert not book.has_more()
    book.clear()
    assert (len(book.rules), book.silences(), book.has_more()) == (0, (), False)


def test_a_rule_that_warms_up_does_so_from_its_record_on():
    book = RuleBook()

    book.take(rule("slow", warmup="1h"))
    book.take(rule("usual"))

    [slow, usual] = book.rules.match(EnrichedArticle(id="a", body="A strike began.", language="en"))
    assert (slow.since, usual.since) == (1.0, None)


class Consumer:
    """What stands on the topic of rules, given out at once, and then an end."""

    def __init__(self, *records):
        self._records = [
            SimpleNamespace(partition=0, offset=at, timestamp=1000, key=key, value=value, headers=())
            for at, (key, value) in enumerate(records)
        ]
        self._at = 0

    async def start(self):
        """As the real one."""

    async def seek_to_beginning(self, *partitions):
        """As the real one."""

    def assign(self, partitions):
        self._partitions = partitions

    async def end_offsets(self, partitions):
        return {tp: len(self._records) if tp.topic == RULES.name else 0 for tp in partitions}

    async def position(self, tp):
        return self._at if tp.topic == RULES.name else 0

    async def getmany(self, timeout_ms, max_records=None):
        if self._at == len(self._records):
            raise EOFError
        self._at = len(self._records)
        return {self._partitions[0]: self._records}


def reported_by(monkeypatch, *records):
    """What a feed reports of ``records`` while it reads them, and then while it follows."""
    consumer = Consumer(*records)
    monkeypatch.setattr(rulebook, "AIOKafkaConsumer", lambda **options: consumer)
    monkeypatch.setattr(rulebook, "partitions_of", lambda consumer, topic: asyncio.sleep(0, [0]))
    sent = []

    async def report(out):
        sent.append(out.key.decode())

    async def run():
        feed = RuleFeed(Settings(broker="127.0.0.1:1"), RuleBook(), report)
        await feed.start()
        before = list(sent)
        with suppress(EOFError):
            await feed.follow()
        return before, sent

    return asyncio.run(run())


def test_what_cannot_be_used_is_reported_by_a_running_worker_not_while_it_starts(monkeypatch):
    before, after = reported_by(monkeypatch, (b"broken", b"{"), (b"odd", b'{"name": "odd", "query": "(a"}'))

    assert before == []
    assert sorted(after) == ["broken", "odd"]


def test_what_was_corrected_or_deleted_since_is_not_reported(monkeypatch):
    good = json.dumps({"name": "r", "query": "strike"}).encode()

    before, after = reported_by(monkeypatch, (b"r", b"{"), (b"gone", b"{"), (b"r", good), (b"gone", None))

    assert (before, after) == ([], [])
