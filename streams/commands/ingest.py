"""``wirewatch ingest``: poll the feeds."""

import asyncio
import logging
from datetime import UTC, datetime

import click
from aiokafka.errors import KafkaError

from streams import metrics
from streams.commands import configured
from streams.commands.feeds import show
from streams.commands.serving import serve_until_told
from streams.connection import reach
from streams.errors import WirewatchError
from streams.ingest.health import status
from streams.ingest.runner import ingest as poll_feeds
from streams.ingest.runner import ingest_once
from streams.logs import start_logging
from streams.settings import Settings
from streams.waiting import broker_reached

SLOT = 65
"""Its metrics port is so many above the first worker's: behind the sinks'."""


@click.command()
@click.option("--once", is_flag=True, help="Poll every feed now, say how each is, and end; exit code 1 if one failed.")
def ingest(once: bool) -> None:
    """Poll the feeds and publish what is new.

    Those of `wirewatch feeds list`, until Ctrl-C or SIGTERM; a broker that is away is waited for.
    Several processes share the feeds among them; `wirewatch run --feeds` starts one, too.
    """
    chosen = configured()
    try:
        if once:
            reach(chosen)
            _once(chosen)
        else:
            asyncio.run(_until_stopped(chosen))
    except KafkaError as error:
        raise WirewatchError(f"the broker fails: {type(error).__name__}; nothing is lost, start again") from None


def _once(settings: Settings) -> None:
    logging.getLogger("streams").addHandler(logging.NullHandler())  # what it would log is told below
    poller = asyncio.run(ingest_once(settings))
    now, failed = datetime.now(UTC), 0
    for found in sorted(poller.feeds.values(), key=lambda found: found.feed.url):
        failed += bool(found.state.error)
        show(found.feed, found.state, now)
    articles = sum(found.state.fresh for found in poller.feeds.values() if status(found.state) != "gone")
    click.echo(f"{poller.outcomes.total()} of {len(poller.feeds)} feeds read, {articles} articles", err=True)
    if failed:
        raise click.exceptions.Exit(1)


async def _until_stopped(settings: Settings) -> None:
    start_logging(settings.log_level)
    metrics.start_feed_series()
    stop = serve_until_told(settings, SLOT)
    if await broker_reached(settings, stop):
        await poll_feeds(settings, stop)
