"""Logs: one JSON object a line on standard error, ids and never texts."""

import json
import logging
import sys
from typing import Any

import orjson

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
QUIET = ("aiokafka", "kafka", "faust", "mode")
"""Libraries whose chatter is not ours to show; their warnings and errors are."""


class JsonLines(logging.Formatter):
    """Time, level, logger, message, and whatever the record carries besides."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03d}",
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info:
            line["error"] = repr(record.exc_info[1])
        try:
            return orjson.dumps(line, default=str).decode()
        except TypeError:  # a number beyond 64 bits, half a surrogate pair, a key that is no text
            return json.dumps(line, default=str, skipkeys=True)


class Repeats(logging.Filter):
    """Lets one of equal warnings through every ten seconds; the next says how many were held back.

    A library's are equal where they come from the same line, and pass every two minutes: an absent broker is
    told of by a dozen lines of three libraries, several times a second.
    """

    def __init__(self, seconds: float = 10.0, library_seconds: float = 120.0) -> None:
        super().__init__()
        self._seconds, self._library_seconds = seconds, library_seconds
        self._seen: dict[tuple[str, int, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING:
            return True
        library = record.name.partition(".")[0] in QUIET
        key = (record.name, record.lineno, "" if library else str(record.msg))
        last, held = self._seen.get(key, (float("-inf"), 0))
        seconds = self._library_seconds if library else self._seconds
        if record.created - last < seconds and record.levelno < logging.CRITICAL:
            self._seen[key] = (last, held + 1)
            return False
        if held:
            record.held_back = held
        self._seen[key] = (record.created, 0)
        return True


def start_logging(level: str) -> None:
    """Log JSON lines to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    handler.addFilter(Repeats())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    logging.getLogger("kafka.net.selector").setLevel(logging.ERROR)  # it warns of a machine that is busy
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level.upper())))
