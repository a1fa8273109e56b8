"""Groups of copies that an article shows to be one: its excerpts and edited copies came before it."""

from itertools import combinations

from streams.dedup.containment import Found
from streams.dedup.record import Record
from streams.dedup.sketch import Sketch
from streams.dedup.state import Language, State


def united(state: State, record: Record, language: Language, sketch: Sketch, found: Found) -> tuple[int, Found]:
    """The group that a copy joins, with what is found of it there; fills in what it makes one with that.

    Groups whose stories a person took apart stay as they are.
    """
    best = found.likeness[0]
    if not best.version:
        return best.group, found
    groups = [each.group for each in found.likeness if each.copied and each.version]
    stories = _stories(state, language, groups)
    if len(groups) < 2 or any(state.are_apart(*pair) for pair in combinations(stories, 2)):
        return best.group, found
    record.united, found = language.copies.unite(found, sketch, groups)
    record.reach = min(record.reach, *(language.copies.reach[group] for group, _ in record.united))
    record.numbers += b"".join(language.copies.numbers.packed(group) for group, _ in record.united)
    return min(groups), found


def merge_stories(state: State, record: Record, language: Language) -> None:
    """Let the stories of groups that are one be one: what is told in them is the same text."""
    stories = _stories(state, language, [record.group, *(group for group, _ in record.united)])
    record.story, record.merged = stories[0], stories[1:]


def _stories(state: State, language: Language, groups: list[int]) -> list[int]:
    """The stories of the articles that began some groups, oldest first."""
    return sorted({state.ledger.story(language.copies.roots[group]) for group in groups})
