"""Writing records for a person: each confirmed by the broker, and one that goes away meanwhile is said soon."""

import contextlib
from typing import Any

import click
from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError
from kafka.producer.future import RecordMetadata

from schemas.topics import DEAD_LETTER_LIMIT
from streams.broker import BrokerError
from streams.connection import answers, client_options, reach
from streams.errors import WirewatchError
from streams.records import Outgoing
from streams.settings import Settings

SAID_SECONDS = 2.0
"""Without the broker's word for so long, it is asked whether it is there."""
CONFIRM_SECONDS = 30
"""How long a broker that has gone away is waited for."""
BLOCK_SECONDS = 4
"""How long a record may wait for a place in the queue, or for word of its topic."""


class Writer:
    """Sends records to declared topics and waits for the broker's word on each; `BrokerError` where none is there."""

    def __init__(self, settings: Settings, **options: Any) -> None:
        reach(settings)
        self._settings = settings
        self._unconfirmed = False
        self._producer = KafkaProducer(
            max_request_size=DEAD_LETTER_LIMIT,
            max_block_ms=BLOCK_SECONDS * 1000,
            request_timeout_ms=CONFIRM_SECONDS * 1000 // 2,
            delivery_timeout_ms=CONFIRM_SECONDS * 1000,
            **options,
            **client_options(settings),
        )

    def send(self, out: Outgoing) -> Any:
        """Hand over a record; what comes back is for `confirm`. kafka-python writes no null headers: they get empty."""
        headers = [(name, value or b"") for name, value in out.headers]
        topic = self._settings.named(out.topic)
        try:
            return self._producer.send(topic, key=out.key, value=out.value, headers=headers, partition=out.partition)
        except (KafkaError, ValueError) as error:
            raise WirewatchError(f"a record for {topic} could not be sent: {_short(error)}") from None

    def confirm(self, sent: Any) -> RecordMetadata:
        """Where the broker says that a record stands; WirewatchError where it does not say so in time."""
        self._unconfirmed = True
        try:
            written = self._awaited(sent)
        except KafkaError as error:
            raise WirewatchError(
                f"a record was not confirmed by the broker: {_short(error)}; see `wirewatch broker status`, "
                "and do again what is not listed above"
            ) from None
        self._unconfirmed = False
        return written

    def write(self, out: Outgoing) -> RecordMetadata:
        """Send one record and wait for the broker's word."""
        return self.confirm(self.send(out))

    def _awaited(self, sent: Any) -> RecordMetadata:
        said = False
        while True:
            try:
                written: RecordMetadata = sent.get(timeout=SAID_SECONDS)
                return written
            except KafkaTimeoutError:  # ours, unless it was given up
                if sent.is_done:
                    raise
            said = said or self._said_away()

    def _said_away(self) -> bool:
        """Whether the broker is away, which has been said then."""
        try:
            answers(self._settings)
        except BrokerError as error:
            click.echo(f"{error}; waiting {CONFIRM_SECONDS} s for it", err=True)
            return True
        return False

    def close(self) -> None:
        """Wait until all is written, unless something was not confirmed: it would be waited for again."""
        with contextlib.suppress(KafkaError):
            self._producer.close(timeout=0 if self._unconfirmed else CONFIRM_SECONDS)


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
