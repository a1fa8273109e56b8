"""Stages that misbehave on purpose, for articles that ask for it: they raise, crash in native code, or hang.

Only workers of the faults run these; an article asks by its id: ``...-raise-tag-...``, ``...-hang-dedupe-...``.
"""

import ctypes
import os
import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from schemas.base import Message
from streams.stage import Decision, Memory, Outcome, Step
from streams.table import Stages

ASKED = re.compile(r"-(raise|crash|abort|hang|spin|exit)-(clean|tag|dedupe|alert)-")


def misbehave(stage: str, message: Any) -> None:
    """What the article asks this stage for, if anything."""
    asked = ASKED.search(message.id)
    if asked is not None and asked[2] == stage:
        DEEDS[asked[1]]()


def _raise() -> None:
    raise RuntimeError("asked to raise")


def _crash() -> None:
    ctypes.string_at(0)


def _hang() -> None:
    time.sleep(3600)


def _spin() -> None:
    """Hang with the interpreter lock held, as a bad regular expression does."""
    ctypes.PyDLL(None).sleep(3600)


def _exit() -> None:
    raise SystemExit(3)


DEEDS: dict[str, Callable[[], None]] = {
    "raise": _raise, "crash": _crash, "abort": os.abort, "hang": _hang, "spin": _spin, "exit": _exit,
}  # fmt: skip


def misbehaving(table: Stages) -> Stages:
    """``table`` with every stage made to do what articles ask for."""
    return Stages({name: lambda name=name: _row(table[name]) for name in table})  # type: ignore[misc]


def _row(step: Step[Any]) -> Step[Any]:
    if step.memory is not None:
        memory = step.memory
        return replace(step, memory=lambda: _Memory(step.name, memory()))
    run = step.run
    assert run is not None

    def asked(message: Any) -> Outcome[Any]:
        misbehave(step.name, message)
        return run(message)

    return replace(step, run=asked, run_many=None, heavy=None)


class _Memory:
    """A memory that misbehaves when it decides; otherwise the one it wraps."""

    def __init__(self, stage: str, memory: Memory[Any, Any]) -> None:
        self._stage, self._memory = stage, memory

    def decide(self, message: Message) -> Decision:
        misbehave(self._stage, message)
        return self._memory.decide(message)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._memory, name)
