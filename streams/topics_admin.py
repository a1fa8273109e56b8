"""The declared topics against the ones a broker has: create what is missing, say what differs."""

import socket
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import kafka
import kafka.admin
from kafka.errors import KafkaError, TopicAlreadyExistsError

from schemas.topics import TOPICS, Cleanup, Topic, changelog_of
from streams.broker import BrokerError
from streams.connection import PATIENCE
from streams.login import wait_for_login
from streams.settings import Settings
from streams.table import MEMORIES, unused_topics

CHANGELOG_SEGMENT = 16 * 1024 * 1024
"""Bytes of a changelog in one file; fewer records than the broker's cleaner has room for."""
KNOCK_SECONDS = 2.0
# kafka-python gives no types
ADMIN: Any = kafka.KafkaAdminClient
CONFIG_RESOURCE: Any = kafka.admin.ConfigResource


@dataclass(frozen=True)
class TopicPlan:
    """A topic as it should be on one installation; ``name`` has the prefix."""

    name: str
    partitions: int
    replication: int
    config: Mapping[str, str]
    of: str | None = None
    """The topic that has a partition for each of this one's, if it is a changelog or follows another."""


@dataclass(frozen=True)
class TopicState:
    """A topic as a broker has it; ``config`` has the settings that were set for it."""

    name: str
    partitions: int
    replication: int
    config: Mapping[str, str]


@dataclass(frozen=True)
class Difference:
    """One thing that is not as declared. ``expected`` and ``found`` are as Kafka spells them."""

    topic: str
    what: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.topic}: {self.what} should be {self.expected}, found {self.found}"


def plan_topics(
    prefix: str = "",
    partitions: int = 4,
    replication: int = 1,
    changelogs: Mapping[str, str] | None = None,
    counts: Mapping[str, int] | None = None,
    unused: Collection[Topic[Any]] = (),
) -> tuple[TopicPlan, ...]:
    """Every topic of an installation, but for those ``unused`` by its pipeline.

    ``partitions`` is for topics that fix no count of their own; ``counts`` overrides it by topic name
    (without prefix). ``changelogs`` maps a stage that has memory to the topic it reads (without prefix);
    its changelog gets as many partitions as that.
    """
    chosen = counts or {}
    plans = {
        topic.name: TopicPlan(
            f"{prefix}{topic.name}",
            chosen.get(topic.name) or topic.partitions or partitions,
            replication,
            topic.config,
            of=topic.follows and f"{prefix}{topic.follows}",
        )
        for topic in TOPICS
        if topic not in unused
    }
    kept = {
        changelog_of(stage): _changelog(prefix, stage, plans[source]) for stage, source in (changelogs or {}).items()
    }
    return (*plans.values(), *kept.values())


def planned_topics(settings: Settings) -> tuple[TopicPlan, ...]:
    """Every topic of the installation of ``settings``, changelogs included, but for those its pipeline passes over."""
    return plan_topics(
        settings.prefix,
        settings.partitions,
        settings.replication,
        {stage: topic.name for stage, topic in MEMORIES.items()},
        unused=unused_topics(settings.pipeline),
    )


def _changelog(prefix: str, stage: str, source: TopicPlan) -> TopicPlan:
    """What a restore reads. Only closed segments are compacted, and Kafka closes one at 1 GB: so much of what is long
    forgotten would be read with it. Tombstones may go soon: what a summary covers does not count, deleted or not."""
    cleanup: Cleanup = "compact"
    config = {
        "cleanup.policy": cleanup,
        "max.message.bytes": source.config["max.message.bytes"],
        "segment.bytes": str(CHANGELOG_SEGMENT),
        "min.cleanable.dirty.ratio": "0.2",
        "delete.retention.ms": "60000",
    }
    return TopicPlan(f"{prefix}{changelog_of(stage)}", source.partitions, source.replication, config, of=source.name)


def create_topics(bootstrap: str, plans: Sequence[TopicPlan], **client: Any) -> tuple[str, ...]:
    """Create the topics that are missing, give changelogs the partitions they lack, and return the names of both.

    What exists is left as it is otherwise. ``client`` goes to kafka-python, for brokers that want a login. Raises
    `BrokerError`.
    """
    with administration(bootstrap, client) as admin:
        present = set(admin.list_topics())
        return (*_create_all(admin, [plan for plan in plans if plan.name not in present]), *_grow(admin, plans))


def _create_all(admin: Any, missing: Sequence[TopicPlan]) -> tuple[str, ...]:
    try:
        if missing:
            _create(admin, missing)
        return tuple(plan.name for plan in missing)
    except KafkaError:  # one by one, to tell which, and whether another process has been faster
        return tuple(plan.name for plan in missing if _create_one(admin, plan))


def _grow(admin: Any, plans: Sequence[TopicPlan]) -> tuple[str, ...]:
    """Add partitions to changelogs whose topics have got more: a worker could not take what comes on these."""
    pairs = {plan.name: plan.of for plan in plans if plan.of}
    if not pairs:
        return ()
    described = admin.describe_topics([*pairs, *pairs.values()])
    counts = {topic["name"]: len(topic["partitions"]) for topic in described}
    lacking = {name: counts[of] for name, of in pairs.items() if 0 < counts.get(name, 0) < counts.get(of, 0)}
    if lacking:
        admin.create_partitions(lacking)
    return tuple(lacking)


