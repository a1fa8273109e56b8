"""The mends of Faust and aiokafka; each test fails on the libraries as they are."""

import asyncio
import inspect
from types import SimpleNamespace

import faust
import pytest
from aiokafka.client import AIOKafkaClient
from aiokafka.cluster import ClusterMetadata
from aiokafka.conn import OAuthAuthenticator
from aiokafka.consumer.fetcher import Fetcher
from aiokafka.errors import SaslAuthenticationFailed
from faust.events import Event
from faust.tables.manager import TableManager
from faust.transport.consumer import Consumer
from faust.types import TP, Message

from streams import engine
from streams.engine import batches, mend, shorten_fetch_wait

TP0, TP1 = TP("articles.raw", 0), TP("articles.raw", 1)


@pytest.fixture(autouse=True)
def mended(monkeypatch):
    """The mends, for one test only."""
    for owner, name in (
        (Consumer, "_new_offset"),
        (Consumer, "_wait_next_records"),
        (AIOKafkaClient, "_metadata_update"),
        (OAuthAuthenticator, "step"),
        (TableManager, "on_start"),
    ):
        monkeypatch.setattr(owner, name, getattr(owner, name))  # put back as it was afterwards
    mend()


@pytest.fixture
async def app(tmp_path):
    made = faust.App("engine", broker="kafka://127.0.0.1:1", datadir=tmp_path, web_enabled=False)
    yield made
    if made._consumer is not None:  # made with a loop of its own, never started
        made._consumer._thread.thread_loop.close()


@pytest.fixture
async def consumer(app):
    nothing = lambda *_: None  # noqa: E731
    made = app.transport.create_consumer(nothing, on_partitions_revoked=nothing, on_partitions_assigned=nothing)
    app.topics.acks_enabled_for = lambda topic: True
    yield made
    made._thread.thread_loop.close()


def message(offset, tp=TP0):
    return Message(tp.topic, tp.partition, offset, 1.0, 0, {}, b"k", b"v", None, tp=tp, generation_id=0)


def taken(consumer, offsets, tp=TP0):
    """Messages as the consumer takes them in, acknowledged by nobody yet."""
    messages = {offset: message(offset, tp) for offset in offsets}
    for each in messages.values():
        consumer.track_message(each)
    return messages


def ack(consumer, messages, *offsets):
    for offset in offsets:
        consumer.ack(messages[offset])


async def test_nothing_is_committed_past_the_first_message_of_a_new_group_while_it_is_worked_on(consumer):
    messages = taken(consumer, range(5))
    ack(consumer, messages, 1, 2, 3, 4)

    assert consumer._new_offset(TP0) is None


async def test_nothing_is_committed_past_a_message_in_mid_partition_while_it_is_worked_on(consumer):
    messages = taken(consumer, range(5))
    ack(consumer, messages, 0, 1, 3, 4)

    assert consumer._new_offset(TP0) == 2
    consumer._committed_offset[TP0] = 2
    assert consumer._new_offset(TP0) is None


async def test_once_it_is_done_everything_behind_it_is_committed(consumer):
    messages = taken(consumer, range(5))
    ack(consumer, messages, 0, 1, 3, 4)
    consumer._committed_offset[TP0] = consumer._new_offset(TP0)
    ack(consumer, messages, 2)

    assert consumer._new_offset(TP0) == 5


async def test_a_message_worked_on_in_one_partition_holds_no_other_back(consumer):
    slow, fast = taken(consumer, range(2)), taken(consumer, range(2), TP1)
    ack(consumer, slow, 1)
    ack(consumer, fast, 0, 1)

    assert consumer._new_offset(TP0) is None
    assert consumer._new_offset(TP1) == 2


async def test_with_nothing_in_flight_commits_are_as_faust_has_them(consumer):
    messages = taken(consumer, range(3))
    ack(consumer, messages, 0, 1, 2)

    assert consumer._new_offset(TP0) == 3
    assert consumer._new_offset(TP0) is None


async def test_mending_twice_mends_once(consumer):
    once = Consumer._new_offset
    mend()

    assert Consumer._new_offset is once


