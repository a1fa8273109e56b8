"""The settings of a local broker: one process that is broker and controller, listening on loopback only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from schemas.topics import DEAD_LETTER_LIMIT

HOST = "127.0.0.1"
BATCH_OVERHEAD = 64 * 1024
"""What a batch adds to the one record in it, headers of the protocol included; generous."""
ALONE = {"broker.session.timeout.ms": "3000", "broker.heartbeat.interval.ms": "1000"}
"""A killed broker may come back only when the session it had is over: 9 s by default. Where there is no
other node to take over, a short one costs nothing."""
AMONG_OTHERS = {"broker.session.timeout.ms": "6000", "broker.heartbeat.interval.ms": "1000"}
"""The others take over from a killed node when its session is over. Nodes on loopback are heard in time."""
GATHERING_MS = "500"
"""How long a new group waits for its second member: one that comes to a group at work is let in at its next heartbeat,
3 s later, and workers that are started together never come at once."""
Protocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]


@dataclass(frozen=True)
class Ports:
    """Where one node listens."""

    client: int
    controller: int
    internal: int
    """For the nodes among themselves, and for administration where clients have to log in."""


@dataclass(frozen=True)
class Listening:
    """How clients of a broker connect, and what its settings have beyond the usual."""

    protocol: Protocol = "PLAINTEXT"
    properties: Mapping[str, str] = field(default_factory=dict)


def server_properties(
    node: int, ports: Sequence[Ports], data: Path, listening: Listening = Listening()
) -> Mapping[str, str]:
    """Settings of node ``node`` (from 1) among ``len(ports)`` nodes; the caller's own come last and win."""
    own = ports[node - 1]
    nodes = len(ports)
    listeners = f"CLIENT://{HOST}:{own.client},INTERNAL://{HOST}:{own.internal}"
    return {
        "process.roles": "broker,controller",
        "node.id": str(node),
        "controller.quorum.voters": ",".join(f"{i}@{HOST}:{each.controller}" for i, each in enumerate(ports, 1)),
        "listeners": f"{listeners},CONTROLLER://{HOST}:{own.controller}",
        "advertised.listeners": listeners,
        "listener.security.protocol.map": (f"CLIENT:{listening.protocol},INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT"),
        "inter.broker.listener.name": "INTERNAL",
        "controller.listener.names": "CONTROLLER",
        "log.dirs": str(data),
        **_sizes(nodes),
        **(AMONG_OTHERS if nodes > 1 else ALONE),
        **listening.properties,
    }


def _sizes(nodes: int) -> Mapping[str, str]:
    """Small topics for what Kafka keeps itself, and room for a dead letter."""
    largest = str(DEAD_LETTER_LIMIT + BATCH_OVERHEAD)
    copies, in_sync = str(nodes), "2" if nodes > 2 else "1"
    return {
        "auto.create.topics.enable": "false",
        "num.partitions": "1",
        "default.replication.factor": copies,
        "min.insync.replicas": in_sync,
        "message.max.bytes": largest,
        "replica.fetch.max.bytes": largest,
        "replica.fetch.response.max.bytes": str(2 * (DEAD_LETTER_LIMIT + BATCH_OVERHEAD)),
        "offsets.topic.num.partitions": "1",
        "offsets.topic.replication.factor": copies,
        "transaction.state.log.num.partitions": "1",
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": in_sync,
        "share.coordinator.state.topic.num.partitions": "1",
        "share.coordinator.state.topic.replication.factor": copies,
        "share.coordinator.state.topic.min.isr": in_sync,
        "group.initial.rebalance.delay.ms": GATHERING_MS,
        "log.cleaner.dedupe.buffer.size": "4194304",
        "num.network.threads": "2",
        "num.io.threads": "4",
    }


def as_text(properties: Mapping[str, str]) -> str:
    """A Java properties file; backslashes and line ends are escaped."""
    escaped = ((name, value.replace("\\", "\\\\").replace("\n", "\\n")) for name, value in properties.items())
    return "".join(f"{name}={value}\n" for name, value in escaped)


def logging_properties(log: Path) -> str:
    """Log4j's settings: one file of at most 10 MB and one older."""
    return as_text(
        {
            "appender.file.type": "RollingFile",
            "appender.file.name": "file",
            "appender.file.fileName": str(log),
            "appender.file.filePattern": f"{log}.%i",
            "appender.file.layout.type": "PatternLayout",
            "appender.file.layout.pattern": "[%d] %p %m (%c)%n%throwable",
            "appender.file.policies.type": "Policies",
            "appender.file.policies.size.type": "SizeBasedTriggeringPolicy",
            "appender.file.policies.size.size": "10MB",
            "appender.file.strategy.type": "DefaultRolloverStrategy",
            "appender.file.strategy.max": "1",
            "rootLogger.level": "INFO",
            "rootLogger.appenderRefs": "file",
            "rootLogger.appenderRef.file.ref": "file",
        }
    )
