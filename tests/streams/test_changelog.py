"""State as records: a toy memory whose every decision is visible, killed and restored wherever it may be."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.changelog import Entry, Kept, PartitionState, entry_of
from streams.errors import StateError
from streams.restoring import Batch, Restorer, Survey
from streams.stage import Decision

bytes_ = st.binary(max_size=50)
MOST = 3
"""Decisions that the toy keeps before its window closes."""


@dataclass(frozen=True)
class Note:
    position: str
    text: str


@dataclass
class Toy:
    """Answers with how many it has seen; forgets all but the newest when it holds more than ``MOST``."""

    held: dict[str, Decision] = field(default_factory=dict)
    forgotten: int = 0
    version: int = 1

    def recall(self, position):
        return self.held[position].answer if position in self.held else None

    def decide(self, message):
        if message.text == "empty":
            return Decision(b"")
        return Decision(b"%d:%s" % (self.forgotten + len(self.held), message.text.encode()), message.text.encode())

    def apply(self, position, decision):
        if decision.answer:
            self.held[position] = decision

    def outcome(self, message, answer):
        return [answer]

    def closing(self):
        over = len(self.held) - MOST
        return (over + 1, b"%d" % (self.forgotten + over + 1)) if over > 0 else None

    def close(self, dropped, summary):
        for position in list(self.held)[:dropped]:
            del self.held[position]
        self.forgotten = int(summary)


def entry(sequence, generation, position, answer=b"a", version=1):
    return Entry(sequence, generation, position, Decision(answer), version)


def summary(sequence, generation, text=b"0"):
    return Entry(sequence, generation, "", Decision(text), 1, is_summary=True)


def batches(entries, size=3, version=1):
    """The entries as they are read, some at a time."""
    stored = [(each.key, each.value) for each in entries]
    return [Batch(stored[start : start + size], version) for start in range(0, len(stored), size)]


def surveyed(entries):
    survey = Survey()
    for batch in batches(entries):
        survey.see(batch)
    return survey


def restored(entries, memory=Toy):
    """State after both readings of a changelog that holds ``entries``, and what the first one told."""
    survey, state = surveyed(entries), PartitionState(memory())
    restorer = Restorer(state, survey)
    for batch in batches(entries, size=2):
        restorer.take(batch)
    assert restorer.finish() == len(state.keys)
    return state, survey.judged


def compacted(log):
    """What a reader finds: the last value of each key, in the order of offsets, tombstones gone."""
    last = {key: offset for offset, (key, _) in enumerate(log)}
    return [entry_of(key, value) for offset, (key, value) in enumerate(log) if value and last[key] == offset]


def written_by(state, notes, generation=1):
    """Records that ``notes`` leave on the changelog, each note settled as a batch of its own, and the answers."""
    log, answers = [], []
    for note in notes:
        kept = Kept()
        answers.append(state.answer(note, generation, kept))
        log += [(each.key, each.value) for each in kept.entries] + [(key, None) for key in kept.gone]
    return log, answers


def notes_of(texts):
    return [Note(f"articles.tagged-0-{number}", text) for number, text in enumerate(texts)]


@given(st.integers(0, 2**60), st.integers(0, 2**31), st.text(max_size=80), bytes_, bytes_, st.booleans())
def test_an_entry_comes_back_as_it_was_written(sequence, generation, position, answer, learned, is_summary):
    position = position.encode("utf-8", "ignore").decode()
    made = Entry(sequence, generation, position, Decision(answer, learned), 7, is_summary)

    assert entry_of(made.key, made.value) == made


@pytest.mark.parametrize(
    ("key", "value"),
    [(b"", b""), (b"1:1", b"short"), (b"no number:1", entry(1, 1, "p").value), (b"1", entry(1, 1, "p").value)],
)
def test_what_is_no_entry_is_refused_and_shown(key, value):
    with pytest.raises(StateError, match="expected a changelog entry"):
        entry_of(key, value)


def test_an_entry_of_another_make_is_refused_with_the_way_out():
    value = bytearray(entry(1, 1, "p").value)
    value[0] += 1

    with pytest.raises(StateError, match="WIREWATCH_PREFIX"):
        entry_of(b"1:1", bytes(value))


def test_state_of_an_older_version_is_refused():
    with pytest.raises(StateError, match="expected state 2, found 1"):
        batches([entry(0, 1, "p")], version=2)
    with pytest.raises(StateError, match="expected state 2, found 1"):
        batches([summary(0, 1)], version=2)


@pytest.mark.parametrize(
    ("key", "value"),
    [(b"", b""), (b"1:1", b"short"), (b"no number:1", entry(1, 1, "p").value), (b"1", entry(1, 1, "p").value)],
)
def test_among_others_it_is_refused_and_shown_as_well(key, value):
    good = entry(0, 1, "p")
    with pytest.raises(StateError, match="expected a changelog entry") as refused:
        Batch([(good.key, good.value), (key, value), (b"2:1", good.value)], 1)

    assert repr(key) in str(refused.value)
    with pytest.raises(StateError, match="WIREWATCH_PREFIX"):
        Batch([(good.key, good.value), (b"2:1", b"\7" + good.value[1:])], 1)


def test_for_one_position_the_highest_generation_wins_in_whatever_order_they_stand():
    older, newer = entry(0, 1, "p", b"old"), entry(0, 2, "p", b"new")

    assert restored([older, newer])[0].memory.recall("p") == b"new"
    assert restored([newer, older])[0].memory.recall("p") == b"new"


def test_within_a_generation_the_first_entry_wins():
    state, _ = restored([entry(0, 1, "p", b"first"), entry(1, 1, "p", b"second")])

    assert state.memory.recall("p") == b"first"


def test_entries_of_a_stale_writer_between_those_of_the_owner_change_nothing():
    owner = [entry(0, 2, "p", b"own"), entry(1, 2, "q", b"own"), entry(2, 2, "r", b"own")]
    stale = [entry(0, 1, "q", b"stale"), entry(1, 1, "p", b"stale")]
    state, survey = restored([owner[0], stale[0], stale[1], owner[1], owner[2]])

    assert list(state.memory.held.items()) == [(e.position, e.decision) for e in owner]
    assert (state.next_sequence, survey.missing) == (3, 0)


def test_a_stale_entry_does_not_come_back_once_the_owners_decision_has_left_the_window():
    stale = entry(5, 1, "p", b"stale")
    owner = [entry(2, 2, "p"), *(entry(number, 2, f"q{number}") for number in range(3, 6))]
    after_the_window_closed = [stale, *owner[1:], summary(3, 2, b"1")]
    state, _ = restored(after_the_window_closed)

    assert list(state.memory.held) == ["q3", "q4", "q5"]
    assert state.next_sequence == 6


def test_what_an_earlier_owner_decided_is_kept():
    state, survey = restored([entry(0, 1, "p"), entry(1, 1, "q"), entry(2, 2, "r"), entry(3, 5, "s")])

    assert list(state.memory.held) == ["p", "q", "r", "s"]
    assert survey.missing == 0


def test_decisions_are_applied_in_the_order_of_their_numbers_not_of_their_offsets():
    state, _ = restored([entry(1, 1, "q"), entry(0, 1, "p"), entry(2, 1, "r")])

    assert list(state.memory.held) == ["p", "q", "r"]


def test_decisions_before_the_summary_are_in_it_and_not_applied_again():
    state, survey = restored([entry(0, 1, "p"), entry(1, 1, "q"), summary(1, 1, b"1"), entry(2, 1, "r")])

    assert list(state.memory.held) == ["q", "r"]
    assert state.memory.forgotten == 1
    assert state.summary_key == summary(1, 1).key
    assert survey.missing == 0


def test_the_owners_summary_counts_and_not_a_stale_writers():
    assert surveyed([summary(2, 3, b"2"), summary(4, 1, b"4")]).summary == summary(2, 3, b"2")


def test_of_two_summaries_by_one_owner_the_newer_counts():
    for order in ([summary(1, 1), summary(4, 1)], [summary(4, 1), summary(1, 1)]):
        assert surveyed(order).summary.sequence == 4


def test_a_record_that_was_sent_twice_is_applied_once():
    again = entry(1, 1, "q")
    state, judged = restored([entry(0, 1, "p"), again, again, entry(2, 1, "r"), again])

    assert list(state.keys) == [(0, 1), (1, 1), (2, 1)]
    assert judged.missing == 0


def test_a_changelog_of_nothing_but_a_summary_goes_on_from_there():
    state, survey = restored([summary(9, 1, b"9")])

    assert (state.next_sequence, state.memory.forgotten, survey.missing) == (9, 9, 0)


@dataclass
class BulkyToy(Toy):
    """Says how many decisions it was given at once."""

    expected: list[int] = field(default_factory=list)
    given: list[int] = field(default_factory=list)

    def expect(self, decisions):
        self.expected.append(decisions)

    def apply_many(self, positions, answers, learned):
        self.given.append(len(positions))
        for position, *decided in zip(positions, answers, learned, strict=True):
            self.apply(position, Decision(*decided))


@pytest.mark.parametrize("stale", [[], [entry(0, 1, "late")]])
def test_a_memory_that_can_takes_its_decisions_in_many_at_once(monkeypatch, stale):
    monkeypatch.setattr("streams.restoring.FOLDED_AT_ONCE", 3)
    written = [entry(number, 2, f"p{number}", b"%d" % number) for number in range(5)] + stale
    state, judged = restored(written, BulkyToy)

    assert (state.memory.expected, state.memory.given) == ([5, 0], [3, 2])
    assert list(state.memory.held) == ["p0", "p1", "p2", "p3", "p4"]
    assert state.next_sequence == 5
    assert (judged.decisions, judged.ordered) == (5, True)


def test_missing_numbers_are_said():
    assert restored([entry(0, 1, "p"), entry(3, 1, "s")])[1].missing == 2
    assert restored([summary(2, 1), entry(4, 1, "s")])[1].missing == 2
    assert restored([entry(0, 1, "p"), entry(1, 1, "q")])[1].missing == 0


def test_the_same_position_again_gets_the_stored_answer_and_leaves_nothing():
    state = PartitionState(Toy())
    [note] = notes_of(["a"])
    _, [first] = written_by(state, [note])
    kept = Kept()

    assert state.answer(note, 1, kept) == first
    assert (kept.entries, kept.gone, kept.recalled) == ([], [], 1)


def test_an_empty_answer_is_not_stored():
    log, _ = written_by(PartitionState(Toy()), notes_of(["empty", "a", "empty"]))

    assert [entry_of(*record).position for record in log] == ["articles.tagged-0-1"]


def test_a_window_that_closes_deletes_its_decisions_and_the_summary_before():
    state = PartitionState(Toy())
    log, _ = written_by(state, notes_of("abcdefgh"))
    deleted = [key for key, value in log if value is None]

    assert deleted == [b"0:1", b"1:1", b"2:1", b"3:1", b"2:1:summary"]
    assert list(state.keys) == [(number, 1) for number in range(4, 8)]
    assert len(compacted(log)) == len(state.keys) + 1


texts = st.lists(st.sampled_from(["a", "b", "empty"]), max_size=30)


@given(texts, st.data())
def test_killed_anywhere_and_restored_the_next_owner_answers_as_one_that_never_died(given_texts, data):
    notes = notes_of(given_texts)
    live = PartitionState(Toy())
    log, answers = written_by(live, notes)
    cut = data.draw(st.integers(0, len(log)))
    state, survey = restored(compacted(log[:cut]))
    _, again = written_by(state, notes[_first_open(notes, log[:cut]) :], generation=2)

    assert survey.missing == 0
    assert again == answers[len(answers) - len(again) :]
    assert state.memory == live.memory
    assert state.next_sequence == live.next_sequence
    assert [number for number, _ in state.keys] == [number for number, _ in live.keys]


def _first_open(notes, log):
    """Index of the first note that is not committed: the commit comes after all of a note's records."""
    written = [entry_of(*record) for record in log if record[1]]
    if not any(not e.is_summary for e in written):
        return 0
    last = [e.position for e in written if not e.is_summary][-1]
    return [note.position for note in notes].index(last)


@given(texts, st.integers(1, 5), st.data())
def test_a_reader_of_any_prefix_has_the_state_its_writer_had(given_texts, generation, data):
    notes = notes_of(given_texts)[: data.draw(st.integers(0, 30))]
    live = PartitionState(Toy())
    log, _ = written_by(live, notes, generation)
    whole = [entry_of(*record) for record in log if record[1]]

    for entries in (compacted(log), whole):  # before and after the broker has cleaned its log
        state, _ = restored(entries)
        assert (state.memory, state.next_sequence, state.keys) == (live.memory, live.next_sequence, live.keys)
        assert state.summary_key == live.summary_key


def test_a_group_that_was_deleted_and_counts_from_the_start_again_loses_nothing():
    state, _ = restored([entry(0, 57, "p"), summary(1, 57), entry(1, 57, "q")])
    log, _ = written_by(state, notes_of("abcd"), generation=1)
    again, survey = restored([summary(1, 57), entry(1, 57, "q"), *compacted(log)])  # killed before the tombstone

    assert again.memory == state.memory
    assert (again.next_sequence, survey.missing) == (state.next_sequence, 0)
