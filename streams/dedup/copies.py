"""Groups of copies: which earlier text an article repeats, by sampled containment.

A sample of three-word runs is compared with those of earlier groups (containment rather than Jaccard, so
that an excerpt is found in its original). What stands in more than two groups is boilerplate, a quotation
or a phrase, and stops counting, in both texts. A copy has to share at least half of the numbers of the
text it would copy, which keeps apart the items of a series.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from streams.dedup.columns import Blobs, Column
from streams.dedup.postings import Numbers, Postings, Prints
from streams.dedup.sketch import Sketch

STOP = 3
"""A print in this many groups no longer counts."""
OF_SMALLER, OF_LARGER = 0.4, 0.12
SHARED = 4
"""Prints two texts share at least."""
NUMBERS_KEPT = 0.5


@dataclass(frozen=True, slots=True)
class Likeness:
    """How a text compares with a group."""

    group: int
    shared: int
    of_this: float
    of_other: float
    numbers: tuple[int, int]
    """Numbers in common, and in the text that has fewer."""

    @property
    def score(self) -> float:
        return max(self.of_this, self.of_other)

    @property
    def enough(self) -> bool:
        return (
            self.shared >= SHARED
            and max(self.of_this, self.of_other) >= OF_SMALLER
            and min(self.of_this, self.of_other) >= OF_LARGER
        )

    @property
    def vetoed(self) -> bool:
        common, fewer = self.numbers
        return common < NUMBERS_KEPT * fewer


@dataclass(frozen=True, slots=True)
class Found:
    """What the index knows of a text's prints."""

    likeness: tuple[Likeness, ...]
    """Candidates, best first; ties by the earlier group."""
    index: Numbers
    groups: Numbers
    counts: NDArray[np.int64]
    """In how many groups each print stands, at most ``STOP``."""


class Copies:
    """The groups of one language, numbered in the order they began."""

    def __init__(self) -> None:
        self.postings = Postings()
        self.live = Column(np.int32)
        """Prints of each group that still count."""
        self.reach = Column(np.int64)
        self.numbers = Blobs()

    def __len__(self) -> int:
        return len(self.live)

    def compare(self, sketch: Sketch) -> Found:
        """Compare with all groups that share a print that counts."""
        index, groups = self.postings.lookup(sketch.prints)
        counts = np.bincount(index, minlength=len(sketch.prints))
        counted = counts[index] < STOP
        numbers, shared = np.unique(groups[counted], return_counts=True)
        likely = shared >= SHARED
        numbers, shared = numbers[likely], shared[likely]
        if not len(numbers):
            return Found((), index, groups, counts)
        return Found(self._ranked(sketch, counts, numbers, shared), index, groups, counts)

    def start(self, reach: int, numbers: bytes) -> None:
        """Begin a group."""
        self.live.append(0)
        self.reach.append(reach)
        self.numbers.append(numbers)

    def additions(self, group: int, sketch: Sketch, found: Found) -> tuple[Prints, Prints]:
        """The prints of this text that a group does not have yet, and the groups (itself among them)
        that have one print less to count because it now stands in too many. Changes nothing."""
        own = np.zeros(len(sketch.prints), dtype=np.bool_)
        own[found.index[found.groups == group]] = True
        added = ~own & (found.counts < STOP)
        stopped = added & (found.counts == STOP - 1)
        losing = np.concatenate((found.groups[stopped[found.index]], np.full(np.count_nonzero(stopped), group)))
        return sketch.prints[added], losing.astype(np.uint32)

    def post(self, group: int, added: Prints, losing: Prints, reach: int) -> None:
        """Take additions in."""
        self.postings.add(added, group)
        self.live[group] += len(added)
        for other in losing.tolist():
            self.live[other] -= 1
        self.reach[group] = min(self.reach[group], reach)

    def drop_below(self, cutoff: int) -> None:
        """Forget the oldest groups; those that stay count from ``cutoff``."""
        self.postings.drop_below(cutoff)
        for column in (self.live, self.reach, self.numbers):
            column.drop(cutoff)

    def _ranked(
        self, sketch: Sketch, counts: NDArray[np.int64], numbers: Numbers, shared: NDArray[np.int64]
    ) -> tuple[Likeness, ...]:
        reach = self.reach.many(numbers)
        countable = sketch.prints[counts < STOP]
        this = np.searchsorted(countable, reach)
        other = self.live.many(numbers) * np.minimum(1.0, sketch.reach / reach)
        of_this = shared / np.maximum(this, shared)
        of_other = shared / np.maximum(other, shared)
        order = np.lexsort((numbers, -np.maximum(of_this, of_other)))[:4]
        return tuple(
            Likeness(
                int(numbers[i]),
                int(shared[i]),
                float(of_this[i]),
                float(of_other[i]),
                self._common(sketch, int(numbers[i])),
            )
            for i in order
        )

    def _common(self, sketch: Sketch, group: int) -> tuple[int, int]:
        theirs = np.frombuffer(self.numbers[group], np.uint16)
        fewer = min(len(theirs), len(sketch.numbers))
        if not fewer:
            return 0, 0
        return int(np.isin(sketch.numbers, theirs).sum()), fewer
