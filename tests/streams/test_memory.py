"""What a burst has left free goes back to the system."""

import asyncio
import os

import pytest

from streams import memory
from streams.faults.workers import resident_bytes

pytestmark = pytest.mark.skipif(memory._give_back() is None, reason="this C library cannot give memory back")

TEXT, MANY = 4_000, 20_000


async def test_room_between_what_is_still_used_is_given_back(monkeypatch):
    monkeypatch.setattr(memory, "GIVEN_BACK_SECONDS", 0.01)
    burst = [bytes(TEXT) for _ in range(MANY)]
    kept = burst[::10]
    full = resident_bytes(os.getpid())
    del burst

    keeping = asyncio.ensure_future(memory.keep_small())
    async with asyncio.timeout(20):
        while full - resident_bytes(os.getpid()) < TEXT * MANY / 2:
            await asyncio.sleep(0.01)

    keeping.cancel()
    assert len(kept) == MANY / 10
