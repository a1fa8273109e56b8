"""Publishing under load: every record the broker has confirmed is owed an outcome."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from kafka import KafkaProducer

from streams.faults.corpus import Piece, article
from streams.faults.odd import publish_odd

RAW = "articles.raw"


@dataclass(frozen=True)
class Owed:
    """A record that the broker has confirmed."""

    piece: Piece
    position: str
    partition: int
    at: float
    """When it was confirmed, seconds since 1970."""


class Ledger:
    """Publishes records and keeps account of those the broker has confirmed."""

    def __init__(self, prefix: str, client: dict[str, Any]) -> None:
        self._topic, self._client = prefix + RAW, client
        self._lock = threading.Lock()
        self.owed: dict[str, Owed] = {}
        """By position of the raw record."""
        self._producer: Any = KafkaProducer(
            acks="all", linger_ms=2, max_request_size=8 << 20, max_block_ms=150_000, delivery_timeout_ms=400_000,
            reconnect_backoff_max_ms=300, retry_backoff_ms=100, **client,
        )  # fmt: skip

    def publish(self, piece: Piece) -> Any:
        """Send one record; it is owed once the broker confirms it."""
        future = self._producer.send(self._topic, key=piece.record_key, value=piece.value)
        future.add_callback(self._confirmed, piece)
        return future

    def publish_now(self, piece: Piece, seconds: float = 60.0) -> Owed:
        """Send one record and wait until it is owed."""
        found = self.publish(piece).get(timeout=seconds)
        return self.owed[f"{RAW}-{found.partition}-{found.offset}"]

    def publish_odd(self, pieces: Sequence[Piece]) -> None:
        """Send records that this ledger's own client refuses; they are owed when this returns."""
        first = publish_odd(self._client, self._topic, pieces)
        for offset, piece in enumerate(pieces, first):
            self._owe(piece, 0, offset)

    def _confirmed(self, piece: Piece, found: Any) -> None:
        self._owe(piece, found.partition, found.offset)

    def _owe(self, piece: Piece, partition: int, offset: int) -> None:
        position = f"{RAW}-{partition}-{offset}"
        with self._lock:
            self.owed[position] = Owed(piece, position, partition, time.time())

    def flush(self) -> None:
        """Wait until the broker has answered for everything sent."""
        self._producer.flush(timeout=300)

    def close(self) -> None:
        self._producer.close(timeout=10)


class Load:
    """A thread that publishes articles of a run at a rate until told; as a context manager, until its end."""

    def __init__(self, ledger: Ledger, run: str, rate: float, pieces: Callable[[int], Piece] | None = None) -> None:
        self._ledger, self._rate = ledger, rate
        self._piece = pieces or (lambda number: article(run, number))
        self._told = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="load", daemon=True)
        self.sent = 0

    def _go_on(self) -> None:
        started = time.monotonic()
        for number in self._due(started):
            self._ledger.publish(self._piece(number))
            self.sent += 1

    def _due(self, started: float) -> Iterator[int]:
        number = 0
        while not self._told.is_set():
            ahead = started + number / self._rate - time.monotonic()
            if ahead > 0 and self._told.wait(ahead):
                return
            yield number
            number += 1

    def __enter__(self) -> "Load":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._told.set()
        self._thread.join(timeout=300)
        self._ledger.flush()
