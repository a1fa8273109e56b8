"""Of the groups a text is alike to, those that hold the same text as it does, and by that are one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from streams.dedup.containment import ALIKE, OF_ALIKE, OF_SMALLER, Likeness
from streams.dedup.quotients import Numbers

SAME, RELATED = 0.5, 0.15
"""How alike by what they tell are two versions of one text, whatever they share of its words, and a text and an excerpt
from its middle at least: as much as a story asks."""


def told_as_one(likely: Sequence[Likeness], alike: Mapping[int, float]) -> list[int]:
    """The groups that hold the text itself; none unless there are several.

    Of such a group the text has a quarter and tells of the same, or it has more and tells of the like: two fifths, and
    half where it looks like a round-up, which it is not if one of the groups tells of the same. That it stands in a
    group as a whole says nothing: two articles may quote one paragraph.
    """
    versions = [each for each in likely if each.group in alike and _version(each, alike[each.group])]
    if max((alike[each.group] for each in versions), default=0.0) < SAME:
        versions = [each for each in versions if not each.gathered]
    return [each.group for each in versions] if len(versions) > 1 else []


def with_versions(
    likely: Sequence[Likeness], groups: Sequence[int], index: Numbers, posted: Numbers, touched: int
) -> list[Likeness]:
    """The likenesses, in which what a text shares with versions of itself is not taken from elsewhere.

    ``index`` and ``posted`` are the postings that count; ``touched`` is how many prints the text shares with any group.
    """
    own: NDArray[np.int64] = np.unique(index[np.isin(posted, groups)])
    return [
        replace(each, elsewhere=touched - len(own), version=True) if each.group in groups else each for each in likely
    ]


def _version(likeness: Likeness, alike: float) -> bool:
    same = alike >= SAME and likeness.of_other >= ALIKE
    return same or (alike >= RELATED and likeness.of_other >= (OF_SMALLER if likeness.gathered else OF_ALIKE))
