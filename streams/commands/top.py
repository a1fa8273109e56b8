"""``wirewatch top``: what the workers are doing."""

import json
import time
from collections.abc import Iterator
from dataclasses import asdict

import click

from streams.commands import observed
from streams.errors import WirewatchError
from streams.rates import Look, Rates, look, rates_between
from streams.scrape import announced
from streams.settings import Settings
from streams.show import counted

COLUMNS = ("in/s", "sent/s", "dropped/s", "rejected/s", "under way", "age p50", "p99")
HEAD = f"{'stage':<10}" + "".join(f"{column:>12}" for column in COLUMNS)


@click.command()
@click.option("--every", type=click.FloatRange(0.5, 3600), default=2.0, show_default=True, help="Seconds a look.")
@click.option("--once/--stay", default=None, help="End after the first. Default: stay on a terminal.")
@click.option(
    "--url", "urls", multiple=True, metavar="URL", help="/metrics of a worker; default: those of this machine."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a stage and look.")
def top(every: float, once: bool | None, urls: tuple[str, ...], as_json: bool) -> None:
    """Show what each stage takes, gives and has under way.

    And how old its articles are: from the raw record until a stage has settled it.
    All is from the metrics of the workers, so it needs no broker.
    """
    stays = not once if once is not None else click.get_text_stream("stdout").isatty()
    chosen, before = observed(), None
    while True:
        now = _looked(chosen, urls)
        if before is not None:
            if stays and not as_json:
                click.clear()
            for line in _lines(before, now, as_json):
                click.echo(line)
            if not stays:
                return
        before = now
        time.sleep(every)


def _looked(chosen: Settings, urls: tuple[str, ...]) -> Look:
    found = look(urls or announced(chosen.directory, chosen.prefix))
    if not found.counts:
        where = " or ".join(urls) if urls else f"this machine and {chosen.directory}"
        raise WirewatchError(f"expected a worker of {where}, found none that answers; `wirewatch up` starts one")
    return found


def _lines(before: Look, after: Look, as_json: bool) -> Iterator[str]:
    rates = rates_between(before, after)
    if as_json:
        yield from (json.dumps({"at": time.time(), **asdict(each)}) for each in rates)
        return
    yield f"{counted(len(after.counts), 'worker')}, the last {after.at - before.at:.1f} s"
    yield click.style(HEAD, bold=True)
    yield from map(_line, rates)


def _line(of: Rates) -> str:
    rates = (f"{each:.1f}" for each in (of.received, of.sent, of.dropped, of.rejected))
    columns = (*rates, str(of.in_flight), _age(of.age_p50), _age(of.age_p99))
    return f"{of.stage:<10}" + "".join(f"{column:>12}" for column in columns)


def _age(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:,.1f} s"
