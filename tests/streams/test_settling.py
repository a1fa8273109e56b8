"""Settling with a producer whose every confirmation is given by hand."""

import asyncio

import pytest
from aiokafka.errors import KafkaTimeoutError, MessageSizeTooLargeError, RecordListTooLargeError

from streams.changelog import Entry, Kept, PartitionState
from streams.records import Outgoing, Record, described
from streams.settings import Settings
from streams.settling import Settler
from streams.stage import Decision, Drop, Reason, Reject

CHANGELOG = "test.dedupe.changelog"


class Confirmed:
    def __init__(self, offset):
        self.offset = offset


class Producer:
    """Confirms what it is given at once, except what ``fate`` says otherwise of."""

    def __init__(self, fate=None):
        self.sent = []
        self.futures = []
        self._fate = fate or (lambda topic, key, value: None)
        self._offset = -1

    async def send(self, topic, key, value, partition, timestamp, headers):
        future = asyncio.get_running_loop().create_future()
        self.sent.append((topic, key, value))
        self.futures.append(future)
        self._decide(future, topic, self._fate(topic, key, value))
        self.headers = headers
        return future

    def _decide(self, future, topic, fate):
        if isinstance(fate, Exception):
            future.set_exception(fate)
        elif fate != "later":
            self._offset += 1 if topic == CHANGELOG else 0
            future.set_result(Confirmed(self._offset))

    def topics(self):
        return [topic for topic, _, _ in self.sent]


class States(dict):
    topic = CHANGELOG


class App:
    def __init__(self, producer):
        self.producer = producer


def settler(producer, states=None):
    return Settler(App(producer), Settings(prefix="test."), "dedupe", states)


def states():
    return States({0: PartitionState(None)})


def record(offset=1, value=b"in"):
    return Record("articles.tagged", 0, offset, 1.0, b"k", value)


def out(value=b"out", topic="articles.enriched"):
    return Outgoing(topic, b"k", value)


def kept(*, gone=()):
    return {0: Kept([Entry(0, 1, "articles.tagged-0-1", Decision(b"a"), 1)], list(gone))}


async def turn():
    for _ in range(10):
        await asyncio.sleep(0)


async def test_outputs_dead_letters_and_entries_are_written_under_the_prefix():
    producer = Producer()
    what = [[out()], Reject(Reason.NO_TEXT, "empty"), Drop(Reason.NO_MATCH)]
    settled = await settler(producer, states()).settle([record(i) for i in range(3)], what, kept())

    assert settled == what
    assert sorted(producer.topics()) == ["test.articles.enriched", "test.articles.rejected", CHANGELOG]


@pytest.mark.parametrize("late", ["test.articles.enriched", "test.articles.rejected", CHANGELOG])
async def test_nothing_returns_before_the_broker_has_confirmed_all_of_it(late):
    producer = Producer(lambda topic, key, value: "later" if topic == late else None)
    what = [[out()], Reject(Reason.NO_TEXT)]
    settling = asyncio.ensure_future(settler(producer, states()).settle([record(1), record(2)], what, kept()))
    await turn()

    assert not settling.done()
    [waiting] = [future for future in producer.futures if not future.done()]
    waiting.set_result(Confirmed(0))
    assert await settling == what


@pytest.mark.parametrize("failing", ["test.articles.enriched", "test.articles.rejected", CHANGELOG])
async def test_any_delivery_that_fails_raises(failing):
    producer = Producer(lambda topic, key, value: KafkaTimeoutError() if topic == failing else None)

    with pytest.raises(KafkaTimeoutError):
        await settler(producer, states()).settle([record(1), record(2)], [[out()], Reject(Reason.NO_TEXT)], kept())


async def test_a_tombstone_that_fails_raises():
    producer = Producer(lambda topic, key, value: KafkaTimeoutError() if key == b"0:1" and value is None else None)

    with pytest.raises(KafkaTimeoutError):
        await settler(producer, states()).settle([record()], [[out()]], kept(gone=[b"0:1"]))


