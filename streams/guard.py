"""Work that may hang or kill the process: noted before, ended when it hangs, tried apart the second time."""

import faulthandler
from collections.abc import Callable, Sequence
from typing import TypeVar

from streams.journal import Journal
from streams.stage import Reason, Reject
from streams.trial import trial

T = TypeVar("T")


class Unguarded:
    """Runs work as it is: for the filters, where a hang is the user's to end."""

    def run(self, positions: Sequence[str], work: Callable[[Sequence[int]], Sequence[T]]) -> list[T | Reject]:
        """``work`` on the indexes of ``positions``."""
        return list(work(range(len(positions))))


class Guard:
    """Runs work on records under their positions.

    A hang ends the process, also one that holds the interpreter lock; the journal then names what was
    being processed, and the next process tries those records in a copy of itself first.
    """

    def __init__(self, journal: Journal, seconds: float) -> None:
        self._journal = journal
        self._seconds = seconds
        self._suspects = set(journal.suspects)

    def run(self, positions: Sequence[str], work: Callable[[Sequence[int]], Sequence[T]]) -> list[T | Reject]:
        """``work`` on the indexes of ``positions``, in order; a rejection for each that cannot be borne."""
        self._journal.note(positions)
        rejected = self._tried(positions, work) if self._suspects else {}
        bearable = [i for i in range(len(positions)) if i not in rejected]
        faulthandler.dump_traceback_later(self._seconds, exit=True)
        try:
            results = iter(work(bearable))
        finally:
            faulthandler.cancel_dump_traceback_later()
        return [rejected[i] if i in rejected else next(results) for i in range(len(positions))]

    def _tried(self, positions: Sequence[str], work: Callable[[Sequence[int]], object]) -> dict[int, Reject]:
        """The suspects among ``positions`` that end a copy of this process, too."""
        suspected = [i for i, position in enumerate(positions) if position in self._suspects]
        self._suspects.difference_update(positions)
        rejected = {}
        if suspected and trial(lambda: work(suspected), self._seconds) != "fine":
            for i in suspected:
                verdict = trial(lambda i=i: work([i]), self._seconds)  # type: ignore[misc]
                if verdict != "fine":
                    reason = Reason.CRASHED if verdict == "crashed" else Reason.TIMED_OUT
                    rejected[i] = Reject(reason, f"{verdict} twice, the second time in a process of its own")
        return rejected

    def settled(self) -> None:
        """Nothing is being processed any more."""
        self._journal.clear()
