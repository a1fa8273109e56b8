"""A spare on a real Kafka: it follows changelogs until it is told its slot, and its worker reads on from there."""

import asyncio
import threading

import pytest
from aiokafka import AIOKafkaProducer
from memories import Answers

from schemas.rule import Rule
from schemas.topics import ENRICHED, RULES, TAGGED
from streams import standby
from streams.broker import LocalBroker
from streams.changelog import Entry
from streams.commands.records import put
from streams.pipeline import Hop
from streams.rulebook import RuleBook, RuleFeed
from streams.settings import Settings
from streams.stage import Decision, Step
from streams.standby import Follower, Standby
from streams.state import States
from streams.topics_admin import TopicPlan, create_topics, planned_topics

pytestmark = pytest.mark.kafka
PARTITIONS = 2


def hop_named(name):
    return Hop((Step(name, reads=TAGGED, writes=(ENRICHED,), memory=Answers),))


def entry(number, generation=1):
    return Entry(number, generation, f"p{number}", Decision(b"%d" % number), 1)


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    with LocalBroker(tmp_path_factory.mktemp("kafka")) as started:
        yield started.bootstrap


@pytest.fixture
def changelog(broker, request):
    """Name of a hop, and what writes entries to partition 0 of its changelog."""
    name = "".join(c if c.isalnum() else "." for c in request.node.name)[:200]
    create_topics(broker, [TopicPlan(f"{name}.changelog", PARTITIONS, 1, {"cleanup.policy": "compact"})])

    async def written(entries):
        producer = AIOKafkaProducer(bootstrap_servers=broker)
        await producer.start()
        for each in entries:
            await producer.send_and_wait(f"{name}.changelog", each.value, each.key, 0)
        await producer.stop()

    return name, lambda *entries: asyncio.run(written(entries))


@pytest.fixture
def turns(monkeypatch):
    """Released once for each time that a follower has read to the end; it waits for nothing in between."""
    done, hold = threading.Semaphore(0), States.hold

    async def held(self, reader, partitions):
        await hold(self, reader, partitions)
        done.release()

    monkeypatch.setattr(States, "hold", held)
    monkeypatch.setattr(standby, "TURN_SECONDS", 0.01)
    return done


def wait_for(turns, count):
    assert all(turns.acquire(timeout=30) for _ in range(count))


def test_the_worker_that_comes_of_a_spare_reads_on_from_what_the_spare_has_followed(broker, changelog, turns):
    name, write = changelog
    write(entry(0))

    def told():
        wait_for(turns, 1)
        write(entry(1))
        wait_for(turns, 2)  # one may have begun before that
        return "3\n"

    spare = Standby([hop_named(name)], Settings(broker=broker))
    word, held = spare.until(told), spare.held
    followed = held[name][0].memory
    known = dict(followed.held)
    write(entry(2, generation=2))
    states = States(name, f"{name}.changelog", Answers, {"bootstrap_servers": broker})
    states.adopt(held[name])
    asyncio.run(states.assign({0}, 2))

    assert word == "3\n"
    assert known == {"p0": b"0", "p1": b"1"}
    assert sorted(held[name]) == [0, 1]
    assert states[0].memory is followed
    assert followed.held == {"p0": b"0", "p1": b"1", "p2": b"2"}
    assert [partition for partition, _ in states.items()] == [0]


