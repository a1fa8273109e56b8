"""``wirewatch publish``: articles from files or standard input to ``articles.raw``."""

import json
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

import click

from schemas.article import RawArticle
from schemas.topics import RAW
from streams.commands import configured, given_lines
from streams.publishing import PIPE, Publisher, articles_in, articles_of_lines
from streams.show import counted, on_one_line

AT_ONCE = 500
STDIN = Path(PIPE)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--backlog", is_flag=True, help="Mark as old: enriched and matched, never notified.")
@click.option("--dry-run", is_flag=True, help="Only validate.")
def publish(files: tuple[Path, ...], as_json: bool, backlog: bool, dry_run: bool) -> None:
    """Publish FILES: text, HTML, JSON Lines, or directories.

    A single - stands for JSON Lines on standard input. Files are validated in full before the first article is sent.
    """
    streamed = files == (STDIN,)
    if STDIN in files and not streamed:
        raise click.UsageError("expected files, or - alone for standard input; found both")
    articles = articles_of_lines(given_lines(), PIPE) if streamed else _validated(files)
    if backlog:
        articles = (article.model_copy(update={"backlog": True}) for article in articles)
    if dry_run:
        click.echo(f"{counted(sum(1 for _ in articles), 'article')}, all valid", err=True)
        return
    publisher = Publisher(configured())
    try:
        sent, set_aside = _send(publisher, articles, as_json, 1 if streamed else AT_ONCE)
    finally:
        publisher.close()
    if not sent:
        click.echo("nothing was published: no article came on standard input", err=True)
    if set_aside:
        raise click.ClickException(f"{set_aside} too large for {RAW.name}; see `wirewatch rejected list`")


def _validated(files: Iterable[Path]) -> Iterator[RawArticle]:
    return iter(list(chain.from_iterable(map(articles_in, files))))


def _send(publisher: Publisher, articles: Iterator[RawArticle], as_json: bool, at_once: int) -> tuple[int, int]:
    """How many were sent, and how many of these set aside."""
    sent = set_aside = 0
    while part := list(islice(articles, at_once)):
        for done in publisher.publish(part):
            sent += 1
            set_aside += done.topic != RAW.name
            where = f"{done.topic}-{done.partition}-{done.offset}"
            line = {"id": done.id, "topic": done.topic, "partition": done.partition, "offset": done.offset}
            click.echo(json.dumps(line) if as_json else on_one_line(f"{done.id}  {where}"))
    return sent, set_aside
