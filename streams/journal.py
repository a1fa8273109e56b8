"""What a worker is about to process, kept where it outlives the process.

A record that hangs a stage or kills the process is found here after the restart, and is tried apart
before it may touch the worker again.
"""

import errno
import mmap
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from streams.files import naming, write_whole
from streams.trial import Verdict

SIZE = 64 * 1024
REMEMBERED = 1000
"""Condemned positions that are kept; older ones have long been committed."""


class Journal:
    """A page of shared memory on a file: survives SIGKILL, costs a microsecond a note."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.suspects = _left_by(path)
        """Positions that were being processed when the last process ended."""
        self._verdicts = path.with_name(path.name + ".condemned")
        self.condemned = _condemned_in(self._verdicts)
        """Positions that ended a process twice, and how: never to be tried again."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _fill(descriptor, path)
            self._page = mmap.mmap(descriptor, SIZE)
        finally:
            os.close(descriptor)

    def note(self, positions: Sequence[str]) -> None:
        """Name what is being processed from now on."""
        text = "\n".join(positions).encode()
        if len(text) >= SIZE:
            text = text[:SIZE].rpartition(b"\n")[0]
        self._page[: len(text) + 1] = text + b"\0"

    def condemn(self, position: str, verdict: Verdict) -> None:
        """Write a verdict down, so that it outlives this process, too."""
        self.condemned[position] = verdict
        kept = list(self.condemned.items())[-REMEMBERED:]
        write_whole(self._verdicts, "".join(f"{verdict}\t{position}\n" for position, verdict in kept))

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


def _fill(descriptor: int, path: Path) -> None:
    """Write an empty page: touching a part that finds no room on the disk later would kill the process."""
    with naming(path):
        if os.pwrite(descriptor, bytes(SIZE), 0) < SIZE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _left_by(path: Path) -> frozenset[str]:
    try:
        text = path.read_bytes().split(b"\0", 1)[0].decode("utf-8", "replace")
    except FileNotFoundError:
        return frozenset()
    return frozenset(filter(None, text.split("\n")))


def _condemned_in(path: Path) -> dict[str, Verdict]:
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return {}
    verdicts = (line.partition("\t") for line in lines)
    return {position: cast(Verdict, verdict) for verdict, _, position in verdicts if position}
