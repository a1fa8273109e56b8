"""One process of the pool: reads messages, answers outcomes, ends with its parent."""

import ctypes
import importlib
import os
import resource
import signal
import struct
import sys
from functools import cache
from typing import IO, Any

import orjson

from streams.process import crashed
from streams.stage import Drop, Outcome, Reject

LENGTH = struct.Struct(">I")
READY = b"\n"
"""What a process writes once it has loaded everything."""
MEMORY = 2 * 1024**3
"""Bytes of address space a page may cost before its process ends."""
PR_SET_PDEATHSIG = 1


def _end_with_parent() -> None:
    try:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):  # not Linux: the closed pipe ends an idle process there
        return


@cache
def _named(path: str) -> Any:
    module, name = path.split(":")
    return getattr(importlib.import_module(module), name)


def _frame(outcome: Outcome[Any]) -> bytes:
    if isinstance(outcome, Drop | Reject):
        kind = b"D" if isinstance(outcome, Drop) else b"R"
        return kind + orjson.dumps([outcome.reason, outcome.detail])
    [message] = outcome
    return b"S" + bytes(message.to_json())


def _answer(carries: Any, request: bytes) -> bytes:
    name, payload = request.split(b"\n", 1)
    try:
        return _frame(_named(name.decode())(carries.model_validate_json(payload)))
    except Exception as error:
        return _frame(crashed(error))


def _answers() -> IO[bytes]:
    """Where answers go: standard output, to which nothing else is written from now on."""
    target = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return target


def main() -> None:
    """Serve until standard input closes."""
    _end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    source, target = sys.stdin.buffer, _answers()
    carries, _ = map(_named, sys.argv[1:])
    target.write(READY)
    target.flush()
    while len(head := source.read(LENGTH.size)) == LENGTH.size:
        [length] = LENGTH.unpack(head)
        answer = _answer(carries, source.read(length))
        target.write(LENGTH.pack(len(answer)) + answer)
        target.flush()


if __name__ == "__main__":
    main()
