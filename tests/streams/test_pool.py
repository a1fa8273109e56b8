"""The pool of processes: a page that hangs, crashes or eats memory costs its process, nothing else."""

import asyncio
import os
import time

import pytest

from schemas import topics
from schemas.article import CleanArticle, RawArticle
from streams.pool import Pool
from streams.stage import Drop, Reason, Reject, Step

LONG = 60.0


def obey(article):
    """Do what the text says."""
    match article.text:
        case "hang":
            time.sleep(600)
        case "exit":
            os._exit(1)
        case "raise":
            raise ValueError("no such page")
        case "memory":
            return [CleanArticle(id=article.id, body=str(len(bytearray(8 * 1024**3))))]
        case "print":
            print("chatter of a library " * 100)
            os.write(1, b"chatter of its native code")
        case "drop":
            return Drop(Reason.NO_MATCH, "unwanted")
        case "wall":
            return Reject(Reason.PAYWALL, "behind a wall")
        case "wait":
            time.sleep(0.1)
    return [CleanArticle(id=article.id, body=f"by {os.getpid()}")]


def obey_cheaply(article):
    """What is done under overload."""
    return [CleanArticle(id=article.id, body="cheap", tier="overload")]


STEP = Step("clean", reads=topics.RAW, run=obey, overload=obey_cheaply, writes=(topics.CLEAN,))


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    """Let the pool's processes import this file by the name its functions carry."""
    here = os.path.dirname(__file__)
    name = os.path.splitext(os.path.basename(__file__))[0]
    for function in (obey, obey_cheaply):
        monkeypatch.setattr(function, "__module__", name)
    paths = [here, os.path.dirname(os.path.dirname(here)), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))


@pytest.fixture
async def pool_of():
    """A pool, closed after the test and its processes seen out."""
    pools = []

    def build(size=1, seconds=LONG):
        pools.append(Pool(size, seconds))
        return pools[-1]

    yield build
    children = [process._child for pool in pools for process in pool._alive]
    for pool in pools:
        pool.close()
    await asyncio.gather(*(child.wait() for child in children))


def page(text, name="a"):
    return RawArticle(id=name, text=text)


async def test_outcomes_come_back_as_the_stage_gave_them(pool_of):
    pool = pool_of()

    [article] = await pool.run(STEP, page("fine"))
    assert article.body.startswith("by ")
    assert article.body != f"by {os.getpid()}"
    assert await pool.run(STEP, page("drop")) == Drop(Reason.NO_MATCH, "unwanted")
    assert await pool.run(STEP, page("wall")) == Reject(Reason.PAYWALL, "behind a wall")


async def test_a_page_that_raises_is_a_rejection_and_keeps_the_process(pool_of):
    pool = pool_of()
    before = await pool.run(STEP, page("fine"))

    assert "no such page" in (await pool.run(STEP, page("raise"))).detail
    assert await pool.run(STEP, page("fine")) == before


async def test_a_page_that_hangs_is_ended_and_the_pool_heals(pool_of):
    pool = pool_of(seconds=3.0)

    assert (await pool.run(STEP, page("hang"))).reason == Reason.TIMED_OUT
    assert (await pool.run(STEP, page("fine")))[0].id == "a"
    assert pool.finished == 2


async def test_a_page_that_kills_its_process_is_a_rejection_and_the_pool_heals(pool_of):
    pool = pool_of()

    assert (await pool.run(STEP, page("exit"))).reason == Reason.CRASHED
    assert (await pool.run(STEP, page("fine")))[0].id == "a"


async def test_processes_that_somebody_killed_cost_no_page(pool_of):
    pool = pool_of(size=2)
    await asyncio.gather(*(pool.run(STEP, page("wait")) for _ in range(2)))
    killed = list(pool._alive)
    for process in killed:
        process.kill()
        await process._child.wait()

    assert len(killed) == 2
    assert (await pool.run(STEP, page("fine", "next")))[0].id == "next"


async def test_a_page_may_not_take_all_memory(pool_of):
    reject = await pool_of().run(STEP, page("memory"))

    assert reject.reason == Reason.CRASHED
    assert "MemoryError" in reject.detail


async def test_what_a_library_prints_is_not_taken_for_an_answer(pool_of):
    [article] = await pool_of().run(STEP, page("print"))

    assert article.body.startswith("by ")


async def test_under_overload_the_cheap_way_is_taken(pool_of):
    [article] = await pool_of().run(STEP, page("hang"), overload=True)

    assert article.tier == "overload"


async def test_each_asker_gets_its_own_answer_however_many_ask_at_once(pool_of):
    pool = pool_of(size=2)
    asked = [page("wait" if number % 3 else "fine", f"page {number}") for number in range(12)]
    answers = await asyncio.gather(*(pool.run(STEP, each) for each in asked))

    assert [article.id for [article] in answers] == [each.id for each in asked]
    assert len({article.body for [article] in answers}) <= 2


async def test_an_asker_that_is_cancelled_leaves_no_answer_to_the_next(pool_of):
    pool = pool_of()
    await pool.run(STEP, page("fine"))
    asking = asyncio.ensure_future(pool.run(STEP, page("hang", "gone")))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking

    assert (await pool.run(STEP, page("fine", "next")))[0].id == "next"
