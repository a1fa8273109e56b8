"""What the memory keeps of each entry, in parts: a new entry never waits for the old ones to be copied.

Entries have absolute numbers, in the order they came; the oldest are forgotten. A part holds the entries whose
numbers agree in their high bits, so growing begins a part and forgetting drops whole ones.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from streams import kernels

PART = 1 << 14
"""Entries of a part."""
BITS, WITHIN = PART.bit_length() - 1, PART - 1
_FEWEST = 64
_CODES = {"uint64": "Q", "int64": "q", "uint32": "I", "int32": "i", "uint16": "H"}
_TRUE = np.ones(1, dtype=np.bool_)


def runs(ordered: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the runs of equal values begin in an ordered array, and how long each is."""
    if not len(ordered):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    first = np.concatenate((_TRUE, ordered[1:] != ordered[:-1])).nonzero()[0]
    sizes = np.empty_like(first)
    np.subtract(first[1:], first[:-1], out=sizes[:-1])
    sizes[-1] = len(ordered) - first[-1]
    return first, sizes


class Entries:
    """Numbers of entries: those from ``base`` on are remembered, ``next`` is the number of the one to come."""

    def __init__(self) -> None:
        self.base = self.next = 0
        self.gone = 0
        """Parts that were dropped, or never filled."""

    def __len__(self) -> int:
        return self.next - self.base

    def forget(self, base: int) -> None:
        """Forget the entries below ``base``; where there are none as high, the next one has that number."""
        self.base = max(base, self.base)
        self.next = max(self.next, self.base)
        gone = (self.base >> BITS) - self.gone
        self._drop(gone)
        self.gone += gone

    def pieces(self, count: int) -> Iterator[tuple[int, slice, slice]]:
        """The next ``count`` entries by the parts they belong to: part, where in it, and which of them."""
        start, end = self.next, self.next + count
        while start < end:
            stop = min(end, (start | WITHIN) + 1)
            at = start & WITHIN
            yield (
                (start >> BITS) - self.gone,
                slice(at, at + stop - start),
                slice(start - self.next, stop - self.next),
            )
            start = stop

    def _drop(self, parts: int) -> None:
        """Drop the oldest parts."""
        raise NotImplementedError


