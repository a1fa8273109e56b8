"""Where faults are injected: brokers of its own, and for each fault its own topics and workers."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from streams.broker import LocalBroker
from streams.broker.ports import is_free
from streams.faults.result import Size
from streams.faults.scene import Scene

Say = Callable[[str], None]

FIRST_PORT = 31_200


class Lab:
    """Brokers for faults, started when first needed, below a directory of its own."""

    def __init__(self, directory: Path, size: Size, say: Say = lambda line: None) -> None:
        self.directory, self.size, self.say = directory, size, say
        self._brokers: dict[int, LocalBroker] = {}

    def broker(self, nodes: int = 1) -> LocalBroker:
        """The broker of one node or of three; a fault may stop and start it."""
        if nodes not in self._brokers:
            first = FIRST_PORT + 20 * (os.getpid() % 40)  # two labs that start together look at different ones
            port = next(port for port in range(first, first + 1000, 10) if is_free(port))
            self._brokers[nodes] = LocalBroker(self.directory / "kafka", port=port, nodes=nodes)
        broker = self._brokers[nodes]
        broker.start()
        return broker

    @contextmanager
    def scene(self, name: str, nodes: int = 1, broker: LocalBroker | None = None, **settings: str) -> Iterator[Scene]:
        """Topics, a ledger and workers for one fault, with ``settings`` for its workers and its judge.

        Everything it started ends with the block.
        """
        scene = Scene(name, broker or self.broker(nodes), self.directory, self.size, settings)
        try:
            scene.prepare()
            yield scene
        finally:
            scene.close()

    def close(self) -> None:
        """Stop the brokers."""
        for broker in self._brokers.values():
            broker.stop()
