"""Files that others read while they are written."""

import os
from pathlib import Path


def write_whole(file: Path, text: str) -> None:
    """Write a file so that a reader finds all of it or none, whenever the writer is killed."""
    aside = file.with_name(file.name + ".new")
    aside.write_text(text, encoding="utf-8")
    os.replace(aside, file)
