"""A state that is held, taken on by what has been written to its changelog since."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from streams.changelog import SUMMARY, Entry, PartitionState, entry_of, state_version

TAIL = 5000
"""Records that may have been written since: of more, a whole restore is hardly slower."""


def follow_on(state: PartitionState, records: Sequence[Any]) -> bool:
    """Add to ``state`` the records from the last one it knows on; false, with nothing added, unless they go on from it.

    They do where the first one is the decision that the state took in last, and the others are decisions numbered
    one by one from there, of owners no earlier than the ones before, on positions that were not decided yet. A stale
    writer's entries, a closed window or another topic of the same name ask for a restore.
    """
    entries = _decisions(records)
    if not entries or not _goes_on(state, entries):
        return False
    for entry in entries[1:]:
        state.memory.apply(entry.position, entry.decision)
        state.keys.append((entry.sequence, entry.generation))
    state.next_sequence = entries[-1].sequence + 1
    state.least_generation = max(state.least_generation, entries[-1].generation)
    state.written_through = records[-1].offset
    return True


def _decisions(records: Sequence[Any]) -> list[Entry]:
    """The entries in records, if all are decisions; else none."""
    if any(record.value is None or record.key.endswith(SUMMARY) for record in records):
        return []
    return [entry_of(record.key, record.value) for record in records]


def _goes_on(state: PartitionState, entries: Sequence[Entry]) -> bool:
    last, *others = entries
    return (
        bool(state.keys)
        and state.keys[-1] == (last.sequence, last.generation)
        and state.memory.recall(last.position) == last.decision.answer
        and all(b.sequence == a.sequence + 1 and b.generation >= a.generation for a, b in pairwise(entries))
        and all(entry.state_version == state_version(state.memory) for entry in others)
        and len({entry.position for entry in others}) == len(others)
        and all(state.memory.recall(entry.position) is None for entry in others)
    )
