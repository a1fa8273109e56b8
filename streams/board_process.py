"""The board as one process that a supervisor starts: ``python -m streams.board_process``."""

from streams.cli import main

if __name__ == "__main__":
    main(["board"])
