"""Secrets and addresses that configuration only points at: ``env:NAME`` or ``file:/path``."""

import os
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import BeforeValidator, ConfigDict, SecretStr
from pydantic.dataclasses import dataclass

from streams.errors import ConfigurationError, unreadable


@dataclass(frozen=True, config=ConfigDict(hide_input_in_errors=True))
class Reference:
    """Where a secret stands. It is read each time it is needed, so a file can be replaced while we run."""

    where: str
    name: str
    literal: SecretStr = SecretStr("")

    def reveal(self) -> str:
        """The secret; ConfigurationError, naming only the place, where there is none."""
        if self.where == "here":
            return self.literal.get_secret_value()
        try:
            found = os.environ[self.name] if self.where == "env" else Path(self.name).read_text(encoding="utf-8")
        except KeyError:
            raise ConfigurationError(f"expected a secret in the environment as {self.name}, found none") from None
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"expected a secret in {self.name}, found: {unreadable(error)}") from None
        if not found.strip():
            raise ConfigurationError(f"expected a secret in {self.where}:{self.name}, found nothing")
        return found.strip()

    def __str__(self) -> str:
        return f"{self.where}:{self.name}" if self.where != "here" else "**********"


def _referred(value: object) -> Reference | None:
    if isinstance(value, Reference):
        return value
    where, colon, name = str(value).partition(":")
    return Reference(where, name) if colon and where in ("env", "file") and name else None


def _secret(value: object) -> Reference:
    if found := _referred(value):
        return found
    raise ValueError("expected env:NAME or file:/path, found something else: secrets do not stand in this file")


def checked_url(text: str) -> str:
    """``text`` if it is an http or https URL with a host; ValueError, without the text, if not."""
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").encode("idna")  # what no name can be is found here, not at the first alert
        fits = parts.scheme in ("http", "https") and host and (parts.port is None or parts.port > 0)
    except ValueError:
        fits = False
    if not fits:
        raise ValueError("expected an http or https URL with a host")
    return text


def _url(value: object) -> Reference:
    return _referred(value) or Reference("here", "", SecretStr(checked_url(str(value))))


Secret = Annotated[Reference, BeforeValidator(_secret)]
SecretUrl = Annotated[Reference, BeforeValidator(_url)]
"""A URL, or a reference to one: those of chat services are secrets."""


def host_of(url: str) -> str:
    """Scheme, host and port: what may be shown of a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}"