@pytest.fixture
def pauses(monkeypatch):
    """What was slept, without sleeping it."""
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    monkeypatch.setattr(engine, "asyncio", SimpleNamespace(sleep=sleep))
    return slept


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands until it is set."""
    now = SimpleNamespace(value=1000.0)
    monkeypatch.setattr(engine, "time", SimpleNamespace(monotonic=lambda: now.value))
    return now


class NoBroker(AIOKafkaClient):
    """A client that has a node to ask and reaches none."""

    def __init__(self):
        self.cluster = ClusterMetadata()
        self.cluster.brokers = lambda: [SimpleNamespace(nodeId=1)]
        self.cluster.update_metadata = lambda found: None
        self._conns = {}
        self.connection = None

    def __del__(self, _warnings=None):
        pass

    async def _get_conn(self, node):
        return self.connection


class Answers:
    """A connection that knows one broker."""

    async def send(self, request):
        return SimpleNamespace(brokers=[1])


@pytest.fixture
def client():
    return NoBroker()


async def test_after_a_failed_look_up_a_client_rests(client, pauses, clock):
    assert await client._metadata_update(client.cluster, []) is False
    assert pauses == [engine.METADATA_PAUSE]


async def test_single_look_ups_that_succeed_are_not_slowed_down(client, pauses, clock):
    client.connection = Answers()
    for _ in range(engine.LOOK_UPS - 1):
        assert await client._metadata_update(client.cluster, []) is True

    assert pauses == []


async def test_many_look_ups_in_a_row_are_slowed_down_and_spaced_ones_are_not(client, pauses, clock):
    client.connection = Answers()
    for _ in range(engine.LOOK_UPS):
        await client._metadata_update(client.cluster, [])
    assert len(pauses) == 1
    for _ in range(engine.LOOK_UPS):
        clock.value += engine.LOOK_UPS * engine.METADATA_PAUSE
        await client._metadata_update(client.cluster, [])

    assert len(pauses) == 1


async def test_one_clients_look_ups_do_not_slow_another_down(client, pauses, clock):
    client.connection = Answers()
    other = NoBroker()
    other.connection = Answers()
    for each in (client, other):
        for _ in range(engine.LOOK_UPS - 1):
            await each._metadata_update(each.cluster, [])

    assert pauses == []


async def test_a_fetch_of_idle_partitions_holds_nobody_up_for_long():
    fetcher = SimpleNamespace(_fetch_max_wait_ms=1500)
    thread = SimpleNamespace(_consumer=SimpleNamespace(_fetcher=fetcher))
    shorten_fetch_wait(SimpleNamespace(consumer=SimpleNamespace(_thread=thread)))

    assert fetcher._fetch_max_wait_ms == engine.FETCH_WAIT_MS


def test_the_fetch_wait_is_where_aiokafka_reads_it():
    assert "self._fetch_max_wait_ms" in inspect.getsource(Fetcher._get_actions_per_node)


async def test_while_there_is_nothing_to_fetch_the_consumer_looks_again_soon(consumer, monkeypatch):
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    consumer.flow_active = True
    monkeypatch.setattr(consumer, "_get_active_partitions", set)
    monkeypatch.setattr(consumer, "sleep", sleep)

    assert await consumer._wait_next_records(1.0) == ({}, set())
    assert slept == [engine.IDLE_PAUSE]


async def test_what_there_is_is_fetched_of_the_active_partitions(consumer, monkeypatch):
    async def fetch(active_partitions, timeout):
        return {tp: ["record"] for tp in active_partitions}

    consumer.flow_active = True
    monkeypatch.setattr(consumer, "_get_active_partitions", lambda: {TP1})
    monkeypatch.setattr(consumer, "_getmany", fetch)

    assert await consumer._wait_next_records(1.0) == ({TP1: ["record"]}, {TP1})


class Tokens:
    """Has one token."""

    async def token(self):
        return "abc"


async def test_a_token_that_the_broker_refuses_is_refused():
    login = OAuthAuthenticator(sasl_oauth_token_provider=Tokens())
    await login.step(None)

    with pytest.raises(SaslAuthenticationFailed, match="invalid_token"):
        await login.step(b'{"status":"invalid_token"}')


async def test_a_token_that_the_broker_takes_is_the_end_of_the_login():
    login = OAuthAuthenticator(sasl_oauth_token_provider=Tokens())

    sent, _ = await login.step(None)
    assert sent == b"n,,\x01auth=Bearer abc\x01\x01"
    assert await login.step(b"") is None


async def test_an_app_without_tables_starts_without_waiting_for_some(app, monkeypatch):
    manager = app.tables
    waited = []

    async def sleep(seconds):
        waited.append(seconds)

    async def start():
        waited.append("recovery")

    async def no_channels():
        waited.append("channels")

    monkeypatch.setattr(manager, "sleep", sleep)
    monkeypatch.setattr(manager, "_update_channels", no_channels)
    monkeypatch.setattr(manager.recovery, "start", start)
    await manager.on_start()

    assert waited == ["channels", "recovery"]


class Flow:
    """A stream of faust over a channel of faust, and what was acknowledged."""

    def __init__(self, app):
        self.app = app
        app.flow_control.resume()
        self.channel = app.channel(value_type=bytes)
        self.stream = app.stream(aiter(self.channel))
        self.acknowledged = []
        self.stream.ack = self._ack

    async def _ack(self, event):
        self.acknowledged.append(event.message.offset)
        return True

    async def put(self, *offsets):
        for offset in offsets:
            await self.channel.put(Event(self.app, b"k", b"%d" % offset, {}, message(offset)))


def offsets(events):
    return [event.message.offset for event in events]


@pytest.fixture
async def flow(app):
    made = Flow(app)
    yield made
    await made.stream.stop()


async def test_a_batch_holds_what_came_within_the_time_in_order(flow):
    await flow.put(0, 1, 2)
    async for events in batches(flow.stream, 10, 0.01):
        assert offsets(events) == [0, 1, 2]
        break


async def test_a_batch_holds_no_more_than_it_may_and_the_rest_comes_next(flow):
    await flow.put(*range(7))
    found = []
    async for events in batches(flow.stream, 3, 0.01):
        found.append(offsets(events))
        if 6 in found[-1]:
            break

    assert [offset for part in found for offset in part] == list(range(7))
    assert max(map(len, found)) == 3


async def test_events_are_acknowledged_together_after_the_body_and_not_before(flow):
    await flow.put(0, 1, 2, 3)
    taking = batches(flow.stream, 2, 0.01)

    assert offsets(await anext(taking)) == [0, 1]
    assert flow.acknowledged == []
    assert offsets(await anext(taking)) == [2, 3]
    assert flow.acknowledged == [0, 1]
    await taking.aclose()
    assert flow.acknowledged == [0, 1, 2, 3]


async def test_what_arrives_during_the_body_waits_for_the_next_batch(flow):
    taking = batches(flow.stream, 10, 0.0)
    await flow.put(0)
    first = await anext(taking)
    await flow.put(1)
    for _ in range(20):
        await asyncio.sleep(0)

    assert offsets(first) == [0]
    assert offsets(await anext(taking)) == [1]
    assert flow.acknowledged == [0]
    await taking.aclose()


async def test_while_nothing_arrives_nothing_turns(flow, monkeypatch):
    taking = asyncio.ensure_future(anext(batches(flow.stream, 10, 0.001)))
    for _ in range(20):
        await asyncio.sleep(0)
    timers = [handle for handle in asyncio.get_running_loop()._scheduled if not handle.cancelled()]
    await flow.put(0)

    assert timers == []
    assert offsets(await taking) == [0]


async def test_a_stream_that_is_stopped_ends_its_batches(app):
    flow = Flow(app)
    taking = asyncio.ensure_future(_all(batches(flow.stream, 10, 0.001)))
    for _ in range(20):
        await asyncio.sleep(0)
    await flow.stream.stop()

    assert await asyncio.wait_for(taking, 5) == []
    assert flow.stream.enable_acks


async def _all(taking):
    return [offsets(events) async for events in taking]
