"""Why an alert was told to nobody, in words that name what kept it."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from schemas.alert import Alert
from schemas.rule import Rule, Silence
from streams.cli import wirewatch
from streams.commands.explain import why_quiet

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
RULE = Rule(
    name="port-strike", labels={"team": "sea"}, when={"articles": 3}, throttle="5/h", notify_within="12h", paused=True
)
BROAD = Rule(name="any-strike", inhibits=("port-strike",))
HOUR = Silence(id="s1", labels={"team": "sea"}, starts=NOON, ends=NOON + timedelta(hours=1))
OTHER = Silence(id="s2", labels={"team": "air"}, starts=NOON, ends=NOON + timedelta(hours=1))


def quiet(reason: str, **changes: object) -> Alert:
    stated = {"alert_id": "a2", "dedup_key": "d", "id": "late", "rule": "port-strike", "rule_version": "1"}
    return Alert.model_validate(stated | {"notify": False, "suppressed": reason, "time": NOON} | changes)


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("story", "alert a1, at article early of 2026-05-04 12:00"),
        ("threshold", "so far 1 articles of 1 publishers; the rule waits for articles 3"),
        ("silenced", "silence s1"),
        ("inhibited", "any-strike, which inhibits port-strike"),
        ("old", "over 12h before"),
        ("backlog", "old when first seen"),
        ("throttled", "5/h"),
        ("frequent", "over 2 %"),
        ("paused", "paused true"),
        ("warmup", "warmup None"),
    ],
)
def test_what_kept_an_alert_is_named(reason, said):
    teller = quiet("", alert_id="a1", id="early")

    why = why_quiet(quiet(reason, suppressed_by="a1"), teller, [BROAD, RULE], [OTHER, HOUR])

    assert said in why


def test_a_silence_counts_by_the_time_at_which_the_article_came():
    came = quiet("silenced", time=NOON - timedelta(hours=3), first_seen=NOON + timedelta(minutes=5))

    assert why_quiet(came, None, [RULE], [HOUR]) == "silence s1"


def test_a_silence_and_a_teller_that_are_gone_are_no_fault():
    assert "ended since" in why_quiet(quiet("silenced"), None, [], [])
    assert "by alert a1" in why_quiet(quiet("story", suppressed_by="a1"), None, [], [])


def test_a_line_of_a_file_that_is_no_article_is_named(tmp_path):
    file = tmp_path / "articles.jsonl"
    file.write_text('{"id": "a", "title": null, "body": "It rained."}\n{"id": "b"}\n')

    done = CliRunner().invoke(wirewatch, ["explain", "dedupe", "a", "b", "--file", str(file)])

    assert done.exit_code == 1
    assert done.stderr == f"Error: {file}:2 is not an article. body: Field required\n"


def test_empty_lines_of_a_file_are_passed_over(tmp_path):
    file = tmp_path / "articles.jsonl"
    file.write_text('\n{"id": "a", "title": null, "body": "It rained."}\n\n{"id": "b"}\n')

    done = CliRunner().invoke(wirewatch, ["explain", "dedupe", "a", "b", "--file", str(file)])

    assert done.stderr == f"Error: {file}:4 is not an article. body: Field required\n"


def test_a_text_to_measure_rules_on_that_is_none_is_named_by_its_line(tmp_path):
    file = tmp_path / "texts.jsonl"
    file.write_text('{"body": "It rained."}\n{"text": "It rained."}\n')

    done = CliRunner().invoke(wirewatch, ["bench", "rules", "--texts", str(file)])

    assert done.stderr == f"Error: {file}:2 is not an article. body: Field required\n"
