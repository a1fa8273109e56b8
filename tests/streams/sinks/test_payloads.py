"""What Slack, Alertmanager and PagerDuty are sent, field by field against what their references want.

Alertmanager: `api/v2/openapi.yaml`, postableAlerts, and the data model of its labels. PagerDuty: Events API v2, "Send
an Alert Event" and its limits. Slack: incoming webhooks and secondary attachments.
"""

import functools
import re
from datetime import datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from schemas.alert import Alert, AlertState
from streams.sinks.alertmanager import ended, fields
from streams.sinks.pagerduty import digest, events
from streams.sinks.sink import Notice
from streams.sinks.slack import several, single
from streams.sinks.wording import link

HOST = r"(?:\[[0-9A-Za-z:.]+\]|(?:[A-Za-z0-9._~-]|%[89A-Fa-f][0-9A-Fa-f])+)"
ADDRESS = rf"^https?://{HOST}(?::[0-9]*)?(?:[/?#](?:[A-Za-z0-9._~!$&'()*+,;=:@/?#\[\]-]|%[0-9A-Fa-f]{{2}})*)?$"
"""An address as RFC 3986 has it; a host whose ASCII letters are escaped is refused by what is written in Go."""
RFC3339 = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"
TEXT = {"type": "string", "minLength": 1}
LINK = {"type": "string", "pattern": ADDRESS}
MOMENT = {"type": "string", "pattern": RFC3339}


