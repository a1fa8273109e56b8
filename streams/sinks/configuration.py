"""Sinks and routes as configured: one YAML or TOML file, named by the setting ``sinks``."""

import asyncio
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from schemas.alert import Alert
from streams.errors import ConfigurationError, explain, unreadable
from streams.routing import Route
from streams.settings import Settings
from streams.sinks.alertmanager import AlertmanagerSettings
from streams.sinks.email import EmailSettings
from streams.sinks.file import FileSettings
from streams.sinks.pagerduty import PagerdutySettings
from streams.sinks.sink import Sink, SinkSettings
from streams.sinks.slack import SlackSettings
from streams.sinks.stdout import StdoutSettings
from streams.sinks.webhook import WebhookSettings

MOST_BYTES = 1024 * 1024
NAME = re.compile(r"[a-z][a-z0-9-]{0,49}")

AnySink = Annotated[
    StdoutSettings
    | FileSettings
    | WebhookSettings
    | SlackSettings
    | AlertmanagerSettings
    | PagerdutySettings
    | EmailSettings,
    Field(discriminator="type"),
]


class SinksFile(BaseModel):
    """What stands in the file: sinks by name, and the tree of routes; without one, every sink gets every alert."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    sinks: Mapping[str, AnySink] = Field(min_length=1, max_length=200)
    route: Route | None = None

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        for name in self.sinks:
            if not NAME.fullmatch(name):
                raise ValueError(f"expected a sink's name of a-z, 0-9 and dashes, found {name!r}")
        unknown = sorted((self.route.named() if self.route else frozenset()) - set(self.sinks))
        if unknown:
            raise ValueError(f"a route names {unknown[0]!r}; the sinks are {', '.join(sorted(self.sinks))}")
        if self.route and self.route.to is None:
            raise ValueError("expected `to` in the first route: the sinks of alerts that no other route takes")
        return self

    def receives(self, name: str, alert: Alert) -> bool:
        """Whether the sink ``name`` is to get ``alert``."""
        return self.route is None or name in self.route.receivers(alert)

    def chosen(self, names: tuple[str, ...]) -> Mapping[str, SinkSettings]:
        """The settings of the sinks ``names``, of all where none is named; ConfigurationError for unknown ones."""
        if unknown := sorted(set(names) - set(self.sinks)):
            raise ConfigurationError(f"no sink is named {unknown[0]!r}; known are {', '.join(sorted(self.sinks))}")
        return {name: sink for name, sink in self.sinks.items() if not names or name in names}


def load_sinks(settings: Settings) -> SinksFile | None:
    """The configured sinks, None where no file is named; ConfigurationError for one that cannot be used."""
    if settings.sinks is None:
        return None
    found = read_sinks(settings.sinks)
    stages = set(re.findall(r"[\w-]+", settings.pipeline))
    if taken := sorted(stages & set(found.sinks)):
        raise ConfigurationError(f"{settings.sinks}: {taken[0]!r} is a stage; give the sink another name")
    return found


def problem_of(settings: SinkSettings) -> str | None:
    """What keeps a sink from starting, such as a secret that is not there; None if nothing does. It connects to
    nothing yet."""
    try:
        asyncio.run(_started_and_stopped(settings.build()))
    except ConfigurationError as error:
        return str(error)
    return None


async def _started_and_stopped(sink: Sink) -> None:
    try:
        await sink.start()
    finally:
        await sink.stop()


def read_sinks(path: Path) -> SinksFile:
    """The sinks of a file."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ConfigurationError(f"expected sinks in {path} in at most {MOST_BYTES} bytes, found more")
        text = path.read_text(encoding="utf-8")
        found = tomllib.loads(text) if path.suffix == ".toml" else yaml.safe_load(text)
        return SinksFile.model_validate(found)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"expected sinks in {path}, found: {unreadable(error)}; correct WIREWATCH_SINKS"
        ) from None
    except (yaml.YAMLError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(
            f"{path} is not {'TOML' if path.suffix == '.toml' else 'YAML'}: {_where(error)}"
        ) from None
    except ValidationError as error:
        raise ConfigurationError(f"{path}: {explain(error)}") from None


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}, column {mark.column + 1}" if mark else str(error)
