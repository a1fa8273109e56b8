"""Files that others read while they are written."""

import os
from pathlib import Path


def write_whole(file: Path, text: str) -> None:
    """Write a file so that a reader finds all of it or none, whenever the writer is killed.

    OSError with the file's name where it cannot be written: Python names none when a disk is full.
    """
    aside = file.with_name(file.name + ".new")
    try:
        aside.write_text(text, encoding="utf-8")
        os.replace(aside, file)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(file)) from None
