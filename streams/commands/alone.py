"""Commands that keep the files of a home to themselves."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streams.errors import WirewatchError


@contextmanager
def alone(home: Path, name: str, refusal: str | None = None) -> Iterator[None]:
    """Hold the lock ``name`` in ``home``, which is made where it is not there yet.

    Waits for whoever holds it; with a ``refusal``, WirewatchError of that text instead. WirewatchError, too, where
    ``home`` cannot be written to.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = (home / name).open("ab")
    except OSError as error:
        raise WirewatchError(
            f"expected to write to {home}, found: {error.strerror}; set WIREWATCH_HOME to another directory"
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (fcntl.LOCK_NB if refusal else 0))
        except BlockingIOError:
            raise WirewatchError(refusal) from None
        yield
