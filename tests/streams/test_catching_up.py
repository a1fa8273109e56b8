"""A state that is held reads on: to what a whole restore would give, or not at all."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from memories import Answers

from streams.catching_up import follow_on
from streams.changelog import Entry, PartitionState
from streams.errors import StateError
from streams.restoring import Batch, Restorer, Survey
from streams.stage import Decision


def entry(number, position=None, generation=1, answer=b"a", version=1):
    return Entry(number, generation, position or f"p{number}", Decision(answer), version)


def summary(number, generation=1):
    return Entry(number, generation, "", Decision(b"closed"), 1, is_summary=True)


def records(entries, start=0):
    """As a consumer gives them; a key alone stands for a tombstone."""
    parts = [(each, None) if isinstance(each, bytes) else (each.key, each.value) for each in entries]
    return [SimpleNamespace(offset=start + at, key=key, value=value) for at, (key, value) in enumerate(parts)]


def restored(entries):
    """The state that a whole reading of a changelog gives."""
    survey, state = Survey(), PartitionState(Answers(), written_through=len(entries) - 1)
    batch = Batch([(each.key, each.value) for each in entries], 1)
    survey.see(batch)
    restorer = Restorer(state, survey)
    restorer.take(batch)
    restorer.finish()
    return state


def followed(entries, held):
    """The state of the first ``held`` entries, having read on; and whether it could."""
    state = restored(entries[:held])
    return state, follow_on(state, records(entries[held - 1 :], held - 1))


@pytest.mark.parametrize("generations", [[1, 1, 1, 1], [1, 1, 2, 3]])
def test_what_was_decided_one_by_one_since_is_added(generations):
    log = [entry(number, generation=generation) for number, generation in enumerate(generations)]

    state, went_on = followed(log, 2)

    assert went_on
    assert state == restored(log)


LAST = entry(1)


@pytest.mark.parametrize(
    "since",
    [
        [LAST, entry(3)],
        [LAST, entry(2), entry(2)],
        [LAST, entry(1, "p2", 2), entry(2, "p3", 2)],
        [LAST, entry(2, generation=2), entry(3, generation=1)],
        [LAST, entry(2, "p0")],
        [LAST, entry(2, "q"), entry(3, "q")],
        [LAST, entry(2), summary(1)],
        [LAST, entry(2), b"0:1"],
        [b"0:1", entry(2)],
        [entry(1, answer=b"another"), entry(2)],
        [entry(1, generation=2), entry(2, generation=2)],
        [entry(2), entry(3)],
        [],
    ],
    ids=[
        "a number is missing", "a number twice", "a new owner decided before", "a stale writer", "a position again",
        "a position twice", "a window closed", "a decision deleted", "the last one deleted", "another answer",
        "another owner of the last one", "the last one gone", "nothing",
    ],
)  # fmt: skip
def test_what_does_not_simply_go_on_is_left_to_a_restore(since):
    state = restored([entry(0), LAST])

    assert not follow_on(state, records(since, 1))
    assert state == restored([entry(0), LAST])


def test_an_empty_state_has_nothing_to_go_on_from():
    assert not follow_on(PartitionState(Answers()), records([entry(0)]))


def test_entries_of_another_version_are_left_to_the_restore_that_refuses_them():
    state = restored([LAST])

    assert not follow_on(state, records([LAST, entry(2, version=2)]))


def test_a_foreign_record_is_refused():
    with pytest.raises(StateError, match="expected a changelog entry"):
        follow_on(restored([LAST]), [*records([LAST]), SimpleNamespace(offset=1, key=b"a key", value=b"a value")])


numbered = st.builds(
    entry, st.integers(0, 5), st.sampled_from("pqrstu"), st.integers(1, 2), st.sampled_from([b"a", b"b"])
)
logs = st.one_of(
    st.lists(numbered, min_size=2, max_size=8),
    st.integers(2, 6).flatmap(
        lambda size: st.tuples(*(numbered.map(lambda e, n=n: e._replace(sequence=n)) for n in range(size)))
    ),
)


@given(logs, st.data())
def test_wherever_it_reads_on_it_comes_to_what_a_restore_gives(log, data):
    held = data.draw(st.integers(1, len(log) - 1))
    state, went_on = followed(list(log), held)

    if went_on:
        assert state == restored(list(log))
