"""Errors that a person reads: expected, found, what to do, in one line."""

from pydantic import ValidationError


class WirewatchError(Exception):
    """Something the user can mend; its text is the whole message."""


class ConfigurationError(WirewatchError):
    """A setting that cannot be used."""


class StateError(WirewatchError):
    """State that cannot be restored, or is not ours to use."""


MAX_DETAIL = 500


def explain(error: ValidationError) -> str:
    """One line for one person: ``url: Field required; title: Field required``."""
    found = "; ".join(
        f"{'.'.join(map(str, e['loc'])) or 'message'}: {e['msg']}" for e in error.errors(include_url=False)
    )
    return found[:MAX_DETAIL]
