"""Work on the event loop in slices, so that heartbeats and fetches go on between them."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

SLICE_SECONDS = 0.02
LEAST, MOST = 1, 200


class Slicer:
    """Cuts batches so that a slice takes about ``SLICE_SECONDS``, by what the last ones took."""

    def __init__(self) -> None:
        self._seconds_each = SLICE_SECONDS / 8

    def cut(self, items: Sequence[T]) -> Iterator[Sequence[T]]:
        """``items`` in order, a slice at a time; its size follows what was learned meanwhile."""
        start = 0
        while start < len(items):
            size = min(MOST, max(LEAST, int(SLICE_SECONDS / self._seconds_each)))
            yield items[start : start + size]
            start += size

    def learn(self, items: int, seconds: float) -> None:
        """A slice of ``items`` took ``seconds``: mean over about the last four slices."""
        self._seconds_each += (max(seconds, 1e-6) / max(items, 1) - self._seconds_each) / 4
