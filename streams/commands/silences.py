"""``wirewatch silences``: for a while, keep alerts of a rule or of some labels and tell nobody."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from schemas.rule import Silence
from schemas.topics import RULES, SILENCES
from streams.commands import configured
from streams.commands.records import current, listed, put, send
from streams.groups import Group
from streams.reading import latest, seconds_in
from streams.show import as_text

MOST_SECONDS = 3650 * 86400
AS_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


@click.group(cls=Group, invoke_without_command=True)
@AS_JSON
@click.pass_context
def silences(context: click.Context, as_json: bool) -> None:
    """List, add and end silences."""
    if not context.invoked_subcommand:
        context.invoke(list_silences, as_json=as_json)


@silences.command("list")
@AS_JSON
def list_silences(as_json: bool) -> None:
    """List the silences, the next to end first."""
    found = sorted(current(configured(), SILENCES), key=lambda silence: (silence.ends, silence.id))
    lines = (line for silence in found for line in ([silence.model_dump_json()] if as_json else as_text(silence)))
    listed(lines, "no silences")


def _labels(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    pairs = [label.partition("=") for label in given]
    for name, sign, value in pairs:
        if not (name and sign and value):
            raise click.BadParameter(f"expected name=value, found {name}{sign}{value}")
    return {name: value for name, _, value in pairs}


def _span(context: click.Context, parameter: click.Parameter, given: str) -> timedelta:
    seconds = seconds_in(given)
    if not seconds or seconds > MOST_SECONDS:
        raise click.BadParameter(f"expected a span such as 30m, 2h or 7d, at most 3650d, found {given}")
    return timedelta(seconds=seconds)


@silences.command()
@click.option("--rule", help="Name of a rule. Default: any.")
@click.option(
    "--label", "labels", multiple=True, callback=_labels, help="name=value that alerts must carry; again for more."
)
@click.option("--for", "span", default="2h", show_default=True, callback=_span, help="How long: 30m, 2h, 7d.")
@click.option("--from", "starts", type=click.DateTime(), help="When it begins, UTC. Default: now.")
@click.option("--comment", help="Why, for whoever reads the list.")
def add(starts: datetime | None, span: timedelta, **fields: Any) -> None:
    """Silence a rule, or all alerts with some labels.

    As `--rule coup --for 2h`, or `--label team=sea --for 30m`.
    """
    if not (fields["rule"] or fields["labels"]):
        raise click.UsageError("expected --rule or --label; a silence of everything would hide what you need to see")
    begin = starts.replace(tzinfo=UTC) if starts else datetime.now(UTC)
    if fields["rule"] and fields["rule"] not in latest(configured(), RULES):
        click.echo(f"no rule {fields['rule']} is in force now; see `wirewatch rules list`", err=True)
    silence = Silence(id=secrets.token_hex(6), starts=begin, ends=begin + span, **fields)
    put(configured(), SILENCES, [silence], "silences")
    click.echo(f"{silence.id} until {silence.ends:%Y-%m-%d %H:%M} UTC")


@silences.command()
@click.argument("identifiers", metavar="ID...", nargs=-1, required=True)
def end(identifiers: tuple[str, ...]) -> None:
    """End silences before their time."""
    known = {silence.id for silence in current(configured(), SILENCES)}
    if unknown := [name for name in identifiers if name not in known]:
        raise click.ClickException(f"no silence {', '.join(unknown)}; see `wirewatch silences`")
    send(configured(), SILENCES.name, [(name, None) for name in identifiers])
    click.echo(f"{len(identifiers)} ended")
