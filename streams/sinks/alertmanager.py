"""Alertmanager, API v2: alerts are sent again while they are open, and once more with their end."""

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import orjson
from pydantic import Field

from schemas.alert import Alert, AlertState
from streams.sinks.http import HttpSink
from streams.sinks.secret import Reference, SecretUrl
from streams.sinks.sink import DeliveryFailed, Duration, Notice, SinkSettings, incident, incidents
from streams.sinks.wording import headline, link, sentences

NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_]")
FINAL = frozenset({400, 413, 422})
"""422: an alert is not of the schema, and nothing of the list was taken."""
AT_ONCE = 100


class AlertmanagerSettings(SinkSettings):
    """Alerts for an Alertmanager."""

    type: Literal["alertmanager"]
    url: SecretUrl = Field(description="Where it is, without `/api/v2/alerts`.")
    resend: Duration = Field(60, gt=0, description="How often what is open is sent again; below its resolve_timeout.")
    keep: Duration = Field(172_800, gt=0, description="Longest an alert counts as open without a new article.")
    allow_private: bool = Field(False, description="Whether it may be at a private address; it usually is.")

    def build(self) -> "Alertmanager":
        return Alertmanager(self, time.time)


@dataclass(frozen=True, slots=True)
class Open:
    """An alert that has not ended, as it was last told."""

    alert: Alert
    at: float


class Alertmanager(HttpSink):
    """POSTs alerts in lists. What is open is a function of the ``alerts`` topic, read back after a restart."""

    concurrency, at_once, wants_ends = 4, 1, True

    def __init__(self, settings: AlertmanagerSettings, clock: Callable[[], float]) -> None:
        super().__init__(_endpoint(settings.url), settings.allow_private, settings.timeout)
        self._clock = clock
        self._open: dict[str, Open] = {}
        self.resend_seconds = settings.resend
        self.keep_seconds = settings.keep

    async def send(self, notices: Sequence[Notice]) -> None:
        await self._give([told for notice in notices for told in self._told(notice)])

    def remember(self, notice: Notice) -> None:
        """Take in an alert that has been sent, or was before a restart."""
        if notice.alert.state is AlertState.RESOLVED:
            for key in incidents(notice.alert):
                self._open.pop(key, None)
        else:
            self._open[incident(notice.alert)] = Open(notice.alert, notice.at)

    def forget(self) -> None:
        """Begin anew: other partitions are looked after from now on."""
        self._open.clear()

    async def resend(self) -> None:
        """Send what is open again; what has been silent for too long is left to end by itself."""
        oldest = self._clock() - self.keep_seconds
        self._open = {key: open_ for key, open_ in self._open.items() if open_.at >= oldest}
        told = [fields(open_.alert) for open_ in self._open.values()]
        for start in range(0, len(told), AT_ONCE):
            await self._give_again(told[start : start + AT_ONCE])

    async def _give_again(self, told: Sequence[dict[str, Any]]) -> None:
        """One alert that is refused, as it was when it was new, keeps the others from nothing."""
        try:
            await self._give(told)
        except DeliveryFailed as failure:
            if failure.retry:
                raise
            for one in told if len(told) > 1 else ():
                await self._give_again([one])

    def _told(self, notice: Notice) -> Iterable[dict[str, Any]]:
        """The alert, after the end of what it was before where its labels have changed."""
        alert = notice.alert
        before = self._open.get(incident(alert))
        if alert.state is AlertState.RESOLVED:
            yield ended(before.alert if before else alert, notice.at)
            open_ = (self._open.get(key) for key in incidents(alert)[1:])
            yield from (ended(strand.alert, notice.at) for strand in open_ if strand)
            return
        if before and labels(before.alert) != labels(alert):
            yield ended(before.alert, notice.at)
        yield fields(alert)

    async def _give(self, told: Sequence[dict[str, Any]]) -> None:
        answer = await self._post.send(orjson.dumps(told))
        if not answer.good:
            raise answer.failure(final=FINAL)


def _endpoint(url: Reference) -> Reference:
    return _Endpoint(url.where, url.name, url.literal)


class _Endpoint(Reference):
    """The address with the path of the API."""

    def reveal(self) -> str:
        return super().reveal().rstrip("/") + "/api/v2/alerts"


def labels(alert: Alert) -> dict[str, str]:
    """What identifies the alert: the rule's labels, and rule, story, strand if told of apart, and severity."""
    own = {_label(name): value for name, value in alert.labels.items()}
    named = {"alertname": alert.rule, "rule": alert.rule, "story": alert.story or alert.id, "severity": alert.severity}
    named |= {"strand": alert.strand} if alert.strand else {}
    return {name: value for name, value in {**own, **named}.items() if name and value}


def _label(name: str) -> str:
    """``name`` in the letters that Alertmanager takes for a label."""
    allowed = NOT_IN_NAMES.sub("_", name)
    return f"_{allowed}" if allowed[:1].isdigit() else allowed


def fields(alert: Alert) -> dict[str, Any]:
    """The alert as the API takes it, without an end."""
    notes = {
        "summary": headline(alert),
        "evidence": "\n".join(sentences(alert)),
        "article": alert.id,
        "url": link(alert.url) or "",
        "source": alert.source or "",
        "articles": str(alert.articles),
        "sources": str(alert.sources),
    }
    target = link(alert.url)
    return {
        "labels": labels(alert),
        "annotations": {name: value for name, value in notes.items() if value},
        **({"startsAt": alert.first_seen.isoformat()} if alert.first_seen else {}),
        **({"generatorURL": target} if target else {}),
    }


def ended(alert: Alert, at: float) -> dict[str, Any]:
    """The alert with its end, never before its start: Alertmanager refuses what ends before it began."""
    end = datetime.fromtimestamp(at, UTC)
    return {**fields(alert), "endsAt": max(end, alert.first_seen or end).isoformat(timespec="microseconds")}
