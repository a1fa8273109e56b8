"""Processes that stay wait for an absent broker, and say so; commands that end do not (`connection.reach`)."""

import asyncio
import logging

from streams.broker import BrokerError
from streams.connection import reach
from streams.settings import Settings

log = logging.getLogger(__name__)

REACH_SECONDS = 3.0
REACH_PAUSE = 0.5


async def broker_reached(settings: Settings, stop: asyncio.Event) -> bool:
    """True once a broker answers and lets us in, however long that takes; False where ``stop`` is set before.

    ConfigurationError for what waiting cannot mend.
    """
    told, reached = asyncio.ensure_future(stop.wait()), asyncio.ensure_future(_reached(settings))
    await asyncio.wait([told, reached], return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if not reached.done():
        reached.cancel()
        return False
    reached.result()
    return not stop.is_set()


async def _reached(settings: Settings) -> None:
    while True:
        try:
            await asyncio.to_thread(reach, settings, REACH_SECONDS)
            return
        except BrokerError as error:
            log.warning("waiting for the broker", extra={"error": str(error)})
            await asyncio.sleep(REACH_PAUSE)