class Column(Entries):
    """One number of fixed size for each entry."""

    def __init__(self, kind: DTypeLike) -> None:
        super().__init__()
        self._kind = np.dtype(kind)
        self._parts: list[NDArray[Any]] = []
        # single values are read and written several times as fast through a view of the buffer
        self._views: list[Any] = []

    def __getitem__(self, number: int) -> int:
        value: int = self._views[(number >> BITS) - self.gone][number & WITHIN]
        return value

    def __setitem__(self, number: int, value: int) -> None:
        self._views[(number >> BITS) - self.gone][number & WITHIN] = value

    def append(self, value: int) -> None:
        """One more entry."""
        number = self.next
        part, at = (number >> BITS) - self.gone, number & WITHIN
        if part == len(self._parts) or at == len(self._parts[part]):
            self._make_room(part, at + 1)
        self._views[part][at] = value
        self.next = number + 1

    def extend(self, values: NDArray[Any]) -> None:
        """Many more entries."""
        for part, at, which in self.pieces(len(values)):
            self._make_room(part, at.stop)
            self._parts[part][at] = values[which]
        self.next += len(values)

    def some(self, numbers: Sequence[int]) -> list[int]:
        """The values of some entries."""
        views, gone = self._views, self.gone
        return [views[(number >> BITS) - gone][number & WITHIN] for number in numbers]

    def many(self, numbers: NDArray[np.int64], room: NDArray[Any] | None = None) -> NDArray[Any]:
        """The values of some entries, in ``room`` if that is large enough."""
        if kernels.native is None:
            return np.array(self.some(numbers.tolist()), dtype=self._kind)
        if room is None or len(room) < len(numbers):
            room = np.empty(len(numbers), dtype=self._kind)
        values = room[: len(numbers)]
        kernels.native.gathered(self._views, numbers, self.gone, BITS, self._kind.itemsize, values.view(np.uint8))
        return values

    def all(self) -> NDArray[Any]:
        """A copy of all values."""
        return self.between(self.base, self.next)

    def between(self, first: int, end: int) -> NDArray[Any]:
        """A copy of the values of the entries from ``first`` on and below ``end``."""
        parts = [np.zeros(0, dtype=self._kind)]
        while first < end:
            start = first & ~WITHIN
            stop = min(end, start + PART)
            parts.append(self._parts[(first >> BITS) - self.gone][first - start : stop - start])
            first = stop
        return np.concatenate(parts)

    def change(self, change: Any, numbers: NDArray[np.int64], by: NDArray[Any]) -> None:
        """Let ``change``, a ufunc such as ``np.add``, take ``by`` to the values of some entries; one may come often."""
        parts = (numbers >> BITS) - self.gone
        for part in np.unique(parts).tolist():
            which = parts == part
            change.at(self._parts[part], numbers[which] & WITHIN, by[which].astype(self._kind))

    def nbytes(self) -> int:
        """Bytes held."""
        return sum(int(part.nbytes) for part in self._parts)

    def _make_room(self, part: int, size: int) -> None:
        """See that a part has room for so many entries: all of it at once, but for the first, which may stay small."""
        while len(self._parts) <= part:
            self._hold(len(self._parts), np.zeros(0 if not self._parts else PART, dtype=self._kind))
        held = self._parts[part]
        if size > len(held):
            room = min(PART, max(_FEWEST, size, 2 * len(held)))
            self._hold(part, np.concatenate((held, np.zeros(room - len(held), dtype=self._kind))))

    def _hold(self, part: int, values: NDArray[Any]) -> None:
        self._parts[part : part + 1] = [values]
        self._views[part : part + 1] = [self._viewed(values)]

    def _viewed(self, values: NDArray[Any]) -> Any:
        return memoryview(values)  # type: ignore[arg-type]

    def _drop(self, parts: int) -> None:
        del self._parts[:parts], self._views[:parts]


class Rows(Column):
    """A row of several numbers for each entry."""

    def __init__(self, kind: np.dtype[Any]) -> None:
        super().__init__(kind)
        self._width = kind.itemsize

    def raw(self, number: int) -> Any:
        """The bytes of a row."""
        at = (number & WITHIN) * self._width
        return self._views[(number >> BITS) - self.gone][at : at + self._width]

    def many(self, numbers: NDArray[np.int64], room: NDArray[Any] | None = None) -> NDArray[Any]:
        """Some rows, in ``room`` if that is large enough."""
        if kernels.native is not None:
            return super().many(numbers, room)
        views, gone, width = self._views, self.gone, self._width
        every = [views[(n >> BITS) - gone][(at := (n & WITHIN) * width) : at + width] for n in numbers.tolist()]
        return np.frombuffer(b"".join(every), dtype=self._kind)

    def put(self, row: bytes) -> None:
        """One more entry, given as its bytes."""
        number = self.next
        part, at = (number >> BITS) - self.gone, number & WITHIN
        if part == len(self._parts) or at == len(self._parts[part]):
            self._make_room(part, at + 1)
        self._views[part][at * self._width : (at + 1) * self._width] = row
        self.next = number + 1

    def _viewed(self, values: NDArray[Any]) -> Any:
        return memoryview(values.view(np.uint8)) if len(values) else b""  # type: ignore[arg-type]


class Packed(Rows):
    """Rows that are read and written as tuples."""

    def __init__(self, kind: np.dtype[Any]) -> None:
        super().__init__(kind)
        self._pack = struct.Struct("<" + "".join(_CODES[str(kind[n])] for n in range(len(kind.names or ()))))

    def __getitem__(self, number: int) -> Any:
        view = self._views[(number >> BITS) - self.gone]
        return self._pack.unpack_from(view, (number & WITHIN) * self._width)

    def append(self, *values: int) -> None:
        """One more entry."""
        self.put(self._pack.pack(*values))
