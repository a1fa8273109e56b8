"""Dead letters: what was set aside, why, and back to where it came from."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.dead_letter import DeadLetter
from schemas.topics import REJECTED
from streams.reading import Reader
from streams.records import Headers, Outgoing, Record, described
from streams.settings import Settings

MOST_REPLAYS = 3
"""A record that came back this often is not sent again: it would go round for ever."""
REPLAYS = "wirewatch_replays"


@dataclass(frozen=True)
class Letter:
    """A dead letter with the record it stands in."""

    record: Record
    why: DeadLetter

    @property
    def name(self) -> str:
        """Where it stands on the dead-letter topic: partition and offset."""
        return f"{self.record.partition}-{self.record.offset}"


def letters(settings: Settings, since: float = 0.0) -> Iterator[Letter]:
    """Every dead letter there is now, oldest first within a partition."""
    reader = Reader(settings, REJECTED.name)
    try:
        if since:
            reader.from_time(since)
        else:
            reader.from_beginning()
        for record in reader.until_now():
            why = described(record.headers)
            if why is not None:
                yield Letter(record, why)
    finally:
        reader.close()


def letter_named(settings: Settings, name: str) -> Letter | None:
    """The dead letter at ``partition-offset``, or None."""
    return next((letter for letter in letters(settings) if letter.name == name), None)


def replayed(letter: Letter) -> Outgoing | str:
    """The record to send back to where it came from, or why it is not sent."""
    if letter.why.sha256 is not None:
        return "only its head was kept"
    if letter.why.replays >= MOST_REPLAYS:
        return f"it has come back {letter.why.replays} times"
    return Outgoing(letter.why.topic, letter.record.key, letter.record.value, _headers(letter))


def _headers(letter: Letter) -> Headers:
    """The original's headers, and how often it has been replayed now."""
    ours = ("dlq_", "kafka_dlt-")
    kept = [(n, v) for n, v in letter.record.headers if not n.startswith(ours) and n != REPLAYS]
    return [*kept, (REPLAYS, str(letter.why.replays + 1).encode())]
