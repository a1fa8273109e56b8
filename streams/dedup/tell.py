"""When and how the state of a story is told on its topic."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from schemas.article import Story
from schemas.base import constructed
from streams.dedup.record import Mark, Record
from streams.dedup.shelf import StoryState, all_united
from streams.dedup.state import State

MEMBERS, ENTITIES = 100, 10
"""Members and entities a story is told with."""


def stories_to_tell(state: State, record: Record) -> list[list[Any]]:
    """The stories this article changes enough to tell of; those it merges always."""
    joins = record.story != state.ledger.next and not record.marks & (Mark.REPEATED | Mark.REVISION)
    if not joins or not (record.merged or worth_telling(record.size)):
        return []
    story = state.story(record.story)
    merged = [state.story(other) for other in record.merged]
    if merged:
        story = all_united(StoryState(story.name, story.size, 0, story.first, story.last, story.members), merged)
    told = [*_facts(state, story, own=record), record.first, record.last, None]
    told[0], told[2:4] = record.name, [record.size, record.publishers]
    return [told, *(absorbed(state, other, record.name) for other in merged)]


def worth_telling(size: int) -> bool:
    """Every change of a small story, every eighth of its growth of a large one."""
    return size <= 8 or size % (1 << (size.bit_length() - 4)) == 0


def whole(state: State, story: StoryState) -> list[Any]:
    """A story as it stands."""
    return [*_facts(state, story), story.first, story.last, None]


def absorbed(state: State, story: StoryState, into: str) -> list[Any]:
    """A story that from now on is part of another."""
    return [*_facts(state, story), story.first, story.last, into]


def told_story(told: list[Any]) -> Story:
    """The message."""
    name, title, size, publishers, members, entities, first, last, into = told
    return constructed(
        Story,
        {
            "id": name,
            "title": title or None,
            "size": size,
            "publishers": publishers,
            "members": tuple(members),
            "entities": tuple(entities),
            "first_time": moment(first),
            "last_time": moment(last),
            "merged_into": into,
        },
    )


def moment(seconds: int) -> datetime | None:
    """A time as messages carry it."""
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _facts(state: State, story: StoryState, own: Record | None = None) -> list[Any]:
    latest = story.members[-(MEMBERS - 1) if own else -MEMBERS :]
    notes = [state.ledger.note(number) for number in latest]
    counts = Counter(entity for note in notes for entity in note.entities.split())
    ids = [note.id for note in notes]
    title = state.ledger.note(story.members[0]).headline if story.members else ""
    if own is not None:
        counts.update(own.entities.split())
        ids.append(own.id)
        title = title or own.headline
    entities = sorted(counts, key=lambda entity: (-counts[entity], entity))[:ENTITIES]
    return [story.name, title, max(1, story.size), story.publishers, ids, entities]
