"""Growing arrays that lose their oldest part: what the memory keeps of articles, compactly."""

import struct
from collections.abc import Sequence
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

    def extend(self, values: NDArray[Any]) -> None:
        """Many more entries."""
        size = self._size + len(values)
        if size > len(self._values):
            self._grow(size - len(self._values))
        self._values[self._size : size] = values
        self._size = size

    def _grow(self, needed: int = 0) -> None:
        more = max(needed, self._size // 8 + 64)
        self._hold(np.concatenate((self._values, np.zeros(more, dtype=self._values.dtype))))

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

    def extend(self, values: Sequence[bytes]) -> None:
        """Many more entries."""
        lengths = np.fromiter(map(len, values), dtype=np.int64, count=len(values))
        self._ends.extend(np.cumsum(lengths) + len(self._bytes))
        self._bytes += b"".join(values)

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
        start = len(self.keys)
        self.keys.extend(keys)
        if 2 * len(self.keys) > self._mask:
            self._rebuild()
        else:
            self._place(start + self._deciding(keys))

    def find(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """The entries of many keys, -1 where there is none."""
        found = np.full(len(keys), -1, dtype=np.int64)
        asked = np.flatnonzero(keys)
        at = (keys[asked] & np.uint64(self._mask)).astype(np.int64)
        every = self.keys.all()
        while len(asked):
            held = self._slots[at]
            there = held >= 0
            asked, at, held = asked[there], at[there], held[there]
            same = every[held] == keys[asked]
            found[asked[same]] = held[same]
            asked, at = asked[~same], (at[~same] + 1) & self._mask
        return found

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
        self._place(self._deciding(keys))

    def _deciding(self, keys: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Of entries with one key the first or the latest; none of key 0."""
        if self._latest:
            decisive = len(keys) - 1 - np.unique(keys[::-1], return_index=True)[1]
        else:
            decisive = np.unique(keys, return_index=True)[1]
        chosen: NDArray[np.int64] = decisive[keys[decisive] != 0].astype(np.int64)
        return chosen

    def _place(self, numbers: NDArray[np.int64]) -> None:
        """Give entries of distinct keys their slots."""
        every = self.keys.all()
        at = (every[numbers] & np.uint64(self._mask)).astype(np.int64)
        while len(numbers):
            held = self._slots[at]
            free = held < 0
            same = ~free & (every[held] == every[numbers])
            if self._latest:
                self._slots[at[same]] = numbers[same]
            # several may claim one free slot: the last written has it, the others go on
            self._slots[at[free]] = numbers[free]
            rest = ~same & (self._slots[at] != numbers)
            numbers, at = numbers[rest], (at[rest] + 1) & self._mask
