"""A file: an alert a line, on the disk before it counts as delivered."""

import asyncio
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

from pydantic import Field

from streams.sinks.sink import DeliveryFailed, Notice, SinkSettings


class FileSettings(SinkSettings):
    """Alerts appended to a file."""

    type: Literal["file"]
    path: Path = Field(description="JSON lines; made if missing, opened anew each time, so it may be rotated.")

    def build(self) -> "File":
        return File(self)


class File:
    """Appends; a line that a crash has torn is ended first."""

    concurrency, at_once, wants_ends = 1, 500, False

    def __init__(self, settings: FileSettings) -> None:
        self._path = settings.path.expanduser()

    @property
    def target(self) -> str:
        return str(self._path)

    async def start(self) -> None:
        self._thread = ThreadPoolExecutor(1, "file")  # a disk that hangs holds up nobody else

    async def stop(self) -> None:
        self._thread.shutdown(wait=False)

    async def send(self, notices: Sequence[Notice]) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(
                self._thread, self._append, b"".join(notice.value + b"\n" for notice in notices)
            )
        except OSError as error:
            raise DeliveryFailed(f"{self._path}: {error.strerror or type(error).__name__}") from None

    def _append(self, lines: bytes) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a+b") as file:
            if file.seek(0, os.SEEK_END) and _last_byte(file.fileno()) != b"\n":
                lines = b"\n" + lines
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())


def _last_byte(descriptor: int) -> bytes:
    return os.pread(descriptor, 1, os.fstat(descriptor).st_size - 1)
