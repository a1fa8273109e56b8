"""Records that kill or hang a worker: tried apart after the restart, condemned once, never a crash loop."""

import asyncio
import os
import subprocess
import sys
import textwrap
import time

import pytest

from streams.guard import Guard, Unguarded
from streams.journal import Journal
from streams.stage import Reason, Reject
from streams.trial import trial

POSITIONS = ["articles.raw-0-1", "articles.raw-0-2", "articles.raw-0-3"]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal" / "clean-0"


def left_behind(path, positions):
    """A journal as a process leaves it that ended in the middle of its work."""
    with Journal(path) as journal:
        journal.note(positions)


def run(guard, work, positions=POSITIONS):
    return asyncio.run(guard.run(positions, work))


def test_a_journal_names_what_was_being_processed_when_its_process_ended(path):
    left_behind(path, POSITIONS)
    with Journal(path) as journal:
        assert journal.suspects == frozenset(POSITIONS)


def test_what_has_been_settled_is_no_suspect(path):
    with Journal(path) as journal:
        journal.note(POSITIONS)
        journal.clear()
    with Journal(path) as journal:
        assert journal.suspects == frozenset()


def test_a_journal_survives_kill(path):
    code = """
    import os, signal, sys
    from pathlib import Path
    from streams.journal import Journal
    Journal(Path(sys.argv[1])).note(["articles.raw-0-7"])
    os.kill(os.getpid(), signal.SIGKILL)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code), str(path)], check=False)
    with Journal(path) as journal:
        assert journal.suspects == {"articles.raw-0-7"}


def test_a_verdict_outlives_the_process(path):
    with Journal(path) as journal:
        journal.condemn("articles.raw-0-2", "timed out")
    with Journal(path) as journal:
        assert journal.condemned == {"articles.raw-0-2": "timed out"}


def test_a_trial_says_how_many_came_back_and_what_the_next_did():
    assert trial([lambda: 1, lambda: 2], 5) == (2, "fine")
    assert trial([lambda: 1, os.abort, lambda: 2], 5) == (1, "crashed")
    assert trial([lambda: time.sleep(60)], 0.2) == (0, "timed out")


def test_an_exception_in_a_trial_is_not_a_crash():
    def fail():
        raise ValueError

    assert trial([fail], 5) == (1, "fine")


def test_leaving_the_interpreter_in_a_trial_is_a_crash():
    assert trial([sys.exit], 5) == (0, "crashed")


def test_healthy_records_are_worked_on_as_they_are(path):
    with Journal(path) as journal:
        assert run(Guard(journal, 5), lambda which: [POSITIONS[i] for i in which]) == POSITIONS


def test_a_suspect_that_crashes_again_becomes_a_rejection_and_its_neighbours_go_through(path):
    left_behind(path, POSITIONS)
    home = os.getpid()

    def work(which):
        if 1 in which and os.getpid() != home:
            os.abort()
        assert 1 not in which, "the record that crashes reached the worker itself"
        return [POSITIONS[i] for i in which]

    with Journal(path) as journal:
        first, second, third = run(Guard(journal, 5), work)
    assert (first, third) == (POSITIONS[0], POSITIONS[2])
    assert isinstance(second, Reject)
    assert second.reason is Reason.CRASHED


def test_a_suspect_that_hangs_again_becomes_a_rejection(path):
    left_behind(path, POSITIONS[:1])
    home = os.getpid()

    def work(which):
        if which and os.getpid() != home:
            time.sleep(60)
        return ["fine" for _ in which]

    with Journal(path) as journal:
        [outcome] = run(Guard(journal, 0.2), work, POSITIONS[:1])
    assert isinstance(outcome, Reject)
    assert outcome.reason is Reason.TIMED_OUT


def test_a_condemned_record_is_not_tried_again_by_the_next_process(path):
    with Journal(path) as journal:
        journal.condemn(POSITIONS[1], "crashed")
        journal.note(POSITIONS)
    with Journal(path) as journal:
        guard = Guard(journal, 5)
        outcomes = run(guard, lambda which: [i for i in which if i != 1 or os.abort()])
    assert [type(outcome) for outcome in outcomes] == [int, Reject, int]


def test_suspects_that_were_only_there_when_somebody_killed_the_worker_are_worked_on(path):
    left_behind(path, POSITIONS)
    with Journal(path) as journal:
        guard = Guard(journal, 5)
        assert run(guard, lambda which: [POSITIONS[i] for i in which]) == POSITIONS
        assert guard.tried == 1


def test_the_loop_turns_while_suspects_are_tried(path):
    left_behind(path, POSITIONS[:1])
    home = os.getpid()
    turns = []

    async def count():
        while True:
            turns.append(1)
            await asyncio.sleep(0.01)

    async def both(guard):
        counting = asyncio.ensure_future(count())
        await guard.run(POSITIONS[:1], lambda which: [os.getpid() == home or time.sleep(0.5)])
        counting.cancel()

    with Journal(path) as journal:
        asyncio.run(both(Guard(journal, 5)))
    assert len(turns) > 5


def test_a_hang_that_holds_the_interpreter_lock_ends_the_process_and_names_its_record(path):
    code = """
    import asyncio, ctypes, sys
    from pathlib import Path
    from streams.guard import Guard
    from streams.journal import Journal
    guard = Guard(Journal(Path(sys.argv[1])), 0.3)
    asyncio.run(guard.run(["articles.raw-0-9"], lambda which: ctypes.PyDLL(None).sleep(60)))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(path)], check=False, capture_output=True, timeout=30
    )
    assert done.returncode == 1
    with Journal(path) as journal:
        assert journal.suspects == {"articles.raw-0-9"}


def test_filters_run_unguarded():
    assert run(Unguarded(), lambda which: list(which)) == [0, 1, 2]
