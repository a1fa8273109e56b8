"""Reading topics for a person: from a moment on, in the order of arrival, until told."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from schemas.topics import Topic
from streams.broker import BrokerError
from streams.connection import answers, client_options, reach
from streams.errors import WirewatchError
from streams.header_names import read_any_record
from streams.records import Record, record_read
from streams.settings import Settings

POLL_MS = 200
QUIET_SECONDS = 2.0
"""After so long without a record the broker is asked whether it is there: kafka-python waits for it without a word."""
BACK = "the broker is back"
"""What is said once a broker that was away answers."""


class Reader:
    """Records of one topic, without a consumer group; ``topic`` is the declared name."""

    def __init__(self, settings: Settings, topic: str) -> None:
        reach(settings)
        read_any_record()
        self._settings, self._topic = settings, topic
        self._heard = time.monotonic()
        self._consumer = KafkaConsumer(
            enable_auto_commit=False, auto_offset_reset="earliest", max_partition_fetch_bytes=8 << 20,
            **client_options(settings),
        )  # fmt: skip
        name = settings.named(topic)
        numbers = self._consumer.partitions_for_topic(name)
        if not numbers:
            raise WirewatchError(f"{name} is no topic of this broker; see `wirewatch topics list`")
        self._partitions = [TopicPartition(name, number) for number in sorted(numbers)]
        self._consumer.assign(self._partitions)

    def from_beginning(self) -> None:
        self._consumer.seek_to_beginning(*self._partitions)

    def from_end(self) -> None:
        self._consumer.seek_to_end(*self._partitions)
        for partition in self._partitions:
            self._consumer.position(partition)

    def from_time(self, seconds: float) -> None:
        """From the first record of ``seconds`` since 1970 on; 0 for all there is."""
        if not seconds:
            self.from_beginning()
            return
        found = self._consumer.offsets_for_times({p: int(seconds * 1000) for p in self._partitions})
        ends = self._consumer.end_offsets(self._partitions)
        for partition in self._partitions:
            at = found.get(partition)
            self._consumer.seek(partition, at.offset if at else ends[partition])

    def skip_to_latest(self, count: int) -> None:
        """Leave out what comes before the last ``count`` records, as many of each partition."""
        each = -(-count // len(self._partitions))
        for partition, end in self._consumer.end_offsets(self._partitions).items():
            if self._consumer.position(partition) < end - each:
                self._consumer.seek(partition, end - each)

    def ever_written(self) -> bool:
        """Whether the topic has ever held a record."""
        return any(self._consumer.end_offsets(self._partitions).values())

    def until_now(self) -> Iterator[Record]:
        """What the topic holds at this moment; `BrokerError` where the broker goes away."""
        ends = self._consumer.end_offsets(self._partitions)
        while any(self._consumer.position(p) < ends[p] for p in self._partitions):
            yield from self._poll(lambda p, offset: offset < ends[p])

    def following(
        self, unread: Callable[[], bool] = lambda: False, say: Callable[[str], object] = lambda line: None
    ) -> Iterator[Record]:
        """What the topic holds and what comes, without end, or until ``unread`` says that nobody looks any more.

        A broker that goes away is waited for; ``say`` is told, and also when it is back.
        """
        away = False
        while not unread():
            try:
                yield from self._poll(lambda _partition, _offset: True)
            except BrokerError as error:
                if not away:
                    say(f"{error}; waiting for it")
                away = True
            else:
                if away and self._heard_lately():
                    say(BACK)
                    away = False

    def once(self, milliseconds: int = POLL_MS) -> list[Record]:
        """What has come since the last call; waits at most so long for it."""
        return list(self._poll(lambda _partition, _offset: True, milliseconds, asking=False))

    def _poll(
        self, wanted: Callable[[TopicPartition, int], bool], milliseconds: int = POLL_MS, *, asking: bool = True
    ) -> Iterator[Record]:
        records = [r for part in self._consumer.poll(milliseconds).values() for r in part]
        if records:
            self._heard = time.monotonic()
        elif asking and time.monotonic() - self._heard > QUIET_SECONDS:
            answers(self._settings)
            self._heard = time.monotonic()
        for r in sorted(records, key=lambda r: r.timestamp):
            if wanted(TopicPartition(r.topic, r.partition), r.offset):
                yield record_read(self._topic, r)

    def _heard_lately(self) -> bool:
        return time.monotonic() - self._heard < QUIET_SECONDS

    def close(self) -> None:
        self._consumer.close(autocommit=False)


def latest(settings: Settings, topic: Topic[Any]) -> dict[str, Record]:
    """The record that stands for each key now; deleted keys are left out."""
    with closing(Reader(settings, topic.name)) as reader:
        reader.from_beginning()
        found = {(record.key or b"").decode("utf-8", "replace"): record for record in reader.until_now()}
    return {key: record for key, record in found.items() if record.value is not None}


def since_of(text: str) -> float:
    """Seconds since 1970 that ``10m``, ``2h``, ``7d`` or ``all`` mean."""
    if text == "all":
        return 0.0
    seconds = seconds_in(text)
    if seconds is None:
        raise WirewatchError(f"expected a span such as 30s, 10m, 2h, 7d or all, found {text!r}")
    return max(0.0, time.time() - seconds)


def seconds_in(text: str) -> float | None:
    """The length of a span such as ``30s``, ``10m``, ``2h`` or ``7d``; None for any other text."""
    units = {"s": 1, "m": 60, "h": 3600, "d": 86400}
    if text[-1:] not in units or not text[:-1].replace(".", "", 1).isdecimal():
        return None
    return float(text[:-1]) * units[text[-1]]
