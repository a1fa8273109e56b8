"""How much two texts hold of each other, and whether that makes one a copy of the other."""

from dataclasses import dataclass

OF_SMALLER, OF_LARGER = 0.5, 0.12
"""What a copy shares of the smaller and of the larger text."""
EXCERPT, OF_WHOLE = 0.9, 0.08
"""A text of which as much stands in the other need be no more of that: a group grows with the edits of its copies."""
OF_ALIKE, ALIKE = 0.4, 0.25
"""What it shares of the smaller text where it shares as much of the larger: edits throughout."""
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

    @property
    def score(self) -> float:
        return max(self.of_this, self.of_other)

    @property
    def enough(self) -> bool:
        """Whether so much is shared that one may be a copy of the other."""
        smaller, larger = max(self.of_this, self.of_other), min(self.of_this, self.of_other)
        asked = OF_LITTLE if self.shared < LITTLE else OF_ALIKE if larger >= ALIKE else OF_SMALLER
        excerpt = self.of_this >= EXCERPT and self.shared >= LITTLE
        least = OF_WHOLE if excerpt else OF_LARGER
        return self.shared >= SHARED and larger >= least and smaller >= asked

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
