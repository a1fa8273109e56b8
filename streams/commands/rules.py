"""``wirewatch rules``: rules as tested data."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click
from kafka import KafkaProducer

from schemas.rule import Rule
from schemas.topics import RULES
from streams.broker import wait_for_broker
from streams.commands import configured
from streams.connection import client_options
from streams.errors import WirewatchError
from streams.reading import Reader
from streams.rules import RulesError, load_rules, test

SHIPPED = Path("seeds") / "rules"


def shipped_rules() -> Path:
    """The rules that come with wirewatch: of this checkout, else of the installation."""
    for root in (Path.cwd(), Path(sys.prefix) / "share" / "wirewatch"):
        if (root / SHIPPED).is_dir():
            return root / SHIPPED
    raise WirewatchError(f"expected rules in {SHIPPED}, found none; name files of rules")


def rules_of(files: Sequence[Path]) -> Any:
    """The rules of ``files`` and directories, ready to match; says everything that is wrong with them."""
    try:
        return load_rules(files)
    except RulesError as error:
        raise WirewatchError(str(error)) from None


@click.group()
def rules() -> None:
    """Check, test, list and push alert rules."""


FILES = click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))


@rules.command()
@FILES
def check(files: tuple[Path, ...]) -> None:
    """Say whether the rules of FILES (default: the shipped ones) can be used."""
    click.echo(f"{len(rules_of(files or (shipped_rules(),)))} rules, all usable")


@rules.command("test")
@FILES
def test_rules(files: tuple[Path, ...]) -> None:
    """Run each rule's own examples; exit code 1 if one is wrong."""
    found = rules_of(files or (shipped_rules(),))
    examples = wrong = 0
    for rule in found:
        failures = test(rule, _by_name(found))
        examples += len(rule.tests.fire) + len(rule.tests.quiet)
        wrong += len(failures)
        mark = click.style("wrong", fg="red") if failures else click.style("right", fg="green")
        click.echo(f"{mark}  {rule.name}  {len(rule.tests.fire)} fire, {len(rule.tests.quiet)} quiet")
        for failure in failures:
            click.echo(f"       {failure}")
    click.echo(f"{examples} examples of {len(found)} rules, {wrong} wrong")
    if wrong:
        raise click.exceptions.Exit(1)


def _by_name(found: Any) -> Any:
    return lambda name: found.rule(name) if name in found else None


@rules.command("list")
def list_rules() -> None:
    """The rules that workers have read from the topic."""
    for rule in sorted(_on_topic(), key=lambda r: r.name):
        click.echo(f"{rule.name:<32} {rule.severity:<9} {rule.description or ''}")


def _on_topic() -> Iterator[Rule]:
    reader = Reader(configured(), RULES.name)
    reader.from_beginning()
    latest = {record.key: record.value for record in reader.until_now()}
    reader.close()
    return (Rule.model_validate_json(value) for value in latest.values() if value is not None)


@rules.command()
@FILES
@click.option("--delete", "deleted", multiple=True, help="Delete the rule of this name instead.")
def push(files: tuple[Path, ...], deleted: tuple[str, ...]) -> None:
    """Put the rules of FILES (default: the shipped ones) in force; they are tested first."""
    names = push_rules(files or (shipped_rules(),)) if not deleted else _delete(deleted)
    click.echo(f"{len(names)} {'deleted' if deleted else 'pushed'}: {', '.join(names)}")


def push_rules(files: Sequence[Path], settings: Any = None) -> list[str]:
    """Send the rules of ``files`` to their topic; the names, once the broker has confirmed each."""
    found = rules_of(files)
    for rule in found:
        if failures := test(rule, _by_name(found)):
            raise WirewatchError(f"{rule.name} fails {len(failures)} of its own examples; see `wirewatch rules test`")
    return _send([(rule.name, rule.to_json()) for rule in found], settings or configured())


def _delete(names: Sequence[str]) -> list[str]:
    return _send([(name, None) for name in names], configured())


def _send(records: Sequence[tuple[str, bytes | None]], settings: Any) -> list[str]:
    wait_for_broker(settings.broker or "", encrypted=settings.security.endswith("SSL"))
    producer = KafkaProducer(**client_options(settings))
    try:
        topic = settings.named(RULES.name)
        sent = [producer.send(topic, key=name.encode(), value=value) for name, value in records]
        for future in sent:
            future.get(timeout=30)
    finally:
        producer.close()
    return [name for name, _ in records]
