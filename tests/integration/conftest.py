"""A laboratory for faults: brokers and workers of its own, below a temporary directory."""

import pytest

from streams.faults.lab import Lab
from streams.faults.result import Size


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """One node, a moderate rate, every fault in its short form."""
    made = Lab(tmp_path_factory.mktemp("faults"), Size(rate=40.0))
    yield made
    made.close()
