"""The alert stage: one notification a story, the same answer for the same position, nothing swallowed."""

import gc
import tracemalloc
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.alert import AlertState
from schemas.article import EnrichedArticle
from schemas.rule import Rule, Silence
from streams.rules import compile_rules, packing
from streams.stage import Drop, Reason
from streams.stages import alert as stage
from streams.stages.alert import AlertMemory

NOON = datetime(2024, 1, 10, 12, tzinfo=UTC)


def a_rule(**settings):
    return Rule(name="rockets", query="rocket", **settings)


def a_memory(*rules, silences=()):
    held = compile_rules(rules or [a_rule()])
    return AlertMemory(lambda: held, lambda: silences)


def an_article(number=0, *, minutes=0, body="A rocket hit the base.", **fields):
    told = {"story": "s", "source": "a.example", "first_seen": NOON + timedelta(minutes=minutes), **fields}
    return EnrichedArticle(id=f"article-{number}", position=f"articles.raw-0-{number}", body=body, **told)


def take(memory, article):
    decision = memory.decide(article)
    memory.apply(article.position, decision)
    return memory.outcome(article, decision.answer)


def test_the_first_article_of_a_story_notifies_and_later_ones_update():
    memory = a_memory()

    [first] = take(memory, an_article(1))
    [second] = take(memory, an_article(2, minutes=5))

    assert (first.state, first.notify, first.evidence[0].text) == (AlertState.OPEN, True, "rocket")
    assert (second.state, second.notify, second.suppressed) == (AlertState.UPDATE, False, "story")
    assert second.suppressed_by == first.alert_id
    assert first.dedup_key == second.dedup_key
    assert (second.articles, second.sources) == (2, 1)


def test_an_article_without_match_is_dropped_and_leaves_nothing_to_store():
    memory = a_memory()
    article = an_article(body="Calm seas.")

    decision = memory.decide(article)

    assert (decision.answer, decision.learned) == (b"", b"")
    assert take(memory, article) == Drop(Reason.NO_MATCH)
    assert memory.recall(article.position) is None


def test_a_replayed_position_gives_equal_bytes_although_the_rules_have_changed():
    rules = compile_rules([a_rule()])
    memory = AlertMemory(lambda: rules)
    article = an_article(1)
    [sent] = take(memory, article)
    rules.add(Rule(name="rockets", query="rocket AND drone", severity="critical"))

    [again] = memory.outcome(article, memory.recall(article.position))

    assert again.to_json() == sent.to_json()


def test_ids_follow_from_rule_version_article_and_revision():
    [one] = take(a_memory(), an_article(1))
    [same] = take(a_memory(), an_article(1))
    [revised] = take(a_memory(), an_article(1, revision="r2"))
    [changed] = take(a_memory(Rule(name="rockets", query="rocket OR drone")), an_article(1))

    assert one.alert_id == same.alert_id
    assert len({one.alert_id, revised.alert_id, changed.alert_id}) == 3


def test_another_story_notifies_and_so_does_the_same_one_a_day_later():
    memory = a_memory()
    take(memory, an_article(1))

    [other] = take(memory, an_article(2, story="t"))
    [later] = take(memory, an_article(3, minutes=24 * 60))

    assert other.notify
    assert later.notify


def test_an_article_without_story_is_its_own():
    memory = a_memory()

    assert [take(memory, an_article(number, story=None))[0].notify for number in range(2)] == [True, True]


def test_three_owners_escalate_and_copies_do_not_count():
    memory = a_memory()
    alerts = [
        take(memory, an_article(number, minutes=number, url=f"https://www.{host}/x", **extra))[0]
        for number, (host, extra) in enumerate(
            [
                ("a.example", {}),
                ("b.example", {"verdict": "near", "duplicate_of": "article-0"}),
                ("news.a.example", {}),
                ("c.example", {}),
                ("d.example", {}),
            ]
        )
    ]

    assert [alert.state for alert in alerts] == ["open", "update", "update", "update", "escalated"]
    assert (alerts[-1].severity, alerts[-1].sources, alerts[-1].notify) == ("high", 3, True)


def test_what_was_demanded_and_then_happens_notifies_again():
    memory = a_memory(Rule(name="rockets", query="withdraw NEAR/5 troop"))

    [asked] = take(memory, an_article(1, body="He demanded that troops withdraw."))
    [done] = take(memory, an_article(2, minutes=9, body="The troops withdrew on Monday."))

    assert (asked.modality, done.modality) == ("demanded", "actual")
    assert (done.state, done.notify) == ("escalated", True)


