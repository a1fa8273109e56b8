"""Memory that a burst has left behind, given back to the system.

While a backlog is worked off, thousands of texts are held at a time. Once they are gone the C library keeps their
room, for it lies between what is still used: a worker would stay as large as it ever was.
"""

import asyncio
import ctypes
from collections.abc import Callable

GIVEN_BACK_SECONDS = 60.0


async def keep_small() -> None:
    """Give back, now and then, what is free; where the C library cannot, do nothing."""
    give_back = _give_back()
    while give_back is not None:
        await asyncio.sleep(GIVEN_BACK_SECONDS)
        await asyncio.to_thread(give_back, 0)


def _give_back() -> Callable[[int], int] | None:
    """``malloc_trim`` of glibc: a millisecond as a rule, without the interpreter's lock."""
    try:
        found: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return None
    return found
