"""What topics hold, read by a plain consumer that shares no code with the workers, but for the mend without which
kafka-python stands still at a header whose name is no text."""

import json
import time
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from streams.header_names import read_any_record

PATIENCE = 5.0
"""Seconds without a record that should be there, until a client is given up."""


@dataclass(frozen=True)
class Entry:
    """One record as the broker gives it."""

    partition: int
    offset: int
    at: float
    """Its timestamp, seconds since 1970: when the broker appended it, on topics that are set so."""
    key: bytes | None
    value: bytes | None
    headers: dict[str, bytes]

    @property
    def fields(self) -> dict[str, Any]:
        found = json.loads(self.value or b"{}")
        return found if isinstance(found, dict) else {}

    @cached_property
    def position(self) -> str:
        """The raw record that its article came from; read once, for a soak asks for it many times."""
        return str(self.fields.get("position"))


class Log:
    """All records of a topic, partition by partition, as far as they have been read."""

    def __init__(self, name: str, client: dict[str, Any]) -> None:
        read_any_record()
        self.entries: list[Entry] = []
        self._by_partition: dict[int, list[Entry]] = {}
        self._first: dict[str, Entry] = {}
        self._known = 0
        """Of ``entries``, how many ``_first`` has been made of."""
        self._name, self._client = name, client
        self._next: dict[int, int] = {}
        self._connect()

    def _connect(self) -> None:
        """A client of its own, from where the last one stopped."""
        self._consumer: Any = KafkaConsumer(
            enable_auto_commit=False, auto_offset_reset="earliest", max_partition_fetch_bytes=8 << 20,
            max_poll_records=2000, reconnect_backoff_max_ms=300, retry_backoff_ms=100, request_timeout_ms=8_000,
            **self._client,
        )  # fmt: skip
        numbers = self._consumer.partitions_for_topic(self._name)
        if not numbers:
            raise KafkaError(f"nobody says which partitions {self._name} has")
        self._partitions = [TopicPartition(self._name, number) for number in sorted(numbers)]
        self._consumer.assign(self._partitions)
        self._consumer.seek_to_beginning(*self._partitions)
        for tp in self._partitions:
            if tp.partition in self._next:
                self._consumer.seek(tp, self._next[tp.partition])

    def read(self) -> "Log":
        """Read what has come, up to the end of this moment; a broker that is away leaves it as it is."""
        try:
            self._read()
        except (KafkaError, TimeoutError, AssertionError):
            self._reconnect()
        return self

    def _read(self) -> None:
        if self._consumer is None:
            self._connect()
        ends = self._consumer.end_offsets(self._partitions)
        since = time.monotonic()
        while any(self._consumer.position(tp) < end for tp, end in ends.items()):
            for records in self._consumer.poll(200).values():
                since = time.monotonic()
                self._take(records)
            if time.monotonic() - since > PATIENCE:
                raise TimeoutError

    def _take(self, records: Sequence[Any]) -> None:
        """Note records of one partition, in the order of its log."""
        found = [Entry(r.partition, r.offset, r.timestamp / 1000, r.key, r.value, dict(r.headers)) for r in records]
        self.entries += found
        self._by_partition.setdefault(found[-1].partition, []).extend(found)
        self._next[found[-1].partition] = found[-1].offset + 1

    def _reconnect(self) -> None:
        """After the loss of a node the client may go on asking it: begin anew, at the next reading at the latest."""
        lost, self._consumer = self._consumer, None
        try:
            if lost is not None:
                lost.close(autocommit=False)
            self._connect()
        except (KafkaError, AssertionError):
            time.sleep(0.5)

    def read_all(self, seconds: float = 120.0) -> "Log":
        """Read up to the end, however long the broker takes to say where that is."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                self._read()
            except (KafkaError, TimeoutError, AssertionError):
                self._reconnect()
                continue
            return self
        raise TimeoutError(f"the broker does not say where {self._name} ends")

    def keep(self) -> None:
        """Read all that stands there for good: what is read next is a topic of that name that is made anew."""
        self.read_all()
        self._next.clear()
        self.close()
        self._consumer = None

    def by_partition(self) -> Mapping[int, Sequence[Entry]]:
        """Records in the order of each partition's log."""
        return self._by_partition

    def since(self, moment: float) -> Iterator[Entry]:
        """What was appended after a moment, found without a look at what is older: where the broker sets the time."""
        for entries in self._by_partition.values():
            yield from entries[bisect_right(entries, moment, key=attrgetter("at")) :]

    def first(self) -> Mapping[str, Entry]:
        """The first record of each position, in order; what was known the last time is not read again."""
        first_of_each(self.entries[self._known :], self._first)
        self._known = len(self.entries)
        return self._first

    def close(self) -> None:
        if self._consumer is not None:
            self._consumer.close(autocommit=False)


def behind(topic: str, group: str, client: dict[str, Any]) -> int:
    """How many records of a topic its consumer group has not committed."""
    consumer: Any = KafkaConsumer(group_id=group, enable_auto_commit=False, **client)
    try:
        partitions = [TopicPartition(topic, p) for p in consumer.partitions_for_topic(topic) or ()]
        ends = consumer.end_offsets(partitions)
        starts = consumer.beginning_offsets(partitions)
        done = {tp: consumer.committed(tp) or 0 for tp in partitions}
        return sum(max(0, end - max(done[tp], starts[tp])) for tp, end in ends.items())
    finally:
        consumer.close(autocommit=False)


def first_of_each(entries: Iterable[Entry], known: dict[str, Entry] | None = None) -> dict[str, Entry]:
    """The first record of each position, in order; ``known`` ones came before, and the others are added to them."""
    found = {} if known is None else known
    for entry in entries:
        found.setdefault(entry.position, entry)
    return found