def _create(admin: Any, plans: Sequence[TopicPlan]) -> None:
    wanted = {
        plan.name: {
            "num_partitions": plan.partitions,
            "replication_factor": plan.replication,
            "configs": dict(plan.config),
        }
        for plan in plans
    }
    admin.create_topics(wanted, wait_for_metadata=True)


def _create_one(admin: Any, plan: TopicPlan) -> bool:
    """False where it is there by now."""
    try:
        _create(admin, [plan])
    except TopicAlreadyExistsError:
        return False
    except KafkaError as error:
        raise BrokerError(
            f"expected to create {plan.name} with {plan.partitions} partitions and {plan.replication} replicas, "
            f"the broker said {_short(error)}; correct the setting and create again"
        ) from error
    return True


def describe_topics(bootstrap: str, names: Sequence[str] | None = None, **client: Any) -> tuple[TopicState, ...]:
    """The topics that a broker has, by name; ``names`` None means all but Kafka's own."""
    with administration(bootstrap, client) as admin:
        present = {name for name in admin.list_topics() if not name.startswith("__")}
        asked = sorted(present if names is None else present & set(names))
        if not asked:
            return ()
        resources = [CONFIG_RESOURCE(kafka.admin.ConfigResourceType.TOPIC, name) for name in asked]
        configs = admin.describe_configs(resources, config_filter="all")["topic"]
        return tuple(_state(topic, configs[topic["name"]]) for topic in admin.describe_topics(asked))


def _state(topic: Mapping[str, Any], config: Mapping[str, Mapping[str, Any]]) -> TopicState:
    partitions = topic["partitions"]
    replication = min((len(partition["replica_nodes"]) for partition in partitions), default=0)
    return TopicState(topic["name"], len(partitions), replication, {k: str(v["value"]) for k, v in config.items()})


def unwritable(bootstrap: str, names: Sequence[str], **client: Any) -> tuple[str, ...]:
    """Those of the topics ``names`` to which no write is confirmed, for too few of their replicas are there.

    One that is missing altogether is none of them: waiting does not bring it back. Without its controllers a broker
    goes on naming nodes that are gone, so each is knocked at.
    """
    with administration(bootstrap, client) as admin:
        nodes = admin.describe_cluster()["brokers"]
        there = {node["broker_id"] for node in nodes if _listens(node["host"], node["port"])}
        resources = [CONFIG_RESOURCE(kafka.admin.ConfigResourceType.TOPIC, name) for name in names]
        configs = admin.describe_configs(resources, config_filter="all")["topic"]
        needed = {
            name: int(found["min.insync.replicas"]["value"])
            for name, found in configs.items()
            if "min.insync.replicas" in found
        }
        return tuple(
            topic["name"]
            for topic in (admin.describe_topics(sorted(needed)) if needed else ())
            if any(len(there & set(each["isr_nodes"])) < needed[topic["name"]] for each in topic["partitions"])
        )


def _listens(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), KNOCK_SECONDS).close()
    except OSError:
        return False
    return True


def drift(plans: Sequence[TopicPlan], states: Sequence[TopicState]) -> tuple[Difference, ...]:
    """How the topics of a broker differ from the plan; topics that are not planned do not matter."""
    by_name = {state.name: state for state in states}
    return tuple(difference for plan in plans for difference in _differences(plan, by_name.get(plan.name)))


def _differences(plan: TopicPlan, state: TopicState | None) -> Iterator[Difference]:
    if state is None:
        yield Difference(plan.name, "topic", "there", "none")
        return
    if state.partitions != plan.partitions:
        yield Difference(plan.name, "partitions", str(plan.partitions), str(state.partitions))
    if state.replication != plan.replication:
        yield Difference(plan.name, "replication", str(plan.replication), str(state.replication))
    for name, expected in plan.config.items():
        found = state.config.get(name, "not set")
        if found != expected:
            yield Difference(plan.name, name, expected, found)


@contextmanager
def administration(bootstrap: str, client: Mapping[str, Any]) -> Iterator[Any]:
    """A client for administration; `BrokerError` for whatever goes wrong with the broker."""
    servers = [server.strip() for server in bootstrap.split(",")]
    wait_for_login({"bootstrap_servers": servers, **client}, PATIENCE)
    try:
        options = {"client_id": "wirewatch-topics", "bootstrap_timeout_ms": int(PATIENCE * 1000), **client}
        admin = ADMIN(bootstrap_servers=servers, **options)
    except KafkaError as error:
        raise BrokerError(
            f"expected a Kafka broker that answers at {bootstrap}, found {_short(error)}; see `wirewatch broker status`"
        ) from error
    try:
        yield admin
    except KafkaError as error:
        raise BrokerError(f"expected {bootstrap} to answer about its topics, it said {_short(error)}") from error
    finally:
        admin.close()


def _short(error: Exception) -> str:
    """An error of kafka-python without its line breaks; it begins with its own name already."""
    return " ".join(str(error).split())[:300] or type(error).__name__
