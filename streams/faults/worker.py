"""A worker whose stages misbehave and whose clock may be off, as a process: what the faults run instead of the
ordinary one. ``FAULT_CLOCK`` is how many seconds its clock is ahead."""

import os
import sys
import time
from typing import Any

from streams.worker_process import leave_when_told, run_as_process, stop_with_parent


def shift_clock(seconds: float) -> None:
    """Set this process's clock ahead."""
    now = time.time
    time.time = lambda: now() + seconds


def main() -> None:
    """Run until told to stop."""
    leave_when_told()
    stop_with_parent()
    if ahead := float(os.environ.get("FAULT_CLOCK", "0")):
        shift_clock(ahead)

    from streams import worker
    from streams.faults.misbehaving import misbehaving
    from streams.settings import settings

    shell: Any = worker
    build = shell.build_table
    shell.build_table = lambda *given: misbehaving(build(*given))
    run_as_process(lambda: worker.run_worker(settings(), int(sys.argv[1]), sys.argv[2:]))


if __name__ == "__main__":
    main()
