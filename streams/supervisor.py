"""Workers as processes of this machine: started, watched, started again, and stopped together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from streams.errors import WirewatchError
from streams.forked import adopt_orphans
from streams.settings import PREFIX, Settings
from streams.spare import Process, Spare
from streams.worker_process import CONFIGURATION

Say = Callable[[str], None]

STOP_SECONDS = 10.0
LEAST_PAUSE, MOST_PAUSE = 0.5, 10.0
BRIEF_SECONDS = 1.0
"""A worker that ended sooner has not even been loaded."""
STEADY_SECONDS = 10.0
"""A worker that has run this long did some work: it starts again without a pause."""
SPARE_SECONDS = 3.0
"""How long after the last start of a worker the spare is started, which would only hold that one up."""
ENDINGS = {
    -signal.SIGALRM: "its loop stood still",
    -signal.SIGKILL: "killed, or out of memory",
    -signal.SIGABRT: "it aborted",
    -signal.SIGSEGV: "it crashed in native code",
}
WORKER = "streams.worker_process"


@dataclass
class Slot:
    """A worker's place: its number, its process, and when it may start again."""

    number: int
    process: Process | None = None
    started: float = 0.0
    pause: float = 0.0
    due: float = 0.0


class Supervisor:
    """Keeps ``workers`` processes running until `stop`; with ``spare``, one more that waits to take a place."""

    def __init__(
        self,
        settings: Settings,
        workers: int,
        only: Sequence[str] = (),
        *,
        say: Say,
        log: Path | None = None,
        module: str = WORKER,
        called: str = "worker",
        before_restart: Callable[[], object] = lambda: None,
        spare: bool = False,
    ) -> None:
        self._module, self._called = module, called
        self._before_restart = before_restart
        self.slots = [Slot(number) for number in range(workers)]
        self._only = list(only)
        self._say = say
        self._environment = environment_of(settings)
        self._log: IO[bytes] | None = log.open("ab") if log else None
        self.spare = Spare(self._process, forks=adopt_orphans()) if spare else None
        self._loading: list[Spare] = []

    def load(self) -> None:
        """Begin to load what the workers need, before `start`: what they are to work on need not be there yet."""
        self._loading = [Spare(self._process) for _ in self.slots]
        for each in self._loading:
            each.keep(time.monotonic())

    def start(self) -> None:
        """Start every worker that does not run."""
        for slot in self.slots:
            self._launch(slot)

    def _launch(self, slot: Slot) -> None:
        spare = self._loading.pop() if self._loading else self.spare
        loaded = spare.take(slot.number) if spare else None
        slot.process = loaded or self._process(str(slot.number))
        slot.started = time.monotonic()

    def _process(self, word: str, words: socket.socket | None = None) -> subprocess.Popen[bytes]:
        """A process of the worker's module, told ``word``: its slot, or that it is to wait for ``words``."""
        command = [sys.executable, "-m", self._module, word, *self._only]
        given = words.fileno() if words else subprocess.DEVNULL
        return subprocess.Popen(command, env=self._environment, stderr=self._log, stdin=given, start_new_session=True)

    def look(self) -> None:
        """Start again what has ended, with a pause that grows while it keeps ending."""
        now = time.monotonic()
        for slot in self.slots:
            code = slot.process.poll() if slot.process else None
            if code is not None:
                self._plan_restart(slot, code, now)
            if slot.process is None and now >= slot.due:
                self._before_restart()
                self._launch(slot)
        if self.spare and all(slot.process and now - slot.started > SPARE_SECONDS for slot in self.slots):
            self.spare.keep(now)

    def _plan_restart(self, slot: Slot, code: int, now: float) -> None:
        if code == CONFIGURATION:
            raise WirewatchError(f"{self._called} {slot.number} cannot run as it is set; see its message above")
        slot.pause = pause_after(slot.pause, now - slot.started, code)
        slot.process, slot.due = None, now + slot.pause
        self._say(f"{self._called} {slot.number} ended ({how_ended(code)}); starting it again in {slot.pause:g} s")

    def pids(self) -> set[int]:
        """Numbers of the processes that it started or adopted last, running or not."""
        return {process.pid for process in self._processes()}

    def _spares(self) -> list[Spare]:
        return [*self._loading, self.spare] if self.spare else self._loading

    def _processes(self) -> list[Process]:
        found = [slot.process for slot in self.slots] + [spare.process for spare in self._spares()]
        return [process for process in found if process]

    def stop(self) -> None:
        """Ask every worker to settle and leave; kill what has not left after ``STOP_SECONDS``."""
        running = [process for process in self._processes() if process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for spare in self._spares():
            spare.stop()
        if self._log:
            self._log.close()


def pause_after(last_pause: float, lived: float, code: int) -> float:
    """Seconds until a worker that lived ``lived`` seconds starts again: none for one that did its work or that
    somebody killed, growing for one that keeps ending by itself."""
    if lived > STEADY_SECONDS or code == -signal.SIGKILL or code == 0:
        return 0.0 if lived > BRIEF_SECONDS else LEAST_PAUSE
    return min(MOST_PAUSE, max(LEAST_PAUSE, last_pause * 2))


def how_ended(code: int) -> str:
    """An exit code as a person reads it."""
    if code >= 0:
        return f"exit code {code}"
    why = ENDINGS.get(code)
    return f"signal {-code}: {why}" if why else f"signal {-code}"


def environment_of(settings: Settings) -> Mapping[str, str]:
    """This process's environment, with the broker and prefix that ``settings`` came to."""
    own = {
        "BROKER": settings.broker,
        "PREFIX": settings.prefix,
        "HOME": str(settings.directory),
        "METRICS_PORT": str(settings.metrics_port),
    }
    return {**os.environ, **{PREFIX + name: value for name, value in own.items() if value is not None}}
