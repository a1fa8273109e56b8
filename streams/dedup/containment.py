"""How much two texts hold of each other, and whether that makes one a copy of the other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from streams.dedup.quotients import Numbers

OF_SMALLER, OF_LARGER = 0.5, 0.12
"""What a copy shares of the smaller and of the larger text."""
EXCERPT, OF_WHOLE = 0.9, 0.08
"""A text of which as much stands in the other need be no more of that: a group grows with the edits of its copies."""
OF_ALIKE, ALIKE = 0.4, 0.25
"""What it shares of the smaller text where it shares as much of the larger: edits throughout."""
OF_PARTS = (0.35, 0.2)
"""What two texts share at least of the smaller and of the larger for what they tell to decide; less than a copy by
words alone."""
LARGER, TOLD, AGREED = 1.5, 1.1, 1.45
"""Neither being whole in the other, the share of the smaller text, so many times that of the larger, and so many times
their likeness by what they tell come to so much in copies: one may make up for the other."""
WHOLE, ELSEWHERE = 0.7, 0.35
"""Of a text that is less than ``WHOLE`` in one group, more than ``ELSEWHERE`` of what it shares with others only."""
LITTLE, OF_LITTLE = 16, 0.6
"""With fewer prints in common, what a copy shares of the smaller text at least: few may agree by chance."""
FULLER = 0.7
"""How much less of a text than of the other is shared where it is the fuller one: its numbers count between words that
both have, those beside the passage are of what the other leaves out."""
WORDS_A_NUMBER = 40
"""Common words for which one changed number is no sign of another item of a series."""
SHARED = 4
"""Prints two texts share at least."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a text compares with a group."""

    group: int
    shared: int
    of_this: float
    of_other: float
    numbers: tuple[int, int]
    """Of the numbers that stand where the texts agree: how many are common, how many there are; looked at only
    where enough is shared."""
    words: int
    """Words in common, estimated from the sample."""
    elsewhere: int
    """Prints this text shares with other groups only."""
    told: float | None = None
    """How alike the text and the first of the group are by what they tell, 0 to 1; looked at only where words alone
    leave it ``undecided``."""
    version: bool = False
    """Whether the group holds this text itself, as others do that are told of as this one."""

    @property
    def smaller(self) -> float:
        """What is shared of the smaller text."""
        return max(self.of_this, self.of_other)

    @property
    def larger(self) -> float:
        """What is shared of the larger text."""
        return min(self.of_this, self.of_other)

    @property
    def undecided(self) -> bool:
        """Whether it takes what both tell of to say if one is a copy of the other."""
        parts = self.smaller >= OF_PARTS[0] and self.larger >= OF_PARTS[1]
        return self.shared >= LITTLE and self.smaller < EXCERPT and (parts or self._much)

    @property
    def enough(self) -> bool:
        """Whether so much is shared that one may be a copy of the other."""
        if self.told is None:
            return self._much
        return self.smaller + LARGER * self.larger + TOLD * self.told >= AGREED

    @property
    def _much(self) -> bool:
        """Whether the words in common alone make it likely."""
        asked = OF_LITTLE if self.shared < LITTLE else OF_ALIKE if self.larger >= ALIKE else OF_SMALLER
        excerpt = self.of_this >= EXCERPT and self.shared >= LITTLE
        least = OF_WHOLE if excerpt else OF_LARGER
        return self.shared >= SHARED and self.larger >= least and self.smaller >= asked

    @property
    def another_item(self) -> bool:
        """Whether the numbers differ where the words agree: the next item of a series."""
        common, placed = self.numbers
        missing = placed - common
        return missing > placed / 2 and missing * WORDS_A_NUMBER >= self.words

    @property
    def gathered(self) -> bool:
        """Whether the text takes from several others as well: a round-up, unless so much of it is all of the other
        text: the full text of several excerpts."""
        excerpt = self.of_other >= WHOLE and self.of_this >= OF_ALIKE
        several = self.elsewhere > ELSEWHERE * (self.shared + self.elsewhere)
        return self.of_this < WHOLE and several and not excerpt

    @property
    def vetoed(self) -> bool:
        return self.another_item or self.gathered

    @property
    def copied(self) -> bool:
        """Whether the text is a copy in the group."""
        return self.enough and not self.vetoed


@dataclass(frozen=True, slots=True)
class Found:
    """What the index knows of a text's prints."""

    likeness: tuple[Likeness, ...]
    """Candidates: first those it is a copy in, of several the most alike by what they tell first; then by what is
    shared, and ties by the earlier group."""
    index: Numbers
    groups: Numbers
    counts: NDArray[np.int64]
    """In how many groups each print stands, at most ``STOP``."""
