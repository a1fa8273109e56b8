"""Every metric, declared once. Labels come from closed lists, and every series exists from the start."""

from collections.abc import Iterable
from itertools import islice

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

from schemas.alert import Alert, AlertState
from streams.stage import Reason

disable_created_metrics()

SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
AGES = (0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0, 3600.0, 86400.0)

received = Counter("wirewatch_received_total", "Messages that a stage took from its topic.", ["stage"])
articles = Counter(
    "wirewatch_articles_total",
    "Messages that left a stage, by what became of them. With in_flight they sum to messages received.",
    ["stage", "outcome", "reason"],
)
in_flight = Gauge("wirewatch_in_flight", "Messages a stage has taken and not yet settled.", ["stage"])
emitted = Counter(
    "wirewatch_emitted_total", "Messages that a stage wrote, by topic; one input may give many.", ["stage", "topic"]
)
stage_seconds = Histogram(
    "wirewatch_stage_seconds", "Time a stage took for a message, mean of its batch.", ["stage"], buckets=SECONDS
)
article_age_seconds = Histogram(
    "wirewatch_article_age_seconds",
    "From the raw record's timestamp until a stage had settled it.",
    ["stage"],
    buckets=AGES,
)
last_article_timestamp_seconds = Gauge(
    "wirewatch_last_article_timestamp_seconds", "When a stage last settled a message, seconds since 1970.", ["stage"]
)
LAGS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0)
loop_lag_seconds = Histogram(
    "wirewatch_loop_lag_seconds", "How late the event loop came to something that was due, every 20 ms.", buckets=LAGS
)
rebalances = Counter("wirewatch_rebalances_total", "Assignments of partitions that a stage got.", ["stage"])
assigned_partitions = Gauge("wirewatch_assigned_partitions", "Partitions that a stage reads now.", ["stage"])
restored_entries = Counter("wirewatch_restored_entries_total", "Decisions read back from a changelog.", ["stage"])
missing_entries = Counter(
    "wirewatch_missing_entries_total", "Decisions that a changelog should hold and does not.", ["stage"]
)
restore_seconds = Gauge("wirewatch_restore_seconds", "Time the last restore took.", ["stage"])
replayed = Counter("wirewatch_replayed_total", "Messages answered from memory because they came again.", ["stage"])
pool_restarts = Counter("wirewatch_pool_restarts_total", "Processes of the page pool that were ended and replaced.")
alerts = Counter("wirewatch_alerts_total", "Alerts by rule (200 at most, then `other`) and state.", ["rule", "state"])
MOST_RULES = 200
"""Rules with series of their own: a label from no closed list needs a bound."""
_rules: set[str] = set()
rules_loaded = Gauge("wirewatch_rules_loaded", "Rules in force.")
rules_frequent = Gauge("wirewatch_rules_frequent", "Rules that fire on over 2 % of articles, so go to a digest.")
tables_failed = Counter(
    "wirewatch_tables_failed_total", "Entity tables that could not be read; the last good one stays."
)
rules_failed = Counter("wirewatch_rules_failed_total", "Rules that could not be read; the last good one stays.")

DELIVERIES = ("delivered", "retried", "waiting", "undelivered", "skipped")
deliveries = Counter(
    "wirewatch_deliveries_total",
    "What became of alerts in a sink: delivered, retried (an attempt failed), waiting (behind another alert or "
    "for a digest), undelivered (kept on alerts.undelivered), skipped (not for this sink). Sinks are those configured.",
    ["sink", "outcome"],
)
delivery_seconds = Histogram("wirewatch_delivery_seconds", "Time an attempt took.", ["sink"], buckets=SECONDS)
delivery_age_seconds = Histogram(
    "wirewatch_delivery_age_seconds", "From an alert's record until its sink had it.", ["sink"], buckets=AGES
)
deliveries_waiting = Gauge("wirewatch_deliveries_waiting", "Alerts that wait on a sink's retry topic.", ["sink"])
sink_disabled = Gauge("wirewatch_sink_disabled", "1 where the receiver has said that it is gone.", ["sink"])

POLLS = ("news", "unchanged", "failed", "gone")
FEED_STATUSES = ("ok", "failing", "gone", "new")
feed_polls = Counter(
    "wirewatch_feed_polls_total", "Polls of feeds by what they came to: news, unchanged, failed, gone.", ["outcome"]
)
feed_articles = Counter(
    "wirewatch_feed_articles_total", "Articles that feeds brought: news, or backlog from a first reading.", ["kind"]
)
feeds = Gauge("wirewatch_feeds", "Feeds that this process polls, by how they are: ok, failing, gone, new.", ["status"])
feed_late_seconds = Histogram(
    "wirewatch_feed_late_seconds", "How long after it was due a feed was polled.", buckets=AGES
)


DROPPED = frozenset({Reason.NO_MATCH})
OF_A_STAGE = (
    received, in_flight, stage_seconds, article_age_seconds, last_article_timestamp_seconds, rebalances,
    assigned_partitions, restored_entries, missing_entries, restore_seconds, replayed,
)  # fmt: skip


def start_series(stages: Iterable[str], topics: Iterable[tuple[str, str]]) -> None:
    """Create every series of ``stages`` at zero, so that a rate exists from the first message."""
    for stage in stages:
        for metric in OF_A_STAGE:
            metric.labels(stage)
        articles.labels(stage, "sent", "")
        for reason in Reason:
            articles.labels(stage, "dropped" if reason in DROPPED else "rejected", reason)
    for stage, topic in topics:
        emitted.labels(stage, topic)


def start_rule_series(rules: Iterable[str]) -> None:
    """Create the series of ``rules``, of the first ``MOST_RULES`` of them, at zero."""
    for rule in islice(rules, MOST_RULES):
        for state in AlertState:
            alerts.labels(_label(rule), state)


def count_alerts(written: Iterable[Alert]) -> None:
    """Count alerts that the broker has confirmed."""
    for alert in written:
        alerts.labels(_label(alert.rule), alert.state).inc()


def _label(rule: str) -> str:
    """The name of a rule, `other` beyond the first ``MOST_RULES``."""
    if rule not in _rules and len(_rules) >= MOST_RULES:
        return "other"
    _rules.add(rule)
    return rule


def start_sink_series(sinks: Iterable[str]) -> None:
    """Create every series of ``sinks`` at zero."""
    for sink in sinks:
        for metric in (delivery_seconds, delivery_age_seconds, deliveries_waiting, sink_disabled):
            metric.labels(sink)
        for outcome in DELIVERIES:
            deliveries.labels(sink, outcome)


def start_feed_series() -> None:
    """Create every series of the poller at zero."""
    for outcome in POLLS:
        feed_polls.labels(outcome)
    for kind in ("news", "backlog"):
        feed_articles.labels(kind)
    for status in FEED_STATUSES:
        feeds.labels(status)
