"""A pool of processes for work that may hang or crash: each can be killed, and is replaced."""

import asyncio
import logging
import struct
import sys
from typing import Any

import orjson

from schemas.base import Message
from streams import metrics
from streams.stage import Drop, Outcome, Reason, Reject, Step

log = logging.getLogger(__name__)

LENGTH = struct.Struct(">I")
ATTEMPTS = 2
"""Processes that may die of a message before it is rejected."""


class Pool:
    """At most ``size`` processes, started when first needed; each message gets ``seconds``."""

    def __init__(self, size: int, seconds: float) -> None:
        self._seconds = seconds
        self._idle: asyncio.Queue[_Process | None] = asyncio.Queue()
        for _ in range(size):
            self._idle.put_nowait(None)
        self._alive: set[_Process] = set()
        self.finished = 0
        """Messages done with, one way or the other: while this grows, the worker is not stuck."""

    async def run(self, step: Step[Any], message: Message, *, overload: bool = False) -> Outcome[Any]:
        """What ``step``, or its way for times of overload, makes of ``message``.

        A rejection where it hangs, or where two processes die of it: the first may have been killed from outside.
        """
        run: Any = step.overload if overload and step.overload else step.run
        question = f"{run.__module__}:{run.__qualname__}\n".encode() + message.to_json()
        for _ in range(ATTEMPTS):
            try:
                return await self._asked(step, question)
            except TimeoutError:
                return Reject(Reason.TIMED_OUT, f"took more than {self._seconds:g} s")
            except (EOFError, OSError):
                log.warning("a process that cleans pages died", extra={"article_id": getattr(message, "id", None)})
                self._renew_idle()
        return Reject(Reason.CRASHED, f"{ATTEMPTS} processes that worked on it died")

    async def _asked(self, step: Step[Any], question: bytes) -> Outcome[Any]:
        """The answer of one process, which is ended if it gives none."""
        process = await self._idle.get()
        try:
            if process is None:
                process = await self._started(step)
            frame = await asyncio.wait_for(process.ask(question), self._seconds)
            return _outcome(step, frame)
        except BaseException:
            self._end(process)
            process = None
            raise
        finally:
            self.finished += 1
            self._idle.put_nowait(process)

    def _renew_idle(self) -> None:
        """Start anew what waits: who killed one process may have killed those as well."""
        for _ in range(self._idle.qsize()):
            self._end(self._idle.get_nowait())
            self._idle.put_nowait(None)

    async def _started(self, step: Step[Any]) -> "_Process":
        process = await _Process.started(step)
        self._alive.add(process)
        return process

    def _end(self, process: "_Process | None") -> None:
        if process is not None:
            metrics.pool_restarts.inc()
            process.kill()
            self._alive.discard(process)

    def close(self) -> None:
        """End every process."""
        for process in self._alive:
            process.kill()
        self._alive.clear()


class _Process:
    def __init__(self, child: asyncio.subprocess.Process) -> None:
        self._child = child

    @classmethod
    async def started(cls, step: Step[Any]) -> "_Process":
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "streams.pool_process",
            f"{step.reads.carries.__module__}:{step.reads.carries.__qualname__}",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        return cls(child)

    async def ask(self, payload: bytes) -> bytes:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._child.stdin.write(LENGTH.pack(len(payload)) + payload)
        await self._child.stdin.drain()
        [length] = LENGTH.unpack(await self._child.stdout.readexactly(LENGTH.size))
        return await self._child.stdout.readexactly(length)

    def kill(self) -> None:
        if self._child.returncode is None:
            self._child.kill()


def _outcome(step: Step[Any], frame: bytes) -> Outcome[Any]:
    kind, body = frame[:1], frame[1:]
    if kind == b"S":
        return [step.writes[0].carries.model_validate_json(body)]
    reason, detail = orjson.loads(body)
    return (Drop if kind == b"D" else Reject)(Reason(reason), detail)
