"""PagerDuty, Events API v2 (developer.pagerduty.com/docs/events-api-v2)."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import orjson
from pydantic import Field

from schemas.alert import Alert, AlertState
from streams.sinks.http import HttpSink
from streams.sinks.secret import Secret, SecretUrl
from streams.sinks.sink import DigestSettings, Notice, incident, incidents
from streams.sinks.wording import headline, link, plain, sentences, title

SEVERITIES = {"critical": "critical", "high": "error", "medium": "warning", "low": "info", "info": "info"}
LONGEST_KEY, LONGEST_SUMMARY = 255, 1024
FINAL = frozenset({400, 413})
MOST_RULES = 50
"""Rules that a digest names."""


class PagerdutySettings(DigestSettings):
    """Alerts as PagerDuty events."""

    apart: ClassVar[bool] = True

    type: Literal["pagerduty"]
    routing_key: Secret = Field(description="Integration key of a service.")
    url: SecretUrl = Field("https://events.pagerduty.com/v2/enqueue", validate_default=True)
    allow_private: bool = Field(False, description="Whether the receiver may be at a private address.")

    def build(self) -> "Pagerduty":
        return Pagerduty(self)


class Pagerduty(HttpSink):
    """Triggers and resolves; the dedup_key is that of the incident, so that an escalation joins what is open."""

    concurrency, at_once, wants_ends = 4, 1, True

    def __init__(self, settings: PagerdutySettings) -> None:
        super().__init__(settings.url, settings.allow_private, settings.timeout)
        self._routing_key = settings.routing_key

    async def start(self) -> None:
        self._routing_key.reveal()
        await super().start()

    async def send(self, notices: Sequence[Notice]) -> None:
        for made in [digest(notices)] if notices[0].digest else events(notices[0].alert):
            answer = await self._post.send(orjson.dumps({"routing_key": self._routing_key.reveal(), **made}))
            if not answer.good:
                raise answer.failure(final=FINAL)


def digest(notices: Sequence[Notice]) -> dict[str, Any]:
    """One event for alerts that were held back, as severe as the most severe of them."""
    alerts = [notice.alert for notice in notices]
    counts = Counter(alert.rule for alert in alerts)
    found = {SEVERITIES.get(alert.severity, "warning") for alert in alerts}
    return {
        "event_action": "trigger",
        "dedup_key": _short(notices[0].digest),
        "payload": {
            "summary": f"{len(alerts)} alerts held back",
            "source": "wirewatch",
            "severity": next(severity for severity in ("critical", "error", "warning", "info") if severity in found),
            "custom_details": {plain(rule, 100): count for rule, count in counts.most_common(MOST_RULES)},
        },
        "client": "wirewatch",
    }


def events(alert: Alert) -> list[dict[str, Any]]:
    """What PagerDuty is told, without the routing key: one event, or an end for each incident of what is resolved."""
    if alert.state is AlertState.RESOLVED:
        return [{"event_action": "resolve", "dedup_key": _short(key)} for key in incidents(alert)]
    href = link(alert.url)
    links = {"links": [{"href": href, "text": title(alert)}]} if href else {}
    told = {"dedup_key": _short(incident(alert)), "payload": _payload(alert), "client": "wirewatch"}
    return [{"event_action": "trigger", **told, **links}]


def _short(key: str) -> str:
    fits = len(key) <= LONGEST_KEY
    return key if fits else hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _payload(alert: Alert) -> dict[str, Any]:
    seen = {"timestamp": alert.first_seen.isoformat()} if alert.first_seen else {}
    return {
        "summary": plain(headline(alert), LONGEST_SUMMARY),
        "source": plain(alert.source or "", 255) or "wirewatch",
        "severity": SEVERITIES.get(alert.severity, "warning"),
        "group": alert.story or alert.id,
        "class": alert.rule,
        "custom_details": {
            "alert_id": alert.alert_id,
            "rule": alert.rule,
            "article": alert.id,
            "articles": alert.articles,
            "sources": alert.sources,
            "evidence": list(sentences(alert)),
            **{f"label {name}": value for name, value in alert.labels.items()},
        },
        **seen,
    }
