"""``wirewatch run`` with the workers of the faults: ``python -m streams.faults.run --workers N``."""

import sys

from streams.commands.run import Told, say, supervise
from streams.settings import settings
from streams.supervisor import Supervisor


def main() -> None:
    """Run until told to stop."""
    told = Told()
    count = int(sys.argv[sys.argv.index("--workers") + 1])
    supervise(Supervisor(settings(), count, say=say, module="streams.faults.worker"), told)


if __name__ == "__main__":
    main()
