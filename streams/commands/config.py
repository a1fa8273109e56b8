"""``wirewatch config``: the settings in force."""

import json
import os

import click
from pydantic import SecretStr

from streams.settings import PREFIX, Settings, settings


@click.group()
def config() -> None:
    """Show what is set."""


@config.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show(as_json: bool) -> None:
    """Every setting with its value and where it comes from; secrets are masked."""
    chosen = settings()
    if as_json:
        click.echo(json.dumps({name: _plain(getattr(chosen, name)) for name in Settings.model_fields}))
        return
    for name, field in Settings.model_fields.items():
        variable = PREFIX + name.upper()
        origin = "environment" if variable in os.environ else "set" if name in chosen.model_fields_set else "default"
        click.echo(f"{variable:<32} {_plain(getattr(chosen, name))!s:<28} {origin:<12} {field.description}")


def _plain(value: object) -> object:
    if isinstance(value, SecretStr):
        return "********"
    if value is None or isinstance(value, str | int | float):
        return value
    return [str(part) for part in value] if isinstance(value, tuple) else str(value)
