"""What the pipeline costs and how fast it is: figures to print, never to assert."""

import os
import platform
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

import psutil

from schemas.article import EnrichedArticle, RawArticle
from schemas.topics import ENRICHED
from streams.publishing import Publisher
from streams.reading import Reader
from streams.scrape import totals, urls
from streams.settings import Settings
from streams.supervisor import Supervisor

PLACES = [
    "Baghdad",
    "Niamey",
    "Kyiv",
    "Lima",
    "Jakarta",
    "Nairobi",
    "Warsaw",
    "Manila",
    "Bogota",
    "Ankara",
    "Lagos",
    "Quito",
]
PEOPLE = ["the minister", "a spokesperson", "the central bank", "the regional council", "the army", "an aid group"]
VERBS = ["said", "announced", "denied", "confirmed", "reported", "warned", "promised", "explained", "argued", "noted"]
THINGS = [
    "prices",
    "talks",
    "elections",
    "schools",
    "vaccines",
    "troops",
    "wages",
    "ferries",
    "bridges",
    "budgets",
    "floods",
    "trials",
]
ENDS = [
    "would continue next week",
    "had fallen since the spring",
    "were delayed by storms",
    "cost more than planned",
    "left hundreds without work",
    "drew criticism abroad",
    "remained under review",
    "had been agreed in principle",
]


def machine() -> str:
    """Processor, cores, Python, and the versions that matter."""
    packages = ("faust-streaming", "aiokafka", "numpy", "pydantic", "trafilatura")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {versions}"


def made_article(number: int, size: int = 3000) -> RawArticle:
    """A plain-text article of about ``size`` characters, another text for each number."""
    chance = random.Random(number)
    sentences, length = [], 0
    while length < size:
        subject = chance.choice((*PEOPLE, *(f"{person} of {place}" for person in PEOPLE[:4] for place in PLACES)))
        said = f"{subject} {chance.choice(VERBS)} on day {chance.randint(1, 30)} in {chance.choice(PLACES)}"
        what = f"{chance.choice(THINGS)} {chance.choice(ENDS)}, with {chance.randint(2, 9000)} affected"
        sentence = f"{said} that {what}."
        sentences.append(sentence[0].upper() + sentence[1:])
        length += len(sentence) + 1
    paragraphs = [" ".join(sentences[i : i + 4]) for i in range(0, len(sentences), 4)]
    title = f"{chance.choice(PLACES)}: {chance.choice(THINGS)} {chance.choice(ENDS)}"
    text = "\n\n".join([title, *paragraphs])
    return RawArticle(id=f"bench-{number}", text=text, source=f"site{number % 40}.example", published=None)


@dataclass(frozen=True)
class Run:
    """A measured run of workers."""

    articles: int
    seconds: float
    cpu_seconds: float
    memory_mb: float


def saturate(settings: Settings, supervisor: Supervisor, first: int, articles: int, seconds: float) -> Run:
    """Publish ``articles`` at once and time the workers until the last stage has settled them."""
    workers = len(supervisor.slots)
    found = urls(settings.directory, settings.prefix, workers)
    processes = [psutil.Process(s.process.pid) for s in supervisor.slots if s.process]
    before, cpu = _settled(found), _cpu(processes)
    publisher = Publisher(settings)
    started = time.monotonic()
    for _ in publisher.publish(made_article(first + i) for i in range(articles)):
        pass
    publisher.close()
    while _settled(found) < before + articles and time.monotonic() - started < seconds:
        time.sleep(0.05)
    elapsed = time.monotonic() - started
    memory = sum(p.memory_info().rss for p in processes) / len(processes) / 2**20
    return Run(_settled(found) - before, elapsed, _cpu(processes) - cpu, memory)


def _settled(found: Sequence[str]) -> int:
    """Articles that the last stage has settled."""
    rows = list(totals(found).values())
    return int(sum(rows[-1].get(outcome, 0) for outcome in ("sent", "dropped", "rejected"))) if rows else 0


def _cpu(processes: Sequence[psutil.Process]) -> float:
    return sum(sum(p.cpu_times()[:2]) for p in processes)


def latency(settings: Settings, first: int, rate: float, seconds: float) -> list[float]:
    """Milliseconds from the raw record's timestamp to the record on ``articles.enriched``, at a steady rate."""
    reader = Reader(settings, ENRICHED.name)
    reader.from_end()
    publisher = Publisher(settings)
    taken: list[float] = []
    count, started, sent = int(rate * seconds), time.monotonic(), 0
    while len(taken) < count and time.monotonic() - started < seconds + 20:
        due = min(count, int((time.monotonic() - started) * rate))
        publisher.send([made_article(first + i) for i in range(sent, due)])
        sent = max(sent, due)
        for record in reader.once(5):
            article = EnrichedArticle.model_validate_json(record.value or b"")
            if article.first_seen and record.timestamp:
                taken.append((record.timestamp - article.first_seen.timestamp()) * 1000)
    publisher.close()
    reader.close()
    return taken


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of ``values`` lie."""
    return statistics.quantiles(values, n=1000, method="inclusive")[int(share * 1000) - 1] if len(values) > 1 else 0.0
