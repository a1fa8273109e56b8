"""``wirewatch run`` with the workers of the faults: ``python -m streams.faults.run --workers N``."""

import sys
from functools import partial

from streams.commands.run import Told, restore_topics, say, supervise
from streams.settings import settings
from streams.supervisor import Supervisor


def main() -> None:
    """Run until told to stop."""
    told = Told()
    count = int(sys.argv[sys.argv.index("--workers") + 1])
    chosen = settings()
    module, again = "streams.faults.worker", partial(restore_topics, chosen)
    supervise(told, Supervisor(chosen, count, say=say, module=module, before_restart=again, spare=chosen.spare))


if __name__ == "__main__":
    main()