def test_a_strand_that_stands_apart_in_a_story_that_was_told_of_is_told_of_once():
    memory = a_memory()
    of_it = {"story_strand": "article-2", "strand_apart": True}
    stream = [
        an_article(1),
        an_article(2, minutes=1, story_strand="article-2"),
        an_article(3, minutes=2, **of_it),
        an_article(4, minutes=3, **of_it),
        an_article(5, minutes=4, story_strand="article-5", strand_apart=True),
    ]
    alerts = [take(memory, article)[0] for article in stream]

    assert [alert.notify for alert in alerts] == [True, False, True, False, True]
    assert {alert.dedup_key for alert in alerts} == {alerts[0].dedup_key}
    assert [alert.strand for alert in alerts] == [None, None, "article-2", "article-2", "article-5"]


def test_a_strand_that_a_story_was_told_of_by_is_not_told_of_again_once_it_stands_apart():
    memory = a_memory()
    [first] = take(memory, an_article(1, story_strand="article-1"))
    [second] = take(memory, an_article(2, minutes=1, story_strand="article-1", strand_apart=True))

    assert (first.notify, second.notify, second.suppressed) == (True, False, "story")
    assert second.strand is None


def test_a_threshold_waits_for_articles_and_publishers_in_event_time():
    memory = a_memory(a_rule(when={"articles": 3, "sources": 2, "within": "30m"}))

    alerts = [
        take(memory, an_article(1, source="a"))[0],
        take(memory, an_article(2, minutes=40, source="b"))[0],
        take(memory, an_article(3, minutes=50, source="b"))[0],
        take(memory, an_article(4, minutes=45, source="c"))[0],
    ]

    assert [alert.suppressed for alert in alerts] == ["threshold", "threshold", "threshold", None]


@pytest.mark.parametrize(
    ("settings", "fields", "reason"),
    [
        ({}, {"backlog": True}, "backlog"),
        ({}, {"published": "2024-01-07T12:00:00+00:00"}, "old"),
        ({"notify_within": "7d"}, {"published": "2024-01-07T12:00:00+00:00"}, None),
        ({"warmup": "dry_run"}, {}, "warmup"),
        ({"warmup": "1h"}, {}, "warmup"),
        ({"paused": True}, {}, "paused"),
    ],
)
def test_what_does_not_notify_is_still_sent_with_the_reason(settings, fields, reason):
    [alert] = take(a_memory(a_rule(**settings)), an_article(1, **fields))

    assert (alert.suppressed, alert.notify) == (reason, reason is None)


def test_a_rule_that_matches_for_the_first_time_long_after_it_came_has_warmed_up():
    held = compile_rules([a_rule(warmup="1h")])
    held.since["rockets"] = NOON.timestamp()
    memory = AlertMemory(lambda: held)

    reasons = [take(memory, an_article(n, story=f"s{n}", minutes=n))[0].suppressed for n in (30, 61)]
    [first] = take(AlertMemory(lambda: held), an_article(3, minutes=90))

    assert reasons == ["warmup", None]
    assert first.notify


def test_a_story_that_was_withheld_at_first_notifies_with_its_next_article():
    memory = a_memory()
    take(memory, an_article(1, backlog=True))

    [alert] = take(memory, an_article(2, minutes=5))

    assert (alert.state, alert.notify) == ("open", True)


def test_a_silence_covers_its_rule_or_labels_while_it_lasts():
    silence = Silence(id="x", labels={"team": "sea"}, starts=NOON, ends=NOON + timedelta(hours=1))
    memory = a_memory(a_rule(labels={"team": "sea"}), silences=[silence])

    [during] = take(memory, an_article(1))
    [after] = take(memory, an_article(2, minutes=61))

    assert (during.suppressed, after.suppressed) == ("silenced", None)


def test_a_rule_inhibits_a_broader_one_on_the_same_article():
    memory = a_memory(Rule(name="narrow", query="rocket SENT base", inhibits=("rockets",)), a_rule())

    narrow, broad = take(memory, an_article(1))

    assert (narrow.notify, broad.suppressed) == (True, "inhibited")


def test_a_throttled_rule_passes_its_rate_and_recovers_with_the_stream():
    memory = a_memory(a_rule(throttle="2/h"))
    reasons = [take(memory, an_article(n, story=f"s{n}", minutes=n))[0].suppressed for n in range(3)]

    [later] = take(memory, an_article(9, story="s9", minutes=60))

    assert reasons == [None, None, "throttled"]
    assert later.notify


