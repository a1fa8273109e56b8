"""One worker as a process: ``python -m streams.worker_process SLOT [HOP...]``; the supervisor starts these.

With ``spare`` for SLOT it loads all that a worker needs, and waits for its slot on standard input; meanwhile it
follows what workers remember.
"""

import ctypes
import errno
import os
import signal
import sys
from collections.abc import Callable

CONFIGURATION = 78
"""Exit code for a setting that cannot be used: starting again would not help."""
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
"""A disk may have room again: the next start tries."""
SPARE = "spare"
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15


def leave_when_told() -> None:
    """SIGTERM while everything is still being loaded: nothing has been taken yet, so leave at once, with 0."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))


def stop_with_parent() -> None:
    """Settle and leave when the supervisor dies, so that the next one's workers meet no others."""
    _control(PR_SET_PDEATHSIG, signal.SIGTERM)  # elsewhere the next worker of this slot waits for this one


def _control(what: int, value: int | bytes) -> None:
    """Linux's ``prctl``; nothing on other systems."""
    try:
        ctypes.CDLL(None).prctl(what, value)
    except (OSError, AttributeError):
        return


def run_as_process(run: Callable[[], None]) -> None:
    """Call ``run``; a setting that cannot be used, or a home that cannot be written, is one line."""
    from streams.errors import WirewatchError

    try:
        run()
    except WirewatchError as error:
        sys.stderr.write(f"Error: {error}\n")
        sys.exit(CONFIGURATION)
    except OSError as error:
        if error.filename is None:
            raise
        sys.stderr.write(
            f"Error: expected to write to {error.filename}, found: {error.strerror}; "
            "make room or make it writable, or set WIREWATCH_HOME to another directory\n"
        )
        sys.exit(1 if error.errno in NO_ROOM else CONFIGURATION)


def slot_of(given: str) -> int:
    """The slot that a word names; a spare leaves when its supervisor gives it none."""
    if not given:
        os._exit(0)
    _control(PR_SET_NAME, f"wirewatch-{int(given)}".encode())  # a spare's command line does not tell
    return int(given)


def work() -> None:
    """Load what a worker needs, and run in the slot that the command line or standard input gives."""
    from streams.settings import settings
    from streams.standby import Held, followed_until
    from streams.worker import load_worker, run_worker

    word, *hops = sys.argv[1:]
    loaded = load_worker(settings(), hops)
    held: Held = {}
    if word == SPARE:
        word, held = followed_until(sys.stdin.readline, loaded.hops, loaded.settings)
    slot = slot_of(word)
    if settings() != loaded.settings:
        loaded, held = load_worker(settings(), hops), {}
    run_worker(loaded, slot, held)


def main(before: Callable[[], None] = lambda: None) -> None:
    """Run until told to stop; ``before`` is called before anything is loaded."""
    leave_when_told()
    stop_with_parent()
    before()
    run_as_process(work)


if __name__ == "__main__":
    main()
