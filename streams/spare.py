"""A process that is kept loaded, for whichever worker is wanted next."""

import contextlib
import select
import socket
import subprocess
from collections.abc import Callable

from streams.forked import Forked
from streams.worker_process import FORK, READY, SPARE

ANSWER_SECONDS = 10.0
"""How long a spare may take to fork: it ends what it is adding to a state first."""
SPARE_PAUSE = 60.0
"""Seconds between starts of spares that end by themselves."""

Process = subprocess.Popen[bytes] | Forked


class Spare:
    """A process that has loaded what a worker needs, and becomes whichever worker is wanted next.

    With ``forks`` that worker is a fork of it, once it has loaded, and it stays.
    """

    def __init__(self, start: Callable[[str, socket.socket], subprocess.Popen[bytes]], *, forks: bool = False) -> None:
        self._start, self._forks = start, forks
        self._ready = False
        self._due = 0.0
        self._words: socket.socket | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def keep(self, now: float) -> None:
        """Have one, unless the last one ended by itself a short time ago."""
        if (self.process is None or self.process.poll() is not None) and now >= self._due:
            self.stop()
            self._words, theirs = socket.socketpair()
            self._words.settimeout(ANSWER_SECONDS)
            self._ready = False
            with theirs:
                self.process, self._due = self._start(SPARE, theirs), now + SPARE_PAUSE

    def take(self, slot: int) -> Process | None:
        """The process that is the worker of ``slot`` from now on; None if there is none."""
        process, forks = self.process, self._forks and self._is_ready()
        if process is None or not self._told(b"%s%d\n" % (FORK.encode() if forks else b"", slot)):
            return None
        worker = self._forked() if forks else process.pid
        if worker == process.pid:
            self.stop()
            self.process, self._due = None, 0.0
            return process
        return Forked(worker) if worker else None

    def _is_ready(self) -> bool:
        """Whether it has said that it has loaded: to wait for that would keep every other worker waiting."""
        words = self._words
        if not self._ready and words is not None and words in select.select([words], [], [], 0.0)[0]:
            with contextlib.suppress(OSError):
                self._ready = words.recv(len(READY)) == READY
        return self._ready

    def _told(self, line: bytes) -> bool:
        """Write a line to the process; whether it could be there to read it."""
        if self._words is None or self.process is None:
            return False
        try:
            self._words.sendall(line)
        except OSError:
            return False
        return self.process.poll() is None

    def _forked(self) -> int | None:
        """The number that it says; one that does not answer is ended, so that it forks nothing later."""
        assert self._words is not None
        assert self.process is not None
        try:
            return int(self._words.recv(20))
        except (OSError, ValueError):
            self.process.kill()
            return None

    def stop(self) -> None:
        """Let it leave: it does when there is nothing more to come."""
        if self._words is not None:
            self._words.close()
        self._words = None
