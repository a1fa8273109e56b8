"""How a rule wants to notify: durations, thresholds, escalation and throttle, read from its settings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from schemas.rule import Rule
from streams.rules.errors import Problem, QueryError

SEVERITIES = ("info", "low", "medium", "high", "critical")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION = re.compile(r"(\d{1,6})\s*([smhdw])")
_RATE = re.compile(r"(\d{1,6})\s*/\s*(\d{0,6})\s*([smhdw])")


def _wrong(message: str, hint: str, value: str = "") -> QueryError:
    return QueryError(Problem("E023", 0, message, hint), value)


@lru_cache(maxsize=1024)
def seconds(duration: str) -> int:
    """A duration in seconds; raises QueryError.

    >>> seconds("24h"), seconds("30m")
    (86400, 1800)
    """
    match = _DURATION.fullmatch(duration.strip())
    if match is None:
        raise _wrong(f"{duration!r} is no duration", "write a number and s, m, h, d or w: 30m, 24h", duration)
    return int(match[1]) * _UNITS[match[2]]


@lru_cache(maxsize=1024)
def rate(throttle: str) -> tuple[int, int] | None:
    """How many in how many seconds; None for `off`; raises QueryError.

    >>> rate("20/h"), rate("5/10m")
    ((20, 3600), (5, 600))
    """
    if throttle.strip().lower() in ("off", "none"):
        return None
    match = _RATE.fullmatch(throttle.strip())
    if match is None or not int(match[1]) or match[2] == "0":
        raise _wrong(f"{throttle!r} is no rate", "write 20/h, 5/10m or off", throttle)
    return int(match[1]), int(match[2] or 1) * _UNITS[match[3]]


def rank(severity: str) -> int:
    """Place of a severity among the known ones."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else -1


@dataclass(frozen=True)
class Escalation:
    """What raises an alert's severity: so many publishers, or being spoken of in this way."""

    severity: str
    sources: int = 0
    modality: str = ""


_ESCALATIONS = (Escalation("high", sources=3), Escalation("critical", sources=8))


@dataclass(frozen=True)
class Hygiene:
    """A rule's settings, times in seconds."""

    by_story: bool
    suppress_for: int
    articles: int
    sources: int
    within: int
    escalations: tuple[Escalation, ...]
    notify_within: int
    resolve_after: int
    throttle: tuple[int, int] | None
    dry_run: bool
    warmup: int

    @property
    def keep(self) -> int:
        """How long a story must be remembered after its last article."""
        return max(self.suppress_for, self.within, self.resolve_after) + self.notify_within


def hygiene_of(rule: Rule) -> Hygiene:
    """The settings of a rule; raises QueryError for a value that cannot be used."""
    suppress, when = rule.suppress, rule.when
    _only(suppress, {"by", "for"}, "suppress")
    _only(when, {"articles", "sources", "within"}, "when")
    by = str(suppress.get("by", "story"))
    if by not in ("story", "article", "none"):
        raise _wrong(f"suppress by {by!r}", "by: story, or by: article for every article")
    if rule.severity not in SEVERITIES:
        raise _wrong(f"severity {rule.severity!r}", f"one of {', '.join(SEVERITIES)}")
    return Hygiene(
        by_story=by == "story",
        suppress_for=seconds(str(suppress.get("for", "24h"))),
        articles=_count(when, "articles"),
        sources=_count(when, "sources"),
        within=seconds(str(when.get("within", "24h"))),
        escalations=tuple(map(_escalation, rule.escalate)) or _ESCALATIONS,
        notify_within=seconds(rule.notify_within),
        resolve_after=seconds(rule.resolve_after),
        throttle=rate(rule.throttle),
        dry_run=rule.warmup == "dry_run",
        warmup=seconds(rule.warmup) if rule.warmup and rule.warmup != "dry_run" else 0,
    )


SETTINGS = ("severity", "suppress", "when", "escalate", "throttle", "notify_within", "resolve_after", "warmup")


def check_setting(rule: Rule, setting: str) -> None:
    """Raises QueryError, its message beginning with the setting, where this one of a rule cannot be used."""
    fields = Rule.model_fields
    usual = {name: fields[name].get_default(call_default_factory=True) for name in SETTINGS if name != setting}
    try:
        hygiene_of(rule.model_copy(update=usual))
    except QueryError as error:
        problem = error.problem
        said = problem.message if problem.message.startswith(setting) else f"{setting}: {problem.message}"
        raise QueryError(replace(problem, message=said)) from None


def _only(values: Mapping[str, Any], known: set[str], setting: str) -> None:
    unknown = sorted(set(values) - known)
    if unknown:
        raise _wrong(f"{setting} has no {', '.join(unknown)}", f"{setting}: {', '.join(sorted(known))}")


def _count(values: Mapping[str, Any], name: str) -> int:
    value = values.get(name, 1)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 1000:
        raise _wrong(f"when {name}: {value!r}", "a number from 1 to 1000")
    return value


def _escalation(step: Mapping[str, Any]) -> Escalation:
    _only(step, {"distinct_sources", "modality", "severity"}, "escalate")
    severity = str(step.get("severity", ""))
    if severity not in SEVERITIES:
        raise _wrong(f"escalate to severity {severity!r}", f"one of {', '.join(SEVERITIES)}")
    if ("distinct_sources" in step) == ("modality" in step):
        raise _wrong("escalate needs either distinct_sources or modality", "{distinct_sources: 3, severity: high}")
    sources = step.get("distinct_sources", 0)
    if not isinstance(sources, int) or isinstance(sources, bool) or not 0 <= sources <= 1000:
        raise _wrong(f"distinct_sources: {sources!r}", "a number from 1 to 1000")
    return Escalation(severity, sources=sources, modality=str(step.get("modality", "")))
