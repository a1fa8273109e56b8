"""Partitions that a topic has got and no member of the group reads: found, and assigned with the others.

aiokafka leaves the look to the member that made the last assignment. A static member that comes back gets what it had
without a new one (KIP-345), so after a restart there may be no such member, and added partitions would go unread.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from streams.app import HopApp
from streams.broker import BrokerError
from streams.connection import administered
from streams.engine import assign_anew
from streams.settings import Settings
from streams.topics_admin import administration

log = logging.getLogger(__name__)

LOOK_SECONDS = 20.0
STABLE = "Stable"


async def watch_partitions(settings: Settings, hop_apps: Sequence[HopApp]) -> None:
    """Have partitions that nobody reads assigned, for as long as this is not cancelled."""
    readers = {settings.named(hop_app.hop.name): hop_app for hop_app in hop_apps}
    reads = {name: settings.named(hop_app.hop.reads.name) for name, hop_app in readers.items()}
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            found = await asyncio.to_thread(unread, reads, *administered(settings))
        except (BrokerError, OSError) as error:
            log.debug("could not look for partitions", extra={"error": repr(error)})
            continue
        for name, partitions in found.items():
            hop_app = readers[name]
            if partitions and hop_app.ready:
                log.warning(
                    "partitions are read by no worker: the group assigns anew",
                    extra={"stage": hop_app.hop.name, "partitions": partitions},
                )
                await assign_anew(hop_app.app)


def unread(reads: Mapping[str, str], bootstrap: str, client: Mapping[str, Any]) -> dict[str, list[int]]:
    """The partitions that no member reads, ascending, by group; of groups that have members and are at rest.

    ``reads`` has the topic of each group. Raises `BrokerError`.
    """
    with administration(bootstrap, client) as admin:
        groups = admin.describe_groups(list(reads))
        topics = {topic["name"]: topic for topic in admin.describe_topics(sorted(set(reads.values())))}
    return {
        name: _left_out(group, reads[name], topics[reads[name]]["partitions"])
        for name, group in groups.items()
        if group["group_state"] == STABLE
    }


def _left_out(group: Mapping[str, Any], topic: str, partitions: Sequence[Mapping[str, Any]]) -> list[int]:
    read = {
        partition
        for member in group["members"]
        for each in member["member_assignment"]["assigned_partitions"]
        if each["topic"] == topic
        for partition in each["partitions"]
    }
    return sorted({each["partition_index"] for each in partitions} - read)
