"""Whether a match notifies: one notification a story, more when it grows or becomes real, never by default none.

Everything goes by event time (the earlier of published and first seen) and by stream time (the latest event
time that a match of this partition had); the clock is never asked.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from schemas.alert import AlertState
from schemas.article import EnrichedArticle
from schemas.rule import Rule, Silence
from streams.rules.hygiene import Hygiene, hygiene_of, rank
from streams.rules.match import Match
from streams.rules.records import identify, short
from streams.rules.threads import (
    another_strand,
    became_real,
    counted,
    grown,
    own_strand,
    owner_of,
    reached,
    with_strand,
)

AHEAD = 7 * 86_400
"""Seconds that an article without `first_seen` may be ahead of the stream and still move it."""
FREQUENT_SHARE, FREQUENT_FROM, FREQUENT_WINDOW = 0.02, 1_000, 10_000


class Judge:
    """Decides on the matches of one article."""

    def __init__(
        self,
        article: EnrichedArticle,
        value: Callable[[str], Any],
        stream: float,
        number: int,
        silences: Sequence[Silence],
    ) -> None:
        self._article, self._value, self._silences = article, value, silences
        self._owner = owner_of(article)
        effective = article.effective
        self._event = effective.timestamp() if effective else stream
        seen = article.first_seen.timestamp() if article.first_seen else None
        leaps = seen is None and stream and self._event > stream + AHEAD
        self.stream = stream if leaps else max(stream, self._event, seen or 0.0)
        self._seen = number

    def judge(self, matches: Sequence[Match]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """What to answer, and the values to remember."""
        inhibited = {name for match in matches for name in match.rule.inhibits if name != match.name}
        values: dict[str, Any] = {"seen": {"count": self._seen}}
        records = []
        for match in matches:
            record, learned = self._one(match, match.name in inhibited)
            records.append(record)
            values |= learned
        return records, values

    def _one(self, match: Match, inhibited: bool) -> tuple[dict[str, Any], dict[str, Any]]:
        rule, settings = match.rule, hygiene_of(match.rule)
        article = self._article
        story = (article.story or article.id) if settings.by_story else article.id
        before = self._value(f"story:{identify(rule.name, story)}")
        thread = counted(before, article, self._owner, self._event, match, settings)
        tally = self._tally(match)
        record: dict[str, Any] = {
            "alert_id": identify(rule.name, match.version, article.id, article.revision),
            "dedup_key": identify(rule.name, story),
            "rule": rule.name,
            "rule_version": match.version,
            "labels": rule.labels,
        }
        state, reason, severity = self._state(rule, settings, thread, tally, inhibited)
        bucket = None
        if reason is None:
            reason, bucket = self._throttled(rule, settings)
            state = state if reason is None else AlertState.UPDATE
        record |= {"state": state, "notify": reason is None, "severity": severity, "modality": thread["modality"]}
        record |= {"suppressed": reason, "suppressed_by": thread["alert"] if reason == "story" else None}
        record |= {"time": _moment(self._event), "cut": match.cut}
        record |= {"articles": thread["articles"], "sources": len(thread["owners"])}
        record["evidence"] = [short(evidence) for evidence in match.evidence]
        if reason is None:
            self._tell(thread, record)
        strand = own_strand(thread, article)
        record |= {"strand": strand} if strand else {}
        key = f"story:{record['dedup_key']}"
        learned = {key: thread, f"tally:{rule.name}": tally}
        return record, learned | ({f"bucket:{rule.name}": bucket} if bucket else {})

    def _tally(self, match: Match) -> dict[str, Any]:
        """How often the rule has matched of how many articles, and since when it is there in this version."""
        old, version = self._value(f"tally:{match.name}"), match.version
        if old is None or old["version"] != version or old["from"] >= self._seen:
            old = {"matched": 0, "from": self._seen - 1, "version": version, "since": match.since or self.stream}
        tally = {**old, "matched": old["matched"] + 1}
        if self._seen - tally["from"] > FREQUENT_WINDOW:
            tally |= {"matched": tally["matched"] // 2, "from": self._seen - FREQUENT_WINDOW // 2}
        return tally

    def _state(
        self, rule: Rule, settings: Hygiene, thread: dict[str, Any], tally: Mapping[str, Any], inhibited: bool
    ) -> tuple[AlertState, str | None, str]:
        """State, why it does not notify (None where it does), and severity."""
        severity = thread.get("severity") or rule.severity
        withheld = self._withheld(rule, settings, tally) or ("inhibited" if inhibited else None)
        if withheld:
            return AlertState.UPDATE, withheld, severity
        if thread["told"] is None:
            if not reached(settings, thread):
                return AlertState.UPDATE, "threshold", severity
            return AlertState.OPEN, None, grown(settings, thread, severity)
        higher = grown(settings, thread, severity)
        if rank(higher) > rank(severity) or became_real(thread):
            return AlertState.ESCALATED, None, higher
        if self._event - thread["told"] >= settings.suppress_for or another_strand(thread, self._article):
            return AlertState.OPEN, None, severity
        return AlertState.UPDATE, "story", severity

    def _withheld(self, rule: Rule, settings: Hygiene, tally: Mapping[str, Any]) -> str | None:
        share = share_of(tally, self._seen)
        if rule.paused or (rule.pause_above is not None and share > rule.pause_above):
            return "paused"
        if settings.dry_run or self.stream < tally["since"] + settings.warmup:
            return "warmup"
        if self._article.backlog:
            return "backlog"
        if self._event < self.stream - settings.notify_within:
            return "old"
        if any(covers(silence, rule, self.stream) for silence in self._silences):
            return "silenced"
        return "frequent" if share > FREQUENT_SHARE else None

    def _throttled(self, rule: Rule, settings: Hygiene) -> tuple[str | None, dict[str, Any] | None]:
        """Whether the rule has used up its notifications, and its bucket after this one."""
        if settings.throttle is None:
            return None, None
        most, per = settings.throttle
        old = self._value(f"bucket:{rule.name}") or {"left": most, "time": self.stream}
        left = min(float(most), old["left"] + (self.stream - old["time"]) * most / per)
        bucket = {"left": left, "time": self.stream, "until": self.stream + per}
        if left < 1:
            return "throttled", bucket
        return None, {**bucket, "left": left - 1}

    def _tell(self, thread: dict[str, Any], record: Mapping[str, Any]) -> None:
        article = self._article
        thread |= with_strand(thread, article)
        thread |= {
            "alert": record["alert_id"],
            "told": max(thread["told"] or self._event, self._event),
            "severity": record["severity"],
        }
        thread["modalities"] = sorted({*thread["modalities"], thread["modality"]} - {None})
        thread["shown"] = {
            "id": article.id,
            "title": article.title,
            "url": article.url,
            "source": article.source,
            "labels": record["labels"],
        }


def _moment(timestamp: float) -> str | None:
    return datetime.fromtimestamp(timestamp, UTC).isoformat() if timestamp else None


def share_of(tally: Mapping[str, Any], seen: int) -> float:
    """Share of articles that a rule fires on, 0 before there are enough."""
    articles = seen - int(tally["from"])
    return float(tally["matched"]) / articles if articles >= FREQUENT_FROM else 0.0


def covers(silence: Silence, rule: Rule, moment: float) -> bool:
    """Whether a silence keeps ``rule`` quiet at ``moment`` of stream time."""
    if silence.rule is not None and silence.rule != rule.name:
        return False
    labels = all(rule.labels.get(key) == value for key, value in silence.labels.items())
    return labels and silence.starts.timestamp() <= moment < silence.ends.timestamp()
