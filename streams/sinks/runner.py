"""Runs sinks: each reads ``alerts`` in a consumer group of its own, so that a slow one delays nobody."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaProducer

from schemas.topics import ALERTS, SOURCE_LIMIT, UNDELIVERED, retries_of
from streams import metrics
from streams.connection import client_options
from streams.errors import ConfigurationError
from streams.needed_topics import create_needed
from streams.settings import Settings
from streams.sinks.configuration import SinksFile, load_sinks
from streams.sinks.consumer import SinkConsumer
from streams.sinks.sink import SinkSettings
from streams.sinks.stdout import StdoutSettings
from streams.topics_admin import TopicPlan


def configured_sinks(settings: Settings, names: Sequence[str] = ()) -> tuple[SinksFile, Mapping[str, SinkSettings]]:
    """The file of sinks, and the settings of those to run. Standard output needs no file."""
    found = load_sinks(settings)
    if found is None:
        if list(names) != ["stdout"]:
            raise ConfigurationError(
                "no sinks are configured; name a file of them in WIREWATCH_SINKS, see docs/sinks.md"
            )
        found = SinksFile(sinks={"stdout": StdoutSettings()})
    return found, found.chosen(tuple(names))


async def run_sinks(settings: Settings, names: Sequence[str] = (), stop: asyncio.Event | None = None) -> None:
    """Run the sinks ``names``, all where none is named, until ``stop`` is set; raises what ends one of them.

    What a sink's receiver does never ends it. ConfigurationError before anything is read.
    """
    found, chosen = configured_sinks(settings, names)
    stop = stop or asyncio.Event()
    await asyncio.to_thread(ensure_topics, settings, list(chosen))
    metrics.start_sink_series(chosen)
    async with AIOKafkaProducer(**_producer_options(settings)) as producer, asyncio.TaskGroup() as group:
        for name, sink in chosen.items():
            consumer = SinkConsumer(name, sink, found, settings, producer)
            group.create_task(consumer.run(stop), name=f"sink {name}")


def ensure_topics(settings: Settings, sinks: Sequence[str]) -> None:
    """Create what is missing of the topics that ``sinks`` read and write."""
    own = [retries_of(sink) for sink in sinks]
    plans = [TopicPlan(settings.named(topic.name), 1, settings.replication, topic.config) for topic in own]
    create_needed(settings, (ALERTS, UNDELIVERED), plans)


def _producer_options(settings: Settings) -> dict[str, Any]:
    return {
        **client_options(settings),
        "acks": "all",
        "enable_idempotence": True,
        "max_request_size": 2 * SOURCE_LIMIT,
        "request_timeout_ms": 120_000,
    }
