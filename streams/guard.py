"""Work that may hang or kill the process: noted before, ended when it hangs, tried apart the second time."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from streams.journal import Journal
from streams.stage import Reason, Reject
from streams.trial import Verdict, trial

log = logging.getLogger(__name__)

TURNS = 10
"""Of the loop between two slices of work. A message takes some ten steps to be written, read and confirmed; with one
turn for each, it would wait for a slice of another hop at every step. A turn with nothing to do takes 1 to 2 us."""

T = TypeVar("T")
Work = Callable[[Sequence[int]], Sequence[T]]


class Unguarded:
    """Runs work as it is: for the filters, where a hang is the user's to end."""

    async def run(self, positions: Sequence[str], work: Work[T]) -> list[T | Reject]:
        """``work`` on the indexes of ``positions``."""
        return list(work(range(len(positions))))


class Guard:
    """Runs work on records under their positions.

    A hang ends the process (`watchdog`); the journal then names what was being processed, and the next process
    tries those records in a copy of itself first. What ends the copy, too, is written down and never tried again.
    """

    def __init__(self, journal: Journal, seconds: float, turn: asyncio.Lock | None = None) -> None:
        """``turn`` is shared by what works in one event loop: one slice of work, then the loop looks at all else."""
        self._journal = journal
        self._seconds = seconds
        self._turn = turn or asyncio.Lock()
        self._suspects = set(journal.suspects)
        self.tried = 0
        """Verdicts so far: while this grows, the worker is not stuck."""

    async def run(self, positions: Sequence[str], work: Work[T]) -> list[T | Reject]:
        """``work`` on the indexes of ``positions``, in order; a rejection for each that cannot be borne."""
        self._journal.note(positions)
        await self._try_suspects(positions, work)
        rejected = {i: _rejection(self._journal.condemned[p]) for i, p in self._condemned(positions)}
        bearable = [i for i in range(len(positions)) if i not in rejected]
        async with self._turn:
            results = iter(work(bearable))
            for _ in range(TURNS):
                await asyncio.sleep(0)
        return [rejected[i] if i in rejected else next(results) for i in range(len(positions))]

    def _condemned(self, positions: Sequence[str]) -> list[tuple[int, str]]:
        if not self._journal.condemned:
            return []
        return [(i, p) for i, p in enumerate(positions) if p in self._journal.condemned]

    async def _try_suspects(self, positions: Sequence[str], work: Callable[[Sequence[int]], object]) -> None:
        """Condemn the suspects among ``positions`` that end a copy of this process, too.

        In a thread, so that the loop turns meanwhile and the watchdog sees that it does.
        """
        left = [i for i, p in enumerate(positions) if p in self._suspects and p not in self._journal.condemned]
        if left:
            log.warning("trying apart what the last process ended with", extra={"records": len(left)})
        while left:
            attempts = [partial(work, [i]) for i in left]
            done, verdict = await asyncio.to_thread(trial, attempts, self._seconds)
            self.tried += 1
            if verdict == "timed out":  # twice: a copy may stand still for reasons of its own
                _, verdict = await asyncio.to_thread(trial, attempts[done : done + 1], self._seconds)
                self.tried += 1
            if verdict != "fine":
                log.error("becomes a dead letter", extra={"position": positions[left[done]], "verdict": verdict})
                self._journal.condemn(positions[left[done]], verdict)
            left = left[done + 1 :]
        self._suspects.difference_update(positions)

    def settled(self) -> None:
        """Nothing is being processed any more."""
        self._journal.clear()


def _rejection(verdict: Verdict) -> Reject:
    reason = Reason.CRASHED if verdict == "crashed" else Reason.TIMED_OUT
    return Reject(reason, f"{verdict} twice, the second time in a process of its own")
