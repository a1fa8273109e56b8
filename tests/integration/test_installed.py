"""What the tests on a real Kafka run: wirewatch as it is installed, not the checkout."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest


@pytest.mark.skipif("PYTHONPATH" in os.environ, reason="PYTHONPATH says where the code is")
def test_commands_of_these_tests_are_those_of_the_built_wheel():
    where = [sys.executable, "-c", "import streams.cli; print(streams.cli.__file__)"]
    found = subprocess.run(where, capture_output=True, text=True, timeout=60, check=True).stdout.strip()

    assert Path(found).is_relative_to(sysconfig.get_path("platlib"))
