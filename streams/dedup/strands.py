"""Strands: articles of one story that are much more alike among themselves than they are to the rest of it.

Two events of the same hours may be told so alike that they become one story. Which is not known when the second
one's first article comes, but shows with its third. The story stays one; who told of it is told of the strand, too.
"""

from collections import defaultdict
from typing import NamedTuple

from streams.dedup.state import State
from streams.dedup.stories import Neighbours

ALIKE = 0.43
"""Likeness, whatever the time between, to the nearest articles of a strand from which an article belongs to it."""
NEAREST = 3
"""Articles of a strand that decide."""
FEWEST = 3
"""Articles that show a strand to stand apart, the one that comes among them."""
APART = 0.6
"""It does where the others of the story are less than so much as alike to the article as the strand is."""


class Strand(NamedTuple):
    """The strand of the story that an article joins."""

    first: int
    """The decision of the article that began it."""
    apart: bool
    """Whether it may well be of another event than the rest of the story."""


def strand_of(state: State, neighbours: Neighbours, stories: tuple[int, ...]) -> Strand:
    """The strand of the next decision among its neighbours of the ``stories`` it joins or unites."""
    number = state.ledger.next
    strands: defaultdict[int, list[float]] = defaultdict(list)
    of = state.ledger.stories.some(neighbours.numbers.tolist())
    for story, strand, likeness in zip(
        of, neighbours.rows["strand"].tolist(), neighbours.whenever.tolist(), strict=True
    ):
        if story in stories:
            strands[strand].append(likeness)
    nearest, first = max((_mean(sorted(own)[-NEAREST:]), -strand) for strand, own in strands.items())
    if nearest < ALIKE:
        return Strand(number, False)
    own = strands.pop(-first)
    others = [likeness for rest in strands.values() for likeness in rest]
    many = len(own) + 1 >= FEWEST and bool(others) and joined(state, -first)
    return Strand(-first, many and _mean(others) < APART * _mean(own))


def joined(state: State, first: int) -> bool:
    """Whether a strand began within a story, not with one: a story's beginning was told of."""
    return first == state.ledger.next or (first >= state.ledger.base and state.ledger.likeness[first] > 0)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
