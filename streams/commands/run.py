"""``wirewatch run``: the workers, supervised."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from types import FrameType

import click

from schemas.topics import RULES
from streams.broker import BrokerError
from streams.broker.reach import address_of
from streams.commands import Connection, configured, connection
from streams.commands.rulefiles import push_shipped_rules
from streams.connection import servers
from streams.forked import bury_others
from streams.reading import Reader
from streams.settings import Settings
from streams.supervisor import Supervisor
from streams.table import groups_of
from streams.topics_admin import create_topics, planned_topics

LOOK_SECONDS = 0.2
WAIT_SECONDS = 5.0


@click.command()
@click.argument("hops", nargs=-1)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes.")
@click.option("--feeds", is_flag=True, help="Poll the feeds of `wirewatch feeds`, too.")
@click.option("--board", is_flag=True, help="Show the board in a browser, too.")
def run(hops: tuple[str, ...], workers: int, feeds: bool, board: bool) -> None:
    """Run the pipeline until Ctrl-C or SIGTERM.

    Or only HOPS of it, such as `clean-tag`. Where WIREWATCH_SINKS names sinks, they run, too.
    What ends is started again. A broker that is away is waited for.
    """
    told = Told()
    chosen = configured()
    _check(chosen, hops)
    _prepare(chosen, told, alerting="alert" in "-".join(hops or [chosen.pipeline]))
    if told.stop:
        return
    again = partial(restore_topics, chosen)
    supervisor = Supervisor(chosen, workers, hops, say=say, before_restart=again, spare=chosen.spare)
    say(f"{workers} worker{'s' if workers > 1 else ''} on {chosen.broker}: {chosen.pipeline}; stop with Ctrl-C")
    beside = {"sinks": bool(chosen.sinks) and not hops, "ingest": feeds, "board": board}
    others = [
        Supervisor(chosen, 1, say=say, module=f"streams.{name}_process", called=name)
        for name, wanted in beside.items()
        if wanted
    ]
    supervise(told, supervisor, *others)


def _check(chosen: Settings, hops: tuple[str, ...]) -> None:
    """What waiting cannot mend is said at once."""
    for server in servers(chosen):
        address_of(server)
    known = groups_of(chosen.pipeline)
    if unknown := [hop for hop in hops if hop not in known]:
        raise click.UsageError(f"expected hops of {', '.join(known)}; found {', '.join(unknown)}")


def supervise(told: "Told", *supervisors: Supervisor) -> None:
    """Keep processes running until told to stop, then stop them."""
    for supervisor in supervisors:
        supervisor.start()
    try:
        while not told.stop:
            for supervisor in supervisors:
                supervisor.look()
            bury_others(set().union(*(supervisor.pids() for supervisor in supervisors)))
            time.sleep(LOOK_SECONDS)
    finally:
        # together: while the broker is away each takes its time, and whoever stops this process waits for the sum
        with ThreadPoolExecutor(len(supervisors)) as threads:
            list(threads.map(lambda supervisor: supervisor.stop(), supervisors))


class Told:
    """Whether the process has been told to stop."""

    def __init__(self) -> None:
        self.stop = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._tell)

    def _tell(self, _number: int, _frame: FrameType | None) -> None:
        self.stop = True


def ensure_topics(where: Connection) -> tuple[str, ...]:
    """Create the declared topics that are missing."""
    return create_topics(where.bootstrap, planned_topics(where.settings), **where.client)


def restore_topics(chosen: Settings) -> None:
    """Create again what has been deleted since the start, and partitions that a changelog lacks: a worker without
    its topics can only end."""
    try:
        created = ensure_topics(connection(chosen))
    except BrokerError:
        return
    if created:
        say(f"created, for they were gone or had too few partitions: {', '.join(created)}")


def _prepare(chosen: Settings, told: Told, *, alerting: bool) -> None:
    """Topics and first rules, as soon as there is a broker."""
    said = ""
    while not told.stop:
        try:
            ensure_topics(connection(chosen))
            if alerting and (names := first_rules(chosen)):
                say(f"there were no rules yet: {len(names)} shipped ones are in force; see `wirewatch rules list`")
            return
        except BrokerError as error:
            if str(error) != said:
                said = str(error)
                say(f"{said}; trying again every {WAIT_SECONDS:g} s")
            deadline = time.monotonic() + WAIT_SECONDS
            while not told.stop and time.monotonic() < deadline:
                time.sleep(LOOK_SECONDS)


def first_rules(chosen: Settings) -> list[str]:
    """Push the shipped rules where none were ever pushed; their names. Rules that a user has deleted stay deleted."""
    with closing(Reader(chosen, RULES.name)) as reader:
        return [] if reader.ever_written() else push_shipped_rules(chosen)


def say(line: str) -> None:
    click.echo(line, err=True)
