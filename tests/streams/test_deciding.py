"""Deciding on batches: one outcome for each record, in its place, whichever way it went."""

import json

import pytest

from schemas import topics
from schemas.article import CleanArticle, TaggedArticle
from streams.changelog import PartitionState
from streams.deciding import Remember, Walk
from streams.guard import Unguarded
from streams.pipeline import Hop
from streams.records import Record
from streams.stage import Decision, Drop, Reason, Reject, Step


def clean_of(message):
    return [CleanArticle(id=message.id, body=message.text)]


def tag_of(message):
    return Drop(Reason.NO_MATCH) if message.body == "dull" else [TaggedArticle(id=message.id, body=message.body)]


CLEAN = Step("clean", reads=topics.RAW, run=clean_of, writes=(topics.CLEAN,), heavy=lambda m: "page" in m.text)
TAG = Step("tag", reads=topics.CLEAN, run=tag_of, writes=(topics.TAGGED,))


class NoPool:
    """Pages done here; which ones, and whether cheaply, is kept."""

    def __init__(self, outcome=None):
        self.asked = []
        self._outcome = outcome

    async def run(self, step, message, *, overload=False):
        self.asked.append((message.id, overload))
        return self._outcome or [CleanArticle(id=message.id, body="from the pool")]


def record(number, text, partition=0):
    value = text if isinstance(text, bytes) else json.dumps({"id": f"id{number}", "text": text}).encode()
    return Record(topics.RAW.name, partition, number, 1.0, b"k", value)


async def decided(steps, texts, pool=None, overloaded=lambda: False):
    walk = Walk(Hop(steps), Unguarded(), pool or NoPool(), overloaded)
    return (await walk.decide([record(number, text) for number, text in enumerate(texts)])).outcomes


def ids(outcomes):
    return [outcome if isinstance(outcome, Drop | Reject) else outcome[0].id for outcome in outcomes]


async def test_bad_records_and_pages_keep_their_place_among_the_light_ones():
    first, bad, page, dull, last = await decided((CLEAN, TAG), ["a", b"{", "a page", "dull", "b"])

    assert (first[0].id, page[0].id, last[0].id) == ("id0", "id2", "id4")
    assert isinstance(page[0], TaggedArticle)
    assert page[0].body == "from the pool"
    assert bad.reason == Reason.NOT_JSON
    assert dull == Drop(Reason.NO_MATCH)


async def test_more_records_than_a_slice_takes_stay_in_order():
    outcomes = await decided((CLEAN, TAG), [f"text {number}" for number in range(500)])

    assert ids(outcomes) == [f"id{number}" for number in range(500)]


async def test_a_page_that_its_stage_refuses_goes_no_further():
    refused = Reject(Reason.TIMED_OUT)

    assert await decided((CLEAN, TAG), ["a page"], NoPool(refused)) == [refused]


async def test_where_cleaning_is_all_there_is_a_page_is_done_with_after_the_pool():
    [[article]] = await decided((CLEAN,), ["a page"])

    assert article.body == "from the pool"


async def test_what_came_of_pages_goes_to_the_next_stage_together():
    sizes = []

    def tag_many(messages):
        sizes.append(len(messages))
        return [tag_of(message) for message in messages]

    together = Step("tag", reads=topics.CLEAN, run=tag_of, run_many=tag_many, writes=(topics.TAGGED,))
    outcomes = await decided((CLEAN, together), [f"page {number}" for number in range(40)])

    assert ids(outcomes) == [f"id{number}" for number in range(40)]
    assert sizes


@pytest.mark.parametrize("overloaded", [True, False])
async def test_only_pages_are_asked_of_the_pool_and_cheaply_under_overload(overloaded):
    pool = NoPool()
    await decided((CLEAN, TAG), ["a", "a page", "b"], pool, lambda: overloaded)

    assert pool.asked == [("id1", overloaded)]


async def test_of_an_empty_batch_nothing_comes():
    assert await decided((CLEAN, TAG), []) == []


class Counts:
    """A memory that answers with how many it has decided."""

    def __init__(self):
        self.answers = {}

    def recall(self, position):
        return self.answers.get(position)

    def decide(self, message):
        if message.text == "raise":
            raise ValueError("cannot be decided")
        return Decision(b"%d" % len(self.answers))

    def apply(self, position, decision):
        self.answers[position] = decision.answer

    def outcome(self, message, answer):
        return [CleanArticle(id=message.id, body=answer.decode())]

    def closing(self):
        return None


class Held(dict):
    generation = 4


COUNTED = Step("count", reads=topics.RAW, memory=Counts, writes=(topics.CLEAN,))


async def remembered(records, states=None):
    states = states or Held({0: PartitionState(Counts()), 1: PartitionState(Counts())})
    return await Remember(Hop((COUNTED,)), Unguarded(), states).decide(records)


async def test_each_partition_has_a_memory_of_its_own_and_messages_come_in_order():
    decided = await remembered([record(0, "a"), record(0, "b", 1), record(1, "c"), record(1, "d", 1)])

    assert [outcome[0].body for outcome in decided.outcomes] == ["0", "0", "1", "1"]
    assert {p: [e.key for e in kept.entries] for p, kept in decided.kept.items()} == {
        0: [b"0:4", b"1:4"],
        1: [b"0:4", b"1:4"],
    }


async def test_what_comes_again_is_answered_as_before_and_not_kept_twice():
    states = Held({0: PartitionState(Counts())})
    first = await remembered([record(0, "a"), record(1, "b")], states)
    again = await remembered([record(1, "b"), record(2, "c")], states)

    assert again.outcomes[0] == first.outcomes[1]
    assert [entry.position for entry in again.kept[0].entries] == ["articles.raw-0-2"]
    assert again.kept[0].recalled == 1


async def test_neither_a_bad_record_nor_one_that_cannot_be_decided_leaves_a_trace():
    decided = await remembered([record(0, "a"), record(1, b"{"), record(2, "raise"), record(3, "b")])

    assert [outcome.reason for outcome in decided.outcomes[1:3]] == [Reason.NOT_JSON, Reason.CRASHED]
    assert decided.outcomes[3][0].body == "1"
    assert [entry.position for entry in decided.kept[0].entries] == ["articles.raw-0-0", "articles.raw-0-3"]
