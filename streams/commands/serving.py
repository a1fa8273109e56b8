"""What commands that run beside the workers have in common: served, watched, and told to stop."""

import asyncio
import os
import signal
import threading

from streams.health import serve_health
from streams.settings import Settings
from streams.watchdog import start_watchdog

STOP_SECONDS = 8.0
"""How long a stop may take; what is not done by then is done again after the next start, under the same ids."""


def serve_until_told(settings: Settings, slot: int) -> asyncio.Event:
    """Serve metrics ``slot`` ports above the first worker's, and watch the loop.

    The event is set by Ctrl-C or SIGTERM.
    """
    serve_health(settings, slot, ())
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    start_watchdog(settings, (), loop)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _stop_soon, stop)
    return stop


def _stop_soon(stop: asyncio.Event) -> None:
    """Begin to stop; a thread ends the process if somebody out there takes too long."""
    stop.set()
    timer = threading.Timer(STOP_SECONDS, os._exit, [0])
    timer.daemon = True
    timer.start()
