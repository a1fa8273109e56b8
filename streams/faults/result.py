"""What a fault is run with, and what came of it."""

from dataclasses import dataclass, field
from typing import Any

from streams.faults.oracle import Judgement

FRESH_SECONDS = 5.0
"""Within which a fresh article gets through once a fault is over."""


@dataclass(frozen=True)
class Size:
    """How much of each fault: the short selection, or all of it."""

    full: bool = False
    rate: float = 60.0

    def pick(self, short: Any, full: Any) -> Any:
        return full if self.full else short


@dataclass
class Result:
    """One line of the table."""

    name: str
    judgement: Judgement
    resumed: float | None = None
    promised: float | None = None
    fresh: float = 0.0
    notes: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Nothing lost, nothing wrong, and a fresh article in time; how soon flow resumed is told apart."""
        return not self.judgement.lost and not self.judgement.wrong and self.fresh <= FRESH_SECONDS

    @property
    def in_time(self) -> bool:
        return self.promised is None or (self.resumed is not None and self.resumed <= self.promised)

    @property
    def verdict(self) -> str:
        return "BROKEN" if not self.holds else "holds" if self.in_time else "holds, slow"
