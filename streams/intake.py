"""From the fetcher to an agent: messages handed over and taken as they were fetched, many at a time.

Faust gives way to the event loop twice for each message, and makes four tasks to do so: once when the fetcher
hands it to the conductor, once when the stream takes it. A turn of the loop lasts as long as the slices of work
of all hops, so that batches would stay small exactly when there is much to do. Here nothing gives way within
what was fetched; Faust keeps the consumer, its offsets and rebalances, the queue and the agent.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from typing import Any

log = logging.getLogger(__name__)

MOST_QUEUED = 500
"""Messages that wait for an agent above which nothing more is fetched for it."""
FULL_PAUSE = 0.01
"""Seconds between looks whether an agent has taken enough of them."""
SHARE = 50
"""Messages of one partition after which the others have their turn."""
FETCH_SECONDS = 1.0
"""Longest that one wait for messages lasts, so that a stop is noticed."""


async def drain_messages(self: Any, fetcher: Any) -> None:
    """In place of ``Consumer._drain_messages``: hand over what is fetched, until the consumer or ``fetcher`` stops."""
    try:
        while not (self._stopped.is_set() or fetcher._stopped.is_set()):
            await asyncio.sleep(0)
            await _hand_over(self)
    except (asyncio.CancelledError, *self.consumer_stopped_errors):
        if not self.transport.app.should_stop:
            raise


async def _hand_over(consumer: Any) -> None:
    """Wait for messages and put them into the queues of the agents that read their topics."""
    fetched, active = await consumer._wait_next_records(FETCH_SECONDS)
    generation = consumer.app.consumer_generation_id
    if not fetched or consumer.should_stop:
        return
    if not consumer.flow_active:
        await _seek_back(consumer)  # a rebalance: what was fetched meanwhile is fetched again
        return
    if not consumer.app.flow_control.is_active():
        await consumer.wait_first(consumer.app.flow_control.acquire(), consumer.suspend_flow.wait())
    for tp, records in in_turns(fetched):
        await _note_gaps(consumer, tp, records)
        await _commit_if_due(consumer)
        if not consumer.flow_active or consumer.app.consumer_generation_id != generation:
            return  # a rebalance: Faust goes back to what is committed
        if tp in active:
            _enqueue(consumer, tp, records)
            await _until_there_is_room(consumer, tp)


def in_turns(fetched: Mapping[Any, Sequence[Any]], share: int = SHARE) -> Iterator[tuple[Any, Sequence[Any]]]:
    """Each partition's messages in order, ``share`` at a time: a long backlog of one keeps no other waiting."""
    longest = max(map(len, fetched.values()))
    for start in range(0, longest, share):
        for tp, records in fetched.items():
            if start < len(records):
                yield tp, records[start : start + share]


async def _seek_back(consumer: Any) -> None:
    try:
        await consumer.perform_seek()
    except Exception as error:  # Faust seeks itself, once the rebalance is through
        log.warning("could not go back to what is committed", extra={"error": repr(error)})


def _enqueue(consumer: Any, tp: Any, records: Sequence[Any]) -> None:
    channels = consumer.app.topics._tp_index[tp]
    if not channels:
        raise LookupError(f"messages of {tp} were fetched, which no agent reads")
    for record in records:
        if record.offset >= (consumer._read_offset[tp] or 0):
            message = consumer._to_message(tp, record)
            message.incref(len(channels))
            for channel in channels:
                channel.queue.force_put_nowait(message)
            consumer._read_offset[tp] = record.offset


async def _note_gaps(consumer: Any, tp: Any, records: Iterable[Any]) -> None:
    """Tell Faust of offsets that hold no message, or it would not commit past them."""
    before = consumer._read_offset[tp]
    for record in records:
        if before is not None and record.offset - before > 1 and consumer.app.topics.acks_enabled_for(tp.topic):
            await consumer._add_gap(tp, before + 1, record.offset - 1)
        before = max(before or 0, record.offset)


async def _commit_if_due(consumer: Any) -> None:
    if consumer._commit_every is not None and consumer._n_acked >= consumer._commit_every:
        consumer._n_acked = 0
        await consumer.commit()


async def _until_there_is_room(consumer: Any, tp: Any) -> None:
    queues = [channel.queue for channel in consumer.app.topics._tp_index[tp]]
    while any(queue.qsize() > MOST_QUEUED for queue in queues) and consumer.flow_active and not consumer.should_stop:
        await asyncio.sleep(FULL_PAUSE)


async def batches(stream: Any, most: int, within: float) -> AsyncIterator[list[Any]]:
    """Messages of ``stream``'s channel in lists of at most ``most``, ``within`` seconds after the first.

    Acknowledged together, when the next list is asked for. Nothing turns while nothing arrives.
    """
    await stream.maybe_start()
    queue = aiter(stream.channel).queue
    stopped = asyncio.ensure_future(stream.wait())
    stopped.add_done_callback(lambda done: done.cancelled() or queue.force_put_nowait(None))  # what waits is woken
    try:
        while not stream.should_stop:
            waiting = await _arrived(stream, queue, most, within)
            if taken := _taken_in(stream.app, waiting):
                try:
                    yield taken
                finally:
                    for message in taken:
                        message.ack(stream.app.consumer)
    except StopAsyncIteration:  # Faust ends a channel so, when the worker stops
        return
    finally:
        stopped.cancel()


async def _arrived(stream: Any, queue: Any, most: int, within: float) -> list[Any]:
    """What has arrived ``within`` seconds after the first; nothing where the stream is stopped.

    Nothing else is waited for with it: ``Service.wait`` would make three tasks for each batch.
    """
    arrived = []
    if queue.empty():
        arrived.append(await queue.get())
    if len(arrived) + queue.qsize() < most:
        await asyncio.sleep(within)
    while len(arrived) < most and not queue.empty():
        arrived.append(queue.get_nowait())
    return [] if stream.should_stop else arrived


def _taken_in(app: Any, messages: Sequence[Any]) -> list[Any]:
    """``messages`` without those from before a rebalance, which come again; from now on a rebalance waits for them."""
    if not app.flow_control.is_active():
        return []
    taken = [message for message in messages if message.generation_id == app.consumer_generation_id]
    for message in taken:
        if not message.tracked and app.topics.acks_enabled_for(message.topic):
            message.tracked = True
            app.consumer._unacked_messages.add(message)
        app.monitor.stream_inbound_time[message.tp] = app.monitor.time()
    return taken
