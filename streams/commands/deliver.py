"""``wirewatch deliver``: run the sinks, and what to do when one has been away."""

import asyncio
import os
import signal
import threading

import click
from aiokafka.errors import KafkaError

from streams import metrics
from streams.commands import configured
from streams.engine import mend
from streams.errors import WirewatchError
from streams.health import serve_health
from streams.logs import start_logging
from streams.settings import Settings
from streams.sinks.replay import enable, replay
from streams.sinks.runner import configured_sinks, run_sinks
from streams.watchdog import start_watchdog

SLOT = 64
"""Its metrics port is so many above the first worker's, of which there are at most as many."""
STOP_SECONDS = 8.0
"""How long a stop may take; what is not settled by then is delivered again, under the same id."""


@click.command()
@click.argument("sinks", nargs=-1)
@click.option("--check", is_flag=True, help="Only check the file of sinks, and list them.")
@click.option("--replay", "replayed", is_flag=True, help="Put what SINK could not be given back into its queue.")
@click.option("--enable", "enabled", is_flag=True, help="Send to SINK again although its receiver said it was gone.")
@click.option("--since", type=click.IntRange(1), help="With --replay: only alerts of the last so many hours.")
def deliver(sinks: tuple[str, ...], check: bool, replayed: bool, enabled: bool, since: int | None) -> None:
    """Deliver alerts to SINK..., or to every sink of the file in WIREWATCH_SINKS, until told to stop.

    Without a file, `wirewatch deliver stdout` prints alerts. Exit code 1 if something broke.
    """
    chosen = configured()
    if check:
        _list(chosen, sinks)
    elif replayed or enabled:
        _mend(chosen, sinks, replayed, since)
    else:
        asyncio.run(_until_stopped(chosen, sinks))


def _list(settings: Settings, names: tuple[str, ...]) -> None:
    _, chosen = configured_sinks(settings, names)
    for name, sink in chosen.items():
        click.echo(f"{name:<24} {sink.build().target}")


def _mend(settings: Settings, names: tuple[str, ...], replayed: bool, since: int | None) -> None:
    _, chosen = configured_sinks(settings, names)
    if not names:
        raise click.UsageError("name the sinks that are meant")
    for name in chosen:
        asyncio.run(enable(settings, name))
        if replayed:
            count = asyncio.run(replay(settings, name, since))
            click.echo(f"{name}: {count} alerts wait for delivery again", err=True)


async def _until_stopped(settings: Settings, names: tuple[str, ...]) -> None:
    start_logging(settings.log_level)
    mend()
    metrics.start_sink_series(configured_sinks(settings, names)[1])
    serve_health(settings, SLOT, ())
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    start_watchdog(settings, (), loop)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _stop_soon, stop)
    try:
        await run_sinks(settings, names, stop)
    except* (WirewatchError, BrokenPipeError) as group:
        raise _first(group) from None
    except* KafkaError as group:
        raise WirewatchError(
            f"the broker fails: {type(_first(group)).__name__}; nothing is lost, start again"
        ) from None


def _stop_soon(stop: asyncio.Event) -> None:
    """Begin to stop; a thread ends the process if a receiver takes too long."""
    stop.set()
    timer = threading.Timer(STOP_SECONDS, os._exit, [0])
    timer.daemon = True
    timer.start()


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    found: BaseException = group
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found
