"""Which alerts a sink gets, and when: at once, with a digest, or not at all."""

from collections.abc import Callable
from dataclasses import dataclass

from schemas.alert import Alert, AlertState
from streams.sinks.sink import DigestSettings, SinkSettings

OVERFLOW = frozenset({"throttled", "frequent"})
"""Why an alert did not notify although nobody asked for silence: it is told of all the same, together with others."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to become of an alert in a sink."""

    wanted: bool
    digest: float = 0.0
    """End of the period whose digest tells of it, seconds since 1970; 0 for at once."""


NOT_WANTED, AT_ONCE = Choice(False), Choice(True)


class Bucket:
    """So many messages an hour, all at once or spread."""

    def __init__(self, an_hour: int) -> None:
        self._an_hour = an_hour
        self._left, self._at = float(an_hour), 0.0

    def take(self, now: float) -> bool:
        """Whether one more fits."""
        self._left = min(self._an_hour, self._left + max(0.0, now - self._at) * self._an_hour / 3600)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Chooser:
    """Decides for one sink; ``receives`` is what the routes say of it."""

    def __init__(self, settings: SinkSettings, receives: Callable[[Alert], bool], wants_ends: bool) -> None:
        self._updates = settings.updates
        self._digest = settings if isinstance(settings, DigestSettings) else None
        self._bucket = Bucket(self._digest.throttle) if self._digest and self._digest.throttle else None
        self._receives = receives
        self._wants_ends = wants_ends

    def gets(self, alert: Alert) -> bool:
        """Whether ``alert`` reaches the sink at all."""
        if alert.state is AlertState.RESOLVED and self._wants_ends:
            return True  # wherever it was routed when it opened
        told = alert.notify or alert.suppressed in OVERFLOW or self._asked_for(alert)
        return told and self._receives(alert)

    def choose(self, alert: Alert, now: float) -> Choice:
        """What becomes of ``alert``, taken at ``now``; one that goes at once counts against the throttle."""
        if not self.gets(alert):
            return NOT_WANTED
        digest = self._digest
        if digest is None or (alert.state is AlertState.RESOLVED and self._wants_ends):
            return AT_ONCE
        if digest.digest is not None:
            return Choice(True, end_of_period(now, digest.digest))
        held_back = not alert.notify and not self._asked_for(alert)
        if held_back or (self._bucket is not None and not self._bucket.take(now)):
            return Choice(True, end_of_period(now, digest.overflow))
        return AT_ONCE

    def _asked_for(self, alert: Alert) -> bool:
        """Whether it is a later article of a story, and the sink wants those."""
        return self._updates and not alert.notify and alert.suppressed in (None, "story")


def end_of_period(now: float, period: float) -> float:
    """The next moment that ends a period, the same for all that share it."""
    return (now // period + 1) * period
