"""What stands between a configuration and a pipeline at work, looked at piece by piece."""

import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum

from schemas.topics import RAW, RULES
from streams import kernels
from streams.backlog import backlogs
from streams.broker.java import find_java
from streams.broker.local import NEEDED_BYTES
from streams.connection import administered, reach
from streams.entities.table import TableError, read_table
from streams.errors import WirewatchError
from streams.rates import look
from streams.reading import Reader, latest
from streams.scrape import announced, ready
from streams.settings import Settings
from streams.show import counted
from streams.sinks.configuration import load_sinks, problem_of
from streams.topics_admin import describe_topics, drift, planned_topics

AMPLE_BYTES = 4 * NEEDED_BYTES
AHEAD_SECONDS = 60.0
"""How far a record's time may be in the future before a clock is wrong."""


class Level(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    NOTE = "note"
    """Worth knowing; the pipeline works."""
    FAULT = "fault"
    """Nothing works, or not as configured, until it is mended."""


@dataclass(frozen=True)
class Finding:
    """What is the matter with one piece, or that nothing is."""

    piece: str
    level: Level
    told: str
    """What was found and, unless all is well, what to do."""


Examination = Callable[[Settings], tuple[Level, str] | None]
"""What there is to say of a piece, None where it is not used; a WirewatchError is a fault."""


def examine(settings: Settings, java_needed: bool = False) -> Iterator[Finding]:
    """Look at what is on this machine, then at the broker, and where that has the topics at what they hold.

    ``settings`` name a broker; ``java_needed``: it would be started here.
    """
    for piece, examination in EXAMINATIONS.items():
        finding = _finding(settings, piece, examination) if piece != "java" or java_needed else None
        if finding is not None:
            yield finding
            if finding.level is Level.FAULT and piece in GATES:
                return


def _finding(settings: Settings, piece: str, examination: Examination) -> Finding | None:
    try:
        found = examination(settings)
    except WirewatchError as error:
        found = Level.FAULT, str(error)
    return found and Finding(piece, *found)


def _kernels(_settings: Settings) -> tuple[Level, str]:
    return (Level.OK if kernels.state == "compiled" else Level.NOTE), kernels.state


def _disk(settings: Settings) -> tuple[Level, str]:
    there = next(folder for folder in (settings.directory, *settings.directory.parents) if folder.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        return Level.FAULT, f"{there} cannot be written; make it writable, or set WIREWATCH_HOME elsewhere"
    free = shutil.disk_usage(there).free
    told = f"{free / 2**30:.1f} GB free in {there}"
    if free < NEEDED_BYTES:
        return Level.FAULT, f"{told}, {NEEDED_BYTES >> 20} MB needed; make room, or set WIREWATCH_HOME elsewhere"
    return (Level.OK if free >= AMPLE_BYTES else Level.NOTE), told


def _java(settings: Settings) -> tuple[Level, str]:
    java = find_java(settings.java)
    return Level.OK, f"{java.version} ({java.origin}: {java.executable})"


def _tables(settings: Settings) -> tuple[Level, str] | None:
    try:
        rows = sum(len(read_table(path)) for path in settings.entities)
    except TableError as error:
        return Level.FAULT, f"WIREWATCH_ENTITIES: {error}"
    return (Level.OK, f"{counted(rows, 'entity', 'entities')} of your own") if settings.entities else None


def _sinks(settings: Settings) -> tuple[Level, str] | None:
    found = load_sinks(settings)
    if found is None:
        return None
    problems = {name: problem_of(sink) for name, sink in sorted(found.sinks.items())}
    if told := [f"{name}: {problem}" for name, problem in problems.items() if problem]:
        return Level.FAULT, "; ".join(told)
    return Level.OK, ", ".join(problems)


def _broker(settings: Settings) -> tuple[Level, str]:
    reach(settings)
    return Level.OK, f"{settings.broker} answers"


def _topics(settings: Settings) -> tuple[Level, str]:
    bootstrap, client = administered(settings)
    plans = planned_topics(settings)
    states = describe_topics(bootstrap, [plan.name for plan in plans], **client)
    if missing := [plan.name for plan in plans if plan.name not in {state.name for state in states}]:
        return Level.FAULT, f"missing: {', '.join(missing)}; `wirewatch topics create` makes them"
    if differing := sorted({difference.topic for difference in drift(plans, states)}):
        return Level.NOTE, f"not as declared: {', '.join(differing)}; see `wirewatch topics describe`"
    return Level.OK, f"{len(plans)} as declared"


def _rules(settings: Settings) -> tuple[Level, str]:
    count = len(latest(settings, RULES))
    if not count:
        return Level.NOTE, "none, so nothing alerts; `wirewatch rules push` pushes the shipped ones"
    return Level.OK, f"{count} pushed"


def _clock(settings: Settings) -> tuple[Level, str]:
    """A record from the future: clocks of machines differ."""
    with closing(Reader(settings, RAW.name)) as reader:
        reader.from_time(time.time() + AHEAD_SECONDS)
        record = next(reader.until_now(), None)
    if record is None:
        return Level.OK, f"no record of {settings.named(RAW.name)} is from the future"
    ahead = (record.timestamp or 0) - time.time()
    return Level.NOTE, f"{record.position} is {ahead:,.0f} s ahead of this machine: its publisher's clock, or ours"


def _workers(settings: Settings) -> tuple[Level, str]:
    found = list(look(announced(settings.directory, settings.prefix)).counts)
    if not found:
        return Level.NOTE, "none of this machine and home; `wirewatch up` starts one"
    told = f"{len(found)} of this machine"
    return (Level.OK, f"{told}, ready") if ready(found) else (Level.NOTE, f"{told}, not all ready yet")


def _flow(settings: Settings) -> tuple[Level, str]:
    found = backlogs(settings)
    told = ", ".join(f"{each.group} {each.behind:,} behind" for each in found)
    if idle := [f"{each.topic} (group {each.group})" for each in found if not each.members]:
        return Level.FAULT, f"nobody reads {', '.join(idle)}: {told}; `wirewatch up` or `wirewatch run` starts workers"
    return Level.OK, told


EXAMINATIONS: Mapping[str, Examination] = {
    "kernels": _kernels, "disk": _disk, "java": _java, "tables": _tables, "sinks": _sinks, "broker": _broker,
    "topics": _topics, "rules": _rules, "clock": _clock, "workers": _workers, "flow": _flow,
}  # fmt: skip
GATES = frozenset({"broker", "topics"})
"""Pieces without which those after them cannot be looked at."""
