"""Messages from the fetcher to an agent, and the batches they are taken in."""

import asyncio
from types import SimpleNamespace

import faust
import pytest
from faust.types import TP
from faust.types.tuples import ConsumerMessage

from streams import intake
from streams.intake import SHARE, batches

TP0, TP1 = TP("articles.raw", 0), TP("articles.raw", 1)


@pytest.fixture
async def app(tmp_path, mended):
    made = faust.App("intake", broker="kafka://127.0.0.1:1", datadir=tmp_path, web_enabled=False)
    nothing = lambda *_: None  # noqa: E731
    create = made.transport.create_consumer
    made.consumer = create(nothing, on_partitions_revoked=nothing, on_partitions_assigned=nothing)
    made.topics._acking_topics.add(TP0.topic)
    made.flow_control.resume()
    return made


def message(offset, tp=TP0, generation=0):
    return ConsumerMessage(
        tp.topic, tp.partition, offset, 1.0, 0, {}, b"k", b"v", None, tp=tp, generation_id=generation
    )


class Flow:
    """A consumer of faust, the records that its fetcher finds, and a stream over the channel that they go to."""

    def __init__(self, app, monkeypatch):
        self.app, self.consumer = app, app.consumer
        self.channel = aiter(app.channel(value_type=bytes))
        self.stream = app.stream(self.channel)
        self.fetches = []
        self.generation = 0
        for tp in (TP0, TP1):
            app.topics._tp_index[tp].add(self.channel)
        monkeypatch.setattr(type(app), "consumer_generation_id", property(lambda _: self.generation))
        monkeypatch.setattr(self.consumer, "_wait_next_records", self._fetch)
        monkeypatch.setattr(self.consumer, "highwater", lambda tp: 0)

    async def _fetch(self, timeout):
        if not self.fetches:
            self.consumer._stopped.set()
            return {}, {TP0, TP1}
        return {tp: [_record(tp, o) for o in offsets] for tp, offsets in self.fetches.pop(0).items()}, {TP0, TP1}

    async def drain(self, *fetches):
        """Let the consumer hand over ``fetches``, each a mapping of partition to offsets."""
        self.fetches += fetches
        await asyncio.wait_for(self.consumer._drain_messages(SimpleNamespace(_stopped=asyncio.Event())), 5)

    def queued(self):
        return [(m.partition, m.offset) for m in self.channel.queue._queue]

    def put(self, *offsets, generation=0):
        messages = [message(offset, generation=generation) for offset in offsets]
        for each in messages:
            each.incref()
            self.channel.queue.force_put_nowait(each)
        return messages


def _record(tp, offset):
    return SimpleNamespace(
        topic=tp.topic, partition=tp.partition, offset=offset, timestamp=1000, timestamp_type=0, headers=(),
        key=b"k", value=b"v", checksum=None, serialized_key_size=1, serialized_value_size=1,
    )  # fmt: skip


@pytest.fixture
async def flow(app, monkeypatch):
    made = Flow(app, monkeypatch)
    yield made
    await made.stream.stop()


def offsets(messages):
    return [message.offset for message in messages]


async def test_all_that_was_fetched_is_handed_over_before_the_loop_turns(flow):
    flow.fetches.append({TP0: range(100), TP1: range(5)})
    draining = asyncio.ensure_future(flow.drain())
    turns = 0
    while not flow.queued():
        await asyncio.sleep(0)
        turns += 1

    assert sorted(flow.queued()) == [(0, o) for o in range(100)] + [(1, o) for o in range(5)]
    assert turns < 10
    await draining


async def test_partitions_take_turns_so_that_a_long_backlog_of_one_keeps_no_other_waiting(flow):
    await flow.drain({TP0: range(SHARE + 3), TP1: range(SHARE)})

    handed = flow.queued()
    assert [o for partition, o in handed if partition == 0] == list(range(SHARE + 3))
    assert handed.index((1, 0)) == SHARE
    assert handed[-3:] == [(0, SHARE), (0, SHARE + 1), (0, SHARE + 2)]


async def test_what_was_handed_over_before_is_not_handed_over_again(flow):
    flow.consumer._read_offset[TP0] = 3
    await flow.drain({TP0: [1, 2, 3, 4]})

    assert flow.queued() == [(0, 3), (0, 4)]


async def test_offsets_without_a_message_are_committed_past(flow):
    await flow.drain({TP0: [0, 1]}, {TP0: [5, 6]})
    for each in list(flow.channel.queue._queue):
        flow.consumer.track_message(each)
        each.ack(flow.consumer)

    assert flow.consumer._new_offset(TP0) == 7


