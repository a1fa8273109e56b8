"""What running workers say of themselves on /metrics, for the demo's table and the benches."""

import urllib.request
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from streams.files import write_whole

FOLDER = "run"


def announce(directory: Path, prefix: str, slot: int, url: str) -> None:
    """Leave word where worker ``slot`` serves its metrics."""
    folder = directory / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / f"{prefix}worker-{slot}.url", url)


def forget(directory: Path, prefix: str) -> None:
    """Drop the word of workers that ran before: another's may listen there by now."""
    for file in (directory / FOLDER).glob(f"{prefix}worker-*.url"):
        file.unlink(missing_ok=True)


def urls(directory: Path, prefix: str, workers: int) -> list[str]:
    """Where the workers of this machine serve their metrics."""
    files = [directory / FOLDER / f"{prefix}worker-{slot}.url" for slot in range(workers)]
    return [file.read_text() for file in files if file.exists()]


def announced(directory: Path, prefix: str) -> list[str]:
    """Where processes of this machine said they serve their metrics: workers, sinks, a poller, running or not."""
    return [file.read_text() for file in sorted((directory / FOLDER).glob(f"{prefix}worker-*.url"))]


def samples(url: str, seconds: float = 2.0) -> Iterable[tuple[str, Mapping[str, str], float]]:
    """Every sample of one worker: name, labels, value; empty where none answers."""
    try:
        with urllib.request.urlopen(url, timeout=seconds) as answer:
            text = answer.read().decode()
    except OSError:
        return []
    return [(s.name, s.labels, s.value) for family in text_string_to_metric_families(text) for s in family.samples]


def totals(addresses: Iterable[str]) -> dict[str, dict[str, float]]:
    """Stage to received, sent, dropped, rejected and in flight, over all workers."""
    counted: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for address in addresses:
        for name, labels, value in samples(address):
            if name == "wirewatch_received_total":
                counted[labels["stage"]]["received"] += value
            elif name == "wirewatch_in_flight":
                counted[labels["stage"]]["in flight"] += value
            elif name == "wirewatch_articles_total":
                counted[labels["stage"]][labels["outcome"]] += value
    return {stage: dict(row) for stage, row in counted.items()}


def ready(addresses: Iterable[str]) -> bool:
    """Whether every worker says it is ready."""
    return all(_answers(address.replace("/metrics", "/ready")) for address in addresses)


def all_ready(directory: Path, prefix: str, workers: int) -> bool:
    """Whether so many workers of this machine have left word, and each says it is ready."""
    found = urls(directory, prefix, workers)
    return len(found) == workers and ready(found)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1.0) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
