"""A partition's state from its changelog: which of its records count, and these folded, many at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from streams.changelog import HEAD, SUMMARY, VERSION, Entry, PartitionState, entry_of
from streams.errors import StateError
from streams.stage import Bulk, Decision

FOLDED_AT_ONCE = 2000
"""Decisions that a memory is restored from in one go."""
_HEADS = np.dtype([("version", "u1"), ("state", "u1"), ("position", ">u2"), ("answer", ">u4")])

Stored: TypeAlias = Sequence[tuple[bytes, bytes]]
"""Keys and values of records."""
Numbers: TypeAlias = NDArray[np.int64]
_Decided: TypeAlias = tuple[tuple[int, int], str, bytes, bytes]
"""Number and generation, position, what was answered and what was learned."""


class Batch:
    """Records of a changelog opened together, summaries apart: at a tenth of what an `Entry` of each would cost.

    StateError where one is no entry, or of a memory of another version than ``state_version``.
    """

    def __init__(self, records: Stored, state_version: int) -> None:
        self.summaries: list[Entry] = []
        if SUMMARY in b"\n".join([key for key, _ in records]):  # which is seldom so, and soon seen of all together
            self.summaries = [entry_of(*record) for record in records if record[0].endswith(SUMMARY)]
            records = [record for record in records if not record[0].endswith(SUMMARY)]
        self.values = [value for _, value in records]
        heads = b"".join([value[: HEAD.size] for value in self.values])
        try:
            self.numbers = [(int(sequence), int(wrote)) for sequence, wrote in (key.split(b":") for key, _ in records)]
            self._heads = np.frombuffer(heads, _HEADS, count=len(records))
        except ValueError:
            raise next(_refusals(records)) from None
        if not np.all(self._heads["version"] == VERSION):
            raise next(_refusals(records))
        versions = {*self._heads["state"].tolist(), *(entry.state_version for entry in self.summaries)}
        for found in versions - {state_version}:
            raise StateError(f"expected state {state_version}, found {found}; use a fresh WIREWATCH_PREFIX")
        self._ends = HEAD.size + self._heads["position"].astype(np.int64)

    @cached_property
    def positions(self) -> list[str]:
        """The position of each decision."""
        return [value[HEAD.size : end].decode() for value, end in zip(self.values, self._ends.tolist(), strict=True)]

    def decided(self) -> list[_Decided]:
        """All there is of each decision."""
        learned_at = (self._ends + self._heads["answer"]).tolist()
        parts = zip(self.numbers, self.positions, self.values, self._ends.tolist(), learned_at, strict=True)
        return [(number, position, v[answer:learned], v[learned:]) for number, position, v, answer, learned in parts]


def _refusals(records: Stored) -> Iterator[StateError]:
    for key, value in records:
        try:
            entry_of(key, value)
        except StateError as refused:
            yield refused
    yield StateError("expected changelog entries of one make")


@dataclass(frozen=True)
class Judged:
    """Which decisions of a changelog count."""

    decisions: int
    """How many."""
    missing: int
    """How many numbers between the oldest and the newest of them stand nowhere."""
    ordered: bool
    """Whether they can be applied as they stand."""
    numbers: set[tuple[int, int]] | None
    """Their numbers and generations; None for all there are."""

    def which(self, numbers: Sequence[tuple[int, int]]) -> list[int] | None:
        """Which of some decisions are to be applied, None for all; each only once."""
        if self.numbers is None:
            return None
        found = []
        for at, number in enumerate(numbers):
            if number in self.numbers:
                self.numbers.remove(number)
                found.append(at)
        return found


class Survey:
    """What a first reading of a changelog tells: which entries count, and whether they stand in order.

    Of several entries for one position the highest generation wins, within it the first. An owner numbers on
    from all that it has read; so what an earlier generation wrote under its numbers or above, it wrote later
    and as a stale writer, and none of it counts. Decisions numbered before the newest owner's latest summary
    are in that summary.
    """

    def __init__(self) -> None:
        self.summary: Entry | None = None
        self._numbers: list[tuple[int, int]] = []
        self._positions: list[str] = []

    def see(self, batch: Batch) -> None:
        """Take some records in."""
        for entry in batch.summaries:
            newest = self.summary
            if newest is None or (entry.generation, entry.sequence) > (newest.generation, newest.sequence):
                self.summary = entry
        self._numbers += batch.numbers
        self._positions += batch.positions

    @property
    def seen(self) -> int:
        """How many decisions there were, whether they count or not."""
        return len(self._numbers)

    @property
    def found(self) -> bool:
        """Whether there was anything."""
        return bool(self._numbers) or self.summary is not None

    @property
    def first(self) -> int:
        """Number of the oldest decision that is not in the summary."""
        return self.summary.sequence if self.summary else 0

    @property
    def generation(self) -> int:
        """The highest generation that has written."""
        return max((*{wrote for _, wrote in self._numbers}, self.summary.generation if self.summary else 0))

    @cached_property
    def judged(self) -> Judged:
        """Which of the decisions count, once all are seen."""
        sequences, wrote = np.array(self._numbers, dtype=np.int64).reshape(-1, 2).T
        counted = (sequences >= self.first) & (sequences < _overtaken_at(sequences, wrote))
        if len(set(self._positions)) < len(self._positions):
            counted &= self._best()
        which = np.flatnonzero(counted)
        ordered = bool(np.all(np.diff(sequences[which]) > 0))
        distinct = np.unique(sequences[which])
        missing = int(distinct[-1]) + 1 - self.first - len(distinct) if len(distinct) else 0
        numbers = None if len(which) == len(counted) else {self._numbers[at] for at in which.tolist()}
        return Judged(len(which), missing, ordered, numbers)

    def _best(self) -> NDArray[np.bool_]:
        """Which decisions are the ones for their position."""
        best: dict[str, int] = {}
        for at, (position, (_, wrote)) in enumerate(zip(self._positions, self._numbers, strict=True)):
            if wrote > self._numbers[best.setdefault(position, at)][1]:
                best[position] = at
        found = np.zeros(len(self._numbers), dtype=np.bool_)
        found[[*best.values()]] = True
        return found


class Restorer:
    """Folds the entries that count into an empty state, in order of their numbers, many at once."""

    def __init__(self, state: PartitionState, survey: Survey) -> None:
        self._state = state
        self.judged = survey.judged
        self._waiting: list[_Decided] = []
        state.next_sequence = survey.first
        state.least_generation = survey.generation
        if survey.summary:
            state.memory.close(0, survey.summary.decision.answer)
            state.summary_key = survey.summary.key
        if isinstance(state.memory, Bulk):
            state.memory.expect(self.judged.decisions)

    def take(self, batch: Batch) -> None:
        """Apply records of the second reading, soon or when their turn comes."""
        every, which = batch.decided(), self.judged.which(batch.numbers)
        self._waiting += every if which is None else [every[at] for at in which]
        while self.judged.ordered and len(self._waiting) >= FOLDED_AT_ONCE:
            self._fold(self._waiting[:FOLDED_AT_ONCE])
            del self._waiting[:FOLDED_AT_ONCE]

    def finish(self) -> int:
        """Apply what waits; how many decisions the state holds."""
        self._waiting.sort(key=itemgetter(0))
        for start in range(0, len(self._waiting), FOLDED_AT_ONCE):
            self._fold(self._waiting[start : start + FOLDED_AT_ONCE])
        self._waiting.clear()
        if isinstance(self._state.memory, Bulk):
            self._state.memory.expect(0)
        return len(self._state.keys)

    def _fold(self, decided: Sequence[_Decided]) -> None:
        memory = self._state.memory
        numbers, positions, answers, learned = zip(*decided, strict=True)
        if isinstance(memory, Bulk):
            memory.apply_many(positions, answers, learned)
        else:
            for _, position, *parts in decided:
                memory.apply(position, Decision(*parts))
        self._state.keys.extend(numbers)
        self._state.next_sequence = max(self._state.next_sequence, max(numbers)[0] + 1)


def _overtaken_at(sequences: Numbers, wrote: Numbers) -> Numbers:
    """For each decision the lowest number that a later generation wrote."""
    generations, each = np.unique(wrote, return_inverse=True)
    starts = np.full(len(generations) + 1, np.iinfo(np.int64).max)
    np.minimum.at(starts, each, sequences)
    later: Numbers = np.minimum.accumulate(starts[::-1])[::-1][1:]
    return later[each]
