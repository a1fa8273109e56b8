"""``wirewatch bench``: figures with the machine they were taken on."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, get_args

import click
import psutil

from schemas.base import Message
from schemas.topics import ALERTS, ENRICHED
from streams.bench import Run, latency, machine, percentile, saturate
from streams.bench_dedupe import measured
from streams.broker import LocalBroker
from streams.commands import connection
from streams.commands.pushing import push_shipped_rules
from streams.commands.records import articles_of
from streams.commands.run import ensure_topics
from streams.demo import wait_until_ready
from streams.groups import Group
from streams.made import made_article, made_page, made_report
from streams.rules.bench import Figures, Profile, generated_texts, measure
from streams.settings import Settings, settings
from streams.supervisor import Supervisor

FOLDER = "bench"
FEWEST = 40


@click.group(cls=Group, invoke_without_command=True)
@click.option(
    "--articles", type=click.IntRange(100), default=3000, show_default=True, help="How many to saturate it with."
)
@click.option(
    "--rate", type=click.FloatRange(1), default=50.0, show_default=True, help="Articles a second for latency."
)
@click.option("--seconds", type=click.FloatRange(1), default=20.0, show_default=True, help="How long that is measured.")
@click.pass_context
def bench(context: click.Context, articles: int, rate: float, seconds: float) -> None:
    """Measure the whole pipeline on a Kafka of its own.

    Throughput, cost, latency, start-up and memory.
    """
    if context.invoked_subcommand:
        return
    click.echo(machine())
    click.echo(f"pipeline {settings().pipeline}; made plain-text articles of 3,000 characters; shipped rules")
    with _kafka() as chosen:
        for workers in (1, 2):
            with _workers(chosen, workers) as (supervisor, took):
                click.echo(f"{workers} worker{'s' * (workers > 1)}: ready after {took:.1f} s")
                saturate(chosen, supervisor, 10_000_000 * workers, 500, 60)
                _report(saturate(chosen, supervisor, 20_000_000 * workers, articles, 300))
                if workers == 1:
                    _latency(chosen, rate, seconds)
                    _pages(chosen, supervisor, max(100, articles // 10))


class Text(Message):
    """What rules are measured on; whatever else an article has does not matter."""

    body: str


@bench.command()
@click.argument("counts", type=click.IntRange(1), nargs=-1)
@click.option("--texts", type=click.File("rb"), help="JSON Lines with `body`, instead of generated articles.")
def rules(counts: tuple[int, ...], texts: BinaryIO | None) -> None:
    """Measure what matching costs.

    COUNTS: at so many generated rules; 10, 1,000, 10,000 and 100,000 where none are given.
    """
    bodies = [text.body[:3000] for text in articles_of(Text, texts, texts.name)] if texts else generated_texts(400)
    if len(bodies) < FEWEST:
        raise click.UsageError(
            f"expected at least {FEWEST} texts, of which words are rare or common; got {len(bodies)}"
        )
    click.echo(machine())
    click.echo(f"{len(bodies) // 2} articles of 3,000 characters; microseconds of CPU an article")
    for profile in get_args(Profile):
        for count in counts or (10, 1_000, 10_000, 100_000):
            click.echo(_rules_line(measure(count, profile, bodies, time.process_time, _resident)))


def _resident() -> int:
    return int(psutil.Process().memory_info().rss)


def _rules_line(figures: Figures) -> str:
    return (
        f"{figures.profile:9} {figures.rules:7,} rules: load {figures.load_seconds:5.2f} s, change one "
        f"{figures.change:3.0f} us; analysis {figures.analysis:4.0f} + matching {figures.matching:5.0f} = "
        f"{figures.total:5.0f} us; {figures.matches:.1f} matches an article; {figures.megabytes:.0f} MB"
    )


@bench.command("dedupe")
@click.argument("sizes", type=click.IntRange(100), nargs=-1)
def dedupe(sizes: tuple[int, ...]) -> None:
    """Measure dedupe alone, without Kafka: speed, state, recovery.

    SIZES: with so many articles in memory; 10,000, 100,000 and 1,000,000 where none are given.
    The last takes some minutes and 4 GB.
    """
    click.echo(machine())
    for size in sizes or (10_000, 100_000, 1_000_000):
        for line in measured(size, time.process_time).lines():
            click.echo(line)


def _report(run: Run) -> None:
    each = run.cpu_seconds / max(run.articles, 1)
    click.echo(
        f"  {run.articles} articles in {run.seconds:.1f} s = {run.articles / run.seconds:.0f}/s; "
        f"worker CPU {each * 1e6:.0f} us an article = {1 / each:.0f}/s a core; {run.memory_mb:.0f} MB a worker"
    )
    _report_lag(run)


def _pages(chosen: Settings, supervisor: Supervisor, pages: int) -> None:
    """Full pages, which a pool of processes cleans."""
    saturate(chosen, supervisor, 30_000_000, 40, 60, made_page)
    run = saturate(chosen, supervisor, 40_000_000, pages, 300, made_page)
    each, pool = (seconds / max(run.articles, 1) * 1e3 for seconds in (run.cpu_seconds, run.pool_seconds))
    click.echo(
        f"  full pages of {len(made_page(0).html or '') // 1000} kB: {run.articles / run.seconds:.0f}/s; "
        f"worker and pool CPU {each:.1f} ms a page, {pool:.1f} ms of it in the pool"
    )
    _report_lag(run)


def _report_lag(run: Run) -> None:
    late = ", ".join(f"{limit * 1000:.0f} ms {run.held_up.get(limit, 0)} times" for limit in (0.05, 0.1, 0.2))
    click.echo(f"  the event loop was held up longer than {late}")


def _latency(chosen: Settings, rate: float, seconds: float) -> None:
    """From the raw topic to the enriched one, and to an alert where every article meets a rule."""
    measured = ((ENRICHED.name, made_article, 800_000_000), (ALERTS.name, made_report, 900_000_000))
    for topic, made, first in measured:
        latency(chosen, topic, made, first, rate, 3)
        taken = latency(chosen, topic, made, first + 1_000_000, rate, seconds)
        click.echo(
            f"  raw to {topic} at {rate:g}/s: p50 {percentile(taken, 0.5):.1f} ms, "
            f"p99 {percentile(taken, 0.99):.1f} ms ({len(taken)} articles)"
        )


@contextmanager
def _kafka() -> Iterator[Settings]:
    home = settings().directory / FOLDER
    shutil.rmtree(home, ignore_errors=True)
    with LocalBroker(home) as broker:
        chosen = settings().model_copy(
            update={"broker": broker.bootstrap, "home": home, "replication": 1, "prefix": ""}
        )
        ensure_topics(connection(chosen))
        push_shipped_rules(chosen)
        yield chosen
    shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _workers(chosen: Settings, workers: int) -> Iterator[tuple[Supervisor, float]]:
    supervisor = Supervisor(chosen, workers, say=lambda line: click.echo(line, err=True), log=chosen.directory / "log")
    started = time.monotonic()
    supervisor.start()
    try:
        wait_until_ready(chosen, supervisor, workers)
        yield supervisor, time.monotonic() - started
    finally:
        supervisor.stop()