def test_a_rule_that_fires_on_too_many_articles_goes_to_a_digest_and_is_not_silenced():
    memory = a_memory(a_rule(throttle="off"))
    take(memory, an_article(2000, story="first"))
    for number in range(970):
        take(memory, an_article(number, body="Calm seas."))

    alerts = [take(memory, an_article(1000 + n, story=f"s{n}"))[0] for n in range(40)]

    assert [alert.suppressed for alert in alerts[:28]] == [None] * 28
    assert alerts[-1].suppressed == "frequent"
    assert memory.frequent()["rockets"] > 0.02
    for number in range(1200):
        take(memory, an_article(3000 + number, body="Calm seas."))
    assert memory.frequent() == {}


def test_a_remembered_alert_and_its_story_take_less_than_a_kilobyte():
    memory = a_memory(a_rule(throttle="off"))
    take(memory, an_article(0))
    # counted by where it was allocated: what threads of earlier tests take meanwhile is not the memory's
    ours = [tracemalloc.Filter(inclusive=True, filename_pattern=f"*/streams/{part}/*") for part in ("rules", "stages")]
    tracemalloc.start()
    for number in range(1, 1001):
        take(memory, an_article(number, story=f"s{number}"))
    gc.collect()
    held = tracemalloc.take_snapshot().filter_traces(ours)
    tracemalloc.stop()

    assert 100 < sum(trace.size for trace in held.traces) / 1000 < 1_000


def test_the_count_behind_frequent_rules_is_the_same_wherever_a_worker_is_killed():
    log = [an_article(n, story=f"s{n}", body="A rocket." if n % 7 in (2, 3) else "Calm seas.") for n in range(30)]

    def fed(memory, first, last, stored):
        for offset in range(first, last):
            memory.reached(offset)
            article = log[offset]
            if memory.recall(article.position) is None:
                decision = memory.decide(article)
                memory.apply(article.position, decision)
                if decision.answer:
                    stored.append((article.position, decision))
        return stored

    expected = fed(a_memory(a_rule(throttle="off")), 0, len(log), [])
    for killed in range(len(log)):
        for committed in range(killed + 1):
            restored, stored = a_memory(a_rule(throttle="off")), []
            fed(a_memory(a_rule(throttle="off")), 0, killed, stored)
            for entry in stored:
                restored.apply(*entry)
            assert fed(restored, committed, len(log), stored) == expected


def test_a_memory_that_is_told_no_numbers_counts_for_itself():
    memory = a_memory(a_rule(throttle="off"))
    for number in range(3):
        take(memory, an_article(number, body="Calm seas."))

    learned = orjson.loads(memory.decide(an_article(4)).learned)

    assert learned["set"]["seen"]["count"] == 4


def test_a_story_gone_quiet_is_resolved_once_with_an_id_of_its_own():
    memory = a_memory()
    [told] = take(memory, an_article(1))
    early = memory.due(NOON + timedelta(hours=23))

    [due] = memory.due(NOON + timedelta(hours=24))
    memory.apply(due.position, due.decision)

    assert early == []
    assert (due.message.state, due.message.dedup_key) == ("resolved", told.dedup_key)
    assert due.message.alert_id != told.alert_id
    assert memory.due(NOON + timedelta(hours=25)) == []


def test_the_end_of_a_story_names_the_strands_that_were_told_of_apart():
    memory = a_memory()
    for number, apart in ((1, False), (2, False), (3, True)):
        strand = None if number == 1 else "article-2"
        take(memory, an_article(number, minutes=number, story_strand=strand, strand_apart=apart))

    [due] = memory.due(NOON + timedelta(hours=25))

    assert due.message.strands == ("article-2",)


def test_a_story_told_of_before_any_time_was_known_is_not_told_of_again_by_the_first_article_with_a_date():
    memory = a_memory(a_rule(suppress={"for": "1h"}))
    [undated] = take(memory, an_article(1, first_seen=None))
    [dated] = take(memory, an_article(2, first_seen=None, published="2024-01-10T12:00:00+00:00", source="b.example"))
    [soon] = take(memory, an_article(3, first_seen=None, published="2024-01-10T12:59:00+00:00"))
    [late] = take(memory, an_article(4, first_seen=None, published="2024-01-10T13:00:00+00:00"))

    assert [alert.state for alert in (undated, dated, soon, late)] == ["open", "update", "update", "open"]
    assert (dated.suppressed, dated.suppressed_by) == ("story", undated.alert_id)
    assert (dated.articles, dated.sources) == (2, 2)


