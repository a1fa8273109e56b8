"""What becomes of an alert that a sink has taken: where it is kept while it waits, and why it is given up."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pydantic import ValidationError

from schemas.alert import Alert
from streams.errors import explain
from streams.records import Record
from streams.sinks.waiting import Pending


class Reason(StrEnum):
    """Why an alert is undelivered. Closed."""

    UNREADABLE = "unreadable"
    REFUSED = "refused"
    EXHAUSTED = "retries_exhausted"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Why, for the headers of the dead letter."""

    reason: Reason
    detail: str = ""


class Outbox(Protocol):
    """Where a sink's promises are kept; each method returns once the broker has confirmed."""

    async def hold(self, pending: Pending) -> None:
        """Keep an alert that waits."""

    async def release(self, pending: Pending) -> None:
        """Let go of one that no longer does."""

    async def bury(self, record: Record, why: Undelivered) -> None:
        """Put a record on ``alerts.undelivered``."""

    async def disable(self, address: str, detail: str) -> None:
        """Keep in mind that the receiver at ``address`` is gone."""


def readable(record: Record) -> Alert | Undelivered:
    """The alert in a record, or why there is none."""
    try:
        return Alert.model_validate_json(record.value or b"")
    except ValidationError as error:
        return Undelivered(Reason.UNREADABLE, explain(error))
