"""The consumer of an app in the worker's own event loop.

Faust runs each consumer in a thread with a loop of its own. A message then passes from loop to loop four times,
each time by a pipe, and the threads wait for the interpreter lock while a stage works: for three hops that was a
third of their processor time, and most of an article's way. Here the calls into the thread are plain calls. A stage
that stands still now stops the heartbeats, as one that holds the interpreter lock always did; the watchdog ends both.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread
from mode.utils.futures import maybe_async


class LoopConsumer(AIOKafkaConsumerThread):
    """What Faust takes for the thread of a consumer; there is none."""

    def __init__(self, consumer: Any, *, loop: asyncio.AbstractEventLoop, **options: Any) -> None:
        super().__init__(consumer, loop=loop, thread_loop=loop, **options)

    async def start(self) -> None:
        """Serve in a task; returns once the consumer has started, raises what it raised."""
        self._thread_started.set()
        self._thread_running = self.parent_loop.create_future()
        self._serving = asyncio.ensure_future(self._serve())
        self._serving.add_done_callback(self._served)
        try:
            await self._thread_running
        finally:
            self._thread_running = None

    def _served(self, serving: asyncio.Future[None]) -> None:
        """Let nobody wait for the end of what has failed; ``start`` or the app has been told why."""
        if serving.cancelled() or serving.exception():
            self.set_shutdown()

    async def call_thread(self, fun: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call ``fun`` here and now."""
        return await maybe_async(fun(*args, **kwargs))

    async def _gather_remaining_tasks(self) -> None:
        """Leave the other tasks of the loop alone: they are the worker's."""


def new_loop_consumer(consumer: Any) -> LoopConsumer:
    """In place of ``Consumer._new_consumer_thread``."""
    return LoopConsumer(consumer, loop=consumer.loop, beacon=consumer.beacon)
