"""Groups of copies: which earlier text an article repeats, by sampled containment.

A sample of three-word runs is compared with those of earlier groups (containment rather than Jaccard, so
that an excerpt is found in its original). What stands in more than two groups is boilerplate, a quotation
or a phrase, and stops counting, in both texts. A copy has to share at least half of the numbers of the
text it would copy, which keeps apart the items of a series. Where words alone leave it open, what both texts tell
of decides.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from streams import kernels
from streams.dedup.bulk import Records
from streams.dedup.columns import Column, runs
from streams.dedup.containment import FULLER, SHARED, Found, Likeness
from streams.dedup.crowds import Crowds, Stopped
from streams.dedup.figures import Figures
from streams.dedup.postings import Postings
from streams.dedup.quotients import Numbers, Prints
from streams.dedup.record import Mark
from streams.dedup.samples import NOWHERE
from streams.dedup.sketch import Sketch
from streams.text.hashing import looked_up

STOP = 3
"""A print in this many groups no longer counts."""
STOPS, OLDEST_STOP = 100_000, 16
"""Prints remembered not to count after their groups are forgotten, and for how many expiries."""
Told: TypeAlias = Callable[[int], float | None]
"""How alike a text is to the article of a decision by what they tell, None where that is not known."""
_NONE_STOPPED: Stopped = np.zeros((0, STOP), dtype=np.uint32)


class Copies:
    """The groups of one language. Groups have absolute numbers, in the order they began."""

    def __init__(self) -> None:
        self.postings = Postings()
        self.live = Column(np.int32)
        """Prints of each group that still count."""
        self.reach = Column(np.int64)
        self.roots = Column(np.int64)
        """The decision that began each group, by absolute number."""
        self.numbers = Figures()
        self.crowds = Crowds()
        self.stops, self.stop_ages = np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.uint8)
        """Prints that do not count although their groups are forgotten, and for how many expiries."""

    @property
    def base(self) -> int:
        """Groups forgotten so far: the number of the oldest one kept."""
        return self.roots.base

    @property
    def next(self) -> int:
        """The number of the next group."""
        return self.roots.next

    def root(self, group: int) -> int | None:
        """The decision that began a group, None if it is forgotten or there is none."""
        return self.roots[group] if group >= self.base else None

    def compare(self, sketch: Sketch, told: Told | None = None) -> Found:
        """Compare with all groups that share a print that counts; ``told`` is asked of the first text of a group
        where the words in common leave it open whether one is a copy."""
        index, posted = self.postings.lookup(sketch.prints)
        groups = posted + (self.base - 1)
        counts, numbers, shared = self._sharing(sketch, index, groups)
        found = Found((), index, groups, counts)
        if not len(numbers):
            return found
        return Found(self._judged(sketch, found, numbers, shared, told), index, groups, counts)

    def start(self, root: int, reach: int, numbers: bytes) -> None:
        """Begin a group."""
        self.live.append(0)
        self.reach.append(reach)
        self.roots.append(root)
        self.numbers.append(numbers)

    def additions(self, group: int, sketch: Sketch, found: Found) -> tuple[Prints, Stopped]:
        """The prints of this text that a group does not have yet, and of them those that now stand in too many groups
        to count, each with the two others. Changes nothing."""
        if kernels.native is not None:
            return _additions(kernels.native, group, sketch.prints, found)
        added = found.counts < STOP
        if not len(found.index):
            return sketch.prints[added], _NONE_STOPPED
        if group < self.next:
            added[found.index[found.groups == group]] = False
        stopped = (added & (found.counts == STOP - 1)).nonzero()[0]
        rows = np.zeros((len(stopped), STOP), dtype=np.uint32)
        if len(stopped):
            rows[:, 0] = sketch.prints[stopped]
            others = np.sort((found.index << 32) | found.groups)
            rows[:, 1:] = others[np.searchsorted(others, stopped << 32)[:, None] + np.arange(STOP - 1)]
        return sketch.prints[added], rows

    def post(self, group: int, added: Prints, stopped: Stopped, reach: int, numbers: bytes) -> None:
        """Take additions in; of those to a group that is forgotten by now, what they took from others."""
        if group >= self.base:
            self.numbers.add(group, numbers)
            self.postings.add(added, group - self.base + 1)
            self.live[group] += len(added) - len(stopped)
            self.reach[group] = min(self.reach[group], reach)
        for single, *others in stopped.tolist():
            for other in others:
                if other >= self.base:
                    self.live[other] -= 1
            self.crowds.add(min(group, *others), single, self.base)

    def extend(self, records: Records, which: Numbers, number: int, share: float) -> None:
        """What ``start`` and ``post`` do for some of the records of consecutive decisions from ``number`` on, with room
        for ``share`` times as much as is known then."""
        begins = which[records.marked(Mark.BEGINS)[which] != 0]
        self.live.extend(np.zeros(len(begins), dtype=np.int32))
        self.reach.extend(records.column("reach")[begins].astype(np.int64))
        self.roots.extend(number + begins)
        self.numbers.extend_joined(records.joined("numbers", begins), np.cumsum(records.lengths("numbers")[begins]))
        groups, sizes = records.column("group"), records.lengths("added") // 4
        posting = which[(sizes[which] > 0) & (groups[which] >= self.base)]
        groups, sizes = groups[posting], sizes[posting]
        self.numbers.take(records, posting)
        prints = np.frombuffer(records.joined("added", posting), np.uint32)
        self.postings.reserve(int(share * (self.postings.size + len(prints))), int(share * len(self.live)) + 1)
        self.postings.add_many(prints, np.repeat(groups - self.base + 1, sizes).astype(np.uint32))
        which = which[records.lengths("stopped")[which] > 0]
        stopped = np.frombuffer(records.joined("stopped", which), np.uint32).reshape(-1, STOP)
        stopping = np.repeat(records.column("group")[which], records.lengths("stopped")[which] // (4 * STOP))
        holders = np.column_stack((stopped[:, 1:].astype(np.int64), stopping))
        losing = holders[holders >= self.base]
        self.live.change(np.add, groups, sizes)
        self.live.change(np.subtract, losing, np.ones(len(losing)))
        self.reach.change(np.minimum, groups, records.column("reach")[posting].astype(np.int64))
        self.crowds.extend(holders.min(axis=1, initial=1 << 40), stopped[:, 0], self.base)

    def carried(self, base: int) -> tuple[Prints, NDArray[np.uint8]]:
        """What would have to be remembered as not counting, were the groups below ``base`` forgotten."""
        young = self.stop_ages < OLDEST_STOP
        fresh = self.crowds.below(base)
        if len(fresh) > STOPS:
            fresh = np.partition(fresh, STOPS)[:STOPS]
        prints = np.concatenate((fresh, self.stops[young]))
        ages = np.concatenate((np.zeros(len(fresh), dtype=np.uint8), self.stop_ages[young] + np.uint8(1)))
        prints, first = np.unique(prints, return_index=True)
        kept = np.sort(np.argsort(ages[first], kind="stable")[:STOPS])
        return prints[kept], ages[first][kept]

    def forget(self, base: int, stops: Prints, ages: NDArray[np.uint8]) -> None:
        """Forget the groups below ``base``; ``stops`` no longer count from now on."""
        self.postings.drop_below(base - self.base + 1)
        self.crowds.forget(base)
        for column in (self.live, self.reach, self.roots, self.numbers):
            column.forget(base)
        self.stops, self.stop_ages = stops, ages

    def nbytes(self) -> int:
        """Bytes held."""
        held = (self.postings, self.live, self.reach, self.roots, self.numbers, self.crowds)
        return sum(part.nbytes() for part in held) + 5 * len(self.stops)

    def _sharing(
        self, sketch: Sketch, index: Numbers, groups: Numbers
    ) -> tuple[NDArray[np.int64], Numbers, NDArray[np.int64]]:
        """In how many groups each print stands; the groups that share enough prints that count, and how many."""
        if kernels.native is not None:
            counts = np.empty(len(sketch.prints), np.int64)
            numbers, shared = np.empty((2, len(index) // SHARED), np.int64)
            likely = kernels.native.sharing(sketch.prints, self.stops, index, groups, counts, numbers, shared)
            return counts, numbers[:likely], shared[:likely]
        counts = np.bincount(index, minlength=len(sketch.prints))
        if len(self.stops):
            counts[looked_up(sketch.prints, self.stops)[1]] = STOP
        ordered = np.sort(groups[counts[index] < STOP])
        first, shared = runs(ordered)
        enough = shared >= SHARED
        return counts, ordered[first[enough]], shared[enough]

    def _judged(
        self, sketch: Sketch, found: Found, numbers: Numbers, shared: NDArray[np.int64], told: Told | None
    ) -> tuple[Likeness, ...]:
        """How the groups compare that share most: those that the text is a copy in, then the others."""
        likely = []
        for likeness in self._ranked(sketch, found, numbers, shared):
            if told is not None and likeness.undecided:
                likeness = replace(likeness, told=told(self.roots[likeness.group]))
            likely.append(self._numbered(likeness, sketch, found) if likeness.enough else likeness)
        copied = [likeness for likeness in likely if likeness.copied]
        if told is not None and len(copied) > 1:
            alike = {each.group: told(self.roots[each.group]) if each.told is None else each.told for each in copied}
            copied.sort(key=lambda each: -(alike[each.group] or 0.0))
        return (*copied, *(likeness for likeness in likely if not likeness.copied))

    def _ranked(self, sketch: Sketch, found: Found, numbers: Numbers, shared: NDArray[np.int64]) -> Iterator[Likeness]:
        """The same by the words in common alone."""
        reach = self.reach.many(numbers)
        countable = sketch.prints[found.counts < STOP]
        this = np.searchsorted(countable, reach)
        other = self.live.many(numbers) * np.minimum(1.0, sketch.reach / reach)
        of_this = shared / np.maximum(this, shared)
        of_other = shared / np.maximum(other, shared)
        best = np.maximum(of_this, of_other)
        order = np.lexsort((numbers, -best))[:4].tolist()
        counting = looked_up(found.groups, numbers)[1] & (found.counts[found.index] < STOP)
        touched = int(np.count_nonzero(np.bincount(found.index[counting])))
        for i in order:
            words = int(int(shared[i]) * (1 << 32) / min(sketch.reach, int(reach[i])))
            yield Likeness(
                int(numbers[i]), int(shared[i]), float(of_this[i]), float(of_other[i]), (0, 0), words,
                touched - int(shared[i]),
            )  # fmt: skip

    def _numbered(self, likeness: Likeness, sketch: Sketch, found: Found) -> Likeness:
        """The likeness with the numbers that are common."""
        matched = found.index[found.groups == likeness.group]
        fuller = likeness.of_this < FULLER * likeness.of_other
        common = self._common(sketch, likeness.group, matched[found.counts[matched] < STOP], fuller)
        return replace(likeness, numbers=common)

    def _common(self, sketch: Sketch, group: int, agreed: Numbers, fuller: bool) -> tuple[int, int]:
        """Numbers that stand where the texts agree: how many are common, and how many there are."""
        if not len(sketch.numbers):
            return 0, 0
        theirs, there = self.numbers.of(group), np.zeros(NOWHERE + 1, dtype=np.bool_)
        there[agreed] = True
        before, after = there[sketch.numbers[:, 1]], there[sketch.numbers[:, 2]]
        placed = before & after if fuller else before | after
        hashes = sketch.numbers[placed, 0].tolist()
        return sum(number in theirs for number in hashes), len(hashes)


def _additions(native: kernels.Kernels, group: int, prints: Prints, found: Found) -> tuple[Prints, Stopped]:
    """``Copies.additions`` by the compiled kernels."""
    added, rows = np.empty(len(prints), np.uint32), np.empty((len(prints), STOP), np.uint32)
    more, stopped = native.additions(prints, found.index, found.groups, found.counts, group, added, rows)
    return added[:more], rows[:stopped]
