"""One worker as a process: ``python -m streams.worker_process SLOT [HOP...]``; the supervisor starts these.

With ``spare`` for SLOT it loads all that a worker needs, and waits for its slot on standard input; meanwhile it
follows what workers remember. Told to ``fork`` a slot, it says there which process is the worker, and waits on.
"""

import contextlib
import errno
import os
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from streams.forked import PR_SET_NAME, PR_SET_PDEATHSIG, control_process, fork_worker

if TYPE_CHECKING:
    from streams.standby import Standby

CONFIGURATION = 78
"""Exit code for a setting that cannot be used: starting again would not help."""
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
"""A disk may have room again: the next start tries."""
SPARE = "spare"
READY = b"ready\n"
"""What a spare says once it has loaded, and could fork at once."""
FORK = "fork "
"""Before a slot: the worker is to be a process of its own."""


def leave_when_told() -> None:
    """SIGTERM while everything is still being loaded: nothing has been taken yet, so leave at once, with 0."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))


def stop_with_parent() -> None:
    """Settle and leave when the supervisor dies, so that the next one's workers meet no others."""
    control_process(PR_SET_PDEATHSIG, signal.SIGTERM)  # elsewhere the next worker of this slot waits for this one


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
    control_process(PR_SET_NAME, f"wirewatch-{int(given)}".encode())  # a spare's command line does not tell
    return int(given)


def slot_given(standby: "Standby") -> str:
    """The slot that this process is to take, which may be a fork of the one that was told."""
    _answer(READY)
    while (word := standby.until(_next_word)).startswith(FORK):
        worker = fork_worker()
        if worker == 0:
            stop_with_parent()
            return word.removeprefix(FORK)
        _answer(b"%d\n" % (worker or os.getpid()))
        if worker is None:  # then it has to be this one
            return word.removeprefix(FORK)
    return word


def _next_word() -> str:
    """The supervisor's next line; empty when it wants no more, or has gone."""
    with contextlib.suppress(ConnectionError):
        return sys.stdin.readline()
    return ""


def _answer(word: bytes) -> None:
    """Tell the supervisor; one that does not listen any more has said what it wants."""
    with contextlib.suppress(ConnectionError):
        os.write(sys.stdin.fileno(), word)


def work() -> None:
    """Load what a worker needs, and run in the slot that the command line or standard input gives."""
    from streams.settings import settings
    from streams.standby import NOTHING_HELD, Standby
    from streams.worker import load_worker, run_worker

    word, *hops = sys.argv[1:]
    loaded = load_worker(settings(), hops)
    held = NOTHING_HELD
    if word == SPARE:
        standby = Standby(loaded.hops, loaded.settings, loaded.rules)
        word, held = slot_given(standby), standby.held
    slot = slot_of(word)
    if settings() != loaded.settings:
        loaded, held = load_worker(settings(), hops), NOTHING_HELD
    run_worker(loaded, slot, held)


def main(before: Callable[[], None] = lambda: None) -> None:
    """Run until told to stop; ``before`` is called before anything is loaded."""
    leave_when_told()
    stop_with_parent()
    before()
    run_as_process(work)


if __name__ == "__main__":
    main()
