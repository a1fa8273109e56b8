"""A process that outlives the one that started it, found again by its number and its start."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Identity:
    """A process number is used again; together with the start of the process it is not."""

    pid: int
    started: str

    def is_running(self) -> bool:
        """Whether this very process is alive; one that has ended and was not waited for is not."""
        return self.started != "" and start_of(self.pid) == self.started


def start_of(pid: int) -> str:
    """When a process started, as the system writes it; empty if there is none or it has ended.

    While a process ends, its first thread may be gone and others still hold its ports and files.
    """
    stat = Path(f"/proc/{pid}/stat")
    if not Path("/proc/self/stat").exists():
        return _start_by_ps(pid)
    try:
        fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    state, threads, started = fields[0], int(fields[17]), fields[19]
    if state in "ZX" and threads <= 1:
        return ""
    boot = Path("/proc/sys/kernel/random/boot_id")
    return f"{started}@{boot.read_text(encoding='utf-8').strip()}"


def _start_by_ps(pid: int) -> str:
    answer = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, started = answer.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else started.strip()


def remember(identity: Identity, file: Path) -> None:
    """Write an identity to a file."""
    write_whole(file, json.dumps({"pid": identity.pid, "started": identity.started}))


def write_whole(file: Path, text: str) -> None:
    """Write a file so that a reader finds all of it or none, whenever the writer is killed."""
    aside = file.with_name(file.name + ".new")
    aside.write_text(text, encoding="utf-8")
    os.replace(aside, file)


def recall(file: Path) -> Identity | None:
    """The identity in a file; None if it is missing or unreadable."""
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        return Identity(int(stored["pid"]), str(stored["started"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def start_detached(command: Sequence[str], output: Path) -> Identity:
    """Start a process that is nobody's child, in a session of its own.

    No Ctrl-C and no end of its parent reaches it, and nobody has to wait for it when it ends.
    """
    script = 'output=$1; shift; "$@" >"$output" 2>&1 </dev/null & echo $!'
    started = subprocess.run(
        ["/bin/sh", "-c", script, "sh", str(output), *command],
        stdout=subprocess.PIPE, start_new_session=True, cwd=output.parent, check=True,
    )  # fmt: skip
    pid = int(started.stdout)
    return Identity(pid, start_of(pid))


def send(identity: Identity, number: signal.Signals) -> None:
    """Signal a process if it is still the one meant."""
    if identity.is_running():
        with contextlib.suppress(ProcessLookupError):
            os.kill(identity.pid, number)


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.02) -> bool:
    """Whether a condition becomes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(pause)
    return True