def closed(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


POSTABLE_ALERT = closed(
    ["labels"],
    labels={
        "type": "object",
        "required": ["alertname"],
        "propertyNames": {"pattern": "^[a-zA-Z_][a-zA-Z0-9_]*$"},
        "additionalProperties": TEXT,
    },
    annotations={
        "type": "object",
        "propertyNames": {"pattern": "^[a-zA-Z_][a-zA-Z0-9_]*$"},
        "additionalProperties": {"type": "string"},
    },
    startsAt=MOMENT,
    endsAt=MOMENT,
    generatorURL=LINK,
)
KEY = {"type": "string", "minLength": 1, "maxLength": 255}
TRIGGER = closed(
    ["event_action", "payload"],
    event_action={"const": "trigger"},
    dedup_key=KEY,
    client={"type": "string"},
    links={"type": "array", "items": closed(["href"], href=LINK, text={"type": "string"})},
    payload=closed(
        ["summary", "source", "severity"],
        summary={"type": "string", "minLength": 1, "maxLength": 1024},
        source=TEXT,
        severity={"enum": ["critical", "error", "warning", "info"]},
        timestamp=MOMENT,
        group={"type": "string"},
        **{"class": {"type": "string"}},
        custom_details={"type": "object"},
    ),
)
RESOLVE = closed(["event_action", "dedup_key"], event_action={"const": "resolve"}, dedup_key=KEY)
LARGEST_EVENT = 512 * 1024
MESSAGE = closed(
    ["text"],
    text={"type": "string", "minLength": 1, "maxLength": 40_000},
    unfurl_links={"type": "boolean"},
    attachments={
        "type": "array",
        "maxItems": 20,
        "items": closed(
            ["fallback", "text"],
            fallback=TEXT,
            text={"type": "string"},
            color={"type": "string", "pattern": "^(good|warning|danger|#[0-9a-f]{6})$"},
            mrkdwn_in={"type": "array", "items": {"enum": ["pretext", "text", "fields"]}},
        ),
    },
)


def check(payload: Any, schema: dict[str, Any]) -> None:
    """As it is read from the wire."""
    validator_for(orjson.dumps(schema)).validate(orjson.loads(orjson.dumps(payload)))


@functools.cache
def validator_for(schema: bytes) -> Draft202012Validator:
    return Draft202012Validator(orjson.loads(schema))


words = st.text(max_size=40)
addresses = st.one_of(
    st.none(),
    words,
    st.builds("{}://{}{}/{}".format, st.sampled_from(["http", "https", "ftp", "javascript"]), words, words, words),
    st.builds("https://x.example/{}?{}#{}".format, words, words, words),
)
alerts = st.builds(
    Alert,
    alert_id=st.text(min_size=1, max_size=5),
    dedup_key=st.text(min_size=1, max_size=300),
    id=st.text(min_size=1, max_size=300),
    rule=st.text(min_size=1, max_size=200),
    rule_version=st.just("1"),
    severity=st.sampled_from(["info", "low", "medium", "high", "critical", "other"]),
    state=st.sampled_from([AlertState.OPEN, AlertState.ESCALATED, AlertState.UPDATE]),
    labels=st.dictionaries(words, words, max_size=3),
    title=st.one_of(st.none(), words),
    source=st.one_of(st.none(), words),
    story=st.one_of(st.none(), words),
    url=addresses,
    first_seen=st.one_of(st.none(), st.just("2026-01-02T03:04:05.678901Z"), st.just("2026-01-02T03:04:05+02:00")),
)


@given(alerts, st.floats(0, 4e9))
def test_alertmanager_gets_alerts_of_its_schema_that_do_not_end_before_they_began(alert: Alert, at: float) -> None:
    last = ended(alert, at)

    check(fields(alert), POSTABLE_ALERT)
    check(last, POSTABLE_ALERT)
    assert "endsAt" not in fields(alert)
    assert datetime.fromisoformat(last["endsAt"]) >= datetime.fromisoformat(last.get("startsAt", last["endsAt"]))
    assert last["labels"] == fields(alert)["labels"]


@given(alerts)
def test_pagerduty_gets_events_within_its_limits_and_an_end_under_the_same_key(alert: Alert) -> None:
    [trigger], [resolve] = events(alert), events(alert.model_copy(update={"state": AlertState.RESOLVED}))

    check(trigger, TRIGGER)
    check(resolve, RESOLVE)
    assert resolve["dedup_key"] == trigger["dedup_key"]


@given(st.lists(alerts, min_size=1, max_size=4), st.text(min_size=1, max_size=300))
def test_what_was_held_back_is_an_event_of_the_schema(held: list[Alert], identity: str) -> None:
    check(digest([Notice(alert, b"", 0.0, digest=identity) for alert in held]), TRIGGER)


@given(st.lists(alerts, min_size=1, max_size=4))
def test_slack_gets_messages_of_its_shape(told: list[Alert]) -> None:
    check(single(told[0]), MESSAGE)
    check(several(told), MESSAGE)


def test_the_longest_texts_stay_within_what_each_takes(alert: Any) -> None:
    evidence = {
        "field": "body", "start": 0, "end": 5, "text": "quits", "sentence_start": 0, "sentence_end": 9_000,
        "modality": "actual",
    }  # fmt: skip
    longest = alert(
        title="<&>" * 30_000, rule="r" * 200, source="s" * 9_000, url="https://x.example/?" + "&" * 60_000,
        evidence=[{**evidence, "sentence": f"{number} " + "&" * 9_000} for number in range(400)],
        labels={f"l{number}": "v" * 1_000 for number in range(20)},
    )  # fmt: skip
    linked = longest.model_copy(update={"url": "https://x.example/?" + "&" * 1_900})

    check(single(longest), MESSAGE)
    for alerts_told in ([longest] * 30, [linked] * 30):
        message = several(alerts_told)
        check(message, MESSAGE)
        *told, rest = str(message["text"]).split("\n")[1:]
        assert rest == f"and {30 - len(told)} more"
    [trigger] = events(longest)
    check(trigger, TRIGGER)
    assert len(orjson.dumps(trigger)) < LARGEST_EVENT
    check(fields(longest), POSTABLE_ALERT)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("https://x.example/save-100%-now", "https://x.example/save-100%25-now"),
        ("https://x.example/a%20b?c=%zz", "https://x.example/a%20b?c=%25zz"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        ("http://käse.example/ü", "http://k%C3%A4se.example/%C3%BC"),
        ("http://x.example\n/a", "http://x.example/a"),
        ("http://bank.example@evil.example/", None),
        ("http://two words/", None),
        ("http://x.example:port/", None),
        ("http://[::1/", None),
        ("http:///a", None),
    ],
)
def test_an_address_is_one_that_every_service_reads(written: str, told: str | None) -> None:
    assert link(written) == told
    assert told is None or re.fullmatch(ADDRESS, told)
