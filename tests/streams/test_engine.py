"""What is mended in Faust and aiokafka; each test fails on the libraries as they are."""

import asyncio
import time
from collections import defaultdict
from types import SimpleNamespace

import pytest
from aiokafka.client import AIOKafkaClient
from faust.tables.manager import TableManager
from faust.transport.consumer import Consumer
from hypothesis import given
from hypothesis import strategies as st

from streams import engine
from streams.engine import FETCH_WAIT_MS, mend, shorten_fetch_wait

TP = ("articles.raw", 0)


@pytest.fixture(autouse=True)
def mended():
    mend()


def consumer_with(acked, in_flight, committed=None):
    """A consumer of one partition: offsets acknowledged, offsets still in flight, and the committed one."""
    return SimpleNamespace(
        _acked=defaultdict(list, {TP: sorted(acked)}),
        _acked_index=defaultdict(set, {TP: set(acked)}),
        _gap=defaultdict(list),
        _committed_offset={TP: committed},
        _unacked_messages={SimpleMessage(offset) for offset in in_flight},
    )


class SimpleMessage:
    acked = False
    tp = TP

    def __init__(self, offset):
        self.offset = offset


def test_no_offset_beyond_a_message_in_flight_is_committed():
    consumer = consumer_with(acked=[1, 2, 3], in_flight=[0])
    assert Consumer._new_offset(consumer, TP) is None
    assert consumer._acked[TP] == [1, 2, 3]


def test_what_is_below_a_message_in_flight_is_committed():
    consumer = consumer_with(acked=[5, 6, 8, 9], in_flight=[7], committed=5)
    assert Consumer._new_offset(consumer, TP) == 7


@given(st.sets(st.integers(0, 40), max_size=30), st.sets(st.integers(0, 40), max_size=10))
def test_the_committed_offset_never_passes_one_in_flight(acked, in_flight):
    consumer = consumer_with(acked - in_flight, in_flight)
    offset = Consumer._new_offset(consumer, TP)
    assert offset is None or not in_flight or offset <= min(in_flight)


class Client:
    def __init__(self):
        self.asked = 0


async def asked_for(seconds, found, monkeypatch):
    """How often a client asks for metadata in a loop without pauses of its own."""
    client = Client()

    async def update(self, metadata, topics):
        client.asked += 1
        await asyncio.sleep(0)
        return found

    monkeypatch.setattr(engine, "_update_metadata", update)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        await AIOKafkaClient._metadata_update(client, None, [])
    return client.asked


def test_a_client_that_finds_no_leader_pauses_between_its_questions(monkeypatch):
    assert asyncio.run(asked_for(0.6, False, monkeypatch)) <= 4


def test_a_client_that_asks_for_a_missing_topic_again_and_again_is_slowed_down(monkeypatch):
    assert asyncio.run(asked_for(0.6, True, monkeypatch)) <= engine.LOOK_UPS + 4


def test_the_broker_is_to_hold_a_fetch_of_idle_partitions_briefly():
    fetcher = SimpleNamespace(_fetch_max_wait_ms=1500)
    consumer = SimpleNamespace(_thread=SimpleNamespace(_consumer=SimpleNamespace(_fetcher=fetcher)))
    shorten_fetch_wait(SimpleNamespace(consumer=consumer))
    assert fetcher._fetch_max_wait_ms == FETCH_WAIT_MS


def pauses_of(method, **attributes):
    """How long a service asked to sleep in one call of ``method``."""
    pauses = []

    async def note(seconds):
        pauses.append(seconds)

    async def nothing(*_, **__):
        return None

    service = SimpleNamespace(
        sleep=note, should_stop=False, _update_channels=nothing, recovery=SimpleNamespace(start=nothing), **attributes
    )
    asyncio.run(method(service) if method is TableManager.on_start else method(service, 1.0))
    return pauses


def test_no_time_is_spent_waiting_for_tables_at_the_start():
    assert pauses_of(TableManager.on_start) == []


def test_a_consumer_without_partitions_looks_again_soon():
    app = SimpleNamespace(client_only=False)
    event = asyncio.Event()
    [pause] = pauses_of(
        Consumer._wait_next_records,
        flow_active=True,
        app=app,
        _get_active_partitions=set,
        not_waiting_next_records=event,
    )
    assert pause <= 0.1


class Stream:
    """A stream as far as `batches` uses one: events come through processors, acknowledgements are noted."""

    def __init__(self, values):
        self.should_stop, self.enable_acks, self.acknowledged = False, True, []
        self._processors, self._values = [], values
        self.channel = self
        self.current_event = None
        self._feeding = None

    def __aiter__(self):
        return self

    def add_processor(self, processor):
        self._processors.append(processor)

    def _enable_passive(self, _iterator):
        self._feeding = asyncio.ensure_future(self._feed())

    async def _feed(self):
        for value in self._values:
            self.current_event = value
            await self._processors[0](value)
        await asyncio.sleep(0.05)
        self.should_stop = True

    async def wait(self, event):
        waiting = asyncio.ensure_future(event.wait())
        await asyncio.wait([waiting, self._feeding], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()

    async def ack(self, event):
        self.acknowledged.append(event)


async def batched(stream, most):
    taken = []
    async for events in engine.batches(stream, most, 0.001):
        assert not set(events) & set(stream.acknowledged), "acknowledged before it was worked on"
        taken.append(events)
    return taken


@given(st.integers(0, 40), st.integers(1, 9))
def test_batches_hold_every_event_once_in_order_and_acknowledge_it_afterwards(count, most):
    stream = Stream(list(range(count)))
    taken = asyncio.run(batched(stream, most))
    assert [event for events in taken for event in events] == list(range(count))
    assert stream.acknowledged == list(range(count))
    assert all(0 < len(events) <= most for events in taken)


def test_an_idle_stream_costs_no_wakings():
    stream = Stream([])
    wakings = []
    wait = stream.wait

    async def counted(event):
        wakings.append(1)
        await wait(event)

    stream.wait = counted
    asyncio.run(batched(stream, 10))
    assert len(wakings) <= 2
