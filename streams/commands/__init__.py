"""The commands of ``wirewatch``, one module a group."""

import os
from dataclasses import dataclass, field

from streams.broker import default_home, running_broker


@dataclass(frozen=True)
class Connection:
    """Which broker the commands talk to, and how topics are named and divided there."""

    bootstrap: str
    prefix: str = ""
    partitions: int = 4
    replication: int = 1
    changelogs: dict[str, str] = field(
        default_factory=lambda: {"dedupe": "articles.tagged", "alert": "articles.enriched"}
    )
    client: dict[str, str] = field(default_factory=dict)


def connection() -> Connection:
    """The broker of WIREWATCH_BROKER, else the local one where it runs, else where it would be."""
    local = None if "WIREWATCH_BROKER" in os.environ else running_broker(default_home())
    return Connection(
        bootstrap=os.environ.get("WIREWATCH_BROKER") or (local.bootstrap if local else "127.0.0.1:29092"),
        prefix=os.environ.get("WIREWATCH_PREFIX", ""),
        partitions=int(os.environ.get("WIREWATCH_PARTITIONS", "4")),
        replication=3 if local and len(local.nodes) == 3 else int(os.environ.get("WIREWATCH_REPLICATION", "1")),
    )
