"""The mends of Faust and aiokafka; each test fails on the libraries as they are."""

import asyncio
import inspect
import threading
from types import SimpleNamespace

import faust
import pytest
from aiokafka.client import AIOKafkaClient
from aiokafka.cluster import ClusterMetadata
from aiokafka.conn import OAuthAuthenticator
from aiokafka.consumer.fetcher import READ_COMMITTED, Fetcher
from aiokafka.errors import SaslAuthenticationFailed
from faust.transport.consumer import Consumer
from faust.types import TP, Message

from streams import engine
from streams.engine import go_back, mend, tune_fetches

TP0, TP1 = TP("articles.raw", 0), TP("articles.raw", 1)


pytestmark = pytest.mark.usefixtures("mended")


@pytest.fixture
async def app(tmp_path):
    return faust.App("engine", broker="kafka://127.0.0.1:1", datadir=tmp_path, web_enabled=False)


@pytest.fixture
async def consumer(app):
    nothing = lambda *_: None  # noqa: E731
    made = app.transport.create_consumer(nothing, on_partitions_revoked=nothing, on_partitions_assigned=nothing)
    app.topics.acks_enabled_for = lambda topic: True
    return made


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


async def test_fetches_wait_briefly_while_nothing_arrives_and_not_beside_what_waits_to_be_taken():
    fetcher = SimpleNamespace(_fetch_max_wait_ms=1500, _prefetch_backoff=0.1)
    thread = SimpleNamespace(_consumer=SimpleNamespace(_fetcher=fetcher))
    tune_fetches(SimpleNamespace(consumer=SimpleNamespace(_thread=thread)))

    assert fetcher._fetch_max_wait_ms == engine.FETCH_WAIT_MS
    assert fetcher._prefetch_backoff * 1000 > engine.FETCH_WAIT_MS
    assert fetcher._isolation_level == READ_COMMITTED


def test_all_are_where_aiokafka_reads_them():
    assert "self._fetch_max_wait_ms" in inspect.getsource(Fetcher._get_actions_per_node)
    assert "backoff=self._prefetch_backoff" in inspect.getsource(Fetcher._proc_fetch_request)
    assert "self._isolation_level" in inspect.getsource(Fetcher._proc_fetch_request)


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


async def test_the_consumer_of_an_app_works_in_the_loop_of_the_worker_and_in_no_thread(consumer):
    where = []

    async def asked(what):
        where.append((threading.get_ident(), asyncio.current_task()))
        return what

    assert consumer._thread.thread_loop is asyncio.get_running_loop()
    assert await consumer._thread.call_thread(asked, 3) == 3
    assert where == [(threading.get_ident(), asyncio.current_task())]


async def test_a_consumer_starts_once_its_client_has_and_stops_without_ending_the_workers_tasks(consumer, monkeypatch):
    done, other = [], asyncio.ensure_future(asyncio.Event().wait())
    client = SimpleNamespace(start=noted(done, "started"), stop=noted(done, "stopped"))
    monkeypatch.setattr(consumer._thread, "_create_consumer", lambda loop: client)

    await consumer._thread.start()
    assert done == ["started"]
    await consumer._thread.stop()

    assert done == ["started", "stopped"]
    assert not other.done()
    other.cancel()


async def test_a_consumer_whose_client_cannot_start_says_so_and_can_be_stopped(consumer, monkeypatch):
    async def fail():
        raise ConnectionError("no broker")

    client = SimpleNamespace(start=fail, stop=noted([], "stopped"))
    monkeypatch.setattr(consumer._thread, "_create_consumer", lambda loop: client)

    with pytest.raises(ConnectionError, match="no broker"):
        await consumer._thread.start()
    await asyncio.wait_for(consumer._thread.stop(), 5)


def noted(done, what):
    """Something to await that notes ``what``."""

    async def note():
        done.append(what)

    return note


class Cut:
    """A consumer of faust, and the broker's word on its partitions; TP0 ends before what is committed."""

    def __init__(self):
        self.said = {TP0: 100, TP1: 5}
        self._thread = SimpleNamespace(_consumer=self, call_thread=lambda ask, *what: ask(*what))

    async def committed(self, tp):
        return self.said.get(tp)

    async def end_offsets(self, tps):
        return dict.fromkeys(tps, 5)

    async def beginning_offsets(self, tps):
        return dict.fromkeys(tps, 2)

    async def _commit(self, offsets):
        self.said |= offsets

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        pass


@pytest.fixture
def cut(monkeypatch):
    made = Cut()
    monkeypatch.setattr(engine, "AIOKafkaConsumer", lambda **_: made)
    return made


async def test_a_topic_that_was_made_anew_is_taken_from_its_beginning(cut, caplog):
    await go_back(SimpleNamespace(consumer=cut), [TP0, TP1], {})

    assert cut.said == {TP0: 2, TP1: 5}
    assert [record.found for record in caplog.records] == [{"articles.raw-0": {"committed": 100, "end": 5}}]


async def test_a_group_that_has_committed_nothing_is_left_to_its_beginning(cut, caplog):
    cut.said = {}

    await go_back(SimpleNamespace(consumer=cut), [TP0], {})

    assert (cut.said, caplog.records) == ({}, [])
