"""Work on the event loop in slices, so that heartbeats and fetches go on between them."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

SLICE_SECONDS = 0.02
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

    def learn(self, items: int, seconds: float) -> None:
        """A slice of ``items`` took ``seconds``: the next is at most twice or half as large."""
        factor = min(2.0, max(0.5, SLICE_SECONDS / max(seconds, 1e-6)))
        if factor < 1.0 or items >= int(self._size):
            self._size = min(float(MOST), max(float(LEAST), self._size * factor))
