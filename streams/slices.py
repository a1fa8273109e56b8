"""Work on the event loop in slices, so that heartbeats and fetches go on between them."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

SLICE_SECONDS = 0.02
"""Of one slice. Only one runs between two looks of the event loop, whichever hop it is of."""
LEAST, MOST = 1, 200


class Slicer:
    """Cuts batches so that a slice takes about ``SLICE_SECONDS``, by what the last ones took.

    A slice's size is steered, not computed from a mean for each item: stages that work on a whole slice at once
    have a cost for the slice and a small one for each item, and a mean taken at small slices would keep them small.
    """

    def __init__(self) -> None:
        self._size = 8.0

    def cut(self, items: Sequence[T]) -> Iterator[Sequence[T]]:
        """``items`` in order, a slice at a time; its size follows what was learned meanwhile."""
        start = 0
        while start < len(items):
            size = int(self._size)
            yield items[start : start + size]
            start += size

    def timed(self, work: Callable[[Sequence[int]], Sequence[T]], spent: float = 0.0) -> Callable[..., Sequence[T]]:
        """``work`` that tells how long it took when it is done, ``spent`` seconds before it included."""

        def told(which: Sequence[int]) -> Sequence[T]:
            started = time.perf_counter()
            results = work(which)
            self.learn(len(which), time.perf_counter() - started + spent)
            return results

        return told

    def learn(self, items: int, seconds: float) -> None:
        """A slice of ``items`` took ``seconds``: the next is at most twice or half as large."""
        factor = min(2.0, max(0.5, SLICE_SECONDS / max(seconds, 1e-6)))
        if factor < 1.0:
            size = self._size * factor
        elif items >= int(self._size):  # by one at least, or a slice's own cost would hold small slices small
            size = max(items * factor, min(self._size * factor, items + 1.0))
        else:
            return
        self._size = min(float(MOST), max(float(LEAST), size))