async def test_offsets_without_a_message_behind_the_first_of_all_are_committed_past(flow):
    def acknowledge():
        while not flow.channel.queue.empty():
            each = flow.channel.queue.get_nowait()
            flow.consumer.track_message(each)
            each.ack(flow.consumer)

    await flow.drain({TP0: [0]})
    acknowledge()
    flow.consumer._committed_offset[TP0] = flow.consumer._new_offset(TP0)
    flow.consumer._stopped.clear()
    await flow.drain({TP0: [4]})  # a transaction was written in between, and its end
    acknowledge()

    assert flow.consumer._committed_offset[TP0] == 1
    assert flow.consumer._new_offset(TP0) == 5


async def test_what_was_fetched_before_a_rebalance_is_not_handed_over_and_is_fetched_again(flow, monkeypatch):
    seeks = []

    async def seek():
        seeks.append("committed")

    monkeypatch.setattr(flow.consumer, "perform_seek", seek)
    flow.consumer.stop_flow()
    await flow.drain({TP0: [0, 1]})

    assert (flow.queued(), seeks) == ([], ["committed"])


async def test_a_seek_that_fails_does_not_end_the_consumer(flow, monkeypatch):
    async def seek():
        raise RuntimeError("no broker")

    monkeypatch.setattr(flow.consumer, "perform_seek", seek)
    flow.consumer.stop_flow()
    await flow.drain({TP0: [0]})

    assert flow.queued() == []


async def test_a_rebalance_while_gaps_are_noted_leaves_nothing_of_the_old_assignment(flow, monkeypatch):
    async def gap(*_):
        flow.generation = 7

    monkeypatch.setattr(flow.consumer, "_add_gap", gap)
    flow.consumer._read_offset[TP0] = 1
    await flow.drain({TP0: [5], TP1: [0]})

    assert flow.queued() == []


async def test_a_partition_that_was_paused_meanwhile_hands_nothing_over(flow):
    await flow.drain({TP("articles.raw", 2): [0], TP0: [0]})

    assert flow.queued() == [(0, 0)]


async def test_nothing_is_put_into_queues_that_are_to_be_cleared(flow):
    """Faust clears them when it lets messages flow again."""
    flow.app.flow_control.suspend()
    draining = asyncio.ensure_future(flow.drain({TP0: [0]}))
    for _ in range(20):
        await asyncio.sleep(0)
    assert flow.queued() == []
    flow.app.flow_control.resume()
    await draining

    assert flow.queued() == [(0, 0)]


async def test_messages_that_no_agent_reads_are_an_error_and_not_lost(flow):
    flow.app.topics._tp_index.clear()
    with pytest.raises(LookupError, match=r"articles\.raw"):
        await flow.drain({TP0: [0]})


async def test_no_more_is_fetched_while_much_waits_for_the_agent(flow, monkeypatch):
    monkeypatch.setattr(intake, "MOST_QUEUED", 3)
    monkeypatch.setattr(intake, "FULL_PAUSE", 0)
    draining = asyncio.ensure_future(flow.drain({TP0: range(4)}, {TP0: [4]}))
    for _ in range(50):
        await asyncio.sleep(0)
    assert len(flow.queued()) == 4
    for _ in range(2):
        flow.channel.queue.get_nowait()
    await draining

    assert flow.queued()[-1] == (0, 4)


async def test_a_rebalance_ends_the_wait_for_the_agent(flow, monkeypatch):
    monkeypatch.setattr(intake, "MOST_QUEUED", 3)
    monkeypatch.setattr(intake, "FULL_PAUSE", 0)
    draining = asyncio.ensure_future(flow.drain({TP0: range(4)}))
    for _ in range(20):
        await asyncio.sleep(0)
    flow.consumer.stop_flow()

    await draining


async def test_acknowledged_messages_are_committed_now_and_then_while_more_come(flow, monkeypatch):
    commits = []

    async def commit():
        commits.append(flow.consumer._n_acked)

    monkeypatch.setattr(flow.consumer, "commit", commit)
    flow.consumer._commit_every, flow.consumer._n_acked = 10, 12
    await flow.drain({TP0: [0]}, {TP0: [1]})

    assert commits == [0]


async def test_a_batch_holds_what_came_within_the_time_in_order(flow):
    flow.put(0, 1, 2)
    async for messages in batches(flow.stream, 10, 0.01):
        assert offsets(messages) == [0, 1, 2]
        break


