"""The state of partitions on a real Kafka: restored, kept, and known to be incomplete."""

import asyncio
import threading

import pytest
from aiokafka import AIOKafkaProducer
from memories import Answers

from streams import metrics
from streams.broker import BrokerError, LocalBroker
from streams.changelog import Entry
from streams.errors import StateError
from streams.stage import Decision
from streams.state import States
from streams.topics_admin import TopicPlan, create_topics

pytestmark = pytest.mark.kafka
PARTITIONS = 3


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    with LocalBroker(tmp_path_factory.mktemp("kafka")) as started:
        yield started.bootstrap


class Changelog:
    """A changelog topic of its own, written by hand."""

    def __init__(self, broker, topic, producer):
        self._client = {"bootstrap_servers": broker}
        self.topic = topic
        self._producer = producer

    def states(self, new_memory=Answers):
        return States(self.topic, self.topic, new_memory, self._client)

    async def write(self, partition, *entries):
        """Entries, or keys alone for tombstones; the offset of the last."""
        for entry in entries:
            key, value = (entry, None) if isinstance(entry, bytes) else (entry.key, entry.value)
            done = await self._producer.send_and_wait(self.topic, value, key, partition)
        return done.offset


@pytest.fixture
async def changelog(broker, request):
    topic = "".join(c if c.isalnum() else "." for c in request.node.name)[:200]
    create_topics(broker, [TopicPlan(topic, PARTITIONS, 1, {"cleanup.policy": "compact"})])
    producer = AIOKafkaProducer(bootstrap_servers=broker)
    await producer.start()
    yield Changelog(broker, topic, producer)
    await producer.stop()


def entry(number, position=None, generation=1, version=1):
    position = position or f"articles.tagged-0-{number}"
    return Entry(number, generation, position, Decision(b"%d" % number), version)


def counted(metric, stage):
    return metric.labels(stage)._value.get()


async def test_several_partitions_are_restored_at_once_each_from_its_own_changelog(changelog):
    for partition in range(PARTITIONS - 1):
        await changelog.write(partition, *(entry(n, f"p{partition}-{n}") for n in range(3 + partition)))
    states = changelog.states()
    await states.assign({0, 1, 2}, 7)

    assert [list(states[p].memory.held) for p in range(PARTITIONS)] == [
        ["p0-0", "p0-1", "p0-2"],
        ["p1-0", "p1-1", "p1-2", "p1-3"],
        [],
    ]
    assert [states[p].next_sequence for p in range(PARTITIONS)] == [3, 4, 0]
    assert [states[p].written_through for p in range(PARTITIONS)] == [2, 3, -1]
    assert states.generation == 7
    assert counted(metrics.restored_entries, changelog.topic) == 7


async def test_a_changelog_without_a_partition_of_its_topic_is_refused_before_anything_is_waited_for(changelog):
    with pytest.raises(BrokerError, match=r"to have partitions \[3\].*found none"):
        await asyncio.wait_for(changelog.states().assign({0, 3}, 1), 20)  # a look for its end takes 40 s


async def test_a_changelog_too_large_to_be_kept_is_read_again(changelog, monkeypatch):
    monkeypatch.setattr("streams.state.KEPT_BYTES", 40)
    await changelog.write(0, *(entry(n) for n in range(5)))
    states = changelog.states()
    await states.assign({0}, 1)

    assert list(states[0].memory.held.values()) == [b"0", b"1", b"2", b"3", b"4"]


async def test_the_event_loop_lives_while_a_memory_takes_its_decisions_in(changelog):
    folding, looked = threading.Event(), threading.Event()

    class Slow(Answers):
        def apply(self, position, decision):
            folding.set()
            assert looked.wait(5)
            super().apply(position, decision)

    async def look():
        while not folding.is_set():
            await asyncio.sleep(0)
        looked.set()

    await changelog.write(0, entry(0))
    states = changelog.states(Slow)
    await asyncio.gather(states.assign({0}, 1), look())

    assert list(states[0].memory.held.values()) == [b"0"]


async def test_what_a_summary_replaced_may_be_gone(changelog):
    summary = Entry(2, 1, "", Decision(b"two"), 1, is_summary=True)
    await changelog.write(0, entry(0), entry(1), entry(2), summary, b"0:1", b"1:1", entry(3))
    states = changelog.states()
    await states.assign({0}, 1)

    assert list(states[0].memory.held.values()) == [b"2", b"3"]
    assert states[0].memory.forgotten == b"two"
    assert counted(metrics.missing_entries, changelog.topic) == 0


async def test_a_changelog_that_ends_in_tombstones_is_read_to_its_end(changelog):
    summary = Entry(1, 1, "", Decision(b"one"), 1, is_summary=True)
    last = await changelog.write(0, entry(0), entry(1), summary, b"0:1")
    states = changelog.states()
    await states.assign({0}, 1)

    assert states[0].written_through == last
    assert list(states[0].memory.held.values()) == [b"1"]


async def test_held_state_is_kept_where_nobody_else_has_written(changelog):
    await changelog.write(0, entry(0))
    states = changelog.states()
    await states.assign({0}, 1)
    held = states[0]
    held.written_through = await changelog.write(0, entry(1))  # as the settler does for its own
    await states.assign({0, 1}, 2)

    assert states[0] is held
    assert states.generation == 2


async def test_what_somebody_else_wrote_meanwhile_is_noticed_on_the_next_assignment(changelog):
    await changelog.write(0, entry(0))
    states = changelog.states()
    await states.assign({0}, 1)
    await changelog.write(0, entry(1, generation=2))
    await states.assign({0}, 3)

    assert list(states[0].memory.held.values()) == [b"0", b"1"]


async def test_what_is_not_assigned_any_more_is_let_go(changelog):
    states = changelog.states()
    await states.assign({0, 1}, 1)
    await states.assign({1}, 2)
    assert [partition for partition, _ in states.items()] == [1]
    await states.assign(set(), 3)

    assert list(states.items()) == []


async def test_state_of_an_older_version_is_refused(changelog):
    await changelog.write(0, entry(0, version=1))

    with pytest.raises(StateError, match="expected state 2, found 1"):
        await changelog.states(lambda: Answers(version=2)).assign({0}, 1)


async def test_a_foreign_record_is_refused(changelog):
    class Foreign:
        key, value = b"a key", b"a value"

    await changelog.write(0, Foreign())

    with pytest.raises(StateError, match="expected a changelog entry"):
        await changelog.states().assign({0}, 1)


async def test_a_partition_that_has_lost_entries_is_not_held_where_nobody_mends_it(changelog):
    await changelog.write(1, entry(0), entry(1), entry(5))
    states = changelog.states()
    await states.assign({0, 1}, 1)

    assert [partition for partition, _ in states.items()] == [0]


async def test_two_owners_at_once_come_to_the_same_state(changelog):
    stale = [entry(1, "q", 1), entry(2, "p", 1)]
    owner = [entry(1, "p", 2), entry(2, "q", 2), entry(3, "r", 2)]
    await changelog.write(0, entry(0), owner[0], stale[0], owner[1], stale[1], owner[2])
    restored = [changelog.states(), changelog.states()]
    await asyncio.gather(*(states.assign({0}, 3) for states in restored))

    for states in restored:
        assert list(states[0].memory.held) == ["articles.tagged-0-0", "p", "q", "r"]
        assert states[0].next_sequence == 4