async def test_tombstones_go_only_once_their_summary_is_confirmed():
    producer = Producer(lambda topic, key, value: "later" if topic == CHANGELOG and value else None)
    settling = asyncio.ensure_future(
        settler(producer, states()).settle([record()], [[out()]], kept(gone=[b"7:1", b"8:1"]))
    )
    await turn()
    assert None not in [value for _, _, value in producer.sent]

    [waiting] = [future for future in producer.futures if not future.done()]
    waiting.set_result(Confirmed(0))
    await settling
    assert [key for _, key, value in producer.sent if value is None] == [b"7:1", b"8:1"]


@pytest.mark.parametrize("refusal", [MessageSizeTooLargeError, RecordListTooLargeError])
async def test_an_output_that_the_broker_finds_too_large_becomes_a_dead_letter(refusal):
    producer = Producer(lambda topic, key, value: refusal() if value == b"large" else None)
    what = [[out(b"large")], [out(b"fits")]]
    first, second = await settler(producer, states()).settle([record(1), record(2)], what, {})

    assert first.reason == Reason.TOO_LARGE
    assert second == what[1]
    assert producer.topics()[-1] == "test.articles.rejected"
    assert producer.sent[-1][2] == b"in"
    assert described(producer.headers).reason == "too_large"


async def test_what_was_refused_only_for_its_neighbours_goes_alone_the_second_time():
    refusals = {b"a": 1, b"b": 1}

    def once(topic, key, value):
        refusals[value] = refusals.get(value, 0) - 1
        return RecordListTooLargeError() if refusals[value] >= 0 else None

    producer = Producer(once)
    what = [[out(b"a")], [out(b"b")]]

    assert await settler(producer).settle([record(1), record(2)], what, {}) == what
    assert [value for _, _, value in producer.sent] == [b"a", b"b", b"a", b"b"]


async def test_a_second_output_that_is_too_large_is_left_out_and_the_first_stands():
    producer = Producer(lambda topic, key, value: MessageSizeTooLargeError() if value == b"large" else None)
    what = [[out(), out(b"large", "stories")]]

    assert await settler(producer).settle([record()], what, {}) == what
    assert "test.articles.rejected" not in producer.topics()


async def test_a_dead_letter_that_is_too_large_is_kept_by_its_head():
    producer = Producer(lambda topic, key, value: MessageSizeTooLargeError() if len(value) > 100_000 else None)
    reject = Reject(Reason.NO_TEXT, "empty")
    [settled] = await settler(producer).settle([record(value=b"x" * 200_000)], [reject], {})

    assert settled == reject
    assert len(producer.sent[-1][2]) < 100_000
    assert described(producer.headers).size == 200_000


async def test_what_is_due_is_settled_with_its_entries():
    producer = Producer()
    await settler(producer, states()).send_due(0, [out(b"due", "alerts")], kept()[0])

    assert producer.topics() == ["test.alerts", CHANGELOG]


async def test_what_is_due_and_cannot_be_delivered_raises():
    producer = Producer(lambda topic, key, value: KafkaTimeoutError() if topic == "test.alerts" else None)

    with pytest.raises(KafkaTimeoutError):
        await settler(producer, states()).send_due(0, [out(b"due", "alerts")], kept()[0])


async def test_this_process_knows_its_changelog_as_far_as_it_wrote_it_all_itself():
    held = states()
    await settler(Producer(), held).settle([record()], [[out()]], kept(gone=[b"7:1"]))

    assert held[0].written_through == 1


async def test_a_changelog_that_somebody_else_wrote_to_between_counts_as_unknown():
    held, producer = states(), Producer()
    held[0].written_through = 4
    producer._offset = 5  # offset 5 is a stranger's: the next of ours gets 6
    await settler(producer, held).settle([record()], [[out()]], kept())

    assert held[0].written_through == 4


@pytest.mark.parametrize(
    "headers",
    [
        [("wirewatch_replays", b"9" * 5000)],
        [("wirewatch_replays", None)],
        [("dlq_replays", None), ("traceparent", None)],
        [("note", None)],
        [("name", b"\xff\xfe")],
    ],
)
async def test_whatever_headers_a_bad_record_carries_it_becomes_a_dead_letter(headers):
    producer = Producer()
    bad = Record("articles.raw", 0, 1, 1.0, None, b"{", headers)
    await settler(producer).settle([bad], [Reject(Reason.NOT_JSON)], {})

    assert described(producer.headers).reason == "not_json"
