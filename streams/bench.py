"""What the pipeline costs and how fast it is: figures to print, never to assert."""

import os
import platform
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

import orjson
import psutil

from schemas.article import RawArticle
from streams.made import made_article
from streams.publishing import Publisher
from streams.reading import Reader
from streams.scrape import samples, totals, urls
from streams.settings import Settings
from streams.supervisor import Supervisor

LOOKS = 25
"""A look at the metrics costs a worker milliseconds: so seldom, against the time the run has taken."""


def machine() -> str:
    """Processor, cores, Python, and the versions that matter."""
    packages = ("faust-streaming", "aiokafka", "numpy", "pydantic", "trafilatura")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {versions}"


@dataclass(frozen=True)
class Run:
    """A measured run of workers."""

    articles: int
    seconds: float
    cpu_seconds: float
    """Of workers and of their pools, which clean pages."""
    pool_seconds: float
    """Of their pools alone."""
    memory_mb: float
    held_up: dict[float, int]
    """Seconds, and how often an event loop came later than that to something due."""


def saturate(
    settings: Settings,
    supervisor: Supervisor,
    first: int,
    articles: int,
    seconds: float,
    made: Callable[[int], RawArticle] = made_article,
) -> Run:
    """Publish ``articles`` at once and time the workers until the last stage has settled them."""
    found = urls(settings.directory, settings.prefix, len(supervisor.slots))
    processes = [psutil.Process(s.process.pid) for s in supervisor.slots if s.process]
    before, lags = _settled(found), _lags(found)
    cpu, pool = _cpu(processes), _pool_cpu(processes)
    publisher = Publisher(settings)
    started = time.monotonic()
    for _ in publisher.publish(made(first + i) for i in range(articles)):
        pass
    publisher.close()
    while _settled(found) < before + articles and (elapsed := time.monotonic() - started) < seconds:
        time.sleep(max(0.05, elapsed / LOOKS))
    elapsed = time.monotonic() - started
    pool = _pool_cpu(processes) - pool
    memory = sum(p.memory_info().rss for p in processes) / len(processes) / 2**20
    late = {limit: count - lags.get(limit, 0) for limit, count in _lags(found).items()}
    return Run(_settled(found) - before, elapsed, _cpu(processes) - cpu + pool, pool, memory, late)


def _settled(found: Sequence[str]) -> int:
    """Articles that the last stage has settled."""
    rows = list(totals(found).values())
    return int(sum(rows[-1].get(outcome, 0) for outcome in ("sent", "dropped", "rejected"))) if rows else 0


def _lags(found: Sequence[str]) -> dict[float, int]:
    """Seconds, and how often an event loop has come later than that."""
    within: dict[float, float] = defaultdict(float)
    for address in found:
        for name, labels, value in samples(address):
            if name == "wirewatch_loop_lag_seconds_bucket":
                within[float(labels["le"])] += value
    total = max(within.values(), default=0)
    return {limit: int(total - count) for limit, count in within.items()}


def _cpu(processes: Iterable[psutil.Process]) -> float:
    return sum(sum(p.cpu_times()[:2]) for p in processes)


def _pool_cpu(processes: Iterable[psutil.Process]) -> float:
    return _cpu(child for process in processes for child in process.children(recursive=True))


def latency(
    settings: Settings, topic: str, made: Callable[[int], RawArticle], first: int, rate: float, seconds: float
) -> list[float]:
    """Milliseconds from the raw record's timestamp to the record on ``topic`` that it leads to, at a steady rate."""
    reader = Reader(settings, topic)
    reader.from_end()
    publisher = Publisher(settings)
    taken: list[float] = []
    count, started, sent = int(rate * seconds), time.monotonic(), 0
    while len(taken) < count and time.monotonic() - started < seconds + 20:
        due = min(count, int((time.monotonic() - started) * rate))
        publisher.send([made(first + i) for i in range(sent, due)])
        sent = max(sent, due)
        for record in reader.once(5):
            seen = orjson.loads(record.value or b"{}").get("first_seen")
            if seen and record.timestamp:
                taken.append((record.timestamp - datetime.fromisoformat(seen).timestamp()) * 1000)
    publisher.close()
    reader.close()
    return taken


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of ``values`` lie."""
    return statistics.quantiles(values, n=1000, method="inclusive")[int(share * 1000) - 1] if len(values) > 1 else 0.0
