"""The demo: the whole path on a Kafka of its own, with every published article accounted for."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import orjson

from schemas.alert import Alert
from schemas.article import EnrichedArticle
from schemas.topics import ALERTS, ENRICHED, RAW, REJECTED
from streams.errors import WirewatchError
from streams.publishing import PUBLISHING, Publisher, articles_in, fitting, record_of
from streams.reading import Reader
from streams.records import Outgoing, Record, described
from streams.scrape import all_ready, totals, urls
from streams.settings import Settings
from streams.supervisor import Supervisor

Say = Callable[[str], None]

START_SECONDS = 120.0
SETTLE_SECONDS = 60.0
COLUMNS = ("received", "sent", "dropped", "rejected", "in flight")


class NotReadyError(WirewatchError):
    """The workers did not get their partitions and state in time."""


@dataclass
class Account:
    """What has been published, by position of the raw record, and what became of it."""

    owed: set[str] = field(default_factory=set)
    enriched: set[str] = field(default_factory=set)
    rejected: dict[str, str] = field(default_factory=dict)

    @property
    def open(self) -> set[str]:
        """Published, and neither enriched nor rejected yet."""
        return self.owed - self.enriched - self.rejected.keys()


class Watch:
    """Follows alerts, enriched articles and dead letters from now on."""

    def __init__(self, settings: Settings, show: Callable[[Alert], None]) -> None:
        self._show = show
        self._readers = {name: Reader(settings, name) for name in (ALERTS.name, ENRICHED.name, REJECTED.name)}
        for reader in self._readers.values():
            reader.from_end()

    def look(self, account: Account) -> None:
        """Take in what has come, and show the alerts of it."""
        for reader in self._readers.values():
            for record in reader.once(20):
                self._take(record, account)

    def _take(self, record: Record, account: Account) -> None:
        if record.topic == REJECTED.name:
            why = described(record.headers)
            if why is not None:  # what is too large for a raw record is a dead letter from the start
                never_raw = why.stage == PUBLISHING
                place = record.position if never_raw else f"{why.topic}-{why.partition}-{why.offset}"
                account.rejected[place] = why.reason
        elif record.topic == ENRICHED.name:
            account.enriched.add(EnrichedArticle.model_validate_json(record.value or b"").position)
        else:
            self._show(Alert.model_validate_json(record.value or b""))

    def close(self) -> None:
        for reader in self._readers.values():
            reader.close()


def wait_until_ready(settings: Settings, supervisor: Supervisor, workers: int) -> None:
    """Until every worker has its partitions and their state; NotReadyError where that takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        supervisor.look()
        if all_ready(settings.directory, settings.prefix, workers):
            return
        time.sleep(0.1)
    raise NotReadyError(f"the workers were not ready within {START_SECONDS:g} s; their log says why")


def publish(settings: Settings, paths: Sequence[Path], account: Account) -> int:
    """Publish files: articles, or for ``*.json`` records byte for byte as they are; how many."""
    publisher = Publisher(settings)
    try:
        for done in publisher.publish_records(_records(paths)):
            account.owed.add(f"{done.topic}-{done.partition}-{done.offset}")
    finally:
        publisher.close()
    return len(account.owed)


def check(paths: Sequence[Path]) -> None:
    """Return if all files can be published; ArticleError names the first that cannot."""
    for _ in _records(paths):
        pass


def _records(paths: Sequence[Path]) -> Iterator[Outgoing]:
    """The record of each article, or of each ``*.json`` as it stands: the samples hold broken ones on purpose."""
    for path in paths:
        if path.suffix == ".json":
            content = path.read_bytes()
            yield fitting(Outgoing(RAW.name, (_key(content) or path.stem).encode(), content))
        else:
            yield from map(record_of, articles_in(path))


def _key(content: bytes) -> str | None:
    """The id, as any publisher would key the record: one article's records stay in order."""
    try:
        return str(orjson.loads(content)["id"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None


def wait_for_all(watch: Watch, account: Account) -> None:
    """Until what has been published is accounted for, or that takes too long."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while account.open and time.monotonic() < deadline:
        watch.look(account)


def settle(settings: Settings, watch: Watch, account: Account, workers: int) -> dict[str, dict[str, float]]:
    """Wait until every article is accounted for and every stage at rest; the counts of the stages."""
    deadline = time.monotonic() + SETTLE_SECONDS
    counts: dict[str, dict[str, float]] = {}
    while time.monotonic() < deadline:
        watch.look(account)
        counts = totals(urls(settings.directory, settings.prefix, workers))
        if not account.open and at_rest(counts):
            watch.look(account)
            return counts
    return counts


def at_rest(counts: dict[str, dict[str, float]]) -> bool:
    """Whether every stage has settled what it received, and passed it on to the next."""
    rows = list(counts.values())
    return bool(rows) and all(balance(row) and not row.get("in flight") for row in rows) and _passed_on(rows)


def _passed_on(rows: Sequence[dict[str, float]]) -> bool:
    return all(after["received"] >= before.get("sent", 0) for before, after in pairwise(rows))


def balance(row: dict[str, float]) -> bool:
    """received = sent + dropped + rejected + in flight, exactly."""
    return row.get("received", 0) == sum(row.get(column, 0) for column in COLUMNS[1:])


def table(counts: dict[str, dict[str, float]]) -> Iterator[str]:
    """The counts of the stages as lines."""
    yield f"{'stage':<12}" + "".join(f"{column:>10}" for column in COLUMNS) + "   balances"
    for stage, row in counts.items():
        numbers = "".join(f"{row.get(column, 0):>10.0f}" for column in COLUMNS)
        yield f"{stage:<12}{numbers}   {'yes' if balance(row) else 'NO'}"
