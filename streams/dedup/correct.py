"""A person's correction of a story, as one more decision of the fold."""

from typing import Any

from schemas.article import StoryCorrection
from streams.dedup.record import Mark, Record
from streams.dedup.shelf import StoryState, all_united
from streams.dedup.state import State
from streams.dedup.tell import absorbed, whole


def correction(state: State, message: StoryCorrection) -> tuple[Record, list[list[Any]]]:
    """The record of a correction and the stories to tell of; what names no story or member changes nothing."""
    record = Record(marks=Mark.CORRECTION, stream=state.now, language=message.language or "und")
    story = _story(state, message.story)
    if story is None:
        return record, []
    if message.action == "split":
        return _split(state, message, record, story)
    other = _story(state, message.into or "")
    return (record, []) if other is None or other == story else _merge(state, record, story, other)


def _split(state: State, message: StoryCorrection, record: Record, story: int) -> tuple[Record, list[list[Any]]]:
    found = (state.ledger.by_id(member) for member in message.members)
    leaving = sorted({known.number for known in found if known is not None and known.story == story})
    before = state.story(story)
    # the first article stays, also as a revision: its id is that of the story
    if not leaving or before.name in message.members or story in leaving or len(leaving) >= before.size:
        return record, []
    name = state.ledger.note(leaving[0]).id
    if state.ledger.by_story(name) is not None:
        return record, []  # another story has that id: one it began before, and was forgotten
    record.marks |= Mark.SPLIT
    record.story, record.merged, record.id = story, leaving, name
    record.name, record.size = before.name, before.size - len(leaving)
    rest = [number for number in before.members if number not in set(leaving)]
    stays = StoryState(before.name, record.size, before.publishers, before.first, before.last, rest)
    leaves = state.gathered(record.id, leaving, len(leaving))
    record.publishers, record.first, record.last = leaves.publishers, leaves.first, leaves.last
    return record, [whole(state, stays), whole(state, leaves)]


def _merge(state: State, record: Record, one: int, other: int) -> tuple[Record, list[list[Any]]]:
    survivor, gone = min(one, other), max(one, other)
    both, part = all_united(state.story(survivor), [state.story(gone)]), state.story(gone)
    record.story, record.merged, record.name = survivor, [gone], both.name
    record.size, record.publishers, record.first, record.last = both.size, both.publishers, both.first, both.last
    return record, [whole(state, both), absorbed(state, part, both.name)]


def _story(state: State, name: str) -> int | None:
    """The story of an id: of the article that began it, if that is remembered, else by name."""
    known = state.ledger.by_id(name)
    if known is not None:
        return known.story
    return next((story for story, kept in state.stories.stories(state.ledger.base) if kept.name == name), None)
