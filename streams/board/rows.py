"""What the board shows of a story: its articles with their copies, and what rules said of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from schemas.alert import Alert
from schemas.article import EnrichedArticle, Verdict
from streams.board.marks import sentences, title

MEMBERS = 50
"""Articles, and alerts, that are kept of a story: the latest."""
LEAD = 300
"""Code points of a body that are shown."""
ENTITIES, SOURCES = 6, 4
SEVERITIES = ("critical", "high", "medium", "low")
"""The worst first; any other is below them."""

Shown = dict[str, Any]
"""JSON for the browser."""


class Row:
    """A story as far as it has been seen."""

    def __init__(self, story: str) -> None:
        self.story = story
        self.articles: dict[str, EnrichedArticle] = {}
        self.alerts: dict[str, Alert] = {}
        self.turn = 0
        """When it changed last: the board counts changes."""
        self._size = self._publishers = 1

    def add_article(self, article: EnrichedArticle) -> None:
        """Take in an article, or a later version of one."""
        keep_latest(self.articles, article.id, article)
        self._size = max(self._size, article.story_size)
        self._publishers = max(self._publishers, article.story_publishers)

    def add_alert(self, alert: Alert) -> None:
        """Take in an alert."""
        keep_latest(self.alerts, alert.alert_id, alert)

    def absorb(self, other: "Row") -> None:
        """Take over what another story holds, which turned out to be this one; its articles came before."""
        self.articles = dict(list({**other.articles, **self.articles}.items())[-MEMBERS:])
        self.alerts = dict(list({**other.alerts, **self.alerts}.items())[-MEMBERS:])

    def summary(self) -> Shown:
        """A line of the list."""
        told = self._told()
        return {
            "story": self.story,
            "title": title(told) if told else [(self._title(), None)],
            "size": max(self._size, len(self.articles)),
            "publishers": self._publishers,
            "sources": self._sources(),
            "language": next((a.language for a in reversed(self.articles.values())), told and told.language),
            "time": _iso(max(self._times(), default=None)),
            "entities": self._entities(),
            "severity": min((a.severity for a in self.alerts.values()), key=_rank, default=None),
            "rules": list({alert.rule: _rule(alert) for alert in self.alerts.values()}.values()),
            "sentence": next((s for e, s in sentences(told.evidence) if e.field == "body"), []) if told else [],
        }

    def whole(self) -> Shown:
        """All that is known, the latest first."""
        return {
            **self.summary(),
            "alerts": [_alert(alert) for alert in reversed(self.alerts.values())],
            "articles": list(self._folded()),
        }

    def _told(self) -> Alert | None:
        """The latest alert of which somebody was told, else the latest."""
        latest = list(reversed(self.alerts.values()))
        return next((alert for alert in latest if alert.notify), latest[0] if latest else None)

    def _title(self) -> str:
        first = next(iter(self.articles.values()), None)
        return (first.title or first.body[:LEAD]) if first else ""

    def _sources(self) -> list[str]:
        by_articles = [a.publisher or a.source for a in reversed(self.articles.values())]
        by_alerts = [a.source for a in reversed(self.alerts.values())]  # where the articles came before the start
        return list(dict.fromkeys(source for source in by_articles or by_alerts if source))[:SOURCES]

    def _times(self) -> Iterable[datetime]:
        yield from (a.first_seen for a in self.articles.values() if a.first_seen)
        yield from (a.first_seen for a in self.alerts.values() if a.first_seen)

    def _entities(self) -> list[str]:
        weights: dict[str, float] = {}
        for article in self.articles.values():
            for entity in article.entities:
                weights[entity.name] = weights.get(entity.name, 0.0) + entity.salience
        return sorted(weights, key=lambda name: -weights[name])[:ENTITIES]

    def _folded(self) -> Iterable[Shown]:
        """Articles with their copies beneath, the latest first."""
        copies: dict[str, list[EnrichedArticle]] = {}
        for article in reversed(self.articles.values()):
            copies.setdefault(self._original(article), []).append(article)
        for article in reversed(self.articles.values()):
            if article.id in copies:
                beneath = [_article(copy) for copy in copies[article.id] if copy is not article]
                yield {**_article(article), "copies": beneath}

    def _original(self, article: EnrichedArticle) -> str:
        """The article that heads the group of copies, as far as it is here; the first where they name each other."""
        seen = {article.id}
        while article.verdict in (Verdict.EXACT, Verdict.NEAR) and article.duplicate_of in self.articles:
            article = self.articles[article.duplicate_of]
            if article.id in seen:
                return next(name for name in self.articles if name in seen)
            seen.add(article.id)
        return article.id


def keep_latest(known: dict[str, Any], name: str, value: object) -> None:
    """Put ``value`` last, and let go of the first where there are too many."""
    known.pop(name, None)
    known[name] = value
    if len(known) > MEMBERS:
        del known[next(iter(known))]


def link(url: str | None) -> str | None:
    """An address that may be followed: of the web, and nothing that a browser would run."""
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:
        return None


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _rule(alert: Alert) -> Shown:
    return {
        "rule": alert.rule,
        "severity": alert.severity,
        "state": alert.state,
        "modality": alert.modality,
        "suppressed": alert.suppressed,
    }


def _alert(alert: Alert) -> Shown:
    return {
        **_rule(alert),
        "id": alert.alert_id,
        "article": alert.id,
        "title": title(alert),
        "url": link(alert.url),
        "source": alert.source,
        "time": _iso(alert.first_seen),
        "articles": alert.articles,
        "sources": alert.sources,
        "evidence": [
            {"field": first.field, "modality": first.modality, "sentence": marked}
            for first, marked in sentences(alert.evidence)
        ],
    }


def _article(article: EnrichedArticle) -> Shown:
    return {
        "id": article.id,
        "title": article.title,
        "lead": _lead(article.standfirst or article.body),
        "url": link(article.url),
        "source": article.publisher or article.source,
        "language": article.language,
        "published": article.published,
        "time": _iso(article.first_seen),
        "verdict": article.verdict,
        "shared": article.shared and round(article.shared.of_this, 2),
        "flags": article.flags,
    }


def _lead(text: str) -> str:
    return text if len(text) <= LEAD else text[:LEAD].rsplit(" ", 1)[0] + " …"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
