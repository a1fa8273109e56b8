"""How long the event loop keeps waiting what is due: heartbeats, fetches and health checks among it."""

import asyncio

from streams import metrics

LOOK_SECONDS = 0.02


def watch_lag(loop: asyncio.AbstractEventLoop) -> None:
    """Observe, for as long as ``loop`` runs, how late it comes to what was due."""
    _look(loop, loop.time())


def _look(loop: asyncio.AbstractEventLoop, due: float) -> None:
    now = loop.time()
    metrics.loop_lag_seconds.observe(max(0.0, now - due))
    loop.call_at(now + LOOK_SECONDS, _look, loop, now + LOOK_SECONDS)
