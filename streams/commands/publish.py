"""``wirewatch publish``: articles from files or standard input to ``articles.raw``."""

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

import click

from schemas.article import RawArticle
from schemas.topics import RAW
from streams.commands import configured
from streams.publishing import Publisher, articles_in, articles_of_lines

AT_ONCE = 500


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--backlog", is_flag=True, help="Mark as old: enriched and matched, never notified.")
@click.option("--dry-run", is_flag=True, help="Only validate.")
def publish(files: tuple[Path, ...], as_json: bool, backlog: bool, dry_run: bool) -> None:
    """Publish FILES: text, HTML, JSON Lines, directories of these, or - for JSON Lines on standard input.

    Files are validated in full before the first article is sent.
    """
    streamed = files == (Path("-"),)
    articles = articles_of_lines(sys.stdin.buffer, "-") if streamed else _validated(files)
    if backlog:
        articles = (article.model_copy(update={"backlog": True}) for article in articles)
    if dry_run:
        click.echo(f"{sum(1 for _ in articles)} articles, all valid", err=True)
        return
    publisher = Publisher(configured())
    try:
        set_aside = _send(publisher, articles, as_json, 1 if streamed else AT_ONCE)
    finally:
        publisher.close()
    if set_aside:
        raise click.ClickException(f"{set_aside} too large for {RAW.name}; see `wirewatch rejected list`")


def _validated(files: Iterable[Path]) -> Iterator[RawArticle]:
    return iter(list(chain.from_iterable(map(articles_in, files))))


def _send(publisher: Publisher, articles: Iterator[RawArticle], as_json: bool, at_once: int) -> int:
    set_aside = 0
    while part := list(islice(articles, at_once)):
        for done in publisher.publish(part):
            set_aside += done.topic != RAW.name
            where = f"{done.topic}-{done.partition}-{done.offset}"
            line = {"id": done.id, "topic": done.topic, "partition": done.partition, "offset": done.offset}
            click.echo(json.dumps(line) if as_json else f"{done.id}  {where}")
    return set_aside
