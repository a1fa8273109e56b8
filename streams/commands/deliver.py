"""``wirewatch deliver``: run the sinks, and what to do when one has been away."""

import asyncio
import json

import click
from aiokafka.errors import KafkaError

from streams import metrics
from streams.commands import configured
from streams.commands.serving import serve_until_told
from streams.engine import mend
from streams.errors import WirewatchError
from streams.logs import start_logging
from streams.reading import seconds_in
from streams.settings import Settings
from streams.show import counted
from streams.sinks.configuration import problem_of
from streams.sinks.replay import enable, replay
from streams.sinks.runner import configured_sinks, run_sinks
from streams.waiting import broker_reached

SLOT = 64
"""Its metrics port is so many above the first worker's, of which there are at most as many."""


def _hours(context: click.Context, parameter: click.Parameter, given: str | None) -> float | None:
    seconds = seconds_in(given) if given else None
    if given and not seconds:
        raise click.BadParameter(f"expected a span such as 30m, 2h or 7d, found {given}")
    return seconds and seconds / 3600


@click.command()
@click.argument("sinks", nargs=-1)
@click.option("--check", is_flag=True, help="Only check the file of sinks and their secrets, and list them.")
@click.option("--replay", "replayed", is_flag=True, help="Put what SINKS could not be given back into its queue.")
@click.option("--enable", "enabled", is_flag=True, help="Send to SINKS again although the receiver said it was gone.")
@click.option("--since", callback=_hours, help="With --replay: only alerts at most 30m, 2h, 7d old.")
@click.option("--json", "as_json", is_flag=True, help="With --check: one JSON object a line.")
def deliver(
    sinks: tuple[str, ...], check: bool, replayed: bool, enabled: bool, since: float | None, as_json: bool
) -> None:
    """Deliver alerts to SINKS, until Ctrl-C or SIGTERM.

    Without SINKS: to every sink of the file in WIREWATCH_SINKS. Without a file,
    `wirewatch deliver stdout` prints alerts. A broker that is away is waited for.
    Exit code 1 if something broke, or --check found a fault.
    """
    chosen = configured()
    if check:
        _list(chosen, sinks, as_json)
    elif replayed or enabled:
        _mend(chosen, sinks, replayed, since)
    else:
        asyncio.run(_until_stopped(chosen, sinks))


def _list(settings: Settings, names: tuple[str, ...], as_json: bool) -> None:
    _, chosen = configured_sinks(settings, names)
    faults = 0
    for name, sink in chosen.items():
        problem = problem_of(sink)
        faults += problem is not None
        row = {"sink": name, "target": None if problem else sink.build().target, "problem": problem}
        click.echo(json.dumps(row) if as_json else f"{name:<24} {problem or row['target']}")
    if faults:
        raise click.ClickException(f"{counted(faults, 'sink')} of {len(chosen)} cannot be used as configured")


def _mend(settings: Settings, names: tuple[str, ...], replayed: bool, since: float | None) -> None:
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
    stop = serve_until_told(settings, SLOT)
    if not await broker_reached(settings, stop):
        return
    try:
        await run_sinks(settings, names, stop)
    except* (WirewatchError, BrokenPipeError) as group:
        raise _first(group) from None
    except* KafkaError as group:
        raise WirewatchError(
            f"the broker fails: {type(_first(group)).__name__}; nothing is lost, start again"
        ) from None


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    found: BaseException = group
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found
