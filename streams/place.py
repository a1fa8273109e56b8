"""A worker's place on a machine: one process holds it at a time.

Two workers of one number would be the same static member of their consumer groups: each takes the other's
partitions away, again and again, and both write.
"""

import fcntl
import logging
import time
from pathlib import Path
from typing import IO

from streams.errors import ConfigurationError

log = logging.getLogger(__name__)

PATIENCE = 12.0
"""Seconds that a worker has to leave whose supervisor is gone."""
PAUSE = 0.1


def hold(file: Path, whose: str, patience: float = PATIENCE) -> IO[bytes]:
    """Lock ``file`` until it is closed or this process has ended, however it ends.

    ConfigurationError where another process holds it for longer than ``patience`` seconds; ``whose`` place it is
    stands in the message.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    lock, deadline, told = file.open("ab"), time.monotonic() + patience, False
    while not _locked(lock):
        if time.monotonic() >= deadline:
            lock.close()
            raise ConfigurationError(
                f"{whose} runs already on the files in {file.parent.parent}; stop it, raise its --workers, "
                "or give this one a WIREWATCH_HOME of its own"
            )
        if not told:
            log.warning("another worker has this place", extra={"place": whose, "waits": patience})
            told = True
        time.sleep(PAUSE)
    return lock


def _locked(lock: IO[bytes]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
