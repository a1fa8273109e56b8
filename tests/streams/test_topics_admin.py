"""Declared topics against actual ones: the plan, what differs, and a real Apache Kafka."""

import json
from collections.abc import Iterator

import kafka
import pytest
from click.testing import CliRunner

from schemas.topics import DEAD_LETTER_LIMIT, RULES, TOPICS
from streams import topics_admin
from streams.broker import BrokerError, LocalBroker
from streams.broker.process import wait_until
from streams.cli import wirewatch
from streams.commands.topics import topics as topic_commands
from streams.topics_admin import TopicPlan, TopicState, create_topics, describe_topics, drift, plan_topics, unwritable

PLAN = TopicPlan("articles.raw", 4, 1, {"cleanup.policy": "delete", "retention.ms": "1000"})


def as_planned(plan: TopicPlan, **changed) -> TopicState:
    """A topic that is as planned, but for what is named."""
    found = {"partitions": plan.partitions, "replication": plan.replication, "config": dict(plan.config), **changed}
    return TopicState(plan.name, **found)


def test_every_declared_topic_is_planned_with_the_prefix():
    assert [plan.name for plan in plan_topics("news.")] == [f"news.{topic.name}" for topic in TOPICS]


def test_a_fixed_count_of_partitions_holds_against_the_setting():
    by_name = {plan.name: plan.partitions for plan in plan_topics(partitions=7)}

    assert (by_name["articles.raw"], by_name[RULES.name]) == (7, 1)


def test_the_count_of_one_topic_can_be_set():
    by_name = {plan.name: plan.partitions for plan in plan_topics(partitions=7, counts={"articles.tagged": 2})}

    assert (by_name["articles.raw"], by_name["articles.tagged"]) == (7, 2)


def test_a_changelog_is_compacted_and_divided_like_the_topic_its_stage_reads():
    counts = {"articles.tagged": 2}

    changelog = plan_topics("p.", 7, 3, {"dedupe": "articles.tagged"}, counts)[-1]

    assert (changelog.name, changelog.partitions, changelog.replication) == ("p.dedupe.changelog", 2, 3)
    assert changelog.config["cleanup.policy"] == "compact"
    assert int(changelog.config["segment.bytes"]) < 100_000_000, "or a restore reads what is long forgotten"


def test_dead_letters_may_be_larger_than_anything_else():
    limits = {plan.name: int(plan.config["max.message.bytes"]) for plan in plan_topics()}

    assert limits["articles.rejected"] == DEAD_LETTER_LIMIT > limits["articles.raw"]


def test_a_topic_as_planned_does_not_differ():
    assert drift([PLAN], [as_planned(PLAN)]) == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"partitions": 3}, "articles.raw: partitions should be 4, found 3"),
        ({"replication": 2}, "articles.raw: replication should be 1, found 2"),
        (
            {"config": {"cleanup.policy": "delete", "retention.ms": "5"}},
            "articles.raw: retention.ms should be 1000, found 5",
        ),
        ({"config": {"cleanup.policy": "delete"}}, "articles.raw: retention.ms should be 1000, found not set"),
    ],
)
def test_each_difference_is_named_with_both_sides(changed, said):
    assert [str(each) for each in drift([PLAN], [as_planned(PLAN, **changed)])] == [said]


def test_a_missing_topic_is_a_difference_and_an_unplanned_one_is_none():
    other = TopicState("somebody.elses", 1, 1, {})

    assert [str(each) for each in drift([PLAN], [other])] == ["articles.raw: topic should be there, found none"]


# A real Apache Kafka


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[LocalBroker]:
    with LocalBroker(tmp_path_factory.mktemp("home")) as broker:
        yield broker


@pytest.fixture
def run(running, monkeypatch):
    """Run a ``topics`` command against the broker, with a prefix."""

    def command(prefix: str, *arguments: str):
        monkeypatch.setenv("WIREWATCH_BROKER", running.bootstrap)
        monkeypatch.setenv("WIREWATCH_PREFIX", prefix)
        return CliRunner().invoke(topic_commands, arguments)

    return command


@pytest.mark.kafka
def test_created_topics_are_as_declared_and_created_once(running):
    plans = plan_topics("once.", 3, 1, {"dedupe": "articles.tagged", "alert": "articles.enriched"})

    assert set(create_topics(running.bootstrap, plans)) == {plan.name for plan in plans}
    assert create_topics(running.bootstrap, plans) == ()
    assert drift(plans, describe_topics(running.bootstrap)) == ()


