"""State in a fake broker: kept while nobody else wrote, read again when another did, made again when damaged."""

import asyncio
from types import SimpleNamespace

import pytest

from schemas.article import TaggedArticle
from schemas.topics import ENRICHED, TAGGED
from streams import metrics, rebuilding, state
from streams.changelog import Kept
from streams.errors import StateError
from streams.guard import Unguarded
from streams.rebuilding import Mender, Source
from streams.stage import Decision, Step
from streams.state import States

CHANGELOG, LOG = "count.changelog", "articles.tagged"


class Counts:
    """A memory whose decisions rest on all before: each article gets its number."""

    complete = True

    def __init__(self):
        self.answers = {}

    def recall(self, position):
        return self.answers.get(position)

    def decide(self, message):
        return Decision(b"%d" % len(self.answers))

    def apply(self, position, decision):
        if int(decision.answer) != len(self.answers):
            raise IndexError("a decision that rests on one that is missing")
        self.answers[position] = decision.answer

    def outcome(self, message, answer):
        return [answer]

    def closing(self):
        return None

    def close(self, dropped, summary):
        raise AssertionError("nothing is closed")


class Broker:
    """Topics of one partition, as lists of records; None where compaction has taken one."""

    def __init__(self):
        self.logs = {CHANGELOG: [], LOG: []}
        self.committed = 0

    def write(self, topic, key, value):
        log = self.logs[topic]
        log.append(SimpleNamespace(offset=len(log), key=key, value=value, partition=0, timestamp=0, headers=()))
        return len(log) - 1

    def reader(self, **_):
        return Reader(self)

    async def send(self, topic, key, value, partition):
        future = asyncio.get_running_loop().create_future()
        future.set_result(SimpleNamespace(offset=self.write(topic, key, value)))
        return future


class Reader:
    """As much of a consumer as is used."""

    def __init__(self, broker):
        self._broker, self._at = broker, {}
        self._client = self

    async def force_metadata_update(self):
        pass

    def partitions_for_topic(self, topic):
        return {0}

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        pass

    def assign(self, partitions):
        pass

    async def end_offsets(self, partitions):
        return {tp: len(self._broker.logs[tp.topic]) for tp in partitions}

    async def beginning_offsets(self, partitions):
        return dict.fromkeys(partitions, 0)

    def seek(self, tp, offset):
        self._at[tp] = offset

    async def position(self, tp):
        return self._at[tp]

    async def getmany(self, *partitions, timeout_ms=0, max_records=None):
        found = {}
        for tp in partitions:
            log = self._broker.logs[tp.topic]
            found[tp] = [record for record in log[self._at[tp] :] if record is not None][:3]
            self._at[tp] = found[tp][-1].offset + 1 if found[tp] else len(log)
        return found


@pytest.fixture
def broker(monkeypatch):
    made = Broker()
    for module in (state, rebuilding):
        monkeypatch.setattr(module, "AIOKafkaConsumer", made.reader)

    async def committed(_source, _partition):
        return made.committed

    monkeypatch.setattr(Source, "committed", committed)
    return made


def states(broker):
    step = Step("count", reads=TAGGED, writes=(ENRICHED,), memory=Counts)
    source = Source(step, LOG, "count", {})
    return States("count", CHANGELOG, Counts, {}, Mender(source, Quiet(), broker.send))


class Quiet(Unguarded):
    def settled(self):
        pass


def article(number):
    return TaggedArticle(id=f"a{number}", position=f"articles.raw-0-{number}", body="text")


def publish(broker, count):
    """Articles on the log, all of them committed."""
    for number in range(count):
        broker.write(LOG, b"en", article(number).to_json())
    broker.committed = len(broker.logs[LOG])


def work(held, broker, numbers, generation=1):
    """Decide on articles and write what the changelog must keep, as the hop's worker does."""
    for number in numbers:
        kept = Kept()
        held[0].answer(article(number), generation, kept)
        for entry in kept.entries:
            held[0].wrote([broker.write(CHANGELOG, entry.key, entry.value)])


