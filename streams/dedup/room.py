"""Memory that becomes larger where it stands: the system moves pages, not their contents."""

import mmap
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

_HUGE = 1 << 22
"""Bytes from which large pages are asked for."""


class Room:
    """So many items of ``width`` bytes each, zero at first."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._bytes: mmap.mmap | None = None

    def resize(self, items: int) -> None:
        """Have room for so many items, the first as they were; views taken before do not follow, and cost a copy."""
        size = items * self._width
        if not size:
            self._bytes = None
        elif self._bytes is None:
            self._bytes = _mapped(size)
        else:
            self._bytes = _resized(self._bytes, size)
        if size >= _HUGE and self._bytes is not None and hasattr(mmap, "MADV_HUGEPAGE"):
            self._bytes.madvise(mmap.MADV_HUGEPAGE)

    def view(self, kind: DTypeLike) -> NDArray[Any]:
        """All of it, as numbers of a kind."""
        return np.frombuffer(self._bytes or b"", dtype=kind)

    def nbytes(self) -> int:
        """Bytes held."""
        return 0 if self._bytes is None else len(self._bytes)


def _mapped(size: int) -> mmap.mmap:
    if hasattr(mmap, "MAP_PRIVATE"):
        return mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    return mmap.mmap(-1, size)


def _resized(held: mmap.mmap, size: int) -> mmap.mmap:
    try:
        held.resize(size)
        return held
    except (OSError, SystemError, ValueError, BufferError):  # not every system can, nor while somebody looks at it
        other = _mapped(size)
        other[: min(size, len(held))] = held[: min(size, len(held))]
        return other
