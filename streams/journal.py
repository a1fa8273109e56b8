"""What a worker is about to process, kept where it outlives the process.

A record that hangs a stage or kills the process is found here after the restart, and is tried apart
before it may touch the worker again.
"""

import mmap
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

SIZE = 64 * 1024


class Journal:
    """A page of shared memory on a file: survives SIGKILL, costs a microsecond a note."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.suspects = _left_by(path)
        """Positions that were being processed when the last process ended."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.ftruncate(descriptor, SIZE)
            self._page = mmap.mmap(descriptor, SIZE)
        finally:
            os.close(descriptor)
        self.clear()

    def note(self, positions: Sequence[str]) -> None:
        """Name what is being processed from now on."""
        text = "\n".join(positions).encode()[: SIZE - 1]
        self._page[: len(text) + 1] = text + b"\0"

    def clear(self) -> None:
        """Nothing is being processed."""
        self._page[0] = 0

    def close(self) -> None:
        self._page.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _left_by(path: Path) -> frozenset[str]:
    try:
        text = path.read_bytes().split(b"\0", 1)[0].decode("utf-8", "replace")
    except FileNotFoundError:
        return frozenset()
    return frozenset(filter(None, text.split("\n")))
