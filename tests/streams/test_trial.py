"""Trials: whatever an attempt does, this process learns of it and goes on."""

import os
import signal
import sys
import time

import pytest

from streams.trial import trial

LONG = 20.0
"""More than any attempt here takes that is to come back."""


def fine():
    return None


def raises():
    raise ValueError("an outcome of its own")


def leaves():
    sys.exit(3)


def aborts():
    signal.signal(signal.SIGABRT, signal.SIG_DFL)
    os.abort()


def hangs():
    while True:
        time.sleep(60)


def test_what_comes_back_is_fine_also_by_raising():
    assert trial([fine, raises, fine], LONG) == (3, "fine")


@pytest.mark.parametrize("end", [aborts, leaves, lambda: os._exit(0), lambda: os.kill(os.getpid(), signal.SIGKILL)])
def test_what_ends_its_process_has_crashed_and_those_before_it_are_counted(end):
    assert trial([fine, fine, end, fine], LONG) == (2, "crashed")


def test_what_does_not_come_back_has_timed_out_and_is_ended(monkeypatch):
    monkeypatch.setattr("streams.trial.ORPHAN_SECONDS", 3600.0)  # so that nothing else ends it

    assert trial([fine, hangs], 0.2) == (1, "timed out")
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_each_attempt_has_the_whole_time():
    assert trial([lambda: time.sleep(0.15)] * 4, 0.4) == (4, "fine")


def test_nothing_that_an_attempt_does_to_memory_reaches_this_process():
    noted = []

    assert trial([lambda: noted.append("copy")], LONG) == (1, "fine")
    assert noted == []


def test_no_descriptor_is_left_open():
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    for end in (fine, aborts):
        trial([end], LONG)

    assert (len(os.listdir("/proc/self/fd")) if before else 0) == before