@pytest.mark.kafka
def test_a_changelog_gets_the_partitions_that_somebody_has_added_to_its_topic(running):
    plans = plan_topics("more.", 2, 1, {"dedupe": "articles.tagged", "alert": "articles.enriched"})
    create_topics(running.bootstrap, plans)
    admin = kafka.KafkaAdminClient(bootstrap_servers=running.bootstrap)
    admin.create_partitions({"more.articles.tagged": 5})
    admin.close()
    tagged = ["more.articles.tagged"]
    assert wait_until(lambda: describe_topics(running.bootstrap, tagged)[0].partitions == 5, 10)

    assert create_topics(running.bootstrap, plans) == ("more.dedupe.changelog",)

    names = ["more.dedupe.changelog", "more.alert.changelog"]
    assert {state.name: state.partitions for state in describe_topics(running.bootstrap, names)} == {
        "more.dedupe.changelog": 5,
        "more.alert.changelog": 2,
    }


@pytest.mark.kafka
def test_a_topic_takes_no_writes_while_too_few_of_its_replicas_are_there(running, monkeypatch):
    create_topics(running.bootstrap, [TopicPlan("kept", 2, 1, {})])
    assert unwritable(running.bootstrap, ["kept"]) == ()

    monkeypatch.setattr(topics_admin, "_listens", lambda host, port: False)

    assert unwritable(running.bootstrap, ["kept", "deleted"]) == ("kept",)


@pytest.mark.kafka
def test_a_topic_that_is_gone_lacks_no_replicas(running):
    assert unwritable(running.bootstrap, ["never-there"]) == ()


@pytest.mark.kafka
def test_a_topic_with_other_settings_is_left_as_it_is_and_named(running):
    found = TopicPlan("other.articles.raw", 2, 1, {"cleanup.policy": "compact"})
    create_topics(running.bootstrap, [found])
    plans = [plan for plan in plan_topics("other.", 4) if plan.name == found.name]

    create_topics(running.bootstrap, plans)

    differing = {each.what for each in drift(plans, describe_topics(running.bootstrap))}
    assert differing == {"partitions", "cleanup.policy", "max.message.bytes"}


@pytest.mark.kafka
def test_a_topic_that_is_created_at_the_same_time_by_another_is_no_error(running, monkeypatch):
    plans = plan_topics("race.", 1)
    create_topics(running.bootstrap, plans[:3])
    with monkeypatch.context() as as_if_none_were_there:
        as_if_none_were_there.setattr(kafka.KafkaAdminClient, "list_topics", lambda admin: [])
        create_topics(running.bootstrap, plans)

    assert drift(plans, describe_topics(running.bootstrap)) == ()


@pytest.mark.kafka
def test_what_the_broker_refuses_is_said_in_one_line(running):
    with pytest.raises(BrokerError) as error:
        create_topics(running.bootstrap, [TopicPlan("too.many.copies", 1, 3, {})])

    assert "expected to create too.many.copies with 1 partitions and 3 replicas, the broker said" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.kafka
def test_the_commands_list_create_and_describe(run):
    missing = run("cli.", "list")
    created = run("cli.", "create")
    again = run("cli.", "create")

    assert "cli.articles.raw" in missing.output
    assert "missing" in missing.output
    assert "cli.dedupe.changelog" in created.stdout.splitlines()
    assert again.stdout == ""
    assert run("cli.", "describe").exit_code == 0


@pytest.mark.kafka
def test_a_dry_run_creates_nothing(run, running):
    planned = run("dry.", "create", "--dry-run").stdout.splitlines()

    assert "dry.alerts" in planned
    assert not [state for state in describe_topics(running.bootstrap) if state.name.startswith("dry.")]


@pytest.mark.kafka
def test_describe_fails_where_a_topic_differs_and_says_how_in_json(run, running):
    create_topics(running.bootstrap, [TopicPlan("drift.alerts", 1, 1, {})])

    result = run("drift.", "describe", "--json", "drift.alerts")

    [row] = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert {"what": "partitions", "expected": "4", "found": "1"} in row["differences"]


@pytest.mark.kafka
def test_a_topic_of_several_partitions_has_a_leader_for_each_when_create_returns(running):
    create_topics(running.bootstrap, [TopicPlan("led", 8, 1, {})])
    admin = kafka.KafkaAdminClient(bootstrap_servers=running.bootstrap)
    try:
        [topic] = admin.describe_topics(["led"])
    finally:
        admin.close()

    assert {partition["leader_id"] for partition in topic["partitions"]} == {1}


def test_the_commands_say_in_one_line_when_the_broker_is_away(monkeypatch):
    monkeypatch.setenv("WIREWATCH_BROKER", "127.0.0.1:1")
    monkeypatch.setattr("streams.topics_admin.PATIENCE", 0.1)

    result = CliRunner().invoke(wirewatch, ["topics", "list"])

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: expected a Kafka broker at 127.0.0.1:1, found nothing that listens")
    assert len(result.stderr.splitlines()) == 1