def assign(held, generation=1, partitions=(0,)):
    asyncio.run(held.assign(set(partitions), generation))
    return held


def test_a_restored_state_is_the_one_that_was(broker):
    held = assign(states(broker))
    publish(broker, 8)
    work(held, broker, range(8))
    assert assign(states(broker), 2)[0].memory.answers == held[0].memory.answers


def test_what_is_held_stays_when_nobody_else_has_written(broker):
    held = assign(states(broker))
    work(held, broker, range(3))
    before = held[0]
    assert assign(held, 2)[0] is before


def test_another_writer_is_noticed_at_the_next_assignment(broker):
    held, other = assign(states(broker)), assign(states(broker))
    publish(broker, 4)
    work(held, broker, range(2))
    assign(other, 2)
    work(other, broker, range(4), generation=2)
    assert len(assign(held, 3)[0].memory.answers) == 4


def test_a_worker_that_slept_and_then_wrote_late_does_not_take_its_old_state_for_current(broker):
    asleep, owner = assign(states(broker)), assign(states(broker))
    publish(broker, 6)
    work(asleep, broker, range(2))
    assign(owner, 2)
    work(owner, broker, range(5), generation=2)
    work(asleep, broker, [2])
    assert list(assign(asleep, 3)[0].memory.answers) == [f"articles.raw-0-{n}" for n in range(5)]


def test_a_partition_that_was_lost_is_forgotten(broker):
    held = assign(states(broker))
    assign(held, 2, partitions=())
    with pytest.raises(KeyError):
        held[0]


def test_gaps_that_compaction_leaves_do_not_stop_a_restore(broker):
    held = assign(states(broker))
    publish(broker, 4)
    work(held, broker, range(4))
    for number in (1, 1, 2):  # written again with the same key, as a redelivery in one generation is
        record = broker.logs[CHANGELOG][number]
        broker.write(CHANGELOG, record.key, record.value)
    broker.logs[CHANGELOG][1] = broker.logs[CHANGELOG][2] = broker.logs[CHANGELOG][4] = None
    assert len(assign(states(broker), 2)[0].memory.answers) == 4


def test_state_of_a_later_version_is_refused_with_words(broker):
    broker.write(CHANGELOG, b"0:1", b"\x63" + b"\0" * 20)
    with pytest.raises(StateError, match="expected a changelog of version"):
        assign(states(broker))


@pytest.mark.parametrize(("gone", "missing"), [({0}, 1), ({2, 3}, 2), ({0, 1, 2, 3, 4}, 5)])
def test_a_damaged_changelog_is_made_again_from_the_log_and_told_of(broker, caplog, gone, missing):
    held = assign(states(broker))
    publish(broker, 6)
    work(held, broker, range(6))
    for offset in gone:
        broker.logs[CHANGELOG][offset] = None
    counted = metrics.missing_entries.labels("count")._value.get()
    again = assign(states(broker), 2)
    assert again[0].memory.answers == held[0].memory.answers
    assert "rebuilt from the log" in caplog.text
    assert metrics.missing_entries.labels("count")._value.get() - counted == missing
    assert assign(states(broker), 3)[0].memory.answers == held[0].memory.answers


def test_a_changelog_that_was_deleted_is_made_again_from_the_log(broker):
    held = assign(states(broker))
    publish(broker, 5)
    work(held, broker, range(5))
    broker.logs[CHANGELOG].clear()
    assert assign(states(broker), 2)[0].memory.answers == held[0].memory.answers


def test_what_had_been_decided_and_not_committed_is_decided_again(broker):
    held = assign(states(broker))
    publish(broker, 5)
    work(held, broker, range(5))
    broker.committed = 3
    broker.logs[CHANGELOG][0] = None
    assert len(assign(states(broker), 2)[0].memory.answers) == 3


def test_a_new_stage_without_committed_messages_has_nothing_to_make_again(broker, caplog):
    publish(broker, 5)
    broker.committed = 0
    assert assign(states(broker))[0].memory.answers == {}
    assert "rebuilt" not in caplog.text
