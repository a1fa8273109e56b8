"""Pages in processes of their own: a hang or a crash costs that page, and its process is replaced."""

import asyncio
import sys
import types

import pytest

from schemas.article import RawArticle
from schemas.topics import CLEAN, RAW
from streams.pool import Pool
from streams.stage import Drop, Reason, Reject, Step

STAGE = """
import os, time
from schemas.article import CleanArticle
from streams.stage import Drop, Reason

def obey(message):
    if message.text == "hang":
        time.sleep(3600)
    if message.text == "crash":
        os.abort()
    if message.text == "raise":
        raise ValueError("asked to")
    if message.text == "drop":
        return Drop(Reason.NO_MATCH, "asked to")
    return [CleanArticle(id=message.id, body=str(os.getpid()))]
"""


@pytest.fixture
def step(tmp_path, monkeypatch, root):
    """A stage that does what its article's text says, and gives the number of its process."""
    (tmp_path / "obeying.py").write_text(STAGE)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{root}")
    module = types.ModuleType("obeying")
    exec(STAGE, module.__dict__)
    monkeypatch.setitem(sys.modules, "obeying", module)
    return Step("clean", reads=RAW, writes=(CLEAN,), run=module.obey)


def asked(step, *texts, size=1, seconds=20.0):
    """What a pool makes of texts, asked all at once."""

    async def ask():
        pool = Pool(size, seconds)
        try:
            return await asyncio.gather(*(pool.run(step, RawArticle(id=f"{n}", text=t)) for n, t in enumerate(texts)))
        finally:
            pool.close()
            await asyncio.sleep(0.05)

    return asyncio.run(ask())


def test_a_process_serves_one_message_after_the_other(step):
    first, second = asked(step, "a", "b")
    assert first[0].body == second[0].body


def test_a_page_that_hangs_is_rejected_and_the_next_gets_a_new_process(step):
    before, hung, after = asked(step, "a", "hang", "b", seconds=3.0)
    assert isinstance(hung, Reject)
    assert hung.reason is Reason.TIMED_OUT
    assert after[0].body != before[0].body


def test_a_page_that_kills_its_process_is_rejected_and_the_next_gets_a_new_one(step):
    before, crashed, after = asked(step, "a", "crash", "b")
    assert isinstance(crashed, Reject)
    assert crashed.reason is Reason.CRASHED
    assert after[0].body != before[0].body


def test_an_exception_costs_no_process(step):
    before, raised, after = asked(step, "a", "raise", "b")
    assert raised == Reject(Reason.CRASHED, "ValueError('asked to')")
    assert after[0].body == before[0].body


def test_a_drop_comes_back_as_it_was(step):
    assert asked(step, "drop") == [Drop(Reason.NO_MATCH, "asked to")]


def test_a_page_that_hangs_does_not_hold_back_its_neighbours(step):
    outcomes = asked(step, "hang", "a", "b", "c", size=2, seconds=4.0)
    assert [type(outcome) for outcome in outcomes] == [Reject, list, list, list]
