"""What workers do between two looks at their metrics."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from streams.scrape import samples

OUTCOMES = ("received", "sent", "dropped", "rejected")
SHARES = (0.5, 0.99)
Key = tuple[str, str, str]
"""Metric, stage, and the outcome or the upper bound of a bucket."""


@dataclass(frozen=True)
class Look:
    """What the workers said at one moment, seconds of a clock that goes evenly."""

    at: float
    counts: Mapping[str, Mapping[Key, float]]
    """By worker's address; one that does not answer is left out."""


@dataclass(frozen=True)
class Rates:
    """What a stage did between two looks, over all workers."""

    stage: str
    received: float
    """A second, as are the next three."""
    sent: float
    dropped: float
    rejected: float
    in_flight: int
    """At the second look."""
    age_p50: float | None
    """Seconds from the raw record until the stage had settled it; None where it settled nothing."""
    age_p99: float | None


def look(addresses: Iterable[str]) -> Look:
    """Ask every worker."""
    counts = {address: _counts(address) for address in addresses}
    return Look(time.monotonic(), {address: found for address, found in counts.items() if found})


def _counts(address: str) -> Mapping[Key, float]:
    found: dict[Key, float] = defaultdict(float)
    for name, labels, value in samples(address):
        stage = labels.get("stage", "")
        match name:
            case "wirewatch_received_total":
                found["count", stage, "received"] += value
            case "wirewatch_articles_total":
                found["count", stage, labels["outcome"]] += value
            case "wirewatch_in_flight":
                found["in flight", stage, ""] += value
            case "wirewatch_article_age_seconds_bucket":
                found["age", stage, labels["le"]] += value
    return found


def rates_between(before: Look, after: Look) -> list[Rates]:
    """The rates of each stage, in the order in which the workers name them."""
    risen = _risen(before, after)
    flying: Counter[str] = Counter()
    for counts in after.counts.values():
        for (metric, stage, _), value in counts.items():
            if metric == "in flight":
                flying[stage] += int(value)
    return [_rates(stage, count, risen, max(after.at - before.at, 1e-9)) for stage, count in flying.items()]


def _rates(stage: str, in_flight: int, risen: Mapping[Key, float], seconds: float) -> Rates:
    received, sent, dropped, rejected = (risen.get(("count", stage, each), 0.0) / seconds for each in OUTCOMES)
    ages = sorted(
        (float(bound), count) for (metric, of, bound), count in risen.items() if (metric, of) == ("age", stage)
    )
    p50, p99 = (quantile(ages, share) for share in SHARES)
    return Rates(stage, received, sent, dropped, rejected, in_flight, p50, p99)


def _risen(before: Look, after: Look) -> Mapping[Key, float]:
    """By how much counts have risen; one that has fallen is of a worker that was started again, and began at 0."""
    risen: dict[Key, float] = defaultdict(float)
    for address, counts in after.counts.items():
        earlier = before.counts.get(address, {})
        for key, value in counts.items():
            rise = value - earlier.get(key, 0.0)
            risen[key] += rise if rise >= 0 else value
    return risen


def quantile(buckets: list[tuple[float, float]], share: float) -> float | None:
    """The value below which a ``share`` lies, None of nothing.

    ``buckets`` are upper bounds, ascending, the last infinite, with how many values are at most as large. Within a
    bucket values count as evenly spread; beyond the last finite bound, as that bound (as Prometheus has it).
    """
    total = buckets[-1][1] if buckets else 0.0
    low, below = 0.0, 0.0
    for bound, count in buckets:
        if total and count >= share * total:
            return low if bound == float("inf") else low + (bound - low) * (share * total - below) / (count - below)
        low, below = bound, count
    return None
