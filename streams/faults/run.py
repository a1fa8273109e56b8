"""``wirewatch run`` with the workers of the faults: ``python -m streams.faults.run --workers N``."""

import sys

from streams.commands.run import Told, restore_topics, say, supervise
from streams.settings import settings
from streams.supervisor import Supervisor


def main() -> None:
    """Run until told to stop."""
    told = Told()
    count = int(sys.argv[sys.argv.index("--workers") + 1])
    chosen = settings()
    again = lambda: restore_topics(chosen)  # noqa: E731
    module = "streams.faults.worker"
    supervise(told, Supervisor(chosen, count, say=say, module=module, before_restart=again, spare=chosen.spare))


if __name__ == "__main__":
    main()
