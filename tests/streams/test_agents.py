"""A hop in one process: what it counts balances, and nothing is counted that is not settled."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from schemas import topics
from schemas.alert import Alert, AlertState
from schemas.article import CleanArticle
from streams import metrics
from streams.agents import HopWorker, record_of
from streams.changelog import PartitionState
from streams.deciding import Decided
from streams.pipeline import Hop
from streams.records import Record
from streams.stage import Decision, Drop, Due, Reason, Reject, Step

NOW = datetime(2026, 1, 2, tzinfo=UTC)


class Decides:
    """Gives the outcomes it was made with."""

    def __init__(self, *outcomes):
        self._outcomes = outcomes

    async def decide(self, records):
        return Decided(list(self._outcomes[: len(records)]))


class Settles:
    """Settles everything as meant, once it is let; keeps what was due."""

    def __init__(self):
        self.let = asyncio.Event()
        self.let.set()
        self.failure = None
        self.due = []

    async def settle(self, groups, kept_of):
        await self.let.wait()
        if self.failure:
            raise self.failure
        for partition, kept in kept_of.items():
            keys = [out.key for group in groups for out in group]
            self.due.append((partition, keys, [entry.position for entry in kept.entries]))
        return [[] for _ in groups]


class Journaled:
    tried = 0
    cleared = 0

    def settled(self):
        self.cleared += 1


@pytest.fixture
def worker(request):
    """A worker under a name of its own, so that its counts begin at nothing."""

    def build(*outcomes, states=None):
        name = f"{request.node.name}"[:60]
        step = Step(name, reads=topics.RAW, run=lambda m: [], writes=(topics.CLEAN,))
        return HopWorker(Hop((step,)), Decides(*outcomes), Journaled(), Settles(), states)

    return build


def records(count):
    return [Record("articles.raw", 0, offset, 1.0, b"k", b"{}") for offset in range(count)]


def sent(name="a"):
    return [CleanArticle(id=name, body="x")]


def count(metric, *labels):
    return metric.labels(*labels)._value.get()


def balance(worker):
    """Received and in flight, and what left by outcome."""
    name = worker.hop.name
    found = [sample for family in metrics.articles.collect() for sample in family.samples]
    left = sum(s.value for s in found if s.labels["stage"] == name and s.name.endswith("_total"))
    return count(metrics.received, name), count(metrics.in_flight, name), left


async def test_every_record_is_counted_once_by_what_became_of_it(worker):
    made = worker(sent(), Drop(Reason.NO_MATCH), Reject(Reason.NO_TEXT), sent("b"))
    await made.take(records(4))
    name = made.hop.name

    assert balance(made) == (4, 0, 4)
    assert count(metrics.articles, name, "sent", "") == 2
    assert count(metrics.articles, name, "dropped", "no_match") == 1
    assert count(metrics.articles, name, "rejected", "no_text") == 1
    assert count(metrics.emitted, name, "articles.clean") == 2


async def test_while_a_batch_is_not_settled_it_is_in_flight_and_the_journal_names_it(worker):
    made = worker(sent(), sent())
    made.settler.let.clear()
    taking = asyncio.ensure_future(made.take(records(2)))
    for _ in range(10):
        await asyncio.sleep(0)

    assert balance(made) == (2, 2, 0)
    assert made._guard.cleared == 0
    made.settler.let.set()
    await taking
    assert balance(made) == (2, 0, 2)
    assert made._guard.cleared == 1


async def test_a_batch_that_cannot_be_settled_raises_and_is_counted_nowhere(worker):
    made = worker(sent())
    made.settler.failure = OSError("the broker is gone")

    with pytest.raises(OSError, match="the broker is gone"):
        await made.take(records(1))
    assert balance(made) == (1, 1, 0)


async def test_a_message_that_no_topic_carries_is_a_rejection_of_its_own(worker):
    made = worker(sent(), [topics.RULES.carries(name="r")])
    first, second = await made.take(records(2))

    assert isinstance(first, list)
    assert second.reason == Reason.CRASHED
    assert balance(made) == (2, 0, 2)


class States(dict):
    generation = 5


class Timer:
    """A memory in which something is due once."""

    def __init__(self, **shares):
        self.open = True
        self.shares = shares

    def due(self, now):
        message = CleanArticle(id="late", body=str(now.year))
        return [Due("timer-1", Decision(b"told"), message)] if self.open else []

    def apply(self, position, decision):
        self.open = False

    def frequent(self):
        return self.shares


async def test_what_time_makes_due_is_sent_and_kept_once(worker):
    made = worker(states=States({3: PartitionState(Timer())}))
    await made.tend(NOW)
    await made.tend(NOW)

    assert [due for due in made.settler.due if due[1]] == [(3, [b"late"], ["timer-1"])]


async def test_rules_that_fire_too_often_are_said_once_and_counted_while_they_do(worker, caplog):
    timers = [Timer(storm=0.03), Timer(storm=0.05, flood=0.04)]
    made = worker(states=States({number: PartitionState(timer) for number, timer in enumerate(timers)}))
    await made.tend(NOW)
    await made.tend(NOW)

    assert [record.share for record in caplog.records] == [{"storm": 0.05, "flood": 0.04}]
    assert metrics.rules_frequent._value.get() == 2
    for timer in timers:
        timer.shares = {}
    await made.tend(NOW)
    assert metrics.rules_frequent._value.get() == 0


async def test_what_is_due_waits_for_the_batch_before_it(worker):
    made = worker(sent(), states=States({0: PartitionState(Timer())}))
    made.settler.let.clear()
    taking = asyncio.ensure_future(made.take(records(1)))
    await asyncio.sleep(0)
    tending = asyncio.ensure_future(made.tend(NOW))
    for _ in range(10):
        await asyncio.sleep(0)

    assert made.settler.due == []
    taking.cancel()
    tending.cancel()
    await asyncio.gather(taking, tending, return_exceptions=True)


@pytest.mark.parametrize(
    "headers", [None, {}, {"traceparent": b"t"}, [("traceparent", b"t")], (("traceparent", b"t"),)]
)
def test_the_record_behind_a_message_keeps_all_that_came_with_it(headers):
    message = SimpleNamespace(partition=2, offset=7, timestamp=1.5, key=b"k", value=b"v", headers=headers)
    record = record_of(message, "articles.raw")

    assert (record.position, record.timestamp, record.key, record.value) == ("articles.raw-2-7", 1.5, b"k", b"v")
    assert list(record.headers) == ([("traceparent", b"t")] if headers else [])


def an_alert(rule, state=AlertState.OPEN):
    names = {"alert_id": "1", "dedup_key": "d", "id": "a", "rule_version": "v"}
    return Alert(**names, rule=rule, state=state)


@pytest.fixture
def alerting(request):
    """A worker that writes alerts, and the name of a rule that no other test has."""
    rule = request.node.name[:60]
    step = Step(rule, reads=topics.ENRICHED, run=lambda m: [], writes=(topics.ALERTS,))

    def build(*outcomes, states=None):
        return HopWorker(Hop((step,)), Decides(*outcomes), Journaled(), Settles(), states)

    return rule, build


async def test_alerts_are_counted_by_rule_and_state_once_they_are_written(alerting):
    rule, build = alerting
    worker = build([an_alert(rule), an_alert(rule)], Drop(Reason.NO_MATCH), [an_alert(rule, AlertState.UPDATE)])

    await worker.take(records(3))

    assert [count(metrics.alerts, rule, state) for state in AlertState] == [2, 1, 0, 0]


async def test_alerts_that_were_not_confirmed_are_not_counted(alerting):
    rule, build = alerting
    worker = build([an_alert(rule)])
    worker.settler.failure = RuntimeError("refused")

    with pytest.raises(RuntimeError):
        await worker.take(records(1))

    assert count(metrics.alerts, rule, "open") == 0


def test_rules_beyond_a_bound_share_one_label(monkeypatch):
    monkeypatch.setattr(metrics, "_rules", set())
    monkeypatch.setattr(metrics, "MOST_RULES", 1)
    before = count(metrics.alerts, "other", "open")

    metrics.start_rule_series(["a-first-rule", "a-second-rule"])
    metrics.count_alerts([an_alert("a-first-rule"), an_alert("a-second-rule"), an_alert("a-third-rule")])

    series = {labels for labels in metrics.alerts._metrics if labels[0].endswith("-rule")}
    assert series == {("a-first-rule", state) for state in AlertState}
    assert (count(metrics.alerts, "a-first-rule", "open"), count(metrics.alerts, "other", "open")) == (1, before + 2)
