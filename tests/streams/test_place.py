"""One process at a time holds a worker's place."""

import subprocess
import sys
import threading

import pytest

from streams.errors import ConfigurationError
from streams.place import hold

HOLD = """
import pathlib, sys
from streams.place import hold
hold_it = hold(pathlib.Path(sys.argv[1]), "x")
print("held", flush=True)
input()
"""


@pytest.fixture
def file(tmp_path):
    return tmp_path / "run" / "clean-tag-0.lock"


@pytest.fixture
def other(file):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_a_place_that_another_process_holds_is_refused_in_one_line(file, other):
    with pytest.raises(ConfigurationError, match=r"worker 0 of clean-tag runs already on the files in .*; stop it"):
        hold(file, "worker 0 of clean-tag", patience=0)


def test_a_process_that_was_killed_leaves_its_place(file, other):
    other.kill()
    other.wait()

    hold(file, "worker 0 of clean-tag", patience=0).close()


def test_a_place_is_waited_for_while_its_holder_leaves(file, other, caplog):
    held = []
    waiting = threading.Thread(target=lambda: held.append(hold(file, "worker 0 of clean-tag", patience=30)))
    waiting.start()
    other.communicate("leave\n")
    waiting.join(30)

    assert held
    held[0].close()
