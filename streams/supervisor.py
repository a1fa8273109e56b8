"""Workers as processes of this machine: started, watched, started again, and stopped together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from streams.errors import WirewatchError
from streams.settings import PREFIX, Settings
from streams.worker_process import CONFIGURATION

Say = Callable[[str], None]

STOP_SECONDS = 10.0
LEAST_PAUSE, MOST_PAUSE = 0.5, 10.0
BRIEF_SECONDS = 1.0
"""A worker that ended sooner has not even been loaded."""
STEADY_SECONDS = 10.0
"""A worker that has run this long did some work: it starts again without a pause."""
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
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.0
    due: float = 0.0
    restarts: int = field(default=0)


class Supervisor:
    """Keeps ``workers`` processes running until `stop`."""

    def __init__(
        self,
        settings: Settings,
        workers: int,
        only: Sequence[str] = (),
        *,
        say: Say,
        log: Path | None = None,
        module: str = WORKER,
        before_restart: Callable[[], object] = lambda: None,
    ) -> None:
        self._module = module
        self._before_restart = before_restart
        self.slots = [Slot(number) for number in range(workers)]
        self._only = list(only)
        self._say = say
        self._environment = environment_of(settings)
        self._log: IO[bytes] | None = log.open("ab") if log else None

    def start(self) -> None:
        """Start every worker that does not run."""
        for slot in self.slots:
            self._launch(slot)

    def _launch(self, slot: Slot) -> None:
        command = [sys.executable, "-m", self._module, str(slot.number), *self._only]
        slot.process = subprocess.Popen(
            command, env=self._environment, stderr=self._log, stdin=subprocess.DEVNULL, start_new_session=True
        )
        slot.started = time.monotonic()

    def look(self) -> None:
        """Start again what has ended, with a pause that grows while it keeps ending."""
        now = time.monotonic()
        for slot in self.slots:
            if slot.process is None:
                if now >= slot.due:
                    self._before_restart()
                    self._launch(slot)
                continue
            code = slot.process.poll()
            if code is not None:
                self._plan_restart(slot, code, now)

    def _plan_restart(self, slot: Slot, code: int, now: float) -> None:
        if code == CONFIGURATION:
            raise WirewatchError(f"worker {slot.number} cannot run as it is set; see its message above")
        slot.pause = pause_after(slot.pause, now - slot.started, code)
        slot.process, slot.due = None, now + slot.pause
        slot.restarts += 1
        self._say(f"worker {slot.number} ended ({how_ended(code)}); starting it again in {slot.pause:g} s")

    def stop(self) -> None:
        """Ask every worker to settle and leave; kill what has not left after ``STOP_SECONDS``."""
        running = [slot.process for slot in self.slots if slot.process and slot.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
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
