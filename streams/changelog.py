"""A partition's state as records: decisions, written once each, and summaries of what a window dropped.

Key: ``sequence:generation``, and ``first kept:generation:summary`` for a summary. The sequence number orders
the decisions of a partition; the generation of the consumer group tells a stale writer's from the owner's, so
that neither overwrites the other. Value: a fixed header, the position, the answer, and what was learned.
"""

import struct
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from streams.errors import StateError
from streams.stage import Decision, Memory, Outcome

VERSION = 1
HEAD = struct.Struct(">BBHI")
"""version, the memory's version, length of the position, length of the answer"""
SUMMARY = b":summary"
"""What the key of a summary ends in."""

NONE_KNOWN: Mapping[str, Decision] = MappingProxyType({})


class Entry(NamedTuple):
    """One record of a changelog: a decision, or a summary of all decisions before ``sequence``."""

    sequence: int
    generation: int
    position: str
    decision: Decision
    state_version: int
    is_summary: bool = False

    @property
    def key(self) -> bytes:
        return b"%d:%d%s" % (self.sequence, self.generation, SUMMARY if self.is_summary else b"")

    @property
    def value(self) -> bytes:
        position = self.position.encode()
        answer = self.decision.answer
        head = HEAD.pack(VERSION, self.state_version, len(position), len(answer))
        return b"".join((head, position, answer, self.decision.learned))


def entry_of(key: bytes, value: bytes) -> Entry:
    """The entry in a record; StateError for one of another version or make."""
    try:
        sequence, generation, *summary = key.split(b":")
        version, state_version, position_length, answer_length = HEAD.unpack_from(value)
        number, wrote = int(sequence), int(generation)
    except (ValueError, struct.error):
        raise StateError(f"expected a changelog entry, found key {key[:40]!r} with {len(value)} bytes") from None
    if version != VERSION:
        raise StateError(f"expected a changelog of version {VERSION}, found {version}; use a fresh WIREWATCH_PREFIX")
    answer_at = HEAD.size + position_length
    learned_at = answer_at + answer_length
    decision = Decision(value[answer_at:learned_at], value[learned_at:])
    return Entry(number, wrote, value[HEAD.size : answer_at].decode(), decision, state_version, bool(summary))


@dataclass
class PartitionState:
    """A stage's memory of one partition, with the numbering that its changelog needs."""

    memory: Memory[Any, Any]
    next_sequence: int = 0
    keys: deque[tuple[int, int]] = field(default_factory=deque)
    """Sequence and generation of each decision in memory, oldest first."""
    summary_key: bytes | None = None
    written_through: int = -1
    """Changelog offset up to which this process has read or written every record."""
    least_generation: int = 0
    """Highest generation in the changelog: a group that was deleted counts its generations from the start again."""

    def answer(
        self, message: Any, generation: int, kept: "Kept", known: Mapping[str, Decision] = NONE_KNOWN
    ) -> Outcome[Any]:
        """The stored answer for a position seen before, else a new one, taken in and added to ``kept``.

        A window that stream time has closed is closed before the decision, never after: so the state a
        message meets depends on the log alone, not on batches or on where a process was killed.
        ``known`` holds decisions that were made before, by position; those are not made again.
        """
        answer = self.memory.recall(message.position)
        if answer is not None:
            kept.recalled += 1
            return self.memory.outcome(message, answer)
        self._close_window(max(generation, self.least_generation), kept)
        decision = known.get(message.position) or self.memory.decide(message)
        outcome = self.memory.outcome(message, decision.answer)
        self.note(message.position, decision, generation, kept)
        return outcome

    def wrote(self, offsets: Sequence[int]) -> None:
        """Take note of what this process wrote.

        A gap between the offsets is somebody else's record: from there on this process does not know the
        changelog any more, and reads it again when it is next assigned the partition.
        """
        first = self.written_through + 1
        if sorted(offsets) == [*range(first, first + len(offsets))]:
            self.written_through += len(offsets)

    def note(self, position: str, decision: Decision, generation: int, kept: "Kept") -> None:
        """Take a decision in, and add it to ``kept`` unless its answer is empty."""
        self.memory.apply(position, decision)
        if decision.answer:
            kept.entries.append(self._entry(position, decision, max(generation, self.least_generation)))

    def _entry(self, position: str, decision: Decision, generation: int) -> Entry:
        sequence = self.next_sequence
        self.next_sequence += 1
        self.keys.append((sequence, generation))
        return Entry(sequence, generation, position, decision, state_version(self.memory))

    def _close_window(self, generation: int, kept: "Kept") -> None:
        closing = self.memory.closing()
        if closing is None:
            return
        dropped, summary = closing
        self.memory.close(dropped, summary)
        kept.gone += [b"%d:%d" % self.keys.popleft() for _ in range(dropped)]
        first = self.keys[0][0] if self.keys else self.next_sequence
        entry = Entry(first, generation, "", Decision(summary), state_version(self.memory), is_summary=True)
        if self.summary_key and self.summary_key != entry.key:
            kept.gone.append(self.summary_key)
        self.summary_key = entry.key
        kept.entries.append(entry)


@dataclass
class Kept:
    """What answers leave for the changelog: entries to write, then keys to delete; and how many were recalled."""

    entries: list[Entry] = field(default_factory=list)
    gone: list[bytes] = field(default_factory=list)
    recalled: int = 0


def state_version(memory: Memory[Any, Any]) -> int:
    """The version of what a memory stores."""
    return int(getattr(memory, "version", 1))
