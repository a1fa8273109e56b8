"""Dead letters: what was set aside, why, and back to where it came from."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass

from schemas.dead_letter import DeadLetter
from schemas.topics import CLEAN, ENRICHED, RAW, REJECTED, TAGGED
from streams.reading import Reader
from streams.records import UNREADABLE, Outgoing, Record, described, sent_again
from streams.settings import Settings

MOST_REPLAYS = 3
"""A record that came back this often is not sent again: it would go round for ever."""
READ_BY_STAGES = {topic.name for topic in (RAW, CLEAN, TAGGED, ENRICHED)}
"""Nothing else is written to, whatever topic a letter says it is from: anybody may have written it."""
AUDIT, LETTER, NOTE = "wirewatch_audit", "wirewatch_letter", "wirewatch_note"


@dataclass(frozen=True)
class Letter:
    """A dead letter with the record it stands in, and what has been done about it."""

    record: Record
    why: DeadLetter
    done: str | None = None
    """``replayed``, ``edited`` or ``dropped``; None while it is open."""
    note: str = ""
    """Why it was dropped."""

    @property
    def name(self) -> str:
        """Where it stands on the dead-letter topic: partition and offset."""
        return f"{self.record.partition}-{self.record.offset}"


def letters(settings: Settings, since: float = 0.0) -> Iterator[Letter]:
    """Every dead letter there is now, oldest first within a partition.

    The topic is read twice, for what was done about a letter stands behind it, and all of it may be more than memory.
    """
    with closing(Reader(settings, REJECTED.name)) as reader:
        reader.from_time(since)
        done = dict(filter(None, map(audit_of, reader.until_now())))
        reader.from_time(since)
        yield from told(reader.until_now(), done)


def told(records: Iterable[Record], done: Mapping[str, tuple[str, str]]) -> Iterator[Letter]:
    """The dead letters among ``records``, each with what was ``done`` about it by its name, and the note on that."""
    for record in records:
        why = described(record.headers)
        if why is not None:
            yield Letter(record, why, *done.get(f"{record.partition}-{record.offset}", (None, "")))


def audit(letter: Letter, deed: str, note: str = "") -> Outgoing:
    """The record that says what was done about a dead letter; it stands on the same topic and partition.

    It has a key, if only an empty one: no client of ours can write a record without key and value.
    """
    headers = [(AUDIT, deed.encode()), (LETTER, letter.name.encode()), (NOTE, note.encode())]
    return Outgoing(REJECTED.name, letter.record.key or b"", None, headers, letter.record.partition)


def audit_of(record: Record) -> tuple[str, tuple[str, str]] | None:
    """The letter an audit record is about, what was done and the note on it; None for any other record."""
    found = {name: value.decode("utf-8", "replace") for name, value in record.headers if value}
    return (found[LETTER], (found[AUDIT], found.get(NOTE, ""))) if AUDIT in found and LETTER in found else None


def letter_named(settings: Settings, name: str) -> Letter | None:
    """The dead letter at ``partition-offset``, or None."""
    return next((letter for letter in letters(settings) if letter.name == name), None)


def replayed(letter: Letter) -> Outgoing | str:
    """The record to send back to where it came from, or why it is not sent."""
    if letter.done:
        return f"it has been {letter.done}"
    if letter.why.topic not in READ_BY_STAGES:
        return f"no stage reads {letter.why.topic}"
    if letter.why.sha256 is not None:
        return "only its head was kept"
    if any(name == UNREADABLE for name, _ in letter.record.headers):
        return "it could not be read"
    if letter.why.replays >= MOST_REPLAYS:
        return f"it has come back {letter.why.replays} times"
    headers = sent_again(letter.record.headers, letter.why.replays + 1)
    return Outgoing(letter.why.topic, letter.record.key, letter.record.value, headers)
