"""State as a fold over numbered decisions: restored it equals what it was, whoever wrote and whatever was lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.changelog import Entry, Kept, PartitionState, Restorer, Survey, entry_of, state_version
from streams.errors import StateError
from streams.stage import Decision


class Sums:
    """A memory that numbers what it meets, and forgets the oldest three of every seven."""

    version = 3

    def __init__(self):
        self.answers, self.forgotten = {}, 0

    def recall(self, position):
        return self.answers.get(position)

    def decide(self, message):
        return Decision(b"%d" % (self.forgotten + len(self.answers)), message.position.encode())

    def apply(self, position, decision):
        self.answers[position] = decision.answer

    def outcome(self, message, answer):
        return [(message.position, answer)]

    def closing(self):
        return (3, b"%d" % (self.forgotten + 3)) if len(self.answers) >= 7 else None

    def close(self, dropped, summary):
        for position in list(self.answers)[:dropped]:
            del self.answers[position]
        self.forgotten = int(summary)


class Asked:
    def __init__(self, number):
        self.position = f"articles.raw-0-{number}"


def fold(numbers, generation=1, state=None):
    """A state after messages, and the records its changelog holds after compaction."""
    state = state or PartitionState(Sums())
    records = {}
    for number in numbers:
        kept = Kept()
        state.answer(Asked(number), generation, kept)
        records |= {entry.key: entry.value for entry in kept.entries}
        for key in kept.gone:
            records.pop(key, None)
    return state, records


def restored(records):
    """What a process makes of the records of a changelog, in their order, and what it finds missing."""
    entries = [entry_of(key, value) for key, value in records.items()]
    memory = Sums()
    survey = Survey(state_version(memory))
    for entry in entries:
        survey.see(entry)
    state = PartitionState(memory)
    restorer = Restorer(state, survey)
    for entry in entries:
        restorer.take(entry)
    restorer.finish()
    return state, survey.missing


def everything(state):
    return state.memory.answers, state.memory.forgotten, state.next_sequence, list(state.keys), state.summary_key


@given(st.lists(st.integers(0, 30), max_size=60))
def test_a_restored_state_equals_the_one_that_was(numbers):
    state, records = fold(numbers)
    again, missing = restored(records)
    assert everything(again) == everything(state)
    assert missing == 0


@given(st.lists(st.integers(0, 30), max_size=40), st.lists(st.integers(0, 30), max_size=40))
def test_going_on_after_a_restore_gives_what_going_on_without_one_gives(before, after):
    state, records = fold(before)
    again, _ = restored(records)
    assert everything(fold(after, state=again)[0]) == everything(fold(after, state=state)[0])


@given(st.lists(st.integers(0, 5), min_size=1, max_size=5))
def test_the_same_position_gets_the_same_answer(numbers):
    state = PartitionState(Sums())
    for number in numbers:
        kept, again = Kept(), Kept()
        assert state.answer(Asked(number), 1, kept) == state.answer(Asked(number), 1, again)
        assert again.entries == []
        assert again.recalled == 1


def entry(sequence, generation, position, answer=b"a"):
    return Entry(sequence, generation, position, Decision(answer), Sums.version)


def records_of(*entries):
    return {each.key: each.value for each in entries}


def test_of_two_writers_the_one_of_the_higher_generation_counts():
    stale, owner = entry(0, 4, "articles.raw-0-1", b"stale"), entry(0, 5, "articles.raw-0-1", b"owner")
    for records in (records_of(stale, owner), records_of(owner, stale)):
        assert restored(records)[0].memory.answers == {"articles.raw-0-1": b"owner"}


def test_of_one_writer_the_first_decision_on_a_position_counts():
    records = records_of(entry(0, 4, "articles.raw-0-1", b"first"), entry(1, 4, "articles.raw-0-1", b"second"))
    assert restored(records)[0].memory.answers == {"articles.raw-0-1": b"first"}


def test_what_a_stale_writer_left_late_does_not_change_the_order():
    records = records_of(entry(0, 5, "a"), entry(1, 5, "b"), entry(2, 5, "c"), entry(1, 4, "b"), entry(2, 4, "c"))
    assert list(restored(records)[0].memory.answers) == ["a", "b", "c"]


@given(st.integers(2, 30), st.data())
def test_missing_decisions_are_counted(count, data):
    gone = data.draw(st.sets(st.integers(0, count - 2), max_size=count - 2))
    records = records_of(*(entry(n, 1, f"p{n}") for n in range(count) if n not in gone))
    assert restored(records)[1] == len(gone)


def test_numbers_go_on_after_the_highest_ever_written():
    state, _ = restored(records_of(entry(4, 1, "a"), entry(9, 1, "b")))
    assert state.next_sequence == 10


@given(st.integers(0, 2**40), st.integers(0, 2**31), st.text(min_size=1, max_size=60), st.binary(), st.binary())
def test_an_entry_survives_its_record(sequence, generation, position, answer, learned):
    written = Entry(sequence, generation, position, Decision(answer, learned), 7)
    assert entry_of(written.key, written.value) == written


def test_state_of_another_version_is_refused_with_words():
    with pytest.raises(StateError, match="expected state 3, found 2"):
        Survey(3).see(Entry(0, 1, "a", Decision(b""), 2))


def test_a_changelog_of_another_version_is_refused_with_words():
    value = entry(0, 1, "a").value
    with pytest.raises(StateError, match="expected a changelog of version 1, found 9"):
        entry_of(b"0:1", b"\x09" + value[1:])


@pytest.mark.parametrize(("key", "value"), [(b"", b""), (b"a:b", b"\x01" * 20), (b"1:2", b"\x01")])
def test_what_is_no_entry_is_refused_with_words(key, value):
    with pytest.raises(StateError, match="expected a changelog entry"):
        entry_of(key, value)
