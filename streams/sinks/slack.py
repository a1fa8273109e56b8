"""Slack, and what takes the same JSON: Mattermost, Rocket.Chat, Discord's ``/slack`` address."""

from collections.abc import Sequence
from typing import Literal

import orjson
from pydantic import Field

from schemas.alert import Alert, AlertState
from streams.sinks.http import HttpSink
from streams.sinks.secret import SecretUrl
from streams.sinks.sink import DigestSettings, Notice
from streams.sinks.wording import headline, link, origin, plain, sentences

COLORS = {"critical": "#b3001b", "high": "#e8590c", "medium": "#f2b705", "low": "#4a7c59", "info": "#6c757d"}
FINAL = frozenset({400, 413})
MOST_LINES = 20
"""Alerts a digest names one by one; the rest are counted."""
LONGEST_LINK, LONGEST_TEXT = 2_000, 40_000
"""Characters: Slack cuts a longer text, which would end a link early."""


class SlackSettings(DigestSettings):
    """Alerts as messages of a chat."""

    type: Literal["slack"]
    url: SecretUrl
    channel: str | None = Field(None, description="Where the service lets the sender choose.")
    allow_private: bool = Field(False, description="Whether the service may be at a private address.")

    def build(self) -> "Slack":
        return Slack(self)


class Slack(HttpSink):
    """POSTs a message for an alert, or one for several."""

    concurrency, at_once, wants_ends = 1, 1, False

    def __init__(self, settings: SlackSettings) -> None:
        super().__init__(settings.url, settings.allow_private, settings.timeout)
        self._channel = {"channel": settings.channel} if settings.channel else {}

    async def send(self, notices: Sequence[Notice]) -> None:
        alerts = [notice.alert for notice in notices]
        message = single(alerts[0]) if len(alerts) == 1 else several(alerts)
        answer = await self._post.send(orjson.dumps({**message, **self._channel}))
        if not answer.good:
            raise answer.failure(final=FINAL)


def harmless(text: str) -> str:
    """``text`` of others as text: no links, no markup of Slack, and nobody called by name.

    >>> harmless("<!channel> & @here")
    '&lt;!channel&gt; &amp; @\\u200bhere'
    """
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("@", "@\u200b")


def linked(alert: Alert) -> str:
    """The headline, leading to the article where that is on the web."""
    target = link(alert.url)
    words = harmless(headline(alert)).replace("|", "¦")
    return f"<{target.replace('&', '&amp;')}|{words}>" if target and len(target) <= LONGEST_LINK else words


def single(alert: Alert) -> dict[str, object]:
    """A headline, and the evidence beside a bar in the colour of the severity."""
    lines = ["no further article"] if alert.state is AlertState.RESOLVED else sentences(alert)
    attachment = {
        "color": COLORS.get(alert.severity, COLORS["medium"]),
        "text": harmless("\n".join([*lines, origin(alert)])),
        "fallback": harmless(plain(headline(alert), 300)),
        "mrkdwn_in": [],
    }
    return {"text": linked(alert), "attachments": [attachment], "unfurl_links": False}


def several(alerts: Sequence[Alert]) -> dict[str, object]:
    """A digest: one line for each alert."""
    lines = [f"• {linked(alert)}" for alert in alerts[:MOST_LINES]]
    while sum(map(len, lines)) > LONGEST_TEXT - 100:
        lines.pop()
    if len(lines) < len(alerts):
        lines.append(f"and {len(alerts) - len(lines)} more")
    return {"text": "\n".join([f"{len(alerts)} alerts", *lines]), "unfurl_links": False}
