"""What has changed, numbered and kept for a while: a browser that was away takes up where it left off."""

import asyncio
import secrets
from collections import deque
from collections.abc import Sequence

KEPT = 500
"""Events that are kept; a browser that has missed more begins anew."""


class Events:
    """The latest events of one run. Numbers of another run are unknown here, as are those that were let go."""

    def __init__(self, kept: int = KEPT) -> None:
        self._run = secrets.token_hex(4)
        self._kept: deque[bytes] = deque(maxlen=kept)
        self._count = 0
        self._more = asyncio.Event()

    @property
    def last(self) -> str:
        """The number of the latest event."""
        return self._number(self._count)

    def _number(self, count: int) -> str:
        return f"{self._run}-{count}"

    def add(self, data: bytes) -> None:
        """Keep an event, and wake whoever waits for one."""
        self._kept.append(data)
        self._count += 1
        self._wake()

    def _wake(self) -> None:
        self._more.set()
        self._more = asyncio.Event()

    def after(self, number: str) -> Sequence[tuple[str, bytes]] | None:
        """The events after ``number`` with theirs; None where it is not known which those are."""
        run, _, text = number.rpartition("-")
        first = self._count - len(self._kept)
        if run != self._run or not text.isascii() or not text.isdigit() or not first <= int(text) <= self._count:
            return None
        seen = int(text)
        return [(self._number(count), self._kept[count - first - 1]) for count in range(seen + 1, self._count + 1)]

    async def beyond(self, number: str, seconds: float) -> bool:
        """Wait for an event after ``number``; whether one came in time."""
        if number != self.last:
            return True
        try:
            await asyncio.wait_for(self._more.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def wake_all(self) -> None:
        """Let whoever waits look again: whether the server is about to leave."""
        self._wake()
