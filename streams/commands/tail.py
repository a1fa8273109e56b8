"""``wirewatch tail``: what flows, readable."""

import select
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import click
import orjson
from pydantic import ValidationError

from schemas.topics import TOPICS
from streams.commands import configured
from streams.reading import Reader, since_of
from streams.records import Record, described
from streams.show import as_text

NAMES = [topic.name for topic in TOPICS]


@click.command()
@click.argument("topic", type=click.Choice(NAMES))
@click.option("--json", "as_json", is_flag=True, help="The messages as they are, one a line.")
@click.option("--since", help="Begin with what is at most 30s, 10m, 2h, 7d old, or `all`. Default: what comes.")
@click.option("--limit", type=click.IntRange(1), help="End after so many.")
@click.option("--once", is_flag=True, help="End with what is there now.")
def tail(topic: str, as_json: bool, since: str | None, limit: int | None, once: bool) -> None:
    """Print the messages of TOPIC as they come."""
    start = since_of(since) if since else None
    reader = Reader(configured(), topic)
    try:
        _seek(reader, start, once)
        records: Iterable[Record] = reader.until_now() if once else reader.following(_unread, _say)
        for record in islice(records, limit) if limit else records:
            for line in _json(record) if as_json else _text(record):
                click.echo(line)
    except KeyboardInterrupt:
        return
    finally:
        reader.close()


def _unread() -> bool:
    """Whether standard output is a pipe that nobody reads any more, as behind ``head``."""
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    return any(event & select.POLLERR for _, event in poll.poll(0))


def _say(line: str) -> None:
    click.echo(line, err=True)


def _seek(reader: Reader, start: float | None, once: bool) -> None:
    if start is None and not once:
        reader.from_end()
    elif start:
        reader.from_time(start)
    else:
        reader.from_beginning()


def _json(record: Record) -> Iterator[str]:
    letter = described(record.headers)
    if letter is not None:
        yield letter.model_dump_json()
    elif record.value is None:
        yield "null"
    else:
        yield record.value.decode("utf-8", "replace")


def _text(record: Record) -> Iterator[str]:
    letter = described(record.headers)
    if letter is not None:
        yield f"{record.position}  {letter.stage}: {letter.reason}  {letter.detail}"
        return
    carries: Any = next(topic.carries for topic in TOPICS if topic.name == record.topic)
    try:
        yield from as_text(carries.model_validate_json(record.value or b"null"))
    except (ValidationError, orjson.JSONDecodeError):
        yield f"{record.position}  {(record.value or b'(deleted)')[:200]!r}"
