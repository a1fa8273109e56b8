"""One worker as a process: ``python -m streams.worker_process SLOT [HOP...]``; the supervisor starts these."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

CONFIGURATION = 78
"""Exit code for a setting that cannot be used: starting again would not help."""
PR_SET_PDEATHSIG = 1


def leave_when_told() -> None:
    """SIGTERM while everything is still being loaded: nothing has been taken yet, so leave at once, with 0."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))


def stop_with_parent() -> None:
    """Settle and leave when the supervisor dies, so that the next one's workers meet no others."""
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    except (OSError, AttributeError):  # not Linux: the next worker of this slot fences this one
        return


def run_as_process(run: Callable[[], None]) -> None:
    """Call ``run``; a setting that cannot be used is one line and an exit code of its own."""
    from streams.errors import WirewatchError

    try:
        run()
    except WirewatchError as error:
        sys.stderr.write(f"Error: {error}\n")
        sys.exit(CONFIGURATION)


def main() -> None:
    """Run until told to stop."""
    leave_when_told()
    stop_with_parent()

    from streams.settings import settings
    from streams.worker import run_worker

    run_as_process(lambda: run_worker(settings(), int(sys.argv[1]), sys.argv[2:]))


if __name__ == "__main__":
    main()
