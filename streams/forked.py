"""Workers that a loaded process forks: they begin with all that it has, and belong to its supervisor.

Linux only: elsewhere nobody but a parent can wait for a process.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection

PR_SET_PDEATHSIG, PR_SET_NAME, PR_SET_CHILD_SUBREAPER = 1, 15, 36
LOOK_SECONDS = 0.01


def control_process(what: int, value: int | bytes) -> bool:
    """Linux's ``prctl``; false, with nothing done, on other systems."""
    try:
        return bool(ctypes.CDLL(None).prctl(what, value) == 0)
    except (OSError, AttributeError):
        return False


def adopt_orphans() -> bool:
    """Become the parent of what descendants fork and leave behind; whether that can be."""
    return control_process(PR_SET_CHILD_SUBREAPER, 1)


def fork_worker() -> int | None:
    """In the process that forks, the number of the new one, None where none could be made; in the new one, 0.

    The new one is forked twice, so that the process that adopts orphans is its parent. There must be no other thread.
    """
    mine, theirs = os.pipe()
    try:
        between = os.fork()
    except OSError:  # no room, or too many processes
        between = -1
    if between:
        os.close(theirs)
        told = os.read(mine, 20)
        os.close(mine)
        if between > 0:
            os.waitpid(between, 0)
        return int(told) if told else None
    return _fork_again(mine, theirs)


def _fork_again(mine: int, theirs: int) -> int:
    """Of the process in between, which ends here: 0 in the worker, once that is an orphan."""
    between = os.getpid()
    try:
        worker = os.fork()
    except OSError:
        os._exit(1)
    if worker:
        os.write(theirs, b"%d" % worker)
        os._exit(0)
    os.close(mine)
    os.close(theirs)
    while os.getppid() == between:
        time.sleep(0.001)
    os.setsid()
    _without_input()
    return 0


def _without_input() -> None:
    """Leave the supervisor's words to the process that was forked from."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


def bury_others(known: Collection[int]) -> None:
    """Let go of children that have ended and are none of ``known``: what processes that died have left behind."""
    if sys.platform != "linux":  # where none are adopted
        return
    with contextlib.suppress(ChildProcessError):
        while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if ended.si_pid in known:  # whoever started it wants to know how it ended, and looks soon
                return
            os.waitpid(ended.si_pid, 0)


class Forked:
    """A process that was forked for this one to adopt, with what is needed of `subprocess.Popen`."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit code, None while it runs."""
        if self.returncode is None:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            self.returncode = os.waitstatus_to_exitcode(status) if done else None
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended; raises `subprocess.TimeoutExpired`."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
            time.sleep(LOOK_SECONDS)
        return code

    def terminate(self) -> None:
        """Ask it to leave."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)
