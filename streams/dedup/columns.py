"""Growing arrays that lose their oldest part: what the memory keeps of articles, compactly."""

import struct
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

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


class Growing:
    """Room for entries that are appended at the end and forgotten at the beginning."""

    _values: NDArray[Any]
    _size = 0

    def __len__(self) -> int:
        return self._size

    def drop(self, count: int) -> None:
        """Forget the first ``count`` entries; those that stay count from there."""
        kept = self._values[min(count, self._size) : self._size].copy()
        self._size = len(kept)
        self._hold(kept if len(kept) else np.zeros(64, dtype=self._values.dtype))

    def nbytes(self) -> int:
        """Bytes held."""
        return int(self._values.nbytes)

    def _grow(self) -> None:
        self._hold(np.concatenate((self._values, np.zeros(self._size // 8 + 64, dtype=self._values.dtype))))

    def _hold(self, values: NDArray[Any]) -> None:
        raise NotImplementedError


class Column(Growing):
    """One number of fixed size for each entry."""

    def __init__(self, kind: DTypeLike) -> None:
        self._hold(np.zeros(64, dtype=kind))

    def __getitem__(self, number: int) -> int:
        value: int = self._view[number]
        return value

    def __setitem__(self, number: int, value: int) -> None:
        self._view[number] = value

    def append(self, value: int) -> None:
        """One more entry."""
        if self._size == len(self._values):
            self._grow()
        self._view[self._size] = value
        self._size += 1

    def many(self, numbers: NDArray[Any]) -> NDArray[Any]:
        """The values of some entries."""
        found: NDArray[Any] = self._values[numbers]
        return found

    def all(self) -> NDArray[Any]:
        """All values, as a view."""
        return self._values[: self._size]

    def _hold(self, values: NDArray[Any]) -> None:
        self._values = values
        # single values are read and written several times as fast through a view of the buffer
        self._view = memoryview(values)  # type: ignore[arg-type]


class Rows(Growing):
    """A row of several numbers for each entry."""

    def __init__(self, kind: np.dtype[Any]) -> None:
        self._pack = struct.Struct("<" + "".join(_CODES[str(kind[n])] for n in range(len(kind.names or ()))))
        self._hold(np.zeros(64, dtype=kind))

    def __getitem__(self, number: int) -> tuple[int, ...]:
        return self._pack.unpack_from(self._view, number * self._pack.size)

    def append(self, *values: int) -> None:
        """One more entry."""
        if self._size == len(self._values):
            self._grow()
        self._pack.pack_into(self._view, self._size * self._pack.size, *values)
        self._size += 1

    def column(self, name: str) -> NDArray[Any]:
        """One of the numbers of all entries, as a view that can be written."""
        values: NDArray[Any] = self._values[name][: self._size]
        return values

    def _hold(self, values: NDArray[Any]) -> None:
        self._values = values
        self._view = memoryview(values.view(np.uint8))  # type: ignore[arg-type]


class Blobs:
    """Bytes of any length for each entry."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = Column(np.int64)

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> bytes:
        start = self._ends[number - 1] if number else 0
        return bytes(self._bytes[start : self._ends[number]])

    def append(self, value: bytes) -> None:
        """One more entry."""
        self._bytes += value
        self._ends.append(len(self._bytes))

    def drop(self, count: int) -> None:
        """Forget the first ``count`` entries."""
        count = min(count, len(self._ends))
        if not count:
            return
        cut = self._ends[count - 1]
        del self._bytes[:cut]
        self._ends.drop(count)
        self._ends.all()[:] -= cut

    def nbytes(self) -> int:
        """Bytes held."""
        return len(self._bytes) + self._ends.nbytes()


class HashIndex:
    """The first entry of each 64-bit key, or the latest; key 0 is in no index.

    Open addressing over entry numbers; the keys themselves stand in a column.
    """

    def __init__(self, *, latest: bool = False) -> None:
        self._latest = latest
        self.keys = Column(np.uint64)
        self._reserve(256)

    def __len__(self) -> int:
        return len(self.keys)

    def get(self, key: int) -> int:
        """The entry of ``key``, -1 for none."""
        if not key:
            return -1
        at = key & self._mask
        keys, slots = self.keys, self._view
        while (number := slots[at]) >= 0:
            if keys[number] == key:
                return int(number)
            at = (at + 1) & self._mask
        return -1

    def append(self, key: int) -> None:
        """The key of one more entry."""
        number = len(self.keys)
        self.keys.append(key)
        if not key:
            return
        if 2 * number >= self._mask:
            self._rebuild()
            return
        at = key & self._mask
        while (other := self._view[at]) >= 0:
            if self.keys[other] == key:
                if self._latest:
                    self._view[at] = number
                return
            at = (at + 1) & self._mask
        self._view[at] = number

    def extend(self, keys: NDArray[np.uint64]) -> None:
        """The keys of many more entries, at once."""
        self.keys = _extended(self.keys, keys)
        self._rebuild()

    def drop(self, count: int) -> None:
        """Forget the first ``count`` entries."""
        self.keys.drop(count)
        self._rebuild()

    def nbytes(self) -> int:
        """Bytes held."""
        return self.keys.nbytes() + int(self._slots.nbytes)

    def _reserve(self, size: int) -> None:
        self._mask = size - 1
        self._slots = np.full(size, -1, dtype=np.int32)
        self._view = memoryview(self._slots)  # type: ignore[arg-type]

    def _rebuild(self) -> None:
        keys = self.keys.all()
        self._reserve(max(256, 1 << (2 * len(keys) + 1).bit_length()))
        if self._latest:
            _, first = np.unique(keys[::-1], return_index=True)
            numbers = np.sort(len(keys) - 1 - first)
        else:
            numbers = np.sort(np.unique(keys, return_index=True)[1])
        numbers = numbers[keys[numbers] != 0]
        at = (keys[numbers] & np.uint64(self._mask)).astype(np.int64)
        while len(numbers):
            free = self._slots[at] < 0
            _, first = np.unique(at, return_index=True)
            placed = np.zeros(len(at), dtype=np.bool_)
            placed[first] = True
            placed &= free
            self._slots[at[placed]] = numbers[placed]
            numbers, at = numbers[~placed], (at[~placed] + 1) & self._mask


def _extended(column: Column, values: NDArray[Any]) -> Column:
    longer = Column(values.dtype)
    longer._hold(np.concatenate((column.all(), values)) if len(column) + len(values) else np.zeros(64, values.dtype))
    longer._size = len(column) + len(values)
    return longer
