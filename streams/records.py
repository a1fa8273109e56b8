"""Records of a topic, with what their headers say."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Protocol

from pydantic import ValidationError

from schemas.base import Message, schema_id
from schemas.dead_letter import DeadLetter
from schemas.topics import RAW, Topic

Headers = Sequence[tuple[str, bytes | None]]
"""As Kafka has them: a name may come again, and a value may be null."""

CARRIED = ("traceparent", "tracestate")
"""Headers that belong to the article's journey and are passed on as they are."""
HEAD = 16 * 1024
"""Bytes kept of a record that is too large for the dead-letter topic."""
REPLAYS = "wirewatch_replays"
UNREADABLE = "wirewatch_unreadable"
"""Header of what stands for a record that its client could not read: why."""
MOST_DIGITS = 9
"""Of a number in a header; anybody may have written it."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it was read; ``topic`` is the declared name, without prefix."""

    topic: str
    partition: int
    offset: int
    timestamp: float | None
    """Seconds since 1970."""
    key: bytes | None
    value: bytes | None
    headers: Headers = ()

    @property
    def position(self) -> str:
        """topic-partition-offset."""
        return f"{self.topic}-{self.partition}-{self.offset}"

    @property
    def identity(self) -> str:
        """What is processed: the position, or behind the first hop the event's id, which a record that is
        written again after a crash shares with the one before."""
        if self.topic != RAW.name:
            for name, value in self.headers:
                if name == "ce_id" and value:
                    return value.decode("utf-8", "replace").replace("\n", " ")
        return self.position

    @property
    def first_seen(self) -> datetime | None:
        return None if self.timestamp is None else datetime.fromtimestamp(self.timestamp, UTC)


def record_read(topic: str, read: Any) -> Record:
    """What a client of aiokafka or kafka-python has ``read``, under the declared name of its topic."""
    seconds = read.timestamp / 1000 if read.timestamp >= 0 else None
    return Record(topic, read.partition, read.offset, seconds, read.key, read.value, list(read.headers))


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One record to be written."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    partition: int | None = None


def outgoing(topic: Topic[Any], message: Message, stage: str, carried: Headers) -> Outgoing:
    """``message`` as a record of ``topic``: JSON, and CloudEvents headers in binary mode."""
    value = message.to_json()
    headers = [*_event_type(topic.name, stage, type(message)), *_event(message, value), *carried]
    return Outgoing(topic.name, topic.key(message).encode(), value, headers)


@lru_cache(maxsize=64)
def _event_type(topic: str, stage: str, kind: type[Message]) -> Headers:
    return (
        ("ce_specversion", b"1.0"),
        ("ce_type", f"wirewatch.{topic}.v1".encode()),
        ("ce_source", f"/wirewatch/{stage}".encode()),
        ("ce_dataschema", schema_id(kind).encode()),
        ("content-type", b"application/json"),
    )


def _event(message: Any, value: bytes) -> Headers:
    """Id and time of the event: functions of the message, so that a retry gives the same ones.

    What says nothing of a raw record, such as a story's next state, is told from the one before by its bytes.
    """
    identity = getattr(message, "alert_id", None)
    if not identity:
        place = getattr(message, "position", None) or hashlib.blake2b(value, digest_size=8).hexdigest()
        identity = f"{getattr(message, 'id', None) or message.name}@{place}"
    first_seen = getattr(message, "first_seen", None)
    time = (("ce_time", first_seen.isoformat().encode()),) if first_seen else ()
    return (("ce_id", identity.encode()), *time)


def carried(headers: Headers) -> Headers:
    """The headers that go along to the next topic."""
    return [(name, value) for name, value in headers if name in CARRIED] if headers else ()


class Why(Protocol):
    """Why a record was set aside: a stage's ``Reject``, or a sink's reason."""

    @property
    def reason(self) -> str:
        """One of a closed list."""

    @property
    def detail(self) -> str:
        """For people."""


def dead_letter(record: Record, stage: str, reject: Why, topic: str, limit: int) -> Outgoing:
    """``record`` as it goes to the dead letters: its bytes, key and headers, and why.

    One without key and value gets an empty key: no client of ours can write a record without both.
    """
    value, shortened = record.value, []
    if value is not None and len(value) > limit:
        shortened = [
            ("dlq_size", str(len(value)).encode()),
            ("dlq_sha256", hashlib.sha256(value).hexdigest().encode()),
        ]
        value = value[:HEAD]
    key = b"" if record.key is None and value is None else record.key
    return Outgoing(topic, key, value, [*own(record.headers), *_why(record, stage, reject), *shortened])


def own(headers: Headers) -> Headers:
    """The headers that a record had before it was set aside."""
    return [(name, value) for name, value in headers if not name.startswith(("dlq_", "kafka_dlt-"))]


def _why(record: Record, stage: str, reject: Why) -> Headers:
    timestamp = int((record.timestamp or 0) * 1000)
    return [
        ("dlq_stage", stage.encode()),
        ("dlq_reason", reject.reason.encode()),
        ("dlq_detail", reject.detail.encode("utf-8", "backslashreplace")),
        ("dlq_topic", record.topic.encode()),
        ("dlq_partition", str(record.partition).encode()),
        ("dlq_offset", str(record.offset).encode()),
        ("dlq_timestamp", str(timestamp).encode()),
        ("dlq_replays", str(replays_of(record.headers)).encode()),
        # The dialect of spring-kafka, big-endian numbers, so that generic tools can redrive.
        ("kafka_dlt-original-topic", record.topic.encode()),
        ("kafka_dlt-original-partition", record.partition.to_bytes(4, "big")),
        ("kafka_dlt-original-offset", record.offset.to_bytes(8, "big")),
        ("kafka_dlt-original-timestamp", timestamp.to_bytes(8, "big", signed=True)),
    ]


def sent_again(headers: Headers, replays: int) -> Headers:
    """The headers of a record that leaves the dead letters for the ``replays``-th time: its own, and that number."""
    return [*(header for header in own(headers) if header[0] != REPLAYS), (REPLAYS, str(replays).encode())]


def replays_of(headers: Headers) -> int:
    """How often a record has been replayed from the dead letters."""
    counts = [value or b"" for name, value in headers if name in ("dlq_replays", REPLAYS)]
    return int(counts[-1]) if counts and counts[-1].isdigit() and len(counts[-1]) <= MOST_DIGITS else 0


def described(headers: Headers) -> DeadLetter | None:
    """What the headers of a dead letter say; null for a record that is none of ours."""
    found = {name[4:]: value.decode("utf-8", "replace") for name, value in headers if name.startswith("dlq_") and value}
    if "stage" not in found:
        return None
    try:
        return DeadLetter.model_validate(found)
    except ValidationError:  # anybody may write to the topic
        return None
