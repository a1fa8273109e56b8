"""The story an article joins: that whose nearest members are most alike, if they are alike enough."""

from dataclasses import dataclass
from typing import NamedTuple

from streams.dedup.state import State
from streams.dedup.stories import Members, Neighbours
from streams.dedup.terms import MOST

JOIN, JOIN_SHORT = 0.15, 0.08
"""Likeness from which an article belongs to a story: a long text, and one of few words, which has fewer in common."""
FEW = 16
"""Terms up to which a text has few words; it has many from ``MOST[0]`` on."""
ONE = 1.4
"""How much more a story of a single article asks: one pair says less than several."""
COHESION = 0.2
"""How much of what the story's members are more alike than that is asked in addition."""
LINKED = 0.21
"""Mean likeness of an article and the members of its story to those of another, from which both are one."""
NEAREST = 3
"""Members of a story that decide."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The story an article joins."""

    story: int
    likeness: float
    merged: tuple[int, ...] = ()


class Rival(NamedTuple):
    """A story that would take an article."""

    beyond: float
    """How much more alike it is than it asks."""
    likeness: float
    story: int
    places: list[int]
    """Where among the neighbours its members stand."""


def choose(state: State, members: Members, neighbours: Neighbours, least: float) -> Choice | None:
    """The story whose nearest members are most alike, if they are alike enough for a text that asks ``least``."""
    rivals = _rivals(state, neighbours, least)
    if not rivals:
        return None
    best, *rest = rivals
    for other in rest:
        linked = members.linked(neighbours, best.places, other.places)
        if linked >= LINKED and not state.are_apart(best.story, other.story):
            return Choice(min(best.story, other.story), best.likeness, (max(best.story, other.story),))
    return Choice(best.story, best.likeness)


def _rivals(state: State, neighbours: Neighbours, least: float) -> list[Rival]:
    """The stories that would take an article, by how much more alike they are than they ask."""
    scores = neighbours.scores.tolist()
    if max(scores, default=0.0) < least:
        return []
    numbers = neighbours.numbers.tolist()
    stories, joined = state.ledger.stories.some(numbers), state.ledger.likeness.some(numbers)
    places: dict[int, list[int]] = {story: [] for story, score in zip(stories, scores, strict=True) if score >= least}
    for place, story in enumerate(stories):
        if story in places:
            places[story].append(place)
    rivals = []
    for story, at in places.items():
        likeness = of_nearest([scores[place] for place in at])
        beyond = round(likeness - asked_of([joined[place] for place in at if joined[place]], least), 9)
        if beyond >= 0:
            rivals.append(Rival(beyond, likeness, story, at))
    return sorted(rivals, key=lambda rival: (-rival.beyond, rival.story))


def of_nearest(scores: list[float]) -> float:
    """How alike an article is to the members of a story, by the nearest."""
    nearest = sorted(scores, reverse=True)[:NEAREST]
    return sum(nearest) / len(nearest)


def least_of(words: int) -> float:
    """The likeness that a text with so many different terms asks of any story."""
    many = min(max(words - FEW, 0), MOST[0] - FEW) / (MOST[0] - FEW)
    return JOIN_SHORT + (JOIN - JOIN_SHORT) * many


def asked_of(joined: list[int], least: float) -> float:
    """The likeness that a story asks, by how alike its members were when they joined, in thousandths."""
    if not joined:
        return least * ONE
    return least + COHESION * max(0.0, sum(joined) / (1000 * len(joined)) - least)
