"""``wirewatch doctor``: why it does not work."""

import json

import click

from streams.commands import configured, local_broker, observed
from streams.doctor import Level, examine
from streams.settings import settings

COLOURS = {Level.OK: "green", Level.NOTE: "yellow", Level.FAULT: "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a finding.")
def doctor(as_json: bool) -> None:
    """Look for what keeps the pipeline from working.

    At this machine, the broker, its topics, rules, workers and what waits for them;
    each finding says what to do. Exit code 1 if there is a fault.
    """
    given = settings()
    local = not given.broker and local_broker(given.directory) is None
    faults = 0
    looked_at = configured().model_copy(update={"home": observed().directory})
    for finding in examine(looked_at, java_needed=local):
        faults += finding.level is Level.FAULT
        if as_json:
            click.echo(json.dumps({"piece": finding.piece, "level": finding.level, "told": finding.told}))
        else:
            click.echo(
                f"{click.style(f'{finding.level:<6}', fg=COLOURS[finding.level])}{finding.piece:<9}{finding.told}"
            )
    if faults:
        raise click.exceptions.Exit(1)
