"""Where the command ``wirewatch`` begins: imports nothing until Ctrl-C has been provided for."""

import os
import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line; Ctrl-C while its code is still being loaded ends it without a word, as it does later."""
    try:
        from streams.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.stdout.flush()
        os._exit(INTERRUPTED)  # what else ends with the interpreter may be half loaded


if __name__ == "__main__":
    main()
