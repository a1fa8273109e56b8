"""``wirewatch demo``: from nothing to alerts, on a Kafka that it starts itself."""

import secrets
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from schemas.alert import Alert
from streams.broker import LocalBroker
from streams.commands import DEMO, connection, shipped
from streams.commands.alone import alone
from streams.commands.rulefiles import push_rules, shipped_rules
from streams.commands.run import Told, ensure_topics
from streams.connection import answers
from streams.demo import Account, Watch, balance, check, publish, settle, table, wait_for_all, wait_until_ready
from streams.settings import Settings, settings
from streams.show import as_text
from streams.supervisor import Supervisor

WORKERS = 2
ABSENT_SECONDS = 4.0
"""How long the broker may be silent before the demo ends and says so."""
_RUNS = "another demo runs in {}; end it by Ctrl-C, or set WIREWATCH_HOME to another directory"


@click.command()
@click.argument("articles", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--once/--stay", default=None, help="End when all is accounted for. Default: stay on a terminal.")
@click.option("--workers", type=click.IntRange(1, 16), default=WORKERS, show_default=True, help="Processes.")
def demo(articles: tuple[Path, ...], once: bool | None, workers: int) -> None:
    """Show the whole path from article to alert, on its own Kafka.

    Publishes ARTICLES (default: the samples) and shows alerts as they come. Leaves nothing running.
    Off a terminal, or with --once, it ends with exit code 0 only if every
    published article is accounted for.
    """
    started = time.monotonic()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: whatever runs is stopped on the way out
    ends = once if once is not None else not sys.stdout.isatty()
    paths = articles or tuple(sorted(shipped("articles").glob("*")))
    check(paths)
    with _kafka() as chosen:
        _say("creating topics")
        ensure_topics(connection(chosen))
        _say(f"pushing {len(push_rules([shipped_rules()], chosen))} rules")
        log = chosen.directory / "workers.log"
        _say(f"starting {workers} workers; their log is {log}")
        supervisor = Supervisor(chosen, workers, say=_say, log=log)
        supervisor.start()
        try:
            complete = _play(chosen, supervisor, paths, not articles, started)
            if not ends:
                _stay(chosen, supervisor)
        finally:
            _say("stopping the workers")
            supervisor.stop()
    if not complete:
        raise click.ClickException("not every article is accounted for; see above")


def _play(chosen: Settings, supervisor: Supervisor, paths: tuple[Path, ...], in_turn: bool, started: float) -> bool:
    """Publish and settle; ``in_turn``: one file after the other, so that the samples' story unfolds in order."""
    workers, parts = len(supervisor.slots), [[path] for path in paths] if in_turn else [list(paths)]
    wait_until_ready(chosen, supervisor, workers)
    account, first = Account(), [0.0]

    def show(alert: Alert) -> None:
        first[0] = first[0] or time.monotonic() - started
        for line in as_text(alert):
            click.echo(line)

    watch = Watch(chosen, show)
    try:
        _say(f"publishing {len(paths)} files")
        for part in parts:
            published = publish(chosen, part, account)
            wait_for_all(watch, account)
        counts = settle(chosen, watch, account, workers)
    finally:
        watch.close()
    click.echo("")
    for line in table(counts):
        click.echo(line)
    enriched, rejected = len(account.enriched & account.owed), len(account.rejected.keys() & account.owed)
    click.echo(f"\n{published} published = {enriched} enriched + {rejected} rejected + {len(account.open)} missing")
    if first[0]:
        click.echo(f"first alert after {first[0]:.1f} s")
    return not account.open and all(map(balance, counts.values()))


def _stay(chosen: Settings, supervisor: Supervisor) -> None:
    told = Told()
    click.echo(
        "\nThe pipeline is running; from a second shell try\n"
        "  wirewatch tail articles.enriched --since all\n"
        "  wirewatch publish FILE\n"
        "  wirewatch rejected list\n"
        f"or point a consumer of your own at {chosen.broker}. Ctrl-C ends it.\n"
    )
    watch = Watch(chosen, lambda alert: click.echo("\n".join(as_text(alert))))
    try:
        while not told.stop:
            supervisor.look()
            watch.look(Account())
            answers(chosen, ABSENT_SECONDS)
    finally:
        watch.close()


@contextmanager
def _kafka() -> Iterator[Settings]:
    """Settings with a broker: the one that is named, under a prefix of its own, else a fresh local one."""
    chosen = settings()
    if chosen.broker:
        prefix = chosen.prefix or f"demo-{secrets.token_hex(4)}."
        _say(f"using the broker {chosen.broker}, topics {prefix}*")
        yield chosen.model_copy(update={"prefix": prefix})
        return
    home = chosen.directory / DEMO
    # a second would stop this one's Kafka and take its files away
    with alone(chosen.directory, "demo.lock", _RUNS.format(chosen.directory)):
        broker = LocalBroker(home, java=chosen.java, say=_say)
        broker.stop()
        shutil.rmtree(home, ignore_errors=True)
        _say("starting Apache Kafka")
        with broker:
            _say(f"Kafka listens on {broker.bootstrap}")
            yield chosen.model_copy(update={"broker": broker.bootstrap, "home": home, "replication": 1})
            _say("stopping Kafka")


def _say(line: str) -> None:
    click.echo(click.style(f"· {line}", dim=True), err=True)
