"""One worker as a process: ``python -m streams.worker_process SLOT [HOP...]``; the supervisor starts these."""

import sys

from streams.errors import WirewatchError
from streams.settings import settings
from streams.worker import run_worker

CONFIGURATION = 78
"""Exit code for a setting that cannot be used: starting again would not help."""


def main() -> None:
    """Run until told to stop."""
    try:
        run_worker(settings(), int(sys.argv[1]), sys.argv[2:])
    except WirewatchError as error:
        sys.stderr.write(f"Error: {error}\n")
        sys.exit(CONFIGURATION)


if __name__ == "__main__":
    main()
