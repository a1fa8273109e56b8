"""``wirewatch topics``: what is declared against what the broker has."""

import json

import click

from streams.commands import Connection, connection
from streams.groups import Group
from streams.show import counted
from streams.topics_admin import (
    Difference,
    TopicPlan,
    TopicState,
    create_topics,
    describe_topics,
    drift,
    planned_topics,
)


@click.group(cls=Group)
def topics() -> None:
    """List, create and describe the topics of the pipeline."""


@topics.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_topics(as_json: bool) -> None:
    """List the declared topics, and whether the broker has them so."""
    plans, states = _both(connection())
    differing = {difference.topic for difference in drift(plans, states)}
    present = {state.name for state in states}
    for plan in plans:
        state = "missing" if plan.name not in present else "differs" if plan.name in differing else "as declared"
        row = {"topic": plan.name, "partitions": plan.partitions, "replication": plan.replication, "state": state}
        line = f"{plan.name:<28} {counted(plan.partitions, 'partition'):>14}   {state}"
        click.echo(json.dumps(row) if as_json else line)


@topics.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be created.")
def create(dry_run: bool) -> None:
    """Create the topics that are missing.

    And partitions that a changelog lacks; all else is left as it is.
    """
    where = connection()
    plans, states = _both(where)
    present = {state.name for state in states}
    missing = [plan for plan in plans if plan.name not in present]
    created = [p.name for p in missing] if dry_run else create_topics(where.bootstrap, plans, **where.client)
    for name in created:
        click.echo(name)
    click.echo(f"{len(created)} {'to create' if dry_run else 'created'}, {len(plans) - len(missing)} there", err=True)
    for difference in drift([plan for plan in plans if plan.name in present], states):
        click.echo(str(difference), err=True)


@topics.command()
@click.argument("names", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def describe(names: tuple[str, ...], as_json: bool) -> None:
    """Compare topics with their declaration; exit code 1 if they differ."""
    plans, states = _both(connection())
    if unknown := set(names) - {plan.name for plan in plans}:
        raise click.ClickException(
            f"expected declared topics, found {', '.join(sorted(unknown))}; see `wirewatch topics list`"
        )
    chosen = [plan for plan in plans if not names or plan.name in names]
    differences = drift(chosen, states)
    by_name = {state.name: state for state in states}
    for plan in chosen:
        own = [difference for difference in differences if difference.topic == plan.name]
        row = _row(plan, by_name.get(plan.name), own)
        click.echo(json.dumps(row) if as_json else _paragraph(plan, by_name.get(plan.name), own))
    if differences:
        raise click.exceptions.Exit(1)


def _both(where: Connection) -> tuple[tuple[TopicPlan, ...], tuple[TopicState, ...]]:
    plans = planned_topics(where.settings)
    return plans, describe_topics(where.bootstrap, [plan.name for plan in plans], **where.client)


def _row(plan: TopicPlan, state: TopicState | None, differences: list[Difference]) -> dict[str, object]:
    declared = {"partitions": plan.partitions, "replication": plan.replication, **plan.config}
    actual = state and {
        "partitions": state.partitions,
        "replication": state.replication,
        **{name: state.config.get(name) for name in plan.config},
    }
    return {
        "topic": plan.name,
        "declared": declared,
        "actual": actual,
        "differences": [{"what": each.what, "expected": each.expected, "found": each.found} for each in differences],
    }


def _paragraph(plan: TopicPlan, state: TopicState | None, differences: list[Difference]) -> str:
    settings = " ".join(f"{name}={value}" for name, value in plan.config.items())
    head = f"{plan.name}: {plan.partitions} partitions, replication {plan.replication}, {settings}"
    if state is None:
        return f"{head}\n  missing: `wirewatch topics create`"
    said = [f"  {each.what}: declared {each.expected}, found {each.found}" for each in differences]
    return "\n".join([head, *(said or ["  as declared"])])
