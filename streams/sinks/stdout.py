"""Standard output: an alert a line."""

import asyncio
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO, Literal

from pydantic import Field

from streams.sinks.sink import Duration, Notice, SinkSettings
from streams.sinks.wording import headline, origin, sentences


class StdoutSettings(SinkSettings):
    """Alerts on standard output."""

    type: Literal["stdout"] = "stdout"
    timeout: Duration = Field(86_400, gt=0, description="Longest a reader may take; until then it is waited for.")
    format: Literal["json", "text"] = Field("json", description="A JSON object a line, or lines for people.")

    def build(self) -> "Stdout":
        return Stdout(self, sys.stdout.buffer)


class Stdout:
    """Writes each alert and flushes."""

    concurrency, at_once, wants_ends = 1, 500, False
    target = "standard output"

    def __init__(self, settings: StdoutSettings, stream: BinaryIO) -> None:
        self._text = settings.format == "text"
        self._stream = stream

    async def start(self) -> None:
        self._thread = ThreadPoolExecutor(1, "stdout")

    async def stop(self) -> None:
        self._thread.shutdown(wait=False)

    async def send(self, notices: Sequence[Notice]) -> None:
        lines = (_for_people(notice) if self._text else notice.value for notice in notices)
        written = b"".join(line + b"\n" for line in lines)
        await asyncio.get_running_loop().run_in_executor(self._thread, self._write, written)

    def _write(self, lines: bytes) -> None:
        """In a thread: a reader that stands still holds up nobody else."""
        self._stream.write(lines)
        self._stream.flush()


def _for_people(notice: Notice) -> bytes:
    alert = notice.alert
    return "\n    ".join([headline(alert), origin(alert), *sentences(alert)]).encode()
