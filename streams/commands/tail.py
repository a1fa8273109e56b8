"""``wirewatch tail``: what flows, readable."""

import json
import os
import re
import select
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import islice

import click
import orjson

from schemas.topics import TOPICS
from streams.commands import configured
from streams.commands.since import Since
from streams.process import decoded
from streams.reading import Reader
from streams.records import Record, described
from streams.show import as_text, on_one_line
from streams.stage import Reject

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""What breaks a line, or moves a terminal's cursor."""
NAMES = [topic.name for topic in TOPICS]


@click.command(help=f"Print the messages of TOPIC as they come, until Ctrl-C. TOPIC is one of {', '.join(NAMES)}.")
@click.argument("topic", type=click.Choice(NAMES), metavar="TOPIC")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="The messages as they are, one a line; what is no JSON as a string; of dead letters, why.",
)
@click.option(
    "--since", type=Since(), help="Begin with what is at most 30s, 10m, 2h, 7d old, or `all`. Default: what comes."
)
@click.option("--limit", type=click.IntRange(1), help="End after so many.")
@click.option("--once", is_flag=True, help="End with what is there now.")
def tail(topic: str, as_json: bool, since: float | None, limit: int | None, once: bool) -> None:
    with closing(Reader(configured(), topic)) as reader, suppress(KeyboardInterrupt), _until_unread():
        if since is None and not once:
            reader.from_end()
        else:
            reader.from_time(since or 0.0)
        records: Iterable[Record] = reader.until_now() if once else reader.following(_unread, _say)
        for record in islice(records, limit) if limit else records:
            for line in _json(record) if as_json else _text(record):
                click.echo(line)


@contextmanager
def _until_unread() -> Iterator[None]:
    """Take the first line that nobody is left to read for the end, as `_unread` does between two looks."""
    try:
        yield
    except BrokenPipeError:  # and let nothing that waits to be written fail once more on the way out
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _unread() -> bool:
    """Whether standard output is a pipe that nobody reads any more, as behind ``head``."""
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)
    return any(event & select.POLLERR for _, event in poll.poll(0))


def _say(line: str) -> None:
    click.echo(line, err=True)


def _json(record: Record) -> Iterator[str]:
    letter = described(record.headers)
    yield letter.model_dump_json() if letter is not None else one_line(record.value)


def one_line(value: bytes | None) -> str:
    """A value as one line of JSON: as it is, if it is one; what is no JSON as a string."""
    if value is None:
        return "null"
    text = value.decode("utf-8", "backslashreplace")
    try:
        found = orjson.loads(value)
    except orjson.JSONDecodeError:
        return json.dumps(text)
    return json.dumps(found) if CONTROL.search(text) else text


def _text(record: Record) -> Iterator[str]:
    letter = described(record.headers)
    if letter is not None:
        yield on_one_line(f"{record.position}  {letter.stage}: {letter.reason}  {letter.detail}")
        return
    if record.value is None:
        yield f"{record.position}  (deleted)"
        return
    message = decoded(next(topic for topic in TOPICS if topic.name == record.topic), record)
    yield from [f"{record.position}  {record.value[:200]!r}"] if isinstance(message, Reject) else as_text(message)
