"""``wirewatch schema``: the contract of the topics as files, and what has changed since an earlier one."""

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
import yaml

from schemas.compatibility import Change, compare, compare_topics
from streams.errors import WirewatchError
from streams.groups import Group
from streams.show import counted

DOCUMENT = "asyncapi.yaml"
OWN = Path(str(files("schemas")))
"""The contract of this version: the committed files are part of the package."""
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group(cls=Group)
def schema() -> None:
    """Write the contract of the topics, and say what has changed in it."""


@schema.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
def export(directory: Path) -> None:
    """Write the JSON Schemas and the AsyncAPI document to DIRECTORY."""
    directory.mkdir(parents=True, exist_ok=True)
    written = [*OWN.glob("json/*.json"), OWN / DOCUMENT]
    for file in written:
        (directory / file.name).write_bytes(file.read_bytes())
    click.echo(f"{counted(len(written), 'file')} in {directory}", err=True)


@schema.command()
@click.argument("old", type=_FOLDER)
@click.argument("new", type=_FOLDER, required=False)
def diff(old: Path, new: Path | None) -> None:
    """Print what has changed since the export in OLD.

    In NEW, or else in this version. Each change says whether it breaks who is on the other side of a topic.
    """
    for change in _changes(old, new):
        click.echo(str(change))


@schema.command()
@click.argument("old", type=_FOLDER)
@click.argument("new", type=_FOLDER, required=False)
def check(old: Path, new: Path | None) -> None:
    """Exit with 1 if a change since the export in OLD breaks somebody.

    In NEW, or else in this version. A breaking change is a new topic.
    """
    found = _changes(old, new)
    breaking = [change for change in found if change.breaking]
    for change in breaking:
        click.echo(str(change))
    click.echo(f"{counted(len(found), 'change')}, {len(breaking)} of them breaking", err=True)
    if breaking:
        raise click.exceptions.Exit(1)


def _changes(old: Path, new: Path | None) -> list[Change]:
    (schemas, document), (new_schemas, new_document) = _read(old), _read(new or OWN)
    return compare(schemas, new_schemas) + compare_topics(document, new_document)


def _read(directory: Path) -> tuple[Mapping[str, Any], Any]:
    """An export, or the folder `schemas` of a checkout."""
    try:
        found = sorted(directory.glob("*.json")) or sorted(directory.glob("json/*.json"))
        schemas = {file.stem: json.loads(file.read_text()) for file in found}
        document = yaml.safe_load((directory / DOCUMENT).read_text())
    except (OSError, ValueError, yaml.YAMLError) as error:
        said = " ".join(str(error).split())
        raise WirewatchError(f"expected an export of `wirewatch schema export` in {directory}, found: {said}") from None
    if not schemas or not isinstance(document, dict) or "channels" not in document:
        raise WirewatchError(f"expected an export of `wirewatch schema export` in {directory}, found none")
    return schemas, document
