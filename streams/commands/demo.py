"""``wirewatch demo``: from nothing to alerts, on a Kafka that it starts itself."""

import secrets
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click

from schemas.alert import Alert
from streams.broker import LocalBroker
from streams.commands import DEMO, connection, shipped
from streams.commands.alone import alone
from streams.commands.rulefiles import push_shipped_rules
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
    crew = _Crew(workers)
    # closed before its Kafka is, and where that never served
    with closing(crew), _kafka(crew.load) as chosen, closing(crew):
        _say("creating topics")
        ensure_topics(connection(chosen))
        _say(f"pushing {len(push_shipped_rules(chosen))} rules")
        supervisor = crew.start()
        complete = _play(chosen, supervisor, paths, not articles, started)
        if not ends:
            _stay(chosen, supervisor)
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
    board = Supervisor(chosen, 1, say=_say, module="streams.board_process", called="board")
    watch = Watch(chosen, lambda alert: click.echo("\n".join(as_text(alert))))
    try:
        board.start()
        while not told.stop:
            supervisor.look()
            board.look()
            watch.look(Account())
            answers(chosen, ABSENT_SECONDS)
    finally:
        board.stop()
        watch.close()


class _Crew:
    """The workers of a demo, which can load while its Kafka starts."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._supervisor: Supervisor | None = None

    def load(self, chosen: Settings) -> None:
        """Begin to load workers for these settings, and for no others."""
        self.close()
        log = chosen.directory / "workers.log"
        _say(f"loading {self._count} workers; their log is {log}")
        self._supervisor = Supervisor(chosen, self._count, say=_say, log=log)
        self._supervisor.load()

    def start(self) -> Supervisor:
        """Start what has been loaded."""
        assert self._supervisor is not None
        self._supervisor.start()
        return self._supervisor

    def close(self) -> None:
        """Stop those there are."""
        if self._supervisor is not None:
            _say("stopping the workers")
            self._supervisor.stop()
            self._supervisor = None


@contextmanager
def _kafka(load: Callable[[Settings], None]) -> Iterator[Settings]:
    """Settings with a broker: the one that is named, under a prefix of its own, else a fresh local one.

    ``load`` is called with them as soon as they are known, before the broker serves.
    """
    chosen = settings()
    if chosen.broker:
        prefix = chosen.prefix or f"demo-{secrets.token_hex(4)}."
        _say(f"using the broker {chosen.broker}, topics {prefix}*")
        chosen = chosen.model_copy(update={"prefix": prefix})
        load(chosen)
        yield chosen
        return
    home = chosen.directory / DEMO
    # a second would stop this one's Kafka and take its files away
    with alone(chosen.directory, "demo.lock", _RUNS.format(chosen.directory)):

        def local() -> Settings:
            return chosen.model_copy(update={"broker": broker.bootstrap, "home": home, "replication": 1})

        broker = LocalBroker(home, java=chosen.java, say=_say, launched=lambda: load(local()))
        broker.stop()
        shutil.rmtree(home, ignore_errors=True)
        _say("starting Apache Kafka")
        with broker:
            _say(f"Kafka listens on {broker.bootstrap}")
            yield local()
            _say("stopping Kafka")


def _say(line: str) -> None:
    click.echo(click.style(f"· {line}", dim=True), err=True)
