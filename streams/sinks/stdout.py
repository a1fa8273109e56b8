"""Standard output: an alert a line."""

import sys
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field

from streams.sinks.sink import Notice, SinkSettings
from streams.sinks.wording import headline, origin, sentences


class StdoutSettings(SinkSettings):
    """Alerts on standard output."""

    type: Literal["stdout"] = "stdout"
    format: Literal["json", "text"] = Field("json", description="A JSON object a line, or lines for people.")

    def build(self) -> "Stdout":
        return Stdout(self, sys.stdout)


class Stdout:
    """Writes each alert and flushes."""

    concurrency, at_once, wants_ends = 1, 500, False
    target = "standard output"

    def __init__(self, settings: StdoutSettings, stream: Any) -> None:
        self._text = settings.format == "text"
        self._stream = stream

    async def start(self) -> None:
        """Nothing to do."""

    async def stop(self) -> None:
        """Nothing to do."""

    async def send(self, notices: Sequence[Notice]) -> None:
        lines = (_for_people(notice) if self._text else notice.value.decode() for notice in notices)
        self._stream.write("".join(f"{line}\n" for line in lines))
        self._stream.flush()


def _for_people(notice: Notice) -> str:
    alert = notice.alert
    found = [f"    {modality + ': ' if modality else ''}{sentence}" for modality, sentence in sentences(alert)]
    return "\n".join([headline(alert), f"    {origin(alert)}", *found])
