"""What a sink is, and what it may say of a failure. Retrying is not its business: ``streams/delivery.py``."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Protocol, runtime_checkable

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from schemas.alert import Alert

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds_of(value: object) -> object:
    """``90s``, ``15m``, ``2h``, ``1d`` or a number of seconds, in seconds.

    >>> seconds_of("15m")
    900.0
    """
    if isinstance(value, str) and value[-1:] in SECONDS:
        try:
            return float(value[:-1]) * SECONDS[value[-1]]
        except ValueError:
            raise ValueError(f"expected a duration such as 30s, 15m or 2h, found {value!r}") from None
    return value


Duration = Annotated[float, BeforeValidator(seconds_of), Field(ge=0)]


@dataclass(frozen=True, slots=True)
class Notice:
    """An alert on its way to a sink."""

    alert: Alert
    value: bytes
    """The alert as it stands on its topic."""
    at: float
    """When it was put there, seconds since 1970."""
    digest: str = ""
    """Names the digest it is part of, the same whenever that is sent; empty for an alert of its own."""


def incident(alert: Alert) -> str:
    """What a service that keeps alerts open knows this one by: a strand told of apart is an incident of its own."""
    return _incident(alert, alert.strand)


def incidents(alert: Alert) -> list[str]:
    """All that end with an alert that is resolved."""
    return [_incident(alert, strand) for strand in (None, *alert.strands)]


def _incident(alert: Alert, strand: str | None) -> str:
    return f"{alert.dedup_key}-{strand}" if strand else alert.dedup_key


class DeliveryFailed(Exception):  # noqa: N818 - it is what happened, and as such a value of delivery.py
    """A sink could not be given an alert. The text holds no secret."""

    def __init__(
        self,
        detail: str,
        *,
        retry: bool = True,
        after: float | None = None,
        overloaded: bool = False,
        gone: bool = False,
    ) -> None:
        super().__init__(detail)
        self.retry = retry
        """Whether the failure may pass."""
        self.after = after
        """Seconds that the receiver asked to be left alone for this."""
        self.overloaded = overloaded
        """Whether the receiver should get nothing else for a while, either."""
        self.gone = gone
        """Whether the receiver wants nothing any more, ever."""


class Sink(Protocol):
    """A service that takes alerts."""

    concurrency: int
    """How many sends may be under way at once; alerts of one dedup_key always follow each other."""
    at_once: int
    """Most alerts in one send."""
    wants_ends: bool
    """Whether it needs to know of every alert that is resolved, as it keeps alerts open itself."""

    async def start(self) -> None:
        """Get ready, in the event loop that will call ``send``."""

    async def send(self, notices: Sequence[Notice]) -> None:
        """Return once the service has taken ``notices``, several of them as a digest; else DeliveryFailed."""

    async def stop(self) -> None:
        """Let go of connections."""

    @property
    def target(self) -> str:
        """What it sends to, without secrets; for people."""


@runtime_checkable
class KeepsOpen(Protocol):
    """A sink that tells again, now and then, of every alert that is open."""

    resend_seconds: float
    keep_seconds: float
    """How far back it has to know the alerts."""

    def remember(self, notice: Notice) -> None:
        """Take in an alert that was sent."""

    def forget(self) -> None:
        """Begin anew: other partitions are looked after from now on."""

    async def resend(self) -> None:
        """Tell again of what is open; else DeliveryFailed."""


@runtime_checkable
class MayBeGone(Protocol):
    """A sink whose receiver can say that it wants nothing any more."""

    @property
    def address(self) -> str:
        """Names the receiver without showing it: one that is gone stays off until this changes."""


class SinkSettings(BaseModel):
    """What every sink may be told."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    updates: bool = Field(False, description="Send the later articles of a story, too.")
    retries: tuple[Duration, ...] = Field(
        (5, 30, 300, 1800, 7200), description="Pauses before each further attempt; then the alert is undelivered."
    )
    start: Duration = Field(3600, description="How far back a sink begins that has never run.")
    timeout: Duration = Field(10, gt=0, description="Longest a send may take.")

    def build(self) -> Any:
        """The sink of these settings."""
        raise NotImplementedError


class DigestSettings(SinkSettings):
    """What a sink may be told that can put several alerts into one message."""

    apart: ClassVar[bool] = False
    """Whether each partition has a digest of its own: what is in it then never changes, and so it can have an id."""

    digest: Duration | None = Field(None, gt=0, description="Collect alerts for this long and send them together.")
    overflow: Duration = Field(3600, gt=0, description="How often alerts above a throttle are told of, together.")
    throttle: int | None = Field(None, ge=1, description="Most messages an hour; more wait for the next digest.")
