"""What is remembered of a rule and a story: its articles, publishers and modalities, and what was told of it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from schemas.alert import Alert, AlertState, Modality
from schemas.article import EnrichedArticle, Verdict
from streams.rules.hygiene import Hygiene, rank
from streams.rules.match import Match
from streams.rules.records import identify
from streams.rules.view import hosts_of

OWNERS, RECENT, STRANDS = 64, 100, 16
"""Publishers, articles and strands told of that a story remembers by name."""
NEW: Mapping[str, Any] = {"alert": None, "told": None, "articles": 0, "owners": [], "recent": [], "modalities": []}


def owner_of(article: EnrichedArticle) -> str:
    """Who stands behind an article: the domain of its address, else its publisher or source."""
    hosts = list(hosts_of(article.url))
    if hosts:
        labels = hosts[0].split(".")
        short_suffix = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
        return ".".join(labels[-3:] if short_suffix else labels[-2:])
    return (article.publisher or article.source or article.feed or "").casefold()


class Thread:
    """What is remembered of one rule and story; a view of the stored value."""

    def __init__(self, value: Mapping[str, Any] | None) -> None:
        self.value = value or {}

    @property
    def told(self) -> float | None:
        """Event time of the last notification, None before the first and after the end."""
        return None if self.value.get("resolved") else self.value.get("told")

    @property
    def ends(self) -> float | None:
        """When a story that was told of has been quiet for long enough."""
        return None if self.told is None else float(self.value["last"] + self.value["resolve_after"])


def counted(
    value: Mapping[str, Any] | None, article: EnrichedArticle, owner: str, event: float, match: Match, settings: Hygiene
) -> dict[str, Any]:
    """The story's ``value`` with ``owner``'s article of time ``event`` counted in; begun anew where it has ended."""
    old = value and _dated(value, event)
    if old is None or old.get("resolved") or old["last"] + settings.keep < event:
        old = {**NEW, "last": event}
    copy = article.verdict in (Verdict.EXACT, Verdict.NEAR) and article.duplicate_of is not None
    owner = "" if copy else owner
    recent = [*old["recent"], [event, owner, article.id]][-RECENT:]
    last = max(old["last"], event)
    return {
        **old,
        "rule": match.name,
        "version": match.version,
        "story": article.story or article.id,
        "last": last,
        "articles": old["articles"] + (article.verdict is not Verdict.REVISION or not old["articles"]),
        "owners": _joined(old["owners"], owner),
        "recent": [one for one in recent if one[0] >= event - settings.within],
        "modality": str(match.evidence[0].modality) if match.evidence else None,
        "resolve_after": settings.resolve_after,
        "until": last + settings.keep,
    }


def _dated(value: Mapping[str, Any], event: float) -> Mapping[str, Any]:
    """A story of which no time was known yet, for articles of filters may have none: it is of the first that is."""
    if value["last"] or not event:
        return value
    told = None if value["told"] is None else event
    return {**value, "last": event, "told": told, "recent": [[event, *one[1:]] for one in value["recent"]]}


def _joined(owners: list[str], owner: str) -> list[str]:
    return [*owners, owner] if owner and owner not in owners and len(owners) < OWNERS else owners


def reached(settings: Hygiene, thread: Mapping[str, Any]) -> bool:
    """Whether enough articles of enough publishers stand within the rule's time."""
    recent = thread["recent"]
    articles = len({one[2] for one in recent})
    return articles >= settings.articles and len({one[1] for one in recent if one[1]} or {""}) >= settings.sources


def grown(settings: Hygiene, thread: Mapping[str, Any], severity: str) -> str:
    """The highest severity that the story's publishers and modality have earned."""
    for step in settings.escalations:
        earned = len(thread["owners"]) >= step.sources if step.sources else thread["modality"] == step.modality
        if earned and rank(step.severity) > rank(severity):
            severity = step.severity
    return severity


def became_real(thread: Mapping[str, Any]) -> bool:
    """Whether what was only spoken of when told has now happened."""
    told = thread["modalities"]
    return thread["modality"] == Modality.ACTUAL and bool(told) and not {Modality.ACTUAL, Modality.PAST} & set(told)


def another_strand(thread: Mapping[str, Any], article: EnrichedArticle) -> bool:
    """Whether ``article`` is of a strand of the story that may be an event of its own and was not told of."""
    return article.strand_apart and article.story_strand not in thread.get("strands", ())


def with_strand(thread: Mapping[str, Any], article: EnrichedArticle) -> dict[str, list[str]]:
    """The strands told of and, of these, the ones told of apart, ``article``'s among them, where it is of one."""
    told = thread.get("strands", [])
    if article.story_strand is None or article.story_strand in told:
        return {}
    apart = {"apart": [*thread.get("apart", []), article.story_strand][-STRANDS:]} if article.strand_apart else {}
    return {"strands": [*told, article.story_strand][-STRANDS:]} | (apart if thread["told"] is not None else {})


def own_strand(thread: Mapping[str, Any], article: EnrichedArticle) -> str | None:
    """The strand of ``article`` if that was told of as an event of its own."""
    return article.story_strand if article.story_strand in thread.get("apart", ()) else None


def resolved(value: Mapping[str, Any]) -> Alert:
    """The alert that says a story has gone quiet; its id follows from the last alert's."""
    shown = value["shown"]
    dedup_key = identify(value["rule"], value["story"])
    return Alert(
        alert_id=identify(dedup_key, value["alert"], "resolved"),
        dedup_key=dedup_key,
        id=shown["id"],
        rule=value["rule"],
        rule_version=value["version"],
        severity=value["severity"],
        labels=shown["labels"],
        state=AlertState.RESOLVED,
        story=value["story"],
        title=shown["title"],
        url=shown["url"],
        source=shown["source"],
        strands=tuple(value.get("apart", ())),
        articles=max(value["articles"], 1),
        sources=len(value["owners"]),
        time=_aware(value["last"]),
    )


def _aware(timestamp: float) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)
