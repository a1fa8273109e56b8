"""Trying something that killed or hung a worker before, where it can do no harm."""

import faulthandler
import os
import select
import signal
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Literal

Verdict = Literal["fine", "crashed", "timed out"]
ORPHAN_SECONDS = 5.0
"""A copy whose parent has died is ended by the system this long after its time."""


def trial(attempts: Sequence[Callable[[], object]], seconds: float) -> tuple[int, Verdict]:
    """Run ``attempts`` one after the other in a forked copy of this process, each for at most ``seconds``.

    How many came back, and what the next one did; "fine" where all came back. Results and exceptions stay in
    the copy.
    """
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: the copy only computes, and is timed
        child = os.fork()
    if child == 0:
        _attempt_and_leave(attempts, seconds, reading, writing)
    os.close(writing)
    try:
        return _awaited(child, reading, len(attempts), seconds)
    finally:
        os.close(reading)


def _attempt_and_leave(attempts: Sequence[Callable[[], object]], seconds: float, reading: int, writing: int) -> None:
    try:
        os.close(reading)
        faulthandler.disable()  # a crash is what this is for, and no news
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
            signal.signal(number, signal.SIG_DFL)
        for attempt in attempts:
            signal.setitimer(signal.ITIMER_REAL, seconds + ORPHAN_SECONDS)
            with suppress(Exception):  # an exception is an outcome of its own, and the caller's to tell
                attempt()
            os.write(writing, b"!")
    finally:
        os._exit(0)


def _awaited(child: int, reading: int, count: int, seconds: float) -> tuple[int, Verdict]:
    done, verdict = 0, _next(reading, seconds)
    while verdict == "fine":
        done += 1
        if done == count:
            break
        verdict = _next(reading, seconds)
    if verdict == "timed out":
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return done, verdict


def _next(reading: int, seconds: float) -> Verdict:
    """Whether one more attempt comes back."""
    ready, _, _ = select.select([reading], [], [], seconds)
    if not ready:
        return "timed out"
    return "fine" if os.read(reading, 1) == b"!" else "crashed"
