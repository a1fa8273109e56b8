"""Errors that a person reads: expected, found, what to do, in one line."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError


class WirewatchError(Exception):
    """Something the user can mend; its text is the whole message."""


class ConfigurationError(WirewatchError):
    """A setting that cannot be used."""


class StateError(WirewatchError):
    """State that cannot be restored, or is not ours to use."""


def unreadable(error: OSError | UnicodeDecodeError) -> str:
    """Why a file could not be read as text, in words."""
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else "no text"


MAX_DETAIL = 500


def explain(error: ValidationError) -> str:
    """One line for one person: ``url: Field required; title: Field required``."""
    return "; ".join(map(_told, error.errors(include_url=False)))[:MAX_DETAIL]


def _told(error: Mapping[str, Any]) -> str:
    """One thing that is wrong: where, what was expected, and of a number or truth value what was found."""
    where = ".".join(map(str, error["loc"]))
    found = f", found {error['input']!r}" if isinstance(error["input"], int | float) else ""
    what = error["msg"].removeprefix("Value error, ")
    return f"{where}: {what}{found}" if where else what
