"""Workers as a user runs them: ``wirewatch run`` in a process of its own, and its children by their numbers."""

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from streams.broker.process import start_of, wait_until
from streams.worker_process import SPARE

RUN = ("streams.cli", "run")


class Workers:
    """One ``wirewatch run`` with its worker processes."""

    def __init__(self, environment: Mapping[str, str], log: Path, count: int, module: Sequence[str] = RUN) -> None:
        self.count = count
        self.log = log
        with log.open("ab") as sink:
            command = [sys.executable, "-m", *module, "--workers", str(count)]
            self._run = subprocess.Popen(
                command, env=dict(environment), stdin=subprocess.DEVNULL, stdout=sink, stderr=sink,
                start_new_session=True,
            )  # fmt: skip

    def pids(self) -> dict[int, int]:
        """Worker number to process number, of those that run now."""
        found = {}
        for pid in children_of(self._run.pid):
            words = command_of(pid)
            if len(words) > 3 and words[1] == "-m" and "worker" in words[2]:
                number = name_of(pid).removeprefix("wirewatch-") if words[3] == SPARE else words[3]
                if number.isdigit():
                    found[int(number)] = pid
        return found

    def pid(self, number: int = 0, seconds: float = 30.0) -> int:
        """The process of one worker, waited for."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = self.pids().get(number)
            if found is not None:
                return found
            time.sleep(0.02)
        raise TimeoutError(f"worker {number} did not start within {seconds:g} s; see {self.log}")

    def signal(self, what: signal.Signals, number: int = 0) -> float:
        """Signal one worker; when, in seconds since 1970."""
        os.kill(self.pid(number), what)
        return time.time()

    def wait_gone(self, pid: int, seconds: float = 20.0) -> float:
        """Wait until a process has ended; how long that took."""
        started = time.monotonic()
        if not wait_until(lambda: not start_of(pid), seconds, pause=0.01):
            raise TimeoutError(f"process {pid} still runs after {seconds:g} s")
        return time.monotonic() - started

    def stop(self, seconds: float = 25.0) -> tuple[int, float]:
        """Ask all to stop as Ctrl-C does; exit code and seconds it took."""
        started = time.monotonic()
        if self._run.poll() is None:
            self._run.terminate()
        try:
            code = self._run.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            code = -9
        return code, time.monotonic() - started

    def kill(self) -> None:
        """End all as a power cut would."""
        pids = list(self.pids().values())
        for pid in [self._run.pid, *pids]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._run.wait()
        for pid in pids:
            self.wait_gone(pid)

    @property
    def is_running(self) -> bool:
        return self._run.poll() is None

    def said(self) -> list[str]:
        """What the workers and their supervisor have logged."""
        return self.log.read_text(errors="replace").splitlines()


def children_of(pid: int) -> list[int]:
    """Process numbers of the children of a process."""
    try:
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def command_of(pid: int) -> list[str]:
    try:
        return [word.decode() for word in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") if word]
    except OSError:
        return []


def name_of(pid: int) -> str:
    """What a process calls itself."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def cpu_seconds(pid: int) -> float:
    """CPU time a process has used, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_bytes(pid: int) -> int:
    """Memory of a process, bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()


def peak_bytes(pid: int) -> int:
    """The most memory a process has had, bytes."""
    [peak] = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(peak.split()[1]) * 1024


def descriptors(pid: int) -> int:
    """How many files a process has open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))