async def test_a_batch_holds_no_more_than_it_may_and_the_rest_comes_next(flow):
    flow.put(*range(7))
    found = []
    async for messages in batches(flow.stream, 3, 0.01):
        found.append(offsets(messages))
        if 6 in found[-1]:
            break

    assert found == [[0, 1, 2], [3, 4, 5], [6]]


async def test_messages_are_acknowledged_together_after_the_body_and_not_before(flow):
    put = flow.put(0, 1, 2, 3)
    taking = batches(flow.stream, 2, 0.01)
    acknowledged = lambda: [m.offset for m in put if m.acked]  # noqa: E731

    assert offsets(await anext(taking)) == [0, 1]
    assert acknowledged() == []
    assert offsets(await anext(taking)) == [2, 3]
    assert acknowledged() == [0, 1]
    await taking.aclose()
    assert acknowledged() == [0, 1, 2, 3]
    assert flow.consumer._new_offset(TP0) == 4


async def test_what_arrives_during_the_body_waits_for_the_next_batch(flow):
    taking = batches(flow.stream, 10, 0.0)
    first_put = flow.put(0)
    first = await anext(taking)
    flow.put(1)
    for _ in range(20):
        await asyncio.sleep(0)

    assert offsets(first) == [0]
    assert offsets(await anext(taking)) == [1]
    assert first_put[0].acked
    await taking.aclose()


async def test_a_rebalance_waits_for_what_is_being_processed_and_for_nothing_else(flow):
    put = flow.put(0, 1, 2)
    taking = batches(flow.stream, 2, 0.0)
    await anext(taking)

    assert set(flow.consumer._unacked_messages) == set(put[:2])
    await taking.aclose()
    assert not flow.consumer._unacked_messages


async def test_messages_from_before_a_rebalance_are_left_out(flow):
    flow.generation = 2
    stale = flow.put(0, generation=1)
    flow.put(1, generation=2)
    taking = batches(flow.stream, 10, 0.0)

    assert offsets(await anext(taking)) == [1]
    assert not stale[0].acked
    await taking.aclose()


async def test_a_rebalance_while_a_batch_fills_leaves_the_batch_out(flow):
    flow.put(0)
    taking = asyncio.ensure_future(anext(batches(flow.stream, 10, 0.0)))
    await asyncio.sleep(0)
    flow.generation = 1
    flow.put(0, 1, generation=1)

    assert offsets(await taking) == [0, 1]


async def test_while_nothing_arrives_nothing_turns(flow):
    taking = asyncio.ensure_future(anext(batches(flow.stream, 10, 0.001)))
    for _ in range(20):
        await asyncio.sleep(0)
    timers = [handle for handle in asyncio.get_running_loop()._scheduled if not handle.cancelled()]
    flow.put(0)

    assert timers == []
    assert offsets(await taking) == [0]


async def test_a_stream_that_is_stopped_ends_its_batches(flow):
    taking = asyncio.ensure_future(_all(batches(flow.stream, 10, 0.001)))
    for _ in range(20):
        await asyncio.sleep(0)
    await flow.stream.stop()

    assert await asyncio.wait_for(taking, 5) == []


async def test_waiting_for_messages_makes_no_tasks(flow):
    loop, made = asyncio.get_running_loop(), []
    taking = batches(flow.stream, 10, 0.0)
    flow.put(0)
    await anext(taking)
    loop.call_soon(flow.put, 1)
    loop.set_task_factory(lambda loop, coro, **options: made.append(coro) or asyncio.Task(coro, loop=loop, **options))

    assert offsets(await anext(taking)) == [1]
    assert not made
    loop.set_task_factory(None)
    await taking.aclose()


async def test_a_channel_that_faust_ends_while_messages_wait_ends_its_batches(flow):
    taking = batches(flow.stream, 10, 0.0)
    flow.put(0)
    await anext(taking)
    put = flow.put(1)
    await flow.channel.throw(StopAsyncIteration())

    assert await _all(taking) == []
    assert not put[0].acked


async def test_a_channel_that_faust_ends_ends_its_batches(flow):
    taking = asyncio.ensure_future(_all(batches(flow.stream, 10, 0.001)))
    for _ in range(20):
        await asyncio.sleep(0)
    await flow.channel.throw(StopAsyncIteration())

    assert await asyncio.wait_for(taking, 5) == []


async def _all(taking):
    return [offsets(messages) async for messages in taking]
