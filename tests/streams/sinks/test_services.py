"""Slack, PagerDuty and Alertmanager as their documentation wants them, against real servers."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.alert import Alert, AlertState
from streams.sinks.alertmanager import Alertmanager, AlertmanagerSettings, labels
from streams.sinks.pagerduty import Pagerduty, PagerdutySettings, events
from streams.sinks.slack import Slack, SlackSettings, harmless, several, single

NOON = 1_800_000_000.0


def bodies(receiver: Any) -> list[Any]:
    return [json.loads(body) for _, _, body in receiver.requests]


@pytest.fixture
def slack() -> Callable[..., Slack]:
    def build(url: str, **changes: Any) -> Slack:
        return Slack(SlackSettings.model_validate({"type": "slack", "url": url, "allow_private": True} | changes))

    return build


def test_a_chat_gets_headline_evidence_and_a_link(slack: Any, server: Any, notice: Any, sent: Any) -> None:
    async def scene() -> None:
        async with server() as receiver:
            assert await sent(slack(receiver.url, channel="#desk"), notice()) is None
            [message] = bodies(receiver)

        assert message["channel"] == "#desk"
        assert message["text"] == ("<https://agency.example/a?x=1&amp;y=2|[HIGH] troop-withdrawal: General quits base>")
        [attachment] = message["attachments"]
        assert "actual: The general quits the northern base." in attachment["text"]

    asyncio.run(scene())


def test_a_digest_is_one_message_that_counts_what_it_leaves_out(alert: Any) -> None:
    message = several([alert(title=f"Event {number}") for number in range(25)])
    lines = str(message["text"]).split("\n")

    assert lines[0] == "25 alerts"
    assert len(lines) == 22
    assert lines[-1] == "and 5 more"


@pytest.mark.parametrize(
    ("status", "may_pass", "overloaded"),
    [(400, False, False), (404, True, False), (429, True, True), (500, True, False)],
)
def test_what_a_chat_answers_is_understood(
    status: int, may_pass: bool, overloaded: bool, slack: Any, server: Any, notice: Any, sent: Any
) -> None:
    async def scene() -> None:
        async with server() as receiver:
            receiver.will_answer(status, "invalid_payload")
            failure = await sent(slack(receiver.url), notice())

        assert (failure.retry, failure.overloaded, failure.gone) == (may_pass, overloaded, False)

    asyncio.run(scene())


@given(st.text())
def test_nothing_a_publisher_writes_is_markup(title: str) -> None:
    alert = Alert(
        alert_id="a", dedup_key="d", id="i", rule="r", rule_version="1", title=title + "<!channel> @all",
        url="javascript:alert(1)",
    )  # fmt: skip
    text = str(single(alert)["text"])

    assert "<" not in text
    assert ">" not in text
    assert "@all" not in text
    assert "javascript" not in text


def test_an_address_cannot_end_its_link_early(alert: Any) -> None:
    text = str(single(alert(url="https://x.example/|evil>"))["text"])

    assert text.count("|") == 1
    assert text.count(">") == 1
    assert harmless("a|b") == "a|b"


@pytest.fixture
def pagerduty(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Pagerduty]:
    monkeypatch.setenv("PD_KEY", "k" * 32)

    def build(url: str) -> Pagerduty:
        known = {"type": "pagerduty", "routing_key": "env:PD_KEY", "url": url, "allow_private": True}
        return Pagerduty(PagerdutySettings.model_validate(known))

    return build


def test_pagerduty_is_triggered_and_resolved_under_one_key(pagerduty: Any, server: Any, notice: Any, sent: Any) -> None:
    async def scene() -> None:
        async with server() as receiver:
            receiver.will_answer(202)
            receiver.will_answer(202)
            sink = pagerduty(receiver.url)
            for told in (notice(), notice(alert_id="end", state=AlertState.RESOLVED)):
                assert await sent(sink, told) is None
            trigger, resolve = bodies(receiver)

        assert (trigger["event_action"], trigger["dedup_key"], trigger["routing_key"]) == ("trigger", "d1", "k" * 32)
        assert trigger["payload"]["severity"] == "error"
        assert trigger["payload"]["source"] == "agency.example"
        assert trigger["payload"]["summary"] == "[HIGH] troop-withdrawal: General quits base"
        assert trigger["payload"]["custom_details"]["evidence"] == ["actual: The general quits the northern base."]
        assert trigger["links"] == [{"href": "https://agency.example/a?x=1&y=2", "text": "General quits base"}]
        assert resolve == {"routing_key": "k" * 32, "event_action": "resolve", "dedup_key": "d1"}

    asyncio.run(scene())


def test_a_strand_told_apart_is_an_incident_of_its_own_for_pagerduty_and_ends_with_the_story(alert: Any) -> None:
    story, strand = events(alert()), events(alert(alert_id="a2", strand="s2"))
    ends = events(alert(alert_id="end", state=AlertState.RESOLVED, strands=("s2",)))

    assert story[0]["dedup_key"] != strand[0]["dedup_key"]
    assert [end["dedup_key"] for end in ends] == [story[0]["dedup_key"], strand[0]["dedup_key"]]
    assert {end["event_action"] for end in ends} == {"resolve"}


def test_what_was_held_back_is_one_event_as_severe_as_the_worst_of_it(
    pagerduty: Any, server: Any, notice: Any, sent: Any
) -> None:
    async def scene() -> None:
        async with server() as receiver:
            held = [replace(notice(severity=severity), digest="digest-1") for severity in ("low", "critical", "high")]
            assert await sent(pagerduty(receiver.url), *held) is None
            [made] = bodies(receiver)

        assert (made["event_action"], made["dedup_key"]) == ("trigger", "digest-1")
        assert made["payload"]["severity"] == "critical"
        assert made["payload"]["custom_details"] == {"troop-withdrawal": 3}

    asyncio.run(scene())


@pytest.mark.parametrize(("status", "may_pass"), [(400, False), (429, True), (500, True), (503, True)])
def test_what_pagerduty_answers_is_understood(
    status: int, may_pass: bool, pagerduty: Any, server: Any, notice: Any, sent: Any
) -> None:
    async def scene() -> None:
        async with server() as receiver:
            receiver.will_answer(status)
            assert (await sent(pagerduty(receiver.url), notice())).retry is may_pass

    asyncio.run(scene())


@given(st.text(), st.text(), st.sampled_from(["info", "low", "medium", "high", "critical", "other"]))
def test_an_event_keeps_the_limits_of_pagerduty(title: str, key: str, severity: str) -> None:
    alert = Alert(
        alert_id="a", dedup_key=key * 50, id="i", rule="r" * 300, rule_version="1", title=title * 50, severity=severity
    )
    [made] = events(alert)

    assert len(made["dedup_key"]) <= 255
    assert 0 < len(made["payload"]["summary"]) <= 1024
    assert made["payload"]["severity"] in ("critical", "error", "warning", "info")
    assert made["payload"]["source"]


class Clock:
    now = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def alertmanager() -> Callable[..., Alertmanager]:
    def build(url: str, clock: Clock) -> Alertmanager:
        known = {"type": "alertmanager", "url": url, "allow_private": True}
        return Alertmanager(AlertmanagerSettings.model_validate(known), clock)

    return build


def test_alertmanager_is_told_again_while_an_alert_is_open_and_of_its_end(
    alertmanager: Any, server: Any, notice: Any
) -> None:
    async def scene() -> None:
        async with server() as receiver:
            sink = alertmanager(receiver.url + "/", Clock())
            await sink.start()
            opened, ended = notice(), notice(alert_id="end", state=AlertState.RESOLVED, severity="low")
            for told in (opened, ended):
                await sink.send([told])
                sink.remember(told)
                await sink.resend()
            await sink.stop()
            first, again, end = bodies(receiver)

        assert [path for path, _, _ in receiver.requests] == ["/api/v2/alerts"] * 3
        assert first == again
        [alert] = first
        identity = {
            "alertname": "troop-withdrawal", "rule": "troop-withdrawal", "story": "story-1", "severity": "high",
            "team": "north",
        }  # fmt: skip
        assert alert["labels"] == identity
        assert alert["annotations"]["evidence"] == "actual: The general quits the northern base."
        assert alert["startsAt"] == "2026-01-02T03:04:05+00:00"
        assert "endsAt" not in alert
        [gone] = end
        assert (gone["labels"], gone["endsAt"]) == (identity, "2027-01-15T08:00:00.000000+00:00")

    asyncio.run(scene())


def test_an_escalation_ends_what_was_open_under_other_labels(alertmanager: Any, server: Any, notice: Any) -> None:
    async def scene() -> None:
        async with server() as receiver:
            sink = alertmanager(receiver.url, Clock())
            await sink.start()
            sink.remember(notice())
            await sink.send([notice(alert_id="a2", state=AlertState.ESCALATED, severity="critical")])
            await sink.stop()
            [[before, after]] = bodies(receiver)

        assert (before["labels"]["severity"], "endsAt" in before) == ("high", True)
        assert (after["labels"]["severity"], "endsAt" in after) == ("critical", False)

    asyncio.run(scene())


def test_a_strand_told_apart_is_open_beside_its_story_and_ends_with_it(
    alertmanager: Any, server: Any, notice: Any
) -> None:
    async def scene() -> None:
        async with server() as receiver:
            sink = alertmanager(receiver.url, Clock())
            await sink.start()
            end = notice(alert_id="end", state=AlertState.RESOLVED, strands=("s2",))
            for told in (notice(), notice(alert_id="a2", strand="s2"), end):
                await sink.send([told])
                sink.remember(told)
            await sink.resend()
            await sink.stop()
            [[story], [strand], ends] = bodies(receiver)

        assert (story["labels"].get("strand"), strand["labels"]["strand"]) == (None, "s2")
        assert [ended["labels"] for ended in ends] == [story["labels"], strand["labels"]]
        assert all("endsAt" in ended for ended in ends)

    asyncio.run(scene())


def test_what_has_been_silent_for_too_long_is_not_told_again(alertmanager: Any, server: Any, notice: Any) -> None:
    async def scene() -> None:
        async with server() as receiver:
            clock = Clock()
            sink = alertmanager(receiver.url, clock)
            await sink.start()
            sink.remember(notice())
            await sink.resend()
            clock.now += 3 * 86_400
            await sink.resend()
            await sink.stop()

        assert len(bodies(receiver)) == 1

    asyncio.run(scene())


def test_one_open_alert_that_is_refused_keeps_the_others_from_nothing(
    alertmanager: Any, server: Any, notice: Any
) -> None:
    async def scene() -> None:
        async with server() as receiver:
            for status in (422, 200, 422, 200):
                receiver.will_answer(status)
            sink = alertmanager(receiver.url, Clock())
            await sink.start()
            for key in ("d1", "d2", "d3"):
                sink.remember(notice(dedup_key=key, story=key))
            await sink.resend()
            await sink.stop()

        told = [[alert["labels"]["story"] for alert in body] for body in bodies(receiver)]
        assert told == [["d1", "d2", "d3"], ["d1"], ["d2"], ["d3"]]

    asyncio.run(scene())


def test_an_alert_that_an_alertmanager_cannot_use_is_not_sent_again(
    alertmanager: Any, server: Any, notice: Any, sent: Any
) -> None:
    async def scene() -> None:
        async with server() as receiver:
            for status, may_pass in ((400, False), (422, False), (500, True), (503, True)):
                receiver.will_answer(status)
                assert (await sent(alertmanager(receiver.url, Clock()), notice())).retry is may_pass

    asyncio.run(scene())


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=4))
def test_label_names_are_those_alertmanager_takes(own: dict[str, str]) -> None:
    made = labels(Alert(alert_id="a", dedup_key="d", id="i", rule="r", rule_version="1", labels=own))

    assert all(name.isascii() and name.isidentifier() and value for name, value in made.items())
    assert made["alertname"] == "r"