def test_the_worker_that_comes_of_a_spare_finds_the_rules_ready(broker, monkeypatch):
    monkeypatch.setattr(standby, "TURN_SECONDS", 0.01)
    settings = Settings(broker=broker, prefix="ready.")
    create_topics(broker, [plan for plan in planned_topics(settings) if plan.name.startswith("ready.alert.")])
    put(settings, RULES, [Rule(name="old", query="harvest"), Rule(name="kept", query="strike")], "rules")
    book = RuleBook()
    spare = Standby([], settings, book)

    taken, take = threading.Semaphore(0), RuleBook.take

    def counted(*args):
        rejected = take(*args)
        taken.release()
        return rejected

    monkeypatch.setattr(RuleBook, "take", counted)

    def told():
        wait_for(taken, 2)
        put(settings, RULES, [Rule(name="new", query="flood")], "rules")
        wait_for(taken, 1)
        return "0\n"

    spare.until(told)
    compiled = []
    add = book.rules.add
    monkeypatch.setattr(book.rules, "add", lambda rule: compiled.append(rule.name) or add(rule))
    put(settings, RULES, [Rule(name="kept", query="strikes AND pay")], "rules")
    asyncio.run(_read(RuleFeed(settings, book)))

    assert compiled == ["kept"]
    assert book.rules.rule("kept").query == "strikes AND pay"
    assert sorted(rule.name for rule in book.rules) == ["kept", "new", "old"]


def test_a_rule_that_its_topic_has_no_more_is_none_of_the_worker(broker):
    settings = Settings(broker=broker, prefix="deleted.")
    create_topics(broker, [plan for plan in planned_topics(settings) if plan.name.startswith("deleted.alert.")])
    put(settings, RULES, [Rule(name="kept", query="strike")], "rules")
    book = RuleBook()
    book.rules.add(Rule(name="deleted", query="harvest"))
    asyncio.run(_read(RuleFeed(settings, book)))

    assert [rule.name for rule in book.rules] == ["kept"]


async def _read(feed):
    await feed.read()
    await feed.stop()


def test_more_than_a_spare_is_to_hold_is_let_go(broker, changelog, turns):
    name, write = changelog
    write(entry(0), entry(1))
    follower = Follower(hop_named(name), Settings(broker=broker, standby=2))

    async def grow():
        following = asyncio.ensure_future(follower.follow())
        await asyncio.to_thread(wait_for, turns, 1)
        assert len(follower.held[0].keys) == 2
        await asyncio.to_thread(write, entry(2))
        await following

    asyncio.run(grow())

    assert follower.held == {}


def test_a_changelog_that_has_lost_a_part_is_left_to_the_worker(broker, changelog, turns):
    name, write = changelog
    write(entry(0), entry(2))

    def told():
        wait_for(turns, 1)
        return "0\n"

    spare = Standby([hop_named(name)], Settings(broker=broker))
    spare.until(told)

    assert sorted(spare.held[name]) == [1]


def test_a_spare_that_waits_again_follows_on_from_what_it_knows(broker, changelog, turns, monkeypatch):
    name, write = changelog
    write(entry(0))
    spare = Standby([hop_named(name)], Settings(broker=broker))
    spare.until(lambda: wait_for(turns, 1) or "fork 0\n")
    followed = spare.held[name][0].memory
    monkeypatch.setattr(standby, "AGAIN_SECONDS", 0.01)
    write(entry(1))
    spare.until(lambda: wait_for(turns, 2) or "fork 0\n")

    assert spare.held[name][0].memory is followed
    assert followed.held == {"p0": b"0", "p1": b"1"}


def test_a_spare_that_may_hold_nothing_waits_for_its_slot_all_the_same(broker):
    spare = Standby([hop_named("any")], Settings(broker=broker, standby=0))

    assert (spare.until(lambda: "0\n"), spare.held) == ("0\n", {})


def test_a_spare_waits_for_its_slot_while_the_broker_is_away(monkeypatch):
    looked = threading.Event()

    def away(_settings):
        looked.set()
        raise standby.BrokerError("expected a broker, found none")

    monkeypatch.setattr(standby, "answers", away)
    monkeypatch.setattr(standby, "TURN_SECONDS", 0.01)

    def told():
        assert looked.wait(10)
        return "1\n"

    spare = Standby([hop_named("any")], Settings(broker="127.0.0.1:1"))

    assert (spare.until(told), spare.held) == ("1\n", {"any": {}})
