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
from streams.stage import Bulk, Decision, Memory, Outcome

VERSION = 1
_HEAD = struct.Struct(">BBHI")
"""version, the memory's version, length of the position, length of the answer"""


_UNREAD = Decision(b"")
FOLDED_AT_ONCE = 5000
"""Decisions that a memory is restored from in one go: some tenths of a second, between which the loop lives."""

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
        return b"%d:%d%s" % (self.sequence, self.generation, b":summary" if self.is_summary else b"")

    @property
    def value(self) -> bytes:
        position = self.position.encode()
        answer = self.decision.answer
        head = _HEAD.pack(VERSION, self.state_version, len(position), len(answer))
        return b"".join((head, position, answer, self.decision.learned))


def entry_of(key: bytes, value: bytes, *, whole: bool = True) -> Entry:
    """The entry in a record; StateError for one of another version or make. A decision that is not wanted ``whole``
    comes without what was answered and learned, at half the cost."""
    try:
        sequence, generation, *summary = key.split(b":")
        version, state_version, position_length, answer_length = _HEAD.unpack_from(value)
        number, wrote = int(sequence), int(generation)
    except (ValueError, struct.error):
        raise StateError(f"expected a changelog entry, found key {key[:40]!r} with {len(value)} bytes") from None
    if version != VERSION:
        raise StateError(f"expected a changelog of version {VERSION}, found {version}; use a fresh WIREWATCH_PREFIX")
    answer_at = _HEAD.size + position_length
    learned_at = answer_at + answer_length
    decision = Decision(value[answer_at:learned_at], value[learned_at:]) if whole or summary else _UNREAD
    position = value[_HEAD.size : answer_at].decode()
    return Entry(number, wrote, position, decision, state_version, bool(summary))


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


class Survey:
    """What a first reading of a changelog tells: which entries count, and whether they stand in order.

    Of several entries for one position the highest generation wins, within it the first. An owner numbers on
    from all that it has read; so what an earlier generation wrote under its numbers or above, it wrote later
    and as a stale writer, and none of it counts. Decisions numbered before the newest owner's latest summary
    are in that summary.
    """

    def __init__(self, state_version: int) -> None:
        self.state_version = state_version
        self.summary: Entry | None = None
        self._best: dict[str, tuple[int, int]] = {}
        self._starts: dict[int, int] = {}
        """Generation to the lowest number it wrote."""
        self._overtaken_at: dict[int, float] = {}
        """Generation to the lowest number that a later one wrote, as far as it has been asked for."""
        self._last: tuple[int, int] = (-1, -1)
        self._ordered = self._single = True

    def see(self, entry: Entry) -> None:
        """Take one entry in; StateError where its state is of another version."""
        if entry.state_version != self.state_version:
            expected = self.state_version
            raise StateError(f"expected state {expected}, found {entry.state_version}; use a fresh WIREWATCH_PREFIX")
        number = entry.sequence, entry.generation
        if entry.is_summary:
            if self.summary is None or number[::-1] > (self.summary.generation, self.summary.sequence):
                self.summary = entry
            return
        if entry.sequence < self._starts.get(entry.generation, entry.sequence + 1):
            self._starts[entry.generation] = entry.sequence
            self._overtaken_at.clear()
        held = self._best.get(entry.position)
        self._single &= held is None
        if held is None or entry.generation > held[1]:
            self._ordered &= number > self._last and held is None
            self._best[entry.position] = number
            self._last = max(number, self._last)

    @property
    def first(self) -> int:
        """Number of the oldest decision that is not in the summary."""
        return self.summary.sequence if self.summary else 0

    @property
    def generation(self) -> int:
        """The highest generation that has written."""
        return max((*self._starts, self.summary.generation if self.summary else 0), default=0)

    @property
    def ordered(self) -> bool:
        """Whether the entries that count can be applied as they stand."""
        return self._ordered

    def counts(self, entry: Entry) -> bool:
        """Whether ``entry`` is to be applied."""
        number = entry.sequence, entry.generation
        if entry.is_summary or not self._is_kept(number):
            return False
        return self._single or self._best.get(entry.position) == number

    def _is_kept(self, number: tuple[int, int]) -> bool:
        """Whether an owner holds the decision of this number: neither in the summary nor of a stale writer."""
        sequence, generation = number
        end = self._overtaken_at.get(generation)
        if end is None:
            later = [start for other, start in self._starts.items() if other > generation]
            end = self._overtaken_at[generation] = min(later, default=float("inf"))
        return (self.summary.sequence if self.summary else 0) <= sequence < end

    @property
    def found(self) -> bool:
        """Whether there was anything."""
        return bool(self._best) or self.summary is not None

    @property
    def decisions(self) -> int:
        """How many decisions count, at most: room is made for so many."""
        return sum(self._is_kept(number) for number in self._best.values())

    @property
    def missing(self) -> int:
        """How many numbers between the oldest and the newest decision stand nowhere."""
        numbers = {number[0] for number in self._best.values() if self._is_kept(number)}
        return max(numbers) + 1 - self.first - len(numbers) if numbers else 0


class Restorer:
    """Folds the entries that count into an empty state, in order of their numbers, many at once."""

    def __init__(self, state: PartitionState, survey: Survey) -> None:
        self._state = state
        self._survey = survey
        self._waiting: list[Entry] = []
        state.next_sequence = survey.first
        state.least_generation = survey.generation
        if survey.summary:
            state.memory.close(0, survey.summary.decision.answer)
            state.summary_key = survey.summary.key
        if isinstance(state.memory, Bulk):
            state.memory.expect(survey.decisions)

    def take(self, entry: Entry) -> None:
        """Apply an entry of the second reading, soon or when its turn comes."""
        if not self._survey.counts(entry):
            return
        self._waiting.append(entry)
        if self._survey.ordered and len(self._waiting) >= FOLDED_AT_ONCE:
            self._fold(self._waiting)
            self._waiting = []

    def finish(self) -> int:
        """Apply what waits; how many decisions the state holds."""
        waiting = sorted(self._waiting, key=lambda e: (e.sequence, e.generation))
        for start in range(0, len(waiting), FOLDED_AT_ONCE):
            self._fold(waiting[start : start + FOLDED_AT_ONCE])
        self._waiting.clear()
        if isinstance(self._state.memory, Bulk):
            self._state.memory.expect(0)
        return len(self._state.keys)

    def _fold(self, entries: Sequence[Entry]) -> None:
        memory = self._state.memory
        if isinstance(memory, Bulk):
            memory.apply_many([(entry.position, entry.decision) for entry in entries])
        else:
            for entry in entries:
                memory.apply(entry.position, entry.decision)
        self._state.keys.extend([(entry.sequence, entry.generation) for entry in entries])
        highest = max(entry.sequence for entry in entries)
        self._state.next_sequence = max(self._state.next_sequence, highest + 1)
