"""Where the tests on a real Kafka run, and a laboratory for faults: brokers and workers of its own."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from streams.broker import LocalBroker
from streams.commands import connection
from streams.commands.run import ensure_topics
from streams.faults.lab import Lab
from streams.faults.result import Size
from streams.settings import Settings


@pytest.fixture(scope="module", autouse=True)
def away_from_the_checkout(tmp_path_factory) -> Iterator[None]:
    """Commands and workers begin elsewhere, where no checkout comes before the installed wheel.

    With PYTHONPATH nothing need be installed: then the rules and samples of the checkout are still found.
    """
    if "PYTHONPATH" in os.environ:
        yield
        return
    checkout = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("elsewhere"))
    yield
    os.chdir(checkout)


@pytest.fixture(scope="module")
def own_kafka(tmp_path_factory) -> Iterator[Callable[[int], Settings]]:
    """Settings with a broker of the module's own, whose topics have so many partitions."""
    with LocalBroker(tmp_path_factory.mktemp("kafka")) as broker:

        def with_partitions(count: int) -> Settings:
            chosen = Settings(broker=broker.bootstrap, partitions=count)
            ensure_topics(connection(chosen))
            return chosen

        yield with_partitions


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """One node, a moderate rate, every fault in its short form."""
    made = Lab(tmp_path_factory.mktemp("faults"), Size(rate=40.0))
    yield made
    made.close()
