"""``wirewatch rejected``: dead letters as a product."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import click
from kafka import KafkaProducer

from schemas.topics import DEAD_LETTER_LIMIT
from streams.commands import configured
from streams.connection import client_options
from streams.deadletters import Letter, letter_named, letters, replayed
from streams.reading import since_of
from streams.records import Outgoing
from streams.settings import Settings
from streams.show import visible

Filter = Callable[..., Any]


def _chosen(command: Filter) -> Filter:
    """The options that choose dead letters."""
    for option in (
        click.option("--limit", type=click.IntRange(1), help="At most so many."),
        click.option("--since", default="all", show_default=True, help="At most 30s, 10m, 2h, 7d old."),
        click.option("--stage", help="Only of this stage."),
        click.option("--reason", help="Only for this reason."),
    ):
        command = option(command)
    return command


def _letters(
    settings: Settings, reason: str | None, stage: str | None, since: str, limit: int | None
) -> Iterator[Letter]:
    found = letters(settings, since_of(since))
    wanted = (x for x in found if reason in (None, x.why.reason) and stage in (None, x.why.stage))
    return islice(wanted, limit) if limit else wanted


@click.group()
def rejected() -> None:
    """List, show and replay what a stage could not use."""


@rejected.command("list")
@_chosen
@click.option("--counts", is_flag=True, help="Only how many, by stage and reason.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_letters(counts: bool, as_json: bool, **chosen: Any) -> None:
    """Dead letters, oldest first."""
    found = _letters(configured(), **chosen)
    if counts:
        for (stage, reason), count in sorted(Counter((x.why.stage, x.why.reason) for x in found).items()):
            row = {"stage": stage, "reason": reason, "count": count}
            click.echo(json.dumps(row) if as_json else f"{count:>8}  {stage}: {reason}")
        return
    for letter in found:
        click.echo(_row(letter, as_json))


def _row(letter: Letter, as_json: bool) -> str:
    why = letter.why
    if as_json:
        return json.dumps({"letter": letter.name, **why.model_dump()})
    when = datetime.fromtimestamp(letter.record.timestamp or 0, UTC).strftime("%Y-%m-%d %H:%M:%S")
    return f"{letter.name:<10} {when}  {why.stage}: {why.reason}  {visible(why.detail)[:100]}"


@rejected.command()
@click.argument("letter")
@click.option("--raw", is_flag=True, help="Only the original bytes.")
def show(letter: str, raw: bool) -> None:
    """One dead letter: why, its headers and its bytes. LETTER is as `list` prints it."""
    found = letter_named(configured(), letter)
    if found is None:
        raise click.ClickException(f"expected a dead letter, found none at {letter}; see `wirewatch rejected list`")
    value = found.record.value
    if raw:
        click.echo(value or b"", nl=False)
        return
    for name, content in found.why.model_dump(exclude_none=True).items():
        click.echo(f"{name:<10} {visible(str(content))}")
    for header, content in found.record.headers:
        if not header.startswith(("dlq_", "kafka_dlt-")):
            click.echo(f"{header:<10} {content!r}")
    click.echo(f"{'key':<10} {found.record.key!r}\n")
    click.echo("(null)" if value is None else visible(value.decode("utf-8", "backslashreplace")))


@rejected.command()
@_chosen
@click.option("--rate", type=click.FloatRange(min=0.1), help="At most so many a second.")
@click.option("--dry-run", is_flag=True, help="Only say what would be sent.")
def replay(rate: float | None, dry_run: bool, **chosen: Any) -> None:
    """Send dead letters back to the topic they came from, with their key and headers.

    Each carries how often it has been replayed; one that keeps coming back is left.
    """
    settings = configured()
    producer = None if dry_run else KafkaProducer(max_request_size=DEAD_LETTER_LIMIT, **client_options(settings))
    sent = kept = 0
    for letter in list(_letters(settings, **chosen)):
        out = replayed(letter)
        if isinstance(out, str):
            kept += 1
            click.echo(f"{letter.name:<10} left: {out}", err=True)
            continue
        if producer:
            _send(producer, settings, out)
            time.sleep(1 / rate if rate else 0)
        sent += 1
        click.echo(f"{letter.name:<10} to {out.topic}")
    if producer:
        producer.close()
    click.echo(f"{sent} {'to replay' if dry_run else 'replayed'}, {kept} left", err=True)


def _send(producer: Any, settings: Settings, out: Outgoing) -> None:
    topic = settings.named(out.topic)
    producer.send(topic, key=out.key, value=out.value, headers=list(out.headers)).get(timeout=30)
