"""The groups of copies of one language as a fold over records: what each has, and which prints no longer count."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from streams.dedup.bulk import Records
from streams.dedup.columns import Column
from streams.dedup.crowds import Crowds, Stopped
from streams.dedup.figures import Figures
from streams.dedup.postings import Postings
from streams.dedup.quotients import Numbers, Prints
from streams.dedup.record import Mark
from streams.dedup.united import United

STOP = 3
"""A print in this many groups no longer counts."""
STOPS, OLDEST_STOP = 100_000, 16
"""Prints remembered not to count after their groups are forgotten, and for how many expiries."""


class Groups:
    """The groups of one language. They have absolute numbers, in the order they began."""

    def __init__(self) -> None:
        self.postings = Postings()
        self.live = Column(np.int32)
        """Prints of each group that still count."""
        self.reach = Column(np.int64)
        self.roots = Column(np.int64)
        """The decision that began each group, by absolute number."""
        self.numbers = Figures()
        self.crowds = Crowds()
        self.united = United()
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

    def start(self, root: int, reach: int, numbers: bytes) -> None:
        """Begin a group."""
        self.live.append(0)
        self.reach.append(reach)
        self.roots.append(root)
        self.numbers.append(numbers)

    def unite_under(self, group: int, brought: Iterable[tuple[int, int]]) -> None:
        """Take in that groups stand under an older one, unless that is forgotten by now."""
        for other, prints in brought:
            if group >= self.base:
                self.united.add(other, group)
                self.live[group] += prints

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
        uniting = records.lengths("united") > 0
        posting = which[((sizes[which] > 0) | uniting[which]) & (groups[which] >= self.base)]
        for at in which[uniting[which]].tolist():
            self.unite_under(int(groups[at]), records.opened(at).united)
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
        for column in (self.live, self.reach, self.roots, self.numbers, self.united):
            column.forget(base)
        self.stops, self.stop_ages = stops, ages

    def nbytes(self) -> int:
        """Bytes held."""
        held = (self.postings, self.live, self.reach, self.roots, self.numbers, self.crowds, self.united)
        return sum(part.nbytes() for part in held) + 5 * len(self.stops)
