"""Of the groups a text is alike to, those that hold the same text as it does, and by that are one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce

import numpy as np

from streams.dedup.containment import ALIKE, OF_ALIKE, OF_SMALLER, WHOLE, Likeness
from streams.dedup.quotients import Numbers

SAME, RELATED = 0.5, 0.15
"""How alike by what they tell are two versions of one text, whatever they share of its words, and a text and an excerpt
from its middle at least: as much as a story asks."""


def with_versions(
    likely: Sequence[Likeness], alike: Mapping[int, float], index: Numbers, posted: Numbers
) -> Sequence[Likeness]:
    """The likenesses, in which groups that hold the text itself know it, if there are several: what it shares with
    these is not taken from elsewhere. ``index`` and ``posted`` are the postings that count.

    Of such a group the text has a quarter and tells of the same, or it has more and tells of the like: two fifths, and
    half where it looks like a round-up, which it is not if one of the groups tells of the same. That it stands in a
    group as a whole says nothing: two articles may quote one paragraph. Nor do parts of two groups one after the other.
    """
    groups = _told_as_one(likely, alike)
    shared = {each.group: np.unique(index[posted == each.group]) for each in groups}
    groups = [each for each in groups if each.of_other >= WHOLE or _beside(each, shared)]
    if len(groups) < 2:
        return likely
    own = reduce(np.union1d, (shared[each.group] for each in groups))
    elsewhere = likely[0].shared + likely[0].elsewhere - len(own)
    return [replace(each, elsewhere=elsewhere, version=True) if each in groups else each for each in likely]


def _told_as_one(likely: Sequence[Likeness], alike: Mapping[int, float]) -> list[Likeness]:
    versions = [each for each in likely if each.group in alike and _version(each, alike[each.group])]
    if max((alike[each.group] for each in versions), default=0.0) < SAME:
        versions = [each for each in versions if not each.gathered]
    return versions if len(versions) > 1 else []


def _beside(likeness: Likeness, shared: Mapping[int, Numbers]) -> bool:
    """Whether a text shares the same of itself with this group and with another one, at least half as much as by
    chance: of two texts that one puts one after the other it has parts that nobody shares."""
    own, countable = shared[likeness.group], likeness.shared / likeness.of_this
    return any(
        2 * len(np.intersect1d(own, other)) * countable >= len(own) * len(other)
        for group, other in shared.items()
        if group != likeness.group
    )


def _version(likeness: Likeness, alike: float) -> bool:
    same = alike >= SAME and likeness.of_other >= ALIKE
    return same or (alike >= RELATED and likeness.of_other >= (OF_SMALLER if likeness.gathered else OF_ALIKE))
