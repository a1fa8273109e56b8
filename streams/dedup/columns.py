"""Growing arrays that lose their oldest part: what the memory keeps of articles, compactly."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


class Column:
    """One value of fixed size for each number."""

    def __init__(self, kind: DTypeLike) -> None:
        self._values: NDArray[Any] = np.zeros(64, dtype=kind)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, number: int) -> int:
        return int(self._values[number])

    def __setitem__(self, number: int, value: int) -> None:
        self._values[number] = value

    def append(self, value: int) -> None:
        if self._size == len(self._values):
            self._values = np.concatenate((self._values, np.zeros(self._size // 4 + 64, dtype=self._values.dtype)))
        self._values[self._size] = value
        self._size += 1

    def many(self, numbers: NDArray[Any]) -> NDArray[Any]:
        found: NDArray[Any] = self._values[numbers]
        return found

    def all(self) -> NDArray[Any]:
        """The values, as a view."""
        return self._values[: self._size]

    def drop(self, count: int) -> None:
        """Forget the first ``count`` values."""
        self._values = self._values[count : self._size].copy()
        self._size = len(self._values)
        if not self._size:
            self._values = np.zeros(64, dtype=self._values.dtype)

    def nbytes(self) -> int:
        return int(self._values.nbytes)


class Blobs:
    """Bytes of any length for each number."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = Column(np.int64)

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> bytes:
        start = self._ends[number - 1] if number else 0
        return bytes(self._bytes[start : self._ends[number]])

    def append(self, value: bytes) -> None:
        self._bytes += value
        self._ends.append(len(self._bytes))

    def drop(self, count: int) -> None:
        """Forget the first ``count`` values."""
        if not count:
            return
        cut = self._ends[count - 1]
        del self._bytes[:cut]
        self._ends.drop(count)
        if len(self._ends):
            self._ends.all()[:] -= cut

    def nbytes(self) -> int:
        return len(self._bytes) + self._ends.nbytes()
