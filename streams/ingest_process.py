"""The poller of feeds as one process that a supervisor starts: ``python -m streams.ingest_process``."""

from streams.cli import main

if __name__ == "__main__":
    main(["ingest"])
