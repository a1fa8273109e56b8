"""PagerDuty, Events API v2 (developer.pagerduty.com/docs/events-api-v2)."""

import hashlib
from collections.abc import Sequence
from typing import Any, Literal

import orjson
from pydantic import Field

from schemas.alert import Alert, AlertState
from streams.sinks.http import Post
from streams.sinks.secret import Secret, SecretUrl
from streams.sinks.sink import Notice, SinkSettings
from streams.sinks.wording import headline, link, plain, sentences, title

SEVERITIES = {"critical": "critical", "high": "error", "medium": "warning", "low": "info", "info": "info"}
LONGEST_KEY, LONGEST_SUMMARY = 255, 1024
FINAL = frozenset({400, 413})


class PagerdutySettings(SinkSettings):
    """Alerts as PagerDuty events."""

    type: Literal["pagerduty"]
    routing_key: Secret = Field(description="Integration key of a service.")
    url: SecretUrl = Field("https://events.pagerduty.com/v2/enqueue", validate_default=True)
    allow_private: bool = Field(False, description="Whether the receiver may be at a private address.")

    def build(self) -> "Pagerduty":
        return Pagerduty(self)


class Pagerduty:
    """Triggers and resolves; the dedup_key is the alert's, so that an escalation joins what is open."""

    concurrency, at_once, wants_ends = 4, 1, True

    def __init__(self, settings: PagerdutySettings) -> None:
        self._post = Post(settings.url, settings.allow_private, settings.timeout)
        self._routing_key = settings.routing_key

    @property
    def target(self) -> str:
        return self._post.target

    async def start(self) -> None:
        self._routing_key.reveal()
        await self._post.start()

    async def stop(self) -> None:
        await self._post.stop()

    async def send(self, notices: Sequence[Notice]) -> None:
        for notice in notices:
            answer = await self._post.send(
                orjson.dumps({"routing_key": self._routing_key.reveal(), **event(notice.alert)})
            )
            if not answer.good:
                raise answer.failure(final=FINAL)


def event(alert: Alert) -> dict[str, Any]:
    """What PagerDuty is told, without the routing key."""
    key = alert.dedup_key
    if len(key) > LONGEST_KEY:
        key = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    if alert.state is AlertState.RESOLVED:
        return {"event_action": "resolve", "dedup_key": key}
    href = link(alert.url)
    links = {"links": [{"href": href, "text": title(alert)}]} if href else {}
    return {"event_action": "trigger", "dedup_key": key, "payload": _payload(alert), "client": "wirewatch", **links}


def _payload(alert: Alert) -> dict[str, Any]:
    seen = {"timestamp": alert.first_seen.isoformat()} if alert.first_seen else {}
    return {
        "summary": plain(headline(alert), LONGEST_SUMMARY),
        "source": plain(alert.source or "wirewatch", 255),
        "severity": SEVERITIES.get(alert.severity, "warning"),
        "group": alert.story or alert.id,
        "class": alert.rule,
        "custom_details": {
            "alert_id": alert.alert_id,
            "rule": alert.rule,
            "article": alert.id,
            "articles": alert.articles,
            "sources": alert.sources,
            "evidence": [f"{modality}: {sentence}".lstrip(": ") for modality, sentence in sentences(alert)],
            **{f"label {name}": value for name, value in alert.labels.items()},
        },
        **seen,
    }
