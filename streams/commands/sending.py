"""A few records by hand, each confirmed by the broker before the command goes on."""

from collections.abc import Sequence

from kafka import KafkaProducer
from kafka.producer.future import RecordMetadata

from streams.broker import wait_for_broker
from streams.connection import client_options
from streams.settings import Settings

CONFIRM_SECONDS = 30


def send(settings: Settings, topic: str, records: Sequence[tuple[str, bytes | None]]) -> list[RecordMetadata]:
    """Write keys and values to a declared topic; where each one is. Raises where the broker does not confirm one."""
    wait_for_broker(settings.broker or "", encrypted=settings.security.endswith("SSL"))
    producer = KafkaProducer(**client_options(settings))
    try:
        sent = [producer.send(settings.named(topic), key=key.encode(), value=value) for key, value in records]
        return [future.get(timeout=CONFIRM_SECONDS) for future in sent]
    finally:
        producer.close()
