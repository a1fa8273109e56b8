"""One node of a local broker: its directory, its process, and what its log says when it dies."""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from streams.broker.errors import BrokerError
from streams.broker.process import Identity, recall, remember, send, start_detached, wait_until

STARTED = "Kafka Server started"
OPTIONS = ("-Xms64m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")
"""Without -Xms Java begins with a 64th of the machine's memory, and fills it before it collects."""
FULL_BELOW = 1024 * 1024
PORT_TAKEN = "its port is taken"
CAUSES = {
    "Address already in use": PORT_TAKEN,
    "No space left on device": "the disk is full",
    "Failed to acquire lock": "another Kafka uses its data directory",
    "OutOfMemoryError": "it ran out of memory",
    "Permission denied": "it may not write to its data directory",
}


@dataclass(frozen=True)
class Node:
    """A node, running or not; ``number`` counts from 1."""

    number: int
    directory: Path

    @property
    def data(self) -> Path:
        """Where its topics are."""
        return self.directory / "data"

    @property
    def log(self) -> Path:
        """What Kafka writes while it runs."""
        return self.directory / "server.log"

    @property
    def console(self) -> Path:
        """What Java itself says."""
        return self.directory / "console.log"

    @property
    def settings(self) -> Path:
        """Its properties file."""
        return self.directory / "server.properties"

    @property
    def identity(self) -> Identity | None:
        """The process that was started last, whether it runs or not."""
        return recall(self.directory / "node.pid")

    @property
    def pid(self) -> int | None:
        """Number of its process, None unless it runs."""
        identity = self.identity
        return identity.pid if identity and identity.is_running() else None

    def is_running(self) -> bool:
        """Whether its process is alive."""
        return self.pid is not None

    def format(self, java: Path, class_path: str, cluster: str) -> None:
        """Prepare the data directory, once; a prepared one is left as it is."""
        if (self.data / "meta.properties").exists():
            return
        command = [str(java), *OPTIONS, "-cp", class_path, "kafka.tools.StorageTool", "format"]
        done = subprocess.run(
            [*command, "-t", cluster, "-c", str(self.settings)], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            said = next((line for line in done.stderr.splitlines() if line[:1].isalpha()), "nothing")
            raise BrokerError(
                f"expected to prepare {self.data} for Kafka, it said: {said}; correct that and start again"
            )

    def launch(self, java: Path, class_path: str) -> None:
        """Start the process and return at once; it outlives this one."""
        if self.log.exists():  # what the last run said stays beside
            os.replace(self.log, self.log.with_name("server.log.1"))
        log_settings = f"-Dlog4j2.configurationFile={self.directory / 'log4j2.properties'}"
        command = [str(java), *OPTIONS, log_settings, "-cp", class_path, "kafka.Kafka", str(self.settings)]
        remember(start_detached(command, self.console), self.directory / "node.pid")

    def stop(self, seconds: float = 15.0) -> None:
        """End it in order, or by force if it has not ended in time: its log is made to bear that."""
        self.ask_to_stop()
        self.wait_until_stopped(seconds)

    def ask_to_stop(self) -> None:
        """Send the signal and return at once."""
        if identity := self.identity:
            send(identity, signal.SIGTERM)

    def wait_for_end(self, seconds: float) -> bool:
        """Whether the process ends in time."""
        return wait_until(lambda: not self.is_running(), seconds)

    def wait_until_stopped(self, seconds: float) -> None:
        """Wait for the process to end; end it by force when the time is over."""
        if not self.wait_for_end(seconds):
            self.kill()
        (self.directory / "node.pid").unlink(missing_ok=True)

    def kill(self) -> None:
        """End it as a power cut would. The pid file stays, as it would."""
        if identity := self.identity:
            send(identity, signal.SIGKILL)
            wait_until(lambda: not identity.is_running(), 10)

    def pause(self) -> None:
        """Stop it in its tracks; its connections stay open and silent."""
        if identity := self.identity:
            send(identity, signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused node go on."""
        if identity := self.identity:
            send(identity, signal.SIGCONT)

    def cause_of_death(self) -> str:
        """Why it ended, in a few words, from its log."""
        said = tail(self.log, 400) + tail(self.console, 100)
        for words, cause in CAUSES.items():
            if any(words in line for line in said):
                return cause
        if shutil.disk_usage(self.directory).free < FULL_BELOW:
            return "the disk is full"  # and so the log could not say it
        telling = [line for line in said if " ERROR " in line or " FATAL " in line or line.startswith("Error")]
        return f"it said {telling[-1][:200]!r}" if telling else "it said nothing (killed?)"

    def has_started(self) -> bool:
        """Whether it serves, or did before it ended."""
        return any(STARTED in line for line in tail(self.log, 2000))


def wait_until_started(nodes: Sequence[Node], seconds: float) -> None:
    """Return once all serve; `BrokerError` if that takes too long, or as soon as one dies: others may wait for it."""
    wait_until(lambda: not all(n.is_running() for n in nodes) or all(n.has_started() for n in nodes), seconds)
    for node in nodes:
        if not node.is_running():
            raise BrokerError(
                f"expected Kafka (node {node.number}) to start, it ended: {node.cause_of_death()}; see {node.log}"
            )
    for node in nodes:
        if not node.has_started():
            raise BrokerError(
                f"expected Kafka (node {node.number}) to serve within {seconds:.0f} s, it still starts; see {node.log}"
            )


def tail(file: Path, lines: int) -> list[str]:
    """The last lines of a file; none if there is no file."""
    try:
        return file.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    except OSError:
        return []
