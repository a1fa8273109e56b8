"""``wirewatch feeds``: which feeds are polled, and how they are."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import orjson

from schemas.feed import Feed, FeedState
from schemas.topics import FEEDS, FEEDS_STATE, Topic
from streams.commands import configured
from streams.connection import administered
from streams.errors import WirewatchError
from streams.groups import Group
from streams.ingest.document import Answer, Document, read_document
from streams.ingest.fetch import Fetcher
from streams.ingest.health import STATUSES, lines_about, shown_url, span, status
from streams.ingest.identity import article_of, news, plain_title, text_of
from streams.ingest.progress import Failure, Reply, asked_for
from streams.ingest.schedule import next_interval
from streams.ingest.store import ensure_topics, message_of, partition_of
from streams.ingest.subscriptions import SubscriptionError, feed_id, feed_of, feeds_of_opml, feeds_of_toml, opml_of
from streams.reading import latest
from streams.records import Outgoing, outgoing
from streams.settings import Settings
from streams.show import on_one_line
from streams.stage import Drop, Reject
from streams.topics_admin import describe_topics
from streams.writing import Writer

SHOWN = 5
"""Entries that `check` shows."""


@click.group(cls=Group)
def feeds() -> None:
    """Say which feeds are polled and how they are; change them."""


FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@feeds.command()
@click.argument("urls", metavar="[URL]...", nargs=-1)
@click.option("--opml", type=FILE, help="Add the feeds of a list that another reader has exported.")
@click.option("--toml", type=FILE, help="Add those of a TOML file: [[feeds]] with url, source, folder, full.")
@click.option("--source", help="Who publishes it. Default: the host of the site that the feed names.")
@click.option("--folder", help="Where it stands in the list.")
@click.option("--full", is_flag=True, help="Fetch the page of each new entry, for a feed of summaries.")
@click.option("--allow-private", is_flag=True, help="Its host may have an address that is not public.")
def add(urls: tuple[str, ...], opml: Path | None, toml: Path | None, **given: str | bool | None) -> None:
    """Add feeds, or change those that are there.

    A first reading is marked as backlog and notifies nobody.
    """
    changes = {name: value for name, value in given.items() if value}
    wanted = [*_read(opml, feeds_of_opml), *_read(toml, feeds_of_toml), *_read(urls, lambda each: map(feed_of, each))]
    if not wanted:
        raise click.UsageError("expected URL, --opml FILE or --toml FILE")
    settings = configured()
    ensure_topics(settings)
    added = sum(_add(settings, {feed.id: feed for feed in wanted}.values(), changes))
    click.echo(f"{added} added; `wirewatch up`, `wirewatch run --feeds` and `wirewatch ingest` poll them", err=True)


def _add(settings: Settings, wanted: Iterable[Feed], changes: Mapping[str, str | bool]) -> Iterator[bool]:
    """Write the feeds; whether each is a new one, also by the address that another has moved to."""
    known, now = _subscriptions(settings), datetime.now(UTC)
    aliases = {feed_id(state.url): state.id for state in _states(settings).values() if state.url}
    partitions = _partitions(settings)
    with closing(Writer(settings)) as writer:
        for feed in wanted:
            before = known.get(aliases.get(feed.id, feed.id))
            told = {**feed.model_dump(exclude_unset=True, exclude_none=True), **changes, "added": now}
            kept = {**before[0].model_dump(), **told, "id": before[0].id, "url": before[0].url} if before else told
            written = Feed.model_validate(kept)
            partition = before[1] if before else partition_of(feed.url, partitions)
            writer.write(replace(outgoing(FEEDS, written, "feeds", ()), partition=partition))
            click.echo(f"{'there already' if before else 'added'}  {written.id}  {shown_url(written.url)}")
            yield before is None


@feeds.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with all that is known.")
@click.option("--status", "wanted", type=click.Choice(STATUSES), help="Only feeds that are so.")
def list_feeds(as_json: bool, wanted: str | None) -> None:
    """List the feeds with how each is.

    When it was read last and what it brought, what went wrong, when it is read next and why.
    """
    settings, now = configured(), datetime.now(UTC)
    ensure_topics(settings)
    found, states = _subscriptions(settings), _states(settings)
    shown = [feed for feed, _ in found.values() if wanted in (None, status(states.get(feed.id)))]
    if not shown:
        click.echo("no such feeds" if found else "no feeds yet; see `wirewatch feeds add`", err=True)
    for feed in sorted(shown, key=lambda feed: (feed.folder or "", feed.url)):
        state = states.get(feed.id)
        if as_json:
            kept = state.model_dump(mode="json", exclude={"seen", "id"}) if state else {}
            said = {**feed.model_dump(mode="json"), "status": status(state), "state": kept}
            click.echo(orjson.dumps(said).decode())
        else:
            show(feed, state, now)


def show(feed: Feed, state: FeedState | None, now: datetime) -> None:
    """Print how a feed is."""
    first, *more = map(on_one_line, lines_about(feed, state, now))
    click.echo("\n         ".join([first, *more]))


@feeds.command()
@click.argument("names", metavar="ID|URL...", nargs=-1, required=True)
def remove(names: tuple[str, ...]) -> None:
    """Poll feeds no more, and forget what was read of them.

    Articles stay.
    """
    settings = configured()
    ensure_topics(settings)
    known = _subscriptions(settings)
    chosen = [name if name in known else feed_id(name) for name in names]
    if unknown := [name for name, found in zip(names, chosen, strict=True) if found not in known]:
        raise click.ClickException(f"no feed {', '.join(unknown)}; see `wirewatch feeds list`")
    with closing(Writer(settings)) as writer:
        for name in chosen:
            for topic in (FEEDS, FEEDS_STATE):
                writer.write(Outgoing(topic.name, name.encode(), None, partition=known[name][1]))
    click.echo(f"{len(chosen)} removed")


@feeds.command()
def export() -> None:
    """Print the feeds as OPML, each where it is read now."""
    settings = configured()
    ensure_topics(settings)
    states = _states(settings)
    current = [
        feed.model_copy(update={"url": state.url or feed.url, "title": feed.title or state.title})
        for feed, _ in _subscriptions(settings).values()
        for state in [states.get(feed.id) or FeedState(id=feed.id)]
    ]
    click.echo(opml_of(current), nl=False)


@feeds.command()
@click.argument("url")
@click.option("--allow-private", is_flag=True, help="Its host may have an address that is not public.")
def check(url: str, allow_private: bool) -> None:
    """Fetch URL once and say what was found.

    Publishes nothing and needs no broker.
    """
    feed = next(_read((url,), lambda each: map(feed_of, each))).model_copy(update={"allow_private": allow_private})
    reply = asyncio.run(_fetched(feed))
    if isinstance(reply, Failure):
        raise click.ClickException(f"{shown_url(url)}: {reply.words}")
    outcome = read_document(Answer.model_construct(**asdict(reply)))
    if isinstance(outcome, Reject | Drop):
        raise click.ClickException(f"{shown_url(url)}: {outcome.detail}")
    for line in _found(feed, reply, outcome[0]):
        click.echo(on_one_line(line))


async def _fetched(feed: Feed) -> Reply | Failure:
    async with Fetcher() as fetcher:
        return await fetcher.fetch(feed, feed.url)


def _found(feed: Feed, reply: Reply, document: Document) -> Iterator[str]:
    """What a feed is, for a person."""
    brought = news(document, FeedState(id=feed.id))
    articles = [
        article_of(entry, feed, document, backlog=True, shared=brought.shared) for entry in reversed(brought.fresh)
    ]
    moved = f", moved for good from {shown_url(feed.url)}" if reply.moved else ""
    yield f"{plain_title(document.title) or 'untitled'}  {shown_url(reply.url)}{moved}"
    dated = [article.published for article in articles if isinstance(article.published, str)]
    latest_of = f", the latest of {max(dated)}" if dated else ", none of them dated"
    yield f"{document.total} entries{latest_of}; {len(articles)} articles"
    validators = [name for name, value in (("ETag", reply.etag), ("Last-Modified", reply.last_modified)) if value]
    asked = asked_for(document.refresh, reply)
    every, _ = next_interval(0, 0, asked)
    hint = f", asks to be read every {span(timedelta(seconds=asked))}" if asked else ""
    read = f"would be read every {span(timedelta(seconds=every))}"
    yield f"validators: {' and '.join(validators) or 'none'}{hint}; {read}"
    if brought.by_link:
        yield "its guids repeat: entries are told apart by their links"
    for article, entry in list(zip(articles, reversed(brought.fresh), strict=True))[:SHOWN]:
        size = f"{len(text_of(entry)):>6} characters"
        yield f"  {article.published or 'undated':<25}  {size}  {article.title or article.url}"


def _read(given: Any, read: Callable[[Any], Iterable[Feed]]) -> Iterator[Feed]:
    """The feeds of a file or of words; what is wrong with them in one line."""
    try:
        if isinstance(given, Path):
            yield from read(given.read_bytes())
        elif given:
            yield from read(given)
    except (SubscriptionError, OSError) as error:
        raise WirewatchError(f"{given}: {error}" if isinstance(given, Path) else str(error)) from None


def _subscriptions(settings: Settings) -> Mapping[str, tuple[Feed, int]]:
    """Id to feed, and the partition it stands in."""
    return {feed.id: (feed, partition) for feed, partition in _current(settings, FEEDS)}


def _states(settings: Settings) -> Mapping[str, FeedState]:
    return {state.id: state for state, _ in _current(settings, FEEDS_STATE)}


def _current(settings: Settings, topic: Topic[Any]) -> Iterator[tuple[Any, int]]:
    for record in latest(settings, topic).values():
        if (message := message_of(topic.carries, record.value)) is not None:
            yield message, record.partition


def _partitions(settings: Settings) -> int:
    bootstrap, options = administered(settings)
    [topic] = describe_topics(bootstrap, [settings.named(FEEDS.name)], **options)
    return topic.partitions
