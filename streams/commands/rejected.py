"""``wirewatch rejected``: dead letters as a product."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import click

from streams.commands import configured
from streams.commands.records import listed
from streams.commands.since import Since
from streams.deadletters import Letter, audit, letter_named, letters, replayed
from streams.groups import Group
from streams.records import Outgoing, own
from streams.settings import Settings
from streams.show import on_one_line, visible
from streams.stage import Reason
from streams.writing import Writer

Filter = Callable[..., Any]
REASONS = [reason.value for reason in Reason if reason is not Reason.NO_MATCH]
"""All but the one for which an article is dropped."""


def _chosen(command: Filter) -> Filter:
    """The options that choose dead letters."""
    for option in (
        click.option("--limit", type=click.IntRange(1), help="At most so many."),
        click.option("--since", type=Since(), default="all", show_default=True, help="At most 30s, 10m, 2h, 7d old."),
        click.option("--stage", help="Only of this stage."),
        click.option("--reason", type=click.Choice(REASONS), metavar="REASON", help="Only for this one, as no_text."),
    ):
        command = option(command)
    return command


def _letters(
    settings: Settings, reason: str | None, stage: str | None, since: float, limit: int | None, everything: bool = False
) -> Iterator[Letter]:
    """The chosen letters that are open, or also those that something was done about."""
    found = (letter for letter in letters(settings, since) if everything or not letter.done)
    wanted = (x for x in found if reason in (None, x.why.reason) and stage in (None, x.why.stage))
    return islice(wanted, limit) if limit else wanted


@click.group(cls=Group)
def rejected() -> None:
    """List, show and replay what a stage could not use."""


@rejected.command("list")
@_chosen
@click.option("--counts", is_flag=True, help="Only how many, by stage and reason.")
@click.option("--all", "everything", is_flag=True, help="Also those that were replayed, edited or dropped.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_letters(counts: bool, everything: bool, as_json: bool, **chosen: Any) -> None:
    """List the dead letters that are open, oldest first."""
    found = _letters(configured(), **chosen, everything=everything)
    if counts:
        for (stage, reason), count in sorted(Counter((x.why.stage, x.why.reason) for x in found).items()):
            row = {"stage": stage, "reason": reason, "count": count}
            click.echo(json.dumps(row) if as_json else on_one_line(f"{count:>8}  {stage}: {reason}"))
        return
    listed(
        (_row(letter, as_json) for letter in found),
        "no such dead letters" if chosen["reason"] or chosen["stage"] else "no dead letters are open",
    )


def _row(letter: Letter, as_json: bool) -> str:
    why = letter.why
    if as_json:
        return json.dumps({"letter": letter.name, "done": letter.done, "note": letter.note, **why.model_dump()})
    when = datetime.fromtimestamp(letter.record.timestamp or 0, UTC).strftime("%Y-%m-%d %H:%M:%S")
    done = f"({_done(letter)}) " if letter.done else ""
    return on_one_line(f"{letter.name:<10} {when}  {done}{why.stage}: {why.reason}  {why.detail[:100]}")


def _done(letter: Letter) -> str:
    return f"{letter.done}: {letter.note}" if letter.note else letter.done or ""


@rejected.command()
@click.argument("letter")
@click.option("--raw", is_flag=True, help="Only the original bytes.")
def show(letter: str, raw: bool) -> None:
    """Show one dead letter: why, its headers and its bytes.

    LETTER is as `list` prints it.
    """
    _, found = _named(letter)
    value = found.record.value
    if raw:
        click.echo(value or b"", nl=False)
        return
    for name, content in found.why.model_dump(exclude_none=True).items():
        click.echo(f"{name:<10} {visible(str(content))}")
    for header, content in own(found.record.headers):
        click.echo(f"{visible(header):<10} {content!r}")
    if found.done:
        click.echo(f"{'done':<10} {visible(_done(found))}")
    click.echo(f"{'key':<10} {found.record.key!r}\n")
    click.echo("(null)" if value is None else visible(value.decode("utf-8", "backslashreplace")))


@rejected.command()
@_chosen
@click.option("--rate", type=click.FloatRange(min=0.1), help="At most so many a second.")
@click.option("--dry-run", is_flag=True, help="Only say what would be sent.")
def replay(rate: float | None, dry_run: bool, limit: int | None, **chosen: Any) -> None:
    """Send dead letters back to the topic they came from.

    With their key and headers. Each carries how often it has been replayed; one that keeps coming back is left.
    What has been replayed is noted beside it, so that a replay that was stopped goes on where it was.
    """
    settings = configured()
    sent = kept = 0
    with nullcontext() if dry_run else closing(Writer(settings)) as writer:
        for letter in _letters(settings, **chosen, limit=None):
            if sent == limit:  # those that are left do not count: the same ones would stop every replay
                break
            out = replayed(letter)
            if isinstance(out, str):
                kept += 1
                click.echo(f"{letter.name:<10} left: {out}", err=True)
                continue
            if writer:
                writer.write(out)
                writer.write(audit(letter, "replayed"))
                time.sleep(1 / rate if rate else 0)
            sent += 1
            click.echo(f"{letter.name:<10} to {out.topic}")
    click.echo(f"{sent} {'to replay' if dry_run else 'replayed'}, {kept} left", err=True)


@rejected.command()
@click.argument("letter")
@click.option(
    "--with", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Instead of $EDITOR."
)
def edit(letter: str, file: Path | None) -> None:
    """Correct LETTER in an editor, and send it where it came from."""
    settings, found = _named(letter)
    out = replayed(found)
    if isinstance(out, str):
        raise click.ClickException(f"{letter} is not sent again: {out}")
    before = (found.record.value or b"").decode("utf-8", "backslashreplace")
    after = file.read_bytes() if file else (click.edit(before, require_save=True, extension=".json") or "").encode()
    if not after.strip():
        raise click.ClickException(
            "nothing was written; nothing is sent" if file else "nothing was changed; nothing is sent"
        )
    _send_all(settings, [replace(out, value=after.strip()), audit(found, "edited")])
    click.echo(f"{letter:<10} edited, to {out.topic}")


@rejected.command()
@click.argument("letter")
@click.option("--note", required=True, help="Why; it is kept.")
def drop(letter: str, note: str) -> None:
    """Note that LETTER needs nothing more.

    Its bytes stay until the topic's retention ends.
    """
    settings, found = _named(letter)
    _send_all(settings, [audit(found, "dropped", note)])
    click.echo(f"{letter:<10} dropped")


def _named(letter: str) -> tuple[Settings, Letter]:
    settings = configured()
    found = letter_named(settings, letter)
    if found is None:
        raise click.ClickException(f"expected a dead letter, found none at {letter}; see `wirewatch rejected list`")
    return settings, found


def _send_all(settings: Settings, records: Sequence[Outgoing]) -> None:
    with closing(Writer(settings)) as writer:
        for out in records:
            writer.write(out)
