"""Files that others read while they are written."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def naming(file: Path) -> Iterator[None]:
    """OSError with the file's name: Python names none when a disk is full."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(file)) from None


def write_whole(file: Path, text: str) -> None:
    """Write a file so that a reader finds all of it or none, whenever the writer is killed and whoever else writes."""
    aside = file.with_name(f"{file.name}.{os.getpid()}.new")
    with naming(file):
        aside.write_text(text, encoding="utf-8")
        os.replace(aside, file)
