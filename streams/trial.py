"""Trying something that killed or hung a worker before, where it can do no harm."""

import os
import select
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Literal

Verdict = Literal["fine", "crashed", "timed out"]


def trial(attempt: Callable[[], object], seconds: float) -> Verdict:
    """Run ``attempt`` in a forked copy of this process, which is ended after ``seconds``.

    Only whether it comes back is learned: its result and its exceptions stay in the copy.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _attempt_and_leave(attempt, reading, writing)
    os.close(writing)
    try:
        return _awaited(child, reading, time.monotonic() + seconds)
    finally:
        os.close(reading)


def _attempt_and_leave(attempt: Callable[[], object], reading: int, writing: int) -> None:
    try:
        os.close(reading)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        with suppress(Exception):  # an exception is an outcome of its own, and the caller's to tell
            attempt()
        os.write(writing, b"!")
    finally:
        os._exit(0)


def _awaited(child: int, reading: int, deadline: float) -> Verdict:
    ready, _, _ = select.select([reading], [], [], max(0.0, deadline - time.monotonic()))
    came_back = bool(ready) and os.read(reading, 1) == b"!"
    if not ready:
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if came_back:
        return "fine"
    return "crashed" if ready else "timed out"
