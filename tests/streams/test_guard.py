"""The journal and what it is for: a record that ends a worker does so once, and its neighbours go through."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from contextlib import ExitStack
from itertools import pairwise

import pytest

from streams.guard import TURNS, Guard, Unguarded
from streams.journal import REMEMBERED, SIZE, Journal
from streams.stage import Reason, Reject

SECONDS = 20.0
POSITIONS = [f"articles.raw-0-{number}" for number in range(4)]


@pytest.fixture
def left_behind(tmp_path):
    """A journal as a process leaves it that died over positions, and the journal of the next process."""

    def build(*positions):
        with Journal(tmp_path / "journal") as journal:
            journal.note(positions)
        return Journal(tmp_path / "journal")

    return build


def test_a_journal_without_room_says_so_at_once_for_its_pages_would_kill_the_process(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "pwrite", lambda *_: SIZE - 4096)  # so much as there was room for

    with pytest.raises(OSError, match=r"No space left on device: '.*journal'"):
        Journal(tmp_path / "journal")


def test_every_page_of_a_journal_is_on_the_disk(left_behind, tmp_path):
    left_behind("articles.raw-0-1")

    assert (tmp_path / "journal").stat().st_blocks * 512 >= SIZE


def names(which):
    return [f"done {i}" for i in which]


def ending(bad, end):
    """Work that ends the process it runs in, unless it runs in this one."""
    here = os.getpid()

    def work(which):
        if bad in which and os.getpid() != here:
            end()
        assert bad not in which, "it must never run here"
        return names(which)

    return work


def hang():
    signal.pause()


def test_a_journal_survives_the_sigkill_of_its_process(tmp_path):
    code = """
        import os, signal, sys
        from pathlib import Path
        from streams.journal import Journal
        journal = Journal(Path(sys.argv[1]))
        journal.note(["articles.raw-0-1", "articles.raw-0-2"])
        journal.condemn("articles.raw-0-9", "crashed")
        os.kill(os.getpid(), signal.SIGKILL)
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(code), str(tmp_path / "journal")], check=False)

    with Journal(tmp_path / "journal") as journal:
        assert ended.returncode == -signal.SIGKILL
        assert journal.suspects == {"articles.raw-0-1", "articles.raw-0-2"}
        assert journal.condemned == {"articles.raw-0-9": "crashed"}


def test_a_shorter_note_leaves_nothing_of_the_longer_one_before(left_behind):
    with left_behind("articles.raw-0-100000", "articles.raw-0-100001") as journal:
        journal.note(["articles.raw-0-1"])
        journal.close()
        with left_behind("articles.raw-0-2") as again:
            assert again.suspects == {"articles.raw-0-2"}


def test_nobody_is_a_suspect_where_everything_was_settled(tmp_path):
    with Journal(tmp_path / "journal") as journal:
        journal.note(POSITIONS)
        Guard(journal, SECONDS).settled()
    with Journal(tmp_path / "journal") as journal:
        assert journal.suspects == frozenset()


