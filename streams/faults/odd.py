"""Records that clients in C write and kafka-python refuses to: null headers, names that are no text, nothing at all."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy

from streams.faults.corpus import Headers, Piece, text_of

MOST_BYTES = 1 << 20


class _Latin(str):
    """A header's name as bytes of another encoding."""

    def encode(self, *_: Any) -> bytes:
        return super().encode("latin-1")


def odd(run: str) -> list[Piece]:
    """Such records, and what is meant to become of each."""
    many = [("x-trace", b"hop")] * 10_000

    def good(name: str, headers: Headers, key: bytes | None = b"") -> Piece:
        identity = f"{run}-{name}"
        value = json.dumps({"id": identity, "text": text_of(identity, 1)}).encode()
        return Piece(identity, value, "sent", key, headers)

    return [
        good("null-header", [("ce_id", None), ("traceparent", None)]),
        good("latin-header", [(_Latin("\u00e9tat"), b"x")]),
        good("nameless-header", [("", b""), ("", b"again")]),
        good("many-headers", many),
        good("our-headers", [("dlq_offset", b"x"), ("wirewatch_replays", b"9" * 50), ("ce_id", b"a\nb")]),
        Piece(f"{run}-nothing", None, "rejected", None),
        Piece(f"{run}-nothing-but-headers", None, "rejected", None, [(_Latin("\u00e9"), None)]),
    ]


def publish_odd(client: dict[str, Any], topic: str, pieces: Sequence[Piece], partition: int = 0) -> int:
    """Write ``pieces`` in one batch; the offset of the first, once the broker has confirmed them."""
    return asyncio.run(_published(client, topic, pieces, partition))


async def _published(client: dict[str, Any], topic: str, pieces: Sequence[Piece], partition: int) -> int:
    producer = AIOKafkaProducer(**client, acks="all", max_batch_size=MOST_BYTES)
    await producer.start()
    try:
        batch = producer.create_batch()
        batch._builder = _DefaultRecordBatchBuilderPy(2, 0, 0, -1, -1, -1, MOST_BYTES)  # the compiled one checks
        for piece in pieces:
            batch.append(key=piece.record_key, value=piece.value, timestamp=None, headers=list(piece.headers))
        batch.close()
        written = await (await producer.send_batch(batch, topic, partition=partition))
    finally:
        await producer.stop()
    return int(written.offset)
