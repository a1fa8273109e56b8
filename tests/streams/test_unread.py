"""Partitions added to a topic while the group that reads it is at rest, on a real Kafka."""

import asyncio
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener
from kafka.admin import NewPartitions

from streams.broker import LocalBroker
from streams.engine import assign_anew
from streams.topics_admin import TopicPlan, administration, create_topics
from streams.unread import unread

pytestmark = pytest.mark.kafka
SECONDS = 30


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    with LocalBroker(tmp_path_factory.mktemp("kafka")) as started:
        yield started.bootstrap


class Told(ConsumerRebalanceListener):
    """Each assignment, as it comes."""

    def __init__(self):
        self.assignments = asyncio.Queue()

    def on_partitions_revoked(self, revoked):
        pass

    def on_partitions_assigned(self, assigned):
        self.assignments.put_nowait(sorted(tp.partition for tp in assigned))

    async def next(self):
        return await asyncio.wait_for(self.assignments.get(), SECONDS)


@asynccontextmanager
async def member(broker, group):
    """The one static member of a group that reads the topic of its name, as it joins, and what it is told."""
    told = Told()
    consumer = AIOKafkaConsumer(bootstrap_servers=broker, group_id=group, group_instance_id="first")
    consumer.subscribe([group], listener=told)
    await consumer.start()
    try:
        yield consumer, told
    finally:
        await consumer.stop()


def add_partitions(broker, topic, count):
    with administration(broker, {}) as admin:
        admin.create_partitions({topic: NewPartitions(count)})


def app_of(consumer):
    """Of Faust's app, the thread of its consumer."""

    async def call_thread(call, *arguments):
        return await call(*arguments)

    return SimpleNamespace(
        consumer=SimpleNamespace(_thread=SimpleNamespace(_consumer=consumer, call_thread=call_thread))
    )


async def test_partitions_added_before_a_static_member_came_back_are_found_and_assigned_when_it_asks(broker):
    create_topics(broker, [TopicPlan("grows", 2, 1, {})])
    reads = {"grows": "grows"}
    async with member(broker, "grows") as (_, told):
        assert await told.next() == [0, 1]
        assert await asyncio.to_thread(unread, reads, broker, {}) == {"grows": []}
    add_partitions(broker, "grows", 3)

    async with member(broker, "grows") as (consumer, told):
        assert await told.next() == [0, 1]  # the broker gives a static member what it had
        assert await asyncio.to_thread(unread, reads, broker, {}) == {"grows": [2]}
        await assign_anew(app_of(consumer))

        assert await told.next() == [0, 1, 2]
        assert await asyncio.to_thread(unread, reads, broker, {}) == {"grows": []}


async def test_a_topic_that_is_gone_has_nothing_that_is_unread(broker):
    create_topics(broker, [TopicPlan("stays", 2, 1, {})])
    async with member(broker, "stays") as (_, told):
        await told.next()

        assert await asyncio.to_thread(unread, {"stays": "gone"}, broker, {}) == {"stays": []}
