"""Groups of copies: which earlier text an article repeats, by sampled containment.

A sample of three-word runs is compared with those of earlier groups (containment rather than Jaccard, so
that an excerpt is found in its original). What stands in more than two groups is boilerplate, a quotation
or a phrase, and stops counting, in both texts. A copy has to share at least half of the numbers of the
text it would copy, which keeps apart the items of a series. Where words alone leave it open, what both texts tell
of decides.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from streams import kernels
from streams.dedup.columns import runs
from streams.dedup.containment import FULLER, SHARED, Found, Likeness
from streams.dedup.crowds import Stopped
from streams.dedup.groups import STOP, Groups
from streams.dedup.quotients import Numbers, Prints
from streams.dedup.samples import NOWHERE
from streams.dedup.sketch import Sketch
from streams.dedup.united import United
from streams.dedup.versions import with_versions
from streams.text.hashing import looked_up

Told: TypeAlias = Callable[[int], float | None]
"""How alike a text is to the article of a decision by what they tell, None where that is not known."""
_NONE_STOPPED: Stopped = np.zeros((0, STOP), dtype=np.uint32)


class Copies(Groups):
    """The groups of one language, and how a text compares with them."""

    def compare(self, sketch: Sketch, told: Told | None = None) -> Found:
        """Compare with all groups that share a print that counts; ``told`` is asked of the first text of a group
        where the words in common leave it open whether one is a copy."""
        index, posted = self.postings.lookup(sketch.prints)
        index, groups = _once(index, posted + (self.base - 1), self.united)
        counts, numbers, shared = self._sharing(sketch, index, groups)
        found = Found((), index, groups, counts)
        if not len(numbers):
            return found
        return Found(self._judged(sketch, found, numbers, shared, told), index, groups, counts)

    def unite(self, found: Found, sketch: Sketch, groups: list[int]) -> tuple[list[tuple[int, int]], Found]:
        """What it takes to make several groups one under the oldest: each of the others, and how many prints that
        count it brings; and what is found of the text then. Changes nothing."""
        oldest, *others = sorted(groups)
        counting = found.counts[found.index] < STOP
        held, brought = found.index[counting & (found.groups == oldest)], []
        for other in others:
            more = found.index[counting & (found.groups == other)]
            brought.append((other, max(0, self.live[other] - int(np.count_nonzero(np.isin(more, held))))))
            held = np.concatenate((held, more))
        under = United()
        for other in others:
            under.add(other, oldest)
        index, numbers = _once(found.index, found.groups, under)
        return brought, Found((), index, numbers, self._sharing(sketch, index, numbers)[0])

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
        told = None if told is None else cache(told)  # of the same groups, up to three times
        likely = []
        for likeness in self._ranked(sketch, found, numbers, shared):
            if told is not None and likeness.undecided:
                likeness = replace(likeness, told=told(self.roots[likeness.group]))
            likely.append(self._numbered(likeness, sketch, found) if likeness.enough else likeness)
        likely = [*self._with_versions(likely, found, numbers, told)]
        copied = [likeness for likeness in likely if likeness.copied]
        if told is not None and len(copied) > 1:
            alike = self._alike(copied, told)
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

    def _with_versions(
        self, likely: list[Likeness], found: Found, numbers: Numbers, told: Told | None
    ) -> Sequence[Likeness]:
        """The likenesses, in which groups that hold versions of one text know it."""
        if told is None or len(likely) < 2:
            return likely
        several = [each for each in likely if each.enough and not each.another_item]
        if len(several) < 2:
            return likely
        known = {group: value for group, value in self._alike(several, told).items() if value is not None}
        counting = looked_up(found.groups, numbers)[1] & (found.counts[found.index] < STOP)
        return with_versions(likely, known, found.index[counting], found.groups[counting])

    def _alike(self, likely: Sequence[Likeness], told: Told) -> dict[int, float | None]:
        """How alike a text is to the first of each group by what they tell, asked where it is not known."""
        return {each.group: told(self.roots[each.group]) if each.told is None else each.told for each in likely}

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


def _once(index: Numbers, groups: Numbers, united: United) -> tuple[Numbers, Numbers]:
    """Postings, each print once for groups that are one, under the oldest of these."""
    heads = united.many(groups)
    if heads is groups:
        return index, groups
    both = np.unique((index << 32) | heads)
    return both >> 32, both & 0xFFFFFFFF


def _additions(native: kernels.Kernels, group: int, prints: Prints, found: Found) -> tuple[Prints, Stopped]:
    """``Copies.additions`` by the compiled kernels."""
    added, rows = np.empty(len(prints), np.uint32), np.empty((len(prints), STOP), np.uint32)
    more, stopped = native.additions(prints, found.index, found.groups, found.counts, group, added, rows)
    return added[:more], rows[:stopped]
