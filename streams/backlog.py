"""How far each hop of the pipeline is behind its topic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kafka import TopicPartition
from kafka.admin import OffsetSpec
from kafka.errors import CoordinatorNotAvailableError

from streams.broker.process import wait_until
from streams.connection import administered
from streams.settings import Settings
from streams.table import groups_of
from streams.topics_admin import administration

COORDINATOR_SECONDS = 10.0


@dataclass(frozen=True)
class Backlog:
    """What waits for one consumer group. ``group`` and ``topic`` have the prefix."""

    group: str
    topic: str
    members: int
    behind: int
    """Records between what the group has committed, else what the topic still holds, and the topic's end."""


def backlogs(settings: Settings) -> list[Backlog]:
    """The backlog of each hop, in the order of the pipeline; `BrokerError`."""
    reads = {settings.named(group): settings.named(topic.name) for group, topic in groups_of(settings.pipeline).items()}
    bootstrap, client = administered(settings)
    with administration(bootstrap, client) as admin:
        wait_until(lambda: _coordinated(admin, list(reads)), COORDINATOR_SECONDS, pause=0.2)
        groups = admin.describe_groups(list(reads))
        committed = admin.list_group_offsets(list(reads))
        places = _places(admin, set(reads.values()))
        starts = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.EARLIEST))
        ends = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.LATEST))
    return [
        Backlog(group, topic, len(groups[group]["members"]), _behind(topic, committed.get(group, {}), starts, ends))
        for group, topic in reads.items()
    ]


def _coordinated(admin: Any, groups: list[str]) -> bool:
    """Whether there is somebody to ask: a new Kafka makes its topic of offsets when it is first asked."""
    try:
        admin.describe_groups(groups)
    except CoordinatorNotAvailableError:
        return False
    return True


def _places(admin: Any, topics: set[str]) -> Sequence[TopicPartition]:
    found = admin.describe_topics(sorted(topics))
    return [TopicPartition(each["name"], part["partition_index"]) for each in found for part in each["partitions"]]


def _behind(topic: str, done: Mapping[Any, Any], starts: Mapping[Any, Any], ends: Mapping[Any, Any]) -> int:
    return sum(
        end.offset - max(starts[place].offset, done[place].offset if place in done else 0)
        for place, end in ends.items()
        if place.topic == topic
    )
