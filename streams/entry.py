"""Where the command ``wirewatch`` begins: imports nothing until Ctrl-C has been provided for."""

import os
import sys
from contextlib import suppress

INTERRUPTED = 130
THREADS = "OPENBLAS_NUM_THREADS"
"""How many numpy starts for large products of matrices, of which there are none here: by default one a core in each
process, and a container with a limit of processes may not have so many."""


def main() -> None:
    """Run the command line; Ctrl-C while its code is still being loaded ends it without a word, as it does later."""
    os.environ.setdefault(THREADS, "1")  # also for the processes it starts
    try:
        from streams.cli import main as run

        run()
    except KeyboardInterrupt:
        with suppress(AttributeError, OSError):  # closed by the caller, or by whoever read it
            sys.stdout.flush()
        os._exit(INTERRUPTED)  # what else ends with the interpreter may be half loaded


if __name__ == "__main__":
    main()
