"""Groups of copies: which earlier text an article repeats, by sampled containment.

A sample of three-word runs is compared with those of earlier groups (containment rather than Jaccard, so
that an excerpt is found in its original). What stands in more than two groups is boilerplate, a quotation
or a phrase, and stops counting, in both texts. A copy has to share at least half of the numbers of the
text it would copy, which keeps apart the items of a series.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from streams.dedup.bulk import Records
from streams.dedup.columns import Blobs, Column, runs
from streams.dedup.postings import Numbers, Postings, Prints
from streams.dedup.record import Mark
from streams.dedup.sketch import NOWHERE, Sketch

STOP = 3
"""A print in this many groups no longer counts."""
OF_SMALLER, OF_LARGER = 0.5, 0.12
"""What a copy shares of the smaller and of the larger text."""
OF_ALIKE, ALIKE = 0.4, 0.25
"""What it shares of the smaller text where it shares as much of the larger: edits throughout."""
WHOLE, ELSEWHERE = 0.7, 0.35
"""Of a text that is less than ``WHOLE`` in one group, more than ``ELSEWHERE`` of what it shares with others only."""
LITTLE, OF_LITTLE = 16, 0.6
"""With fewer prints in common, what a copy shares of the smaller text at least: few may agree by chance."""
WORDS_A_NUMBER = 40
"""Common words for which one changed number is no sign of another item of a series."""
STOPS, OLDEST_STOP = 100_000, 16
"""Prints remembered not to count after their groups are forgotten, and for how many expiries."""
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
        return self.shared >= SHARED and larger >= OF_LARGER and smaller >= asked

    @property
    def another_item(self) -> bool:
        """Whether the numbers differ where the words agree: the next item of a series."""
        common, placed = self.numbers
        missing = placed - common
        return missing > placed / 2 and missing * WORDS_A_NUMBER >= self.words

    @property
    def gathered(self) -> bool:
        """Whether the text takes from several others as well: a round-up."""
        return self.of_this < WHOLE and self.elsewhere > ELSEWHERE * (self.shared + self.elsewhere)

    @property
    def vetoed(self) -> bool:
        return self.another_item or self.gathered


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
    """The groups of one language. Groups have absolute numbers, in the order they began."""

    def __init__(self) -> None:
        self.base = 0
        """Groups forgotten so far: the number of the oldest one kept."""
        self.postings = Postings()
        self.live = Column(np.int32)
        """Prints of each group that still count."""
        self.reach = Column(np.int64)
        self.roots = Column(np.int64)
        """The decision that began each group, by absolute number."""
        self.numbers = Blobs()
        self.stops, self.stop_ages = np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.uint8)
        """Prints that do not count although their groups are forgotten, and for how many expiries."""

    @property
    def next(self) -> int:
        """The number of the next group."""
        return self.base + len(self.live)

    def root(self, group: int) -> int | None:
        """The decision that began a group, None if it is forgotten or there is none."""
        return self.roots[group - self.base] if group >= self.base else None

    def compare(self, sketch: Sketch) -> Found:
        """Compare with all groups that share a print that counts."""
        index, posted = self.postings.lookup(sketch.prints)
        counts = np.bincount(index, minlength=len(sketch.prints))
        if len(self.stops):
            counts[index[posted == 0]] = STOP
        groups = posted + (self.base - 1)
        counted = counts[index] < STOP
        numbers, shared = _tallied(groups[counted])
        likely = shared >= SHARED
        numbers, shared = numbers[likely], shared[likely]
        if not len(numbers):
            return Found((), index, groups, counts)
        return Found(self._ranked(sketch, index, groups, counts, numbers, shared), index, groups, counts)

    def start(self, root: int, reach: int, numbers: bytes) -> None:
        """Begin a group."""
        self.live.append(0)
        self.reach.append(reach)
        self.roots.append(root)
        self.numbers.append(numbers)

    def additions(self, group: int, sketch: Sketch, found: Found) -> tuple[Prints, Prints]:
        """The prints of this text that a group does not have yet, and the groups (itself among them)
        that have one print less to count because it now stands in too many. Changes nothing."""
        own = np.zeros(len(sketch.prints), dtype=np.bool_)
        own[found.index[found.groups == group]] = True
        added = ~own & (found.counts < STOP)
        stopped = added & (found.counts == STOP - 1)
        losing = np.concatenate((found.groups[stopped[found.index]], np.full(np.count_nonzero(stopped), group)))
        return sketch.prints[added], np.sort(losing).astype(np.uint32)

    def post(self, group: int, added: Prints, losing: Prints, reach: int) -> None:
        """Take additions in."""
        at = group - self.base
        self.postings.add(added, at + 1)
        self.live[at] += len(added)
        for other in losing.tolist():
            if other >= self.base:
                self.live[other - self.base] -= 1
        self.reach[at] = min(self.reach[at], reach)

    def extend(self, records: Records, which: Numbers, number: int, share: float) -> None:
        """What ``start`` and ``post`` do for some of the records of consecutive decisions from ``number`` on, with room
        for ``share`` times as much as is known then."""
        begins = which[records.marked(Mark.BEGINS)[which] != 0]
        self.live.extend(np.zeros(len(begins), dtype=np.int32))
        self.reach.extend(records.column("reach")[begins].astype(np.int64))
        self.roots.extend(number + begins)
        self.numbers.extend(records.section("numbers", begins))
        groups, sizes = records.column("group"), records.lengths("added") // 4
        posting = which[(sizes[which] > 0) & (groups[which] >= self.base)]
        at, sizes = groups[posting] - self.base, sizes[posting]
        prints = np.frombuffer(b"".join(records.section("added", posting)), np.uint32)
        self.postings.reserve(int(share * (self.postings.size + len(prints))), int(share * len(self.live)) + 1)
        self.postings.add_many(prints, np.repeat(at + 1, sizes).astype(np.uint32))
        losing = np.frombuffer(b"".join(records.section("stopped", posting)), np.uint32).astype(np.int64) - self.base
        np.add.at(self.live.all(), at, sizes.astype(np.int32))
        np.subtract.at(self.live.all(), losing[losing >= 0], np.int32(1))
        np.minimum.at(self.reach.all(), at, records.column("reach")[posting].astype(np.int64))

    def carried(self, base: int) -> tuple[Prints, NDArray[np.uint8]]:
        """What would have to be remembered as not counting, were the groups below ``base`` forgotten."""
        young = self.stop_ages < OLDEST_STOP
        fresh = self.postings.crowded(STOP, base - self.base + 1)
        prints = np.concatenate((fresh, self.stops[young]))
        ages = np.concatenate((np.zeros(len(fresh), dtype=np.uint8), self.stop_ages[young] + np.uint8(1)))
        prints, first = np.unique(prints, return_index=True)
        kept = np.sort(np.argsort(ages[first], kind="stable")[:STOPS])
        return prints[kept], ages[first][kept]

    def forget(self, base: int, stops: Prints, ages: NDArray[np.uint8]) -> None:
        """Forget the groups below ``base``; ``stops`` no longer count from now on."""
        dropped = base - self.base
        self.postings.drop_below(dropped + 1)
        for column in (self.live, self.reach, self.roots, self.numbers):
            column.drop(dropped)
        self.base, self.stops, self.stop_ages = base, stops, ages
        if len(stops):
            self.postings.add(stops, 0)

    def nbytes(self) -> int:
        """Bytes held."""
        held = (self.postings, self.live, self.reach, self.roots, self.numbers)
        return sum(part.nbytes() for part in held) + 5 * len(self.stops)

    def _ranked(
        self, sketch: Sketch, index: Numbers, groups: Numbers, counts: NDArray[np.int64], numbers: Numbers,
        shared: NDArray[np.int64],
    ) -> tuple[Likeness, ...]:  # fmt: skip
        reach = self.reach.many(numbers - self.base)
        countable = sketch.prints[counts < STOP]
        this = np.searchsorted(countable, reach)
        other = self.live.many(numbers - self.base) * np.minimum(1.0, sketch.reach / reach)
        of_this = shared / np.maximum(this, shared)
        of_other = shared / np.maximum(other, shared)
        best = np.maximum(of_this, of_other)
        order = np.lexsort((numbers, -best))[:4].tolist()
        touched = int(np.count_nonzero(np.bincount(index[_among(groups, numbers) & (counts[index] < STOP)])))
        found = []
        for i in order:
            words = int(int(shared[i]) * (1 << 32) / min(sketch.reach, int(reach[i])))
            likeness = Likeness(
                int(numbers[i]), int(shared[i]), float(of_this[i]), float(of_other[i]), (0, 0), words,
                touched - int(shared[i]),
            )  # fmt: skip
            if likeness.enough:
                matched = index[groups == likeness.group]
                likeness = replace(likeness, numbers=self._common(sketch, likeness.group, matched, counts))
            found.append(likeness)
        return tuple(found)

    def _common(self, sketch: Sketch, group: int, matched: Numbers, counts: NDArray[np.int64]) -> tuple[int, int]:
        """Numbers that stand where the texts agree: how many are common, and how many there are."""
        if not len(sketch.numbers):
            return 0, 0
        theirs = set(np.frombuffer(self.numbers[group - self.base], np.uint16).tolist())
        agreed = np.zeros(NOWHERE + 1, dtype=np.bool_)
        agreed[matched[counts[matched] < STOP]] = True
        placed = sketch.numbers[agreed[sketch.numbers[:, 1]] | agreed[sketch.numbers[:, 2]], 0].tolist()
        return sum(number in theirs for number in placed), len(placed)


def _among(values: Numbers, ordered: Numbers) -> NDArray[np.bool_]:
    """Which values occur in an ordered array."""
    at = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    found: NDArray[np.bool_] = ordered[at] == values
    return found


def _tallied(numbers: Numbers) -> tuple[Numbers, Numbers]:
    """Distinct numbers, ascending, and how often each occurs."""
    ordered = np.sort(numbers)
    first, sizes = runs(ordered)
    return ordered[first], sizes
