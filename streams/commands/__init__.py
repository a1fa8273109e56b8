"""The commands of ``wirewatch``, one module a group."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from streams.broker import LocalBroker, running_broker
from streams.errors import WirewatchError
from streams.settings import Settings, settings

DEMO = "demo"
"""Folder of the demo's own broker, below the data directory."""


def shipped(kind: str) -> Path:
    """The ``rules`` or ``articles`` that come with wirewatch: of this checkout, else of the installation."""
    found = [root / "seeds" / kind for root in (Path.cwd(), Path(sys.prefix) / "share" / "wirewatch")]
    for folder in found:
        if folder.is_dir():
            return folder
    raise WirewatchError(f"expected {kind} in {' or '.join(map(str, found))}, found none; name files of {kind}")


def local_broker(directory: Path) -> LocalBroker | None:
    """The broker that runs on this machine: the user's, else the demo's."""
    return running_broker(directory) or running_broker(directory / DEMO)


def configured() -> Settings:
    """The settings, with the local broker's address where none is named."""
    chosen = settings()
    if chosen.broker:
        return chosen
    local = local_broker(chosen.directory)
    if local is None:
        return chosen.model_copy(update={"broker": "127.0.0.1:29092"})
    return chosen.model_copy(update={"broker": local.bootstrap, "replication": min(len(local.nodes), 3)})


def observed() -> Settings:
    """The settings by which to look at workers: the demo's, where its Kafka is the one that the commands talk to."""
    chosen = settings()
    if chosen.broker or running_broker(chosen.directory) or not running_broker(chosen.directory / DEMO):
        return chosen
    return chosen.model_copy(update={"home": chosen.directory / DEMO})


def given_lines() -> BinaryIO:
    """Standard input, which a caller may have closed."""
    if sys.stdin is None:
        raise WirewatchError("expected JSON Lines on standard input, found it closed")
    return sys.stdin.buffer


@dataclass(frozen=True)
class Connection:
    """Which broker the commands talk to, and by which settings topics are named and divided there."""

    bootstrap: str
    settings: Settings
    client: dict[str, Any]


def connection(chosen: Settings | None = None) -> Connection:
    """The broker of the settings, else the local one where it runs, else where it would be."""
    from streams.connection import client_options  # Kafka's clients take a quarter of a second, and filters need none

    chosen = chosen or configured()
    client = client_options(chosen)
    del client["bootstrap_servers"]
    return Connection(
        bootstrap=chosen.broker or "",
        settings=chosen,
        client=client,
    )
