"""One fault at work: its topics and workers, what is owed, and the judgement."""

import os
import re
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPException
from pathlib import Path
from types import MappingProxyType
from typing import Any

import kafka.admin
from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from streams.broker import LocalBroker
from streams.broker.process import wait_until
from streams.faults.corpus import Piece, article
from streams.faults.load import Ledger, Load
from streams.faults.oracle import ENRICHED, REJECTED, Oracle
from streams.faults.result import Result, Size
from streams.faults.topics import behind
from streams.faults.workers import RUN, Workers

RULES = Path(__file__).parent / "rules.yaml"
HOPS = {"clean-tag": "articles.raw", "dedupe": "articles.tagged", "alert": "articles.enriched"}
_SAMPLE = re.compile(r"^wirewatch_(received_total|in_flight|articles_total)\{([^}]*)\} (\S+)$", re.MULTILINE)


class Scene:
    """One fault: its topics under a prefix of their own, its workers, what is owed, and the oracle."""

    def __init__(self, name: str, broker: LocalBroker, directory: Path, size: Size, settings: dict[str, str]) -> None:
        self.name, self.broker, self.size = name, broker, size
        self.run = f"{name}-{secrets.token_hex(2)}"
        self.prefix = f"{self.run}."
        self.directory = directory / self.run
        self.directory.mkdir(parents=True, exist_ok=True)
        self.bootstrap = broker.bootstrap
        self.client: dict[str, Any] = {"bootstrap_servers": broker.internal_bootstrap.split(",")}
        self.settings = settings
        """Settings for the workers, without WIREWATCH_."""
        self.moments: list[float] = []
        """Moments after which flow has to resume."""
        self.notes: list[str] = []
        self.wrong: list[str] = []
        self._started: list[Workers] = []
        self._loads = 0

    def environment(self, instance: str = "faults", **settings: str) -> dict[str, str]:
        """What workers and commands of this scene are run with."""
        own = {
            "BROKER": self.bootstrap, "PREFIX": self.prefix, "HOME": str(self.directory / (instance or "any")),
            "METRICS_PORT": "0", "INSTANCE": instance and f"{self.run}-{instance}", "LOG_LEVEL": "info",
            "REPLICATION": str(len(self.broker.nodes)),
        }  # fmt: skip
        others = {name: value for name, value in os.environ.items() if not name.startswith("WIREWATCH_")}
        path = os.pathsep.join(filter(None, (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH"))))
        chosen = {"WIREWATCH_" + name: value for name, value in {**own, **self.settings, **settings}.items()}
        return {**others, "PYTHONPATH": path, **chosen}

    def prepare(self) -> None:
        """Create the topics, push the rules, and begin to keep account."""
        self._command("topics", "create")
        self._command("rules", "push", str(RULES))
        self.configure(ENRICHED, "message.timestamp.type", "LogAppendTime")
        self.configure(REJECTED, "message.timestamp.type", "LogAppendTime")
        self.ledger = Ledger(self.prefix, self.client)
        self.oracle = Oracle(self.prefix, self.client, self.environment("oracle", LOG_LEVEL="error"), RULES)

    def _command(self, *words: str) -> None:
        command = [sys.executable, "-m", "streams.cli", *words]
        done = subprocess.run(command, env=self._direct(), capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"`wirewatch {' '.join(words)}` failed: {done.stderr[-300:]}")

    def _direct(self) -> dict[str, str]:
        """An environment that reaches the broker without login or proxy."""
        plain = self.environment("admin", BROKER=",".join(self.client["bootstrap_servers"]), SECURITY="PLAINTEXT")
        return {
            name: value for name, value in plain.items() if not name.startswith(("WIREWATCH_SSL", "WIREWATCH_SASL"))
        }

    def admin(self) -> Any:
        return KafkaAdminClient(**self.client)

    def configure(self, topic: str, name: str, value: str) -> None:
        """Set one setting of a topic."""
        admin = self.admin()
        kind: Any = kafka.admin.ConfigResourceType.TOPIC
        resource: Any = kafka.admin.ConfigResource(kind, self.prefix + topic, {name: value})
        admin.alter_configs([resource])
        admin.close()

    def workers(
        self,
        count: int = 1,
        *,
        instance: str = "faults",
        module: Sequence[str] = RUN,
        ready: bool = True,
        outside: Mapping[str, str] = MappingProxyType({}),
        **settings: str,
    ) -> Workers:
        """Start ``wirewatch run`` and wait until its workers are ready; ``outside`` is environment of no setting."""
        environment = {**self.environment(instance, **settings), **outside}
        Path(environment["WIREWATCH_HOME"]).mkdir(parents=True, exist_ok=True)
        started = Workers(environment, self.directory / f"{instance or 'any'}.log", count, module)
        self._started.append(started)
        if ready:
            self.wait_ready(count)
        return started

    def urls(self) -> list[str]:
        """Where workers that ran in this scene serve their metrics."""
        return [file.read_text() for file in sorted(self.directory.glob(f"*/run/{self.prefix}worker-*.url"))]

    def wait_ready(self, count: int = 1, seconds: float = 60.0) -> None:
        """Until so many workers say they are ready."""
        if not wait_until(lambda: self._ready() >= count, seconds, pause=0.1):
            raise TimeoutError(f"{self.name}: the workers were not ready within {seconds:g} s; see {self.directory}")

    def _ready(self) -> int:
        return sum(fetched(url.replace("/metrics", "/ready")) == "yes\n" for url in self.urls())

    def load(self, rate: float | None = None, pieces: Callable[[int], Piece] | None = None) -> Load:
        """Articles at a rate until the block ends."""
        self._loads += 1
        return Load(self.ledger, f"{self.run}-{self._loads}", rate or self.size.rate, pieces)

    def mark(self, moment: float | None = None) -> float:
        """Flow has to resume after this moment."""
        self.moments.append(moment or time.time())
        return self.moments[-1]

    def wait_flow(self, moment: float, seconds: float = 60.0) -> None:
        """Until every partition has given an outcome after ``moment``, or time is over."""
        wait_until(lambda: self.oracle.resumed(moment, dict(self.ledger.owed)) is not None, seconds, pause=0.1)

    def wait_outcomes(self, seconds: float = 120.0) -> None:
        """Until every owed article has an outcome, or time is over."""
        wait_until(lambda: not self.oracle.open(list(self.ledger.owed.values())), seconds, pause=0.2)

    def finish(self, promised: float | None = None, seconds: float = 120.0, *, compare: int = 200) -> Result:
        """Drain without faults, then judge."""
        self.ledger.flush()
        self.wait_outcomes(seconds)
        fresh = self._fresh()
        self.wait_rest()
        judgement = self.oracle.judge(self.ledger.owed, compare=compare)
        judgement.wrong += self.wrong + self._unbalanced()
        waits = [self.oracle.resumed(moment, self.ledger.owed) for moment in self.moments]
        resumed = max((w for w in waits if w is not None), default=None)
        if len(waits) > 1:
            self.notes.append(f"resumed after {_seconds(waits)}")
        if waits:
            wrote = [self.oracle.wrote(moment, self.ledger.owed) for moment in self.moments]
            self.notes.append(f"outcomes, also of what had waited, after {_seconds(wrote)}")
        if None in waits:
            judgement.wrong.append("flow did not resume")
        return Result(self.name, judgement, resumed, promised, fresh, self.notes)

    def _fresh(self) -> float:
        """Seconds until a fresh article is through."""
        started = time.monotonic()
        owed = self.ledger.publish_now(article(self.run, 999_999))
        while self.oracle.open([owed]):
            if time.monotonic() - started > 60:
                return float("inf")
            time.sleep(0.02)
        return time.monotonic() - started

    def wait_rest(self, seconds: float = 40.0) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            left = self._behind()
            if not any(left):
                return
            time.sleep(0.3)
        self.wrong.append(f"committed offsets stay {left} behind at rest")

    def _behind(self) -> list[int]:
        """How far each stage's committed offsets are behind; a broker that does not answer counts as behind."""
        try:
            return [behind(self.prefix + topic, self.prefix + hop, self.client) for hop, topic in HOPS.items()]
        except KafkaError:
            return [-1]

    def _unbalanced(self) -> list[str]:
        """Stages of running workers whose received differs from sent + dropped + rejected + in flight."""
        found = []
        for url in self.urls():
            sums: dict[str, list[float]] = {}
            for name, labels, value in _SAMPLE.findall(fetched(url)):
                stage = labels.split('stage="')[1].split('"')[0]
                row = sums.setdefault(stage, [0.0, 0.0, 0.0])
                row[("received_total", "articles_total", "in_flight").index(name)] += float(value)
            found += [f"{stage} does not balance: {row}" for stage, row in sums.items() if row[0] != row[1] + row[2]]
            found += [f"{stage} has {row[2]:g} in flight at rest" for stage, row in sums.items() if row[2]]
        return found

    def close(self) -> None:
        for started in self._started:
            if started.is_running:
                started.stop()
        for name in ("ledger", "oracle"):
            if hasattr(self, name):
                getattr(self, name).close()
        self._tidy()

    def _tidy(self) -> None:
        """Delete the topics, so that the broker stays small."""
        try:
            admin = self.admin()
            admin.delete_topics([name for name in admin.list_topics() if name.startswith(self.prefix)])
            admin.close()
        except Exception as error:
            self.notes.append(f"topics were left: {error!r}")


def _seconds(waits: Sequence[float | None]) -> str:
    return " ".join("-" if wait is None else f"{wait:.1f}" for wait in waits) + " s"


def fetched(url: str) -> str:
    """What a worker answers; empty where none does."""
    try:
        with urllib.request.urlopen(url, timeout=2.0) as answer:
            text: str = answer.read().decode()
    except (OSError, HTTPException):
        return ""
    return text
