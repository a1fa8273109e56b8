"""Apache Kafka on this machine: installed from package registries, one process a node, data kept."""

import base64
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, astuple
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Self

from streams.broker.errors import BrokerError
from streams.broker.guard import Guard, end_with_this_process
from streams.broker.jars import Say, install_jars, jar_store, lock_text, read_lock
from streams.broker.java import Java, find_java
from streams.broker.node import PORT_TAKEN, Node, wait_until_started
from streams.broker.ports import SPREAD, USUAL, choose_ports, is_free
from streams.broker.properties import HOST, Listening, Ports, as_text, logging_properties, server_properties
from streams.broker.reach import wait_for_broker
from streams.files import write_whole

NEEDED_BYTES = 256 * 1024 * 1024
"""Free space without which nothing is started."""
START_SECONDS = 120.0
"""A broker serves after some seconds; three nodes on a machine that does much else after a minute and more."""
TRIES = 4
PLAIN = Listening()


class LocalBroker:
    """A broker of one node, or of three with every topic on each of them.

    It outlives the process that started it until `stop`; as a context manager it ends with the block, and
    with the process, however that ends. A block that finds the broker running leaves it running.
    A second object for the same ``home`` finds the broker that runs. ``port`` None means the one
    it had before, else 29092 or the next free one. ``java`` is what `find_java` takes. ``launched`` is called
    while its nodes start, when `bootstrap` is known: once, or again where they have to start on other ports.
    """

    def __init__(
        self,
        home: Path,
        port: int | None = None,
        nodes: int = 1,
        *,
        listening: Listening = PLAIN,
        java: str | None = None,
        jars: Path | None = None,
        say: Say = lambda line: None,
        launched: Callable[[], None] = lambda: None,
    ) -> None:
        if nodes not in (1, 3):
            raise BrokerError(f"expected a broker of 1 or 3 nodes, found {nodes}; choose one of them")
        self.directory = home.expanduser().absolute() / "broker" / ("one" if nodes == 1 else "three")
        self.nodes = tuple(Node(number, self.directory / f"node-{number}") for number in range(1, nodes + 1))
        self._wanted = port
        self._listening = listening
        self._java_choice = java or os.environ.get("WIREWATCH_JAVA") or "auto"
        self._jars = jars
        self._say, self._launched = say, launched
        self._guard: Guard | None = None

    def node(self, number: int) -> Node:
        """A node by its number, from 1."""
        return self.nodes[number - 1]

    def is_running(self) -> bool:
        """Whether any of its nodes is alive."""
        return any(node.is_running() for node in self.nodes)

    @property
    def ports(self) -> tuple[Ports, ...]:
        """The ports of the last start; empty before the first."""
        try:
            return tuple(Ports(**entry) for entry in json.loads((self.directory / "ports.json").read_text()))
        except (OSError, ValueError, TypeError):
            return ()

    @property
    def bootstrap(self) -> str:
        """The servers that clients name, ``host:port[,...]``; empty before the first start."""
        return ",".join(f"{HOST}:{each.client}" for each in self.ports)

    @property
    def internal_bootstrap(self) -> str:
        """The servers without login, for administration where clients have to log in."""
        return ",".join(f"{HOST}:{each.internal}" for each in self.ports)

    def start(self, seconds: float = START_SECONDS) -> str:
        """Start what does not run yet and return the bootstrap servers once they serve.

        Raises `BrokerError` in one line when there is no Java, no jar, no room, no port, or Kafka dies.
        """
        with self._alone():
            if all(node.is_running() for node in self.nodes):
                # whoever started it may have been killed before it served
                wait_for_broker(self.internal_bootstrap, seconds)
                return self.bootstrap
            self._check_room()
            java, class_path = find_java(self._java_choice), self._class_path()
            if self.is_running():
                self._launch(java, class_path, self.ports, seconds)
            else:
                self._start_anew(java, class_path, seconds)
        return self.bootstrap

    def start_node(self, number: int, seconds: float = START_SECONDS) -> None:
        """Start one node of a broker that was started before, on the ports it had.

        Where another process has taken one of them meanwhile, all nodes start again, on others: each knows each.
        """
        node = self.node(number)
        if node.is_running():
            return
        node.launch(find_java(self._java_choice).executable, self._class_path())
        try:
            wait_until_started([node], seconds)
        except BrokerError:
            if node.cause_of_death() != PORT_TAKEN:
                raise
            self.stop()
            self.start(seconds)

    def stop(self, seconds: float = 15.0) -> None:
        """End every node; what was written stays."""
        if not self.directory.exists():
            return
        with self._alone():
            for node in self.nodes:
                node.ask_to_stop()
            for node in self.nodes:
                node.wait_until_stopped(seconds)

    def kill(self) -> None:
        """End every node as a power cut would."""
        for node in self.nodes:
            node.kill()

    def __enter__(self) -> Self:
        guard = None if self.is_running() else end_with_this_process(self.nodes)
        try:
            self.start()
        except BaseException:
            if guard is not None:
                guard.end()
            raise
        self._guard = guard
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._guard is not None:
            self.stop()
            self._guard.release()

    def _class_path(self) -> str:
        paths = install_jars(read_lock(lock_text()), self._jars or jar_store(), self._say)
        return os.pathsep.join(map(str, paths))

    def _start_anew(self, java: Java, class_path: str, seconds: float) -> None:
        """Another process may take a port between the look and the start: then look again."""
        ports = self._chosen_ports()
        for attempt in range(1, TRIES + 1):
            try:
                self._launch(java, class_path, ports, seconds)
            except BrokerError:
                lost = any(node.cause_of_death() == PORT_TAKEN for node in self.nodes)
                self.kill()
                if attempt == TRIES or not lost:
                    raise
                ports = choose_ports(self._wanted, len(self.nodes), secrets.randbelow(SPREAD))
            except BaseException:
                self.kill()
                raise
            else:
                break
        if self._wanted is None and ports[0].client != USUAL:
            self._say(f"port {USUAL} is taken: the broker listens on {HOST}:{ports[0].client}")

    def _chosen_ports(self) -> tuple[Ports, ...]:
        """The ports it had, because its clients wait for it there; others where one is named or those are taken."""
        if self._wanted is None and self.ports and all(map(is_free, chain(*map(astuple, self.ports)))):
            return self.ports
        return choose_ports(self._wanted, len(self.nodes))

    def _launch(self, java: Java, class_path: str, ports: tuple[Ports, ...], seconds: float) -> None:
        cluster = self._cluster()
        write_whole(self.directory / "ports.json", json.dumps([asdict(each) for each in ports]))
        waiting = [node for node in self.nodes if not node.is_running()]
        for node in waiting:
            node.directory.mkdir(parents=True, exist_ok=True)
            properties = server_properties(node.number, ports, node.data, self._listening)
            node.settings.write_text(as_text(properties), encoding="utf-8")
            (node.directory / "log4j2.properties").write_text(logging_properties(node.log), encoding="utf-8")
            node.format(java.executable, class_path, cluster)
        for node in waiting:
            node.launch(java.executable, class_path)
        self._launched()
        wait_until_started(waiting, seconds)

    def _cluster(self) -> str:
        """The cluster's id, the same for as long as its data lives."""
        file = self.directory / "cluster.id"
        if not file.exists():
            # the first byte keeps the id from beginning with a dash, which Kafka's tool takes for an option
            write_whole(file, base64.urlsafe_b64encode(b"w" + secrets.token_bytes(15)).decode())
        return file.read_text().strip()

    def _check_room(self) -> None:
        free = shutil.disk_usage(self.directory).free
        if free < NEEDED_BYTES:
            raise BrokerError(
                f"expected {NEEDED_BYTES >> 20} MB free for the broker in {self.directory}, found {free >> 20} MB; "
                "make room, or set WIREWATCH_HOME to another directory"
            )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep a second start or stop of the same broker waiting."""
        try:
            self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = (self.directory / "lock").open("w")
        except OSError as error:
            raise BrokerError(
                f"expected to write to {self.directory}, found: {error.strerror}; "
                "make it writable, or set WIREWATCH_HOME to another directory"
            ) from error
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def running_broker(home: Path) -> LocalBroker | None:
    """The broker that runs in ``home``, of one node or of three; None if neither does."""
    for nodes in (1, 3):
        broker = LocalBroker(home, nodes=nodes)
        if broker.is_running():
            return broker
    return None
