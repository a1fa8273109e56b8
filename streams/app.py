"""The composition root: settings and the table of stages become Faust apps, one for each hop."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import IO, Any

import faust

from schemas.topics import changelog_of
from streams import metrics
from streams.agents import HopWorker, add_agent, end_process
from streams.changelog import PartitionState
from streams.connection import client_options, credentials, servers
from streams.deciding import Remember, Walk
from streams.engine import go_back, mend, tune_fetches
from streams.guard import Guard
from streams.journal import Journal
from streams.pipeline import Hop
from streams.place import hold
from streams.pool import Pool
from streams.rebuilding import Mender, Source
from streams.recent import Recent
from streams.settings import Settings
from streams.settling import Settler
from streams.state import States

log = logging.getLogger(__name__)

SESSION_SECONDS = 10.0
"""At least; heartbeats are 3 s apart."""
GRACE_SECONDS = 5.0
"""Beyond what an article may take: the second in which that is noticed, and a heartbeat before and after."""


@dataclass
class HopApp:
    """A hop with what runs it in this process."""

    hop: Hop
    app: faust.App
    worker: HopWorker
    states: States | None
    pool: Pool
    place: IO[bytes]
    """The lock of the hop's place on this machine, held as long as the process lives."""
    background: list[asyncio.Future[None]] = field(default_factory=list)
    """What runs beside the app, and is held so that it is not collected."""
    ready: bool = False
    """Whether partitions are assigned (none is fine, too) and their state is restored."""


@dataclass(frozen=True)
class Shared:
    """What the hops of one process have in common."""

    recent: Recent
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held for a slice of work."""


def build_app(
    hop: Hop, settings: Settings, slot: int, shared: Shared, held: Mapping[int, PartitionState] = MappingProxyType({})
) -> HopApp:
    """The Faust app of one hop; its consumer group is named after the hop.

    ``held`` are states of partitions as far as this process knows them already.
    """
    mend()
    name = settings.named(hop.name)
    place = hold(settings.directory / "run" / f"{name}-{slot}.lock", f"worker {slot} of {name}")
    (settings.directory / "faust").mkdir(parents=True, exist_ok=True)
    app = faust.App(name, **_options(hop, settings, slot))
    journal = Journal(settings.directory / "journal" / f"{name}-{slot}")
    guard = Guard(journal, settings.article_seconds, shared.turn)
    pool = Pool(settings.pool, settings.page_seconds)
    states = _states(hop, settings, app, guard) if hop.memory else None
    if states:
        states.adopt(held)
    decider = (
        Remember(hop, guard, states, shared.recent)
        if states
        else Walk(hop, guard, pool, lambda: waiting(app) > settings.overload, shared.recent)
    )
    worker = HopWorker(hop, decider, guard, Settler(app, settings, hop.name, states), states, shared.recent)
    hop_app = HopApp(hop, app, worker, states, pool, place)
    add_agent(app, worker, settings)
    app.finalize()
    _follow_assignments(hop_app, settings)
    return hop_app


def _states(hop: Hop, settings: Settings, app: faust.App, guard: Guard) -> States:
    """The states of a hop with memory, and what mends their changelog."""
    assert hop.memory is not None
    client = client_options(settings)
    source = Source(hop.steps[0], settings.named(hop.reads.name), settings.named(hop.name), client)

    async def send(topic: str, key: bytes, value: bytes | None, partition: int) -> Any:
        return await app.producer.send(topic, key, value, partition, None, None)

    mender = Mender(source, guard, send)
    return States(hop.name, settings.named(changelog_of(hop.name)), hop.memory, client, mender)


def waiting(app: Any) -> int:
    """How many messages the broker holds for this process and it has not read yet."""
    consumer = app.consumer
    behind = [(consumer.highwater(tp) or 0) - (consumer._read_offset[tp] or 0) for tp in consumer.assignment()]
    return sum(max(0, count) for count in behind)


def session_seconds(settings: Settings) -> float:
    """How long the broker waits for a sign of a worker before it gives its partitions to others.

    A stage at work sends none. An article that may take longer than this would lose its worker the partitions, come
    back to it uncommitted, and so again without end; one that takes longer than it may ends the worker before.
    """
    return max(SESSION_SECONDS, settings.article_seconds + GRACE_SECONDS)


def _options(hop: Hop, settings: Settings, slot: int) -> dict[str, Any]:
    """What held under the faults of real life; the figures stand in docs/decisions.md."""
    return {
        "broker": [f"kafka://{server}" for server in servers(settings)],
        "broker_credentials": credentials(settings),
        "consumer_group_instance_id": settings.instance_of(slot),
        "datadir": settings.directory / "faust" / f"{hop.name}-{slot}",
        "producer_linger": 0.0,  # a batch is sent in one turn of the loop, so nothing is gained by waiting for more
        "producer_max_batch_size": 262_144,
        "producer_max_request_size": 8 * 1024 * 1024,
        "consumer_max_fetch_size": 2 * 1024 * 1024,
        "producer_acks": -1,
        "producer_request_timeout": 1200,
        "broker_commit_interval": 0.35,
        "broker_commit_every": 500,
        "broker_session_timeout": session_seconds(settings),
        "broker_heartbeat_interval": 3,
        "broker_request_timeout": 90,
        "broker_rebalance_timeout": 60,
        "stream_buffer_maxsize": 2 * settings.batch,
        "table_standby_replicas": 0,
        "topic_disable_leader": True,
        "topic_allow_declare": False,
        "consumer_auto_offset_reset": "earliest",
        "consumer_metadata_max_age_ms": 30_000,  # how long partitions that are added go unread
        "web_enabled": False,
        "worker_redirect_stdouts": False,
    }


def _follow_assignments(hop_app: HopApp, settings: Settings) -> None:
    """Restore state before the first message of an assignment; Faust awaits this before it resumes."""
    app, hop = hop_app.app, hop_app.hop
    topic, client = settings.named(hop.reads.name), client_options(settings)

    async def revoked(*_: Any, **__: Any) -> None:
        """Faust stops the flow only where something was assigned before. Where nothing was, it would take messages of
        the new partitions from wherever the consumer stands, before their state and their offsets are known."""
        hop_app.ready = False
        app.consumer.stop_flow()
        app.flow_control.suspend()

    async def assigned(*_: Any, **__: Any) -> None:
        try:
            tune_fetches(app)
            mine = [tp for tp in app.consumer.assignment() if tp.topic == topic]
            await go_back(app, mine, client)
            partitions = {tp.partition for tp in mine}
            metrics.rebalances.labels(hop.name).inc()
            metrics.assigned_partitions.labels(hop.name).set(len(partitions))
            if hop_app.states:
                await hop_app.states.assign(partitions, app.consumer_generation_id)
            hop_app.ready = True
            log.info("assigned", extra={"stage": hop.name, "partitions": sorted(partitions)})
        except Exception as error:
            end_process("the state of an assignment could not be restored", error)

    app.on_partitions_revoked.connect(revoked)
    app.on_rebalance_complete.connect(assigned)
