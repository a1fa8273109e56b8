"""``wirewatch config``: the settings in force."""

import json
import os
import re

import click
from pydantic import SecretStr

from streams import kernels
from streams.commands import configured
from streams.groups import Group
from streams.settings import PREFIX, Settings, settings

SECRET_PARTS = re.compile(r"(?<=://)[^/@\s]+(?=@)|(?<=\?)\S+")
"""Of addresses: user and password, and the query."""


@click.group(cls=Group)
def config() -> None:
    """Show the settings in force."""


@config.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def show(as_json: bool) -> None:
    """Show every setting, its value and where it comes from.

    Secrets are masked. The last line says whether there are compiled kernels.
    """
    given, chosen = settings(), configured()
    chosen = chosen.model_copy(update={"home": chosen.directory})
    if as_json:
        values = {name: _plain(getattr(chosen, name)) for name in Settings.model_fields}
        click.echo(json.dumps(values | {"kernels": kernels.state}))
        return
    for name, field in Settings.model_fields.items():
        variable = PREFIX + name.upper()
        origin = "environment" if variable in os.environ else "file" if name in given.model_fields_set else "default"
        value = _plain(getattr(chosen, name))
        click.echo(f"{variable:<32} {'' if value is None else value!s:<28} {origin:<12} {field.description}")
    click.echo(f"kernels: {kernels.state}")


def _plain(value: object) -> object:
    if isinstance(value, SecretStr):
        return "********"
    if isinstance(value, str):
        return SECRET_PARTS.sub("********", value) if "://" in value else value
    if value is None or isinstance(value, int | float):
        return value
    return [str(part) for part in value] if isinstance(value, tuple) else str(value)
