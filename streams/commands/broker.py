"""``wirewatch broker``: the Apache Kafka on this machine."""

import json
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import click

from streams.broker import BrokerError, LocalBroker, running_broker
from streams.broker.node import tail
from streams.commands import local_broker
from streams.connection import answers, reach
from streams.groups import Group
from streams.settings import Settings, settings
from streams.show import counted


@click.group(cls=Group)
def broker() -> None:
    """Start, stop and look at the local Apache Kafka."""


@broker.command()
@click.option("--nodes", type=click.Choice(["1", "3"]), default="1", show_default=True, help="3: every topic on each.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port of the first node. Default: 29092 or the next free.")
def start(nodes: str, port: int | None) -> None:
    """Start the broker, or say that it runs; prints its address."""
    chosen = settings()
    if used := chosen.broker:
        _reach_named(chosen)
        click.echo(f"WIREWATCH_BROKER is set: using {used}, starting none", err=True)
        click.echo(used)
        return
    running = running_broker(chosen.directory)
    if running and len(running.nodes) != int(nodes):
        raise click.ClickException(
            f"expected no broker or one of {counted(int(nodes), 'node')}, found one of "
            f"{len(running.nodes)}; `wirewatch broker stop` first"
        )
    say = partial(click.echo, err=True)
    click.echo(LocalBroker(chosen.directory, port, int(nodes), java=chosen.java, say=say).start())


def _reach_named(chosen: Settings) -> None:
    """Return if the broker of WIREWATCH_BROKER is there and lets us in; to start one here is not what may help."""
    try:
        answers(chosen)
    except BrokerError as error:
        said = str(error).partition(";")[0]
        raise click.ClickException(
            f"{said}; correct WIREWATCH_BROKER, or unset it to have a broker started here"
        ) from None
    reach(chosen)


@broker.command()
def stop() -> None:
    """Stop the broker; topics and messages stay.

    The one that WIREWATCH_BROKER names is left alone.
    """
    chosen = settings()
    if used := chosen.broker:
        click.echo(f"WIREWATCH_BROKER is set: {used} is left alone", err=True)
    running = running_broker(chosen.directory)
    if running is None:
        click.echo(f"no broker runs here, in {chosen.directory}", err=True)
        return
    running.stop()
    click.echo(f"stopped; the data stays in {running.directory}", err=True)


@broker.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def status(as_json: bool) -> None:
    """Say whether the broker runs and answers; exit code 1 if not."""
    report = _report()
    click.echo(json.dumps(report) if as_json else "\n".join(_sentences(report)))
    if not report["answers"]:
        raise click.exceptions.Exit(1)


@broker.command()
@click.option("-n", "--lines", type=click.IntRange(1), default=50, show_default=True, help="How many.")
@click.option("--node", "number", type=click.IntRange(1, 3), default=1, show_default=True, help="Of which node.")
@click.option("-f", "--follow", is_flag=True, help="Go on until Ctrl-C.")
def logs(lines: int, number: int, follow: bool) -> None:
    """Print the end of Kafka's log."""
    found = _last_used()
    if found is None or number > len(found.nodes) or not found.node(number).directory.exists():
        raise click.ClickException(f"expected a log of node {number}, found none; `wirewatch broker start` first")
    node = found.node(number)
    for line in tail(node.log, lines) or tail(node.console, lines):
        click.echo(line)
    if follow:
        for text in _following(node.log):
            click.echo(text, nl=False)


def _following(file: Path) -> Iterator[str]:
    """What is appended to a file, also after it has been replaced by a new one."""
    position = file.stat().st_size
    while True:
        time.sleep(0.25)
        size = file.stat().st_size if file.exists() else 0
        position = 0 if size < position else position
        if size > position:
            with file.open(encoding="utf-8", errors="replace") as log:
                log.seek(position)
                yield log.read()
                position = log.tell()


def _report() -> dict[str, object]:
    used = settings().broker
    found = None if used else _last_used()
    bootstrap = used or (found.bootstrap if found else "")
    nodes = [] if found is None else found.nodes
    return {
        "bootstrap": bootstrap,
        "answers": bool(bootstrap) and (bool(used) or bool(found and found.is_running())) and _answers(bootstrap),
        "external": bool(used),
        "data": str(found.directory) if found else None,
        "nodes": [
            {
                "node": node.number,
                "pid": node.pid,
                "problem": None if node.is_running() or node.identity is None else node.cause_of_death(),
            }
            for node in nodes
        ],
    }


def _sentences(report: dict[str, object]) -> Iterator[str]:
    state = "answers" if report["answers"] else "does not answer" if report["bootstrap"] else "never started"
    yield f"broker {report['bootstrap'] or '(none)'}: {state}"
    nodes = report["nodes"]
    for node in nodes if isinstance(nodes, list) else []:
        said = (
            f"runs, pid {node['pid']}" if node["pid"] else f"died: {node['problem']}" if node["problem"] else "stopped"
        )
        yield f"  node {node['node']}: {said}"
    if report["data"]:
        yield f"  data in {report['data']}"
    if not report["answers"]:
        yield "  next: " + ("correct WIREWATCH_BROKER" if report["external"] else "`wirewatch broker start`")


def _last_used() -> LocalBroker | None:
    """The broker that runs, the demo's if it is that one, else the one that ran before, of a single node first."""
    home = settings().directory
    candidates = [LocalBroker(home, nodes=nodes) for nodes in (1, 3)]
    return local_broker(home) or next((each for each in candidates if each.ports), None)


def _answers(bootstrap: str) -> bool:
    try:
        answers(settings().model_copy(update={"broker": bootstrap}))
    except BrokerError:
        return False
    return True