def test_more_positions_than_a_page_holds_are_no_trouble_and_none_is_cut_in_two(left_behind):
    many = [f"articles.raw-0-{number}" for number in range(SIZE // 10)]

    with left_behind(*many) as journal:
        assert journal.suspects
        assert journal.suspects <= set(many)


def test_verdicts_are_remembered_up_to_a_number_the_latest_ones(tmp_path):
    with Journal(tmp_path / "journal") as journal:
        for number in range(REMEMBERED + 5):
            journal.condemn(f"articles.raw-0-{number}", "timed out")
    with Journal(tmp_path / "journal") as journal:
        assert len(journal.condemned) == REMEMBERED
        assert f"articles.raw-0-{REMEMBERED + 4}" in journal.condemned


@pytest.mark.parametrize("left", [b"", b"\xff\xfe\x00", b"articles.raw-0-0\n", b"x" * SIZE])
def test_whatever_a_journal_file_holds_the_next_process_starts(tmp_path, left):
    (tmp_path / "journal").write_bytes(left)

    with Journal(tmp_path / "journal") as journal:
        journal.note(["articles.raw-0-1"])


@pytest.mark.parametrize("left", ["", "no tab\n", "crashed\n", "crashed\tarticles.raw-0-1\nno verd", "\n\n"])
async def test_a_damaged_list_of_verdicts_condemns_nothing_it_does_not_name(tmp_path, left):
    (tmp_path / "journal.condemned").write_text(left)

    with Journal(tmp_path / "journal") as journal:
        assert set(journal.condemned) <= {"articles.raw-0-1"}


async def test_a_suspect_that_is_innocent_goes_through(left_behind):
    with left_behind(*POSITIONS[:2]) as journal:
        guard = Guard(journal, SECONDS)

        assert await guard.run(POSITIONS, names) == ["done 0", "done 1", "done 2", "done 3"]
        assert journal.condemned == {}
        assert guard.tried == 1


async def test_innocent_suspects_are_tried_once_and_no_more(left_behind):
    with left_behind(*POSITIONS[:2]) as journal:
        guard = Guard(journal, SECONDS)
        await guard.run(POSITIONS, names)
        await guard.run(POSITIONS, names)

        assert guard.tried == 1


@pytest.mark.parametrize(
    ("end", "seconds", "reason"),
    [(lambda: os._exit(1), SECONDS, Reason.CRASHED), (hang, 1.0, Reason.TIMED_OUT)],
    ids=["kills the process", "hangs"],
)
async def test_what_ends_a_copy_too_is_rejected_and_its_neighbours_go_through(left_behind, end, seconds, reason):
    with left_behind(*POSITIONS) as journal:
        first, second, bad, last = await Guard(journal, seconds).run(POSITIONS, ending(2, end))

        assert (first, second, last) == ("done 0", "done 1", "done 3")
        assert isinstance(bad, Reject)
        assert bad.reason == reason


async def test_a_verdict_is_remembered_by_the_next_process_which_tries_it_no_more(left_behind):
    with left_behind(POSITIONS[2]) as journal:
        await Guard(journal, SECONDS).run(POSITIONS, ending(2, lambda: os._exit(1)))
    with left_behind(*POSITIONS) as journal:
        guard = Guard(journal, SECONDS)
        outcomes = await guard.run(POSITIONS[2:3], ending(0, lambda: os._exit(1)))

        assert [outcome.reason for outcome in outcomes] == [Reason.CRASHED]
        assert guard.tried == 0


async def test_what_is_being_worked_on_is_named_before_the_work_begins(left_behind, tmp_path):
    found = []

    def work(which):
        found.append((tmp_path / "journal").read_bytes().split(b"\0")[0])
        return names(which)

    with left_behind() as journal:
        await Guard(journal, SECONDS).run(POSITIONS, work)

    assert found == ["\n".join(POSITIONS).encode()]


async def test_the_loop_turns_often_between_the_slices_of_hops_that_share_a_turn(tmp_path):
    turn, seen = asyncio.Lock(), []

    def working(name):
        return lambda which: seen.append(name) or names(which)

    async def beating():
        for _ in range(5 * TURNS):
            seen.append("beat")
            await asyncio.sleep(0)

    with ExitStack() as journals:
        guards = [Guard(journals.enter_context(Journal(tmp_path / name)), SECONDS, turn) for name in "abc"]
        await asyncio.gather(*(guard.run(POSITIONS, working("slice")) for guard in guards), beating())

    slices = [at for at, what in enumerate(seen) if what == "slice"]
    assert len(slices) == 3
    assert min(later - earlier for earlier, later in pairwise(slices)) > TURNS


async def test_without_a_guard_the_work_is_done_as_it_is():
    assert await Unguarded().run(POSITIONS, names) == names(range(4))