def test_an_article_far_ahead_of_the_stream_does_not_make_the_others_old():
    memory = a_memory()
    take(memory, an_article(1, first_seen=None, published="2024-01-10T12:00:00+00:00"))
    take(memory, an_article(2, story="t", first_seen=None, published="2031-01-01T00:00:00+00:00"))

    [alert] = take(memory, an_article(3, story="u", first_seen=None, published="2024-01-10T13:00:00+00:00"))

    assert alert.notify


def test_a_closed_window_forgets_old_answers_and_keeps_what_still_counts():
    memory = a_memory(a_rule(suppress={"for": "30d"}, throttle="off"))
    take(memory, an_article(1))
    take(memory, an_article(2, story="t", minutes=60 * 24 * 8))

    dropped, summary = memory.closing()
    memory.close(dropped, summary)
    [again] = take(memory, an_article(3, minutes=60 * 24 * 8 + 1))

    assert dropped == 1
    assert memory.recall("articles.raw-0-1") is None
    assert again.suppressed == "story"
    assert memory.closing() is None


def articles():
    one = st.tuples(
        st.integers(0, 3), st.integers(0, 60 * 24 * 20), st.booleans(), st.sampled_from("abcd"), st.booleans()
    )
    return st.lists(one, max_size=25)


@settings(max_examples=60)
@given(articles(), st.integers(0, 25))
def test_decisions_restored_in_order_give_the_same_memory(drawn, cut):
    live, restored = a_memory(a_rule(throttle="3/h")), a_memory(a_rule(throttle="3/h"))
    for number, (story, minutes, match, source, backlog) in enumerate(drawn):
        body = "A rocket fell." if match else "Calm."
        article = an_article(number, minutes=minutes, story=f"s{story}", source=source, backlog=backlog, body=body)
        decision = live.decide(article)
        assert decision == live.decide(article)
        live.apply(article.position, decision)
        if decision.learned:
            restored.apply(article.position, decision)
        if number == cut and live.closing():
            summary = live.closing()
            live.close(*summary)
            restored.close(*summary)
    last = an_article(99, minutes=60 * 24 * 20)

    assert [a.to_json() for a in take(live, last)] == [a.to_json() for a in take(restored, last)]
    assert [one.position for one in live.due(NOON + timedelta(days=99))] == [
        one.position for one in restored.due(NOON + timedelta(days=99))
    ]


def many_rules():
    severities = ("low", "critical", "high", "medium")
    return [Rule(name=f"rockets-{n:02}", query="rocket", severity=severities[n % 4], throttle="off") for n in range(20)]


def test_of_an_article_that_meets_too_many_rules_the_most_severe_are_told_and_say_that_it_is_cut(monkeypatch):
    monkeypatch.setattr(stage, "MOST_ALERTS", 7)
    alerts = take(a_memory(*many_rules()), an_article(1))

    assert [alert.rule for alert in alerts if alert.severity == "critical"] == [
        f"rockets-{n:02}" for n in range(1, 20, 4)
    ]
    assert [alert.rule for alert in alerts if alert.severity != "critical"] == ["rockets-02", "rockets-06"]
    assert all(alert.cut for alert in alerts)
    assert not any(alert.cut for alert in take(a_memory(*many_rules()[:7]), an_article(1)))


def test_no_decision_is_larger_than_a_changelog_takes(monkeypatch):
    monkeypatch.setattr(stage, "LARGEST", 6_000)
    memory = a_memory(*many_rules())
    decision = memory.decide(an_article(1))

    assert len(decision.answer) + len(decision.learned) <= 6_000
    assert 1 < len(memory.outcome(an_article(1), decision.answer)) < 20


def test_a_packed_decision_is_remembered_as_any_other(monkeypatch):
    plain = a_memory(*many_rules())
    expected = [take(plain, an_article(n, story="s")) for n in range(3)]
    monkeypatch.setattr(packing, "PACKED_FROM", 1)
    live, restored = a_memory(*many_rules()), a_memory(*many_rules())
    decisions = []
    for number in range(3):
        decisions.append(live.decide(an_article(number, story="s")))
        live.apply(an_article(number).position, decisions[-1])
    for number, decision in enumerate(decisions):
        restored.apply(an_article(number).position, decision)
    answers = [restored.recall(an_article(number).position) for number in range(3)]

    assert [live.outcome(an_article(n, story="s"), answer) for n, answer in enumerate(answers)] == expected
    assert sum(map(len, answers)) < 6_000
