"""``wirewatch faults``: the faults of real life, injected, judged by an oracle."""

import json
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from streams.errors import WirewatchError
from streams.faults.injections import known
from streams.faults.lab import Lab
from streams.faults.oracle import Judgement
from streams.faults.registry import Fault
from streams.faults.result import Result, Size
from streams.faults.table import details, row_of, table


@click.command()
@click.argument("names", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every fault in full, the ones of three nodes included.")
@click.option("--hours", type=click.FloatRange(min=0.01), help="Soak: work under load with kills for so long.")
@click.option("--list", "only_list", is_flag=True, help="Only say which faults there are.")
@click.option("--json", "as_json", is_flag=True, help="With --list: one JSON object a line.")
@click.option("--full", is_flag=True, help="NAMES in full instead of in short.")
@click.option("--rate", type=click.FloatRange(min=1), default=60.0, show_default=True, help="Articles a second.")
@click.option("--keep", is_flag=True, help="Keep logs and data of the run.")
def faults(
    names: tuple[str, ...],
    everything: bool,
    hours: float | None,
    only_list: bool,
    as_json: bool,
    full: bool,
    rate: float,
    keep: bool,
) -> None:
    """Inject faults, and judge what became of every article.

    It has a Kafka and workers of its own, and judges from the topics.

    Without NAMES: the short selection, every kind of fault once on one node. Exit code 1 if a promise broke.
    """
    chosen = _chosen(names, everything)
    if only_list:
        _list(as_json)
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: what was started is stopped
    with _laboratory(Size(everything or full, rate), keep) as lab:
        results = _soaked(lab, hours) if hours else [_injected(lab, each) for each in chosen]
    for line in table(results):
        click.echo(line)
    if not all(result.holds for result in results):
        raise click.exceptions.Exit(1)


def _list(as_json: bool) -> None:
    for each in known().values():
        row = {"fault": each.name, "group": each.group, "says": each.says}
        click.echo(json.dumps(row) if as_json else f"{each.name:<28} {each.group:>2}  {each.says}")


@contextmanager
def _laboratory(size: Size, keep: bool) -> Iterator[Lab]:
    """A laboratory that leaves nothing running, and its files only if they are to be kept."""
    directory = Path(tempfile.mkdtemp(prefix="wirewatch-faults-"))
    lab = Lab(directory, size, _say)
    try:
        yield lab
    finally:
        lab.close()
        if keep:
            _say(f"logs and data are in {directory}")
        else:
            shutil.rmtree(directory, ignore_errors=True)


def _chosen(names: Sequence[str], everything: bool) -> list[Fault]:
    there = known()
    for name in names:
        if name not in there:
            raise WirewatchError(f"expected the name of a fault, found {name!r}; see `wirewatch faults --list`")
    return [each for each in there.values() if everything or (each.name in names if names else each.short)]


def _injected(lab: Lab, each: Fault) -> Result:
    _say(f"{each.name}: {each.says}")
    started = time.monotonic()
    try:
        result = each.inject(lab)
    except Exception as error:
        result = Result(each.name, Judgement(wrong=[f"the run itself failed: {error!r}"]))
    _say("  " + "  ".join(row_of(result)) + f"  [{time.monotonic() - started:.0f} s]")
    for line in details(result):
        _say(f"    {line}")
    return result


def _soaked(lab: Lab, hours: float) -> list[Result]:
    from streams.faults.soak import soak

    return [soak(lab, hours)]


def _say(line: str) -> None:
    click.echo(line, err=True)
