"""The feed of rules from its topics: nothing can be written before the app has started, and bad rules are no reason
not to start."""

import asyncio
from types import SimpleNamespace

import pytest
from aiokafka import TopicPartition

from schemas.topics import RULES, RULES_REJECTED
from streams import rulebook, worker
from streams.rulebook import RuleBook, RuleFeed
from streams.settings import Settings

BAD, GOOD = b'{"name": ', b'{"name": "coup", "query": "coup"}'
UNUSABLE = b'{"name": "lacking", "query": "$nowhere AND ("}'


class Topics:
    """A consumer of ``alert.rules``, which holds three records, and of nothing else."""

    def __init__(self, **_):
        self._at = 0

    async def start(self):
        pass

    def assign(self, partitions):
        pass

    async def end_offsets(self, partitions):
        return {TopicPartition(RULES.name, 0): 3}

    async def seek_to_beginning(self, *partitions):
        pass

    async def position(self, tp):
        return self._at

    async def getmany(self, timeout_ms, max_records=None):
        await asyncio.sleep(0)
        if self._at:
            return {}
        self._at = 3
        return {TopicPartition(RULES.name, 0): [_record(i, value) for i, value in enumerate((BAD, GOOD, UNUSABLE))]}


def _record(offset, value):
    return SimpleNamespace(partition=0, offset=offset, timestamp=1000, key=b"k%d" % offset, value=value, headers=())


@pytest.fixture
def reported():
    return []


@pytest.fixture
def feed(monkeypatch, reported):
    async def one(consumer, topic):
        return [0]

    async def report(out):
        reported.append((out.topic, out.key))

    monkeypatch.setattr(rulebook, "AIOKafkaConsumer", Topics)
    monkeypatch.setattr(rulebook, "_partitions", one)
    return RuleFeed(Settings(broker="127.0.0.1:1"), RuleBook(), report)


async def test_bad_rules_are_reported_once_the_feed_is_followed_and_not_at_the_start(feed, reported):
    await feed.start()
    assert reported == []

    following = asyncio.ensure_future(feed.follow())
    while len(reported) < 2:
        await asyncio.sleep(0)
    following.cancel()

    assert reported == [(RULES_REJECTED.name, b"k0"), (RULES_REJECTED.name, b"k2")]


async def test_a_worker_follows_the_rules_only_when_its_app_can_write():
    order, followed = [], asyncio.Event()

    def noting(what):
        async def note():
            await asyncio.sleep(0)
            order.append(what)

        return note

    async def follow():
        order.append("follow")
        followed.set()
        await asyncio.Event().wait()

    rules = SimpleNamespace(start=noting("rules"), follow=follow)
    hop_app = SimpleNamespace(app=SimpleNamespace(start=noting("app")), hop=SimpleNamespace(steps=()), background=[])

    await worker._start(hop_app, rules)
    await followed.wait()
    for each in hop_app.background:
        each.cancel()

    assert order == ["rules", "app", "follow"]
