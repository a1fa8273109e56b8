import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from schemas.article import RawArticle
from schemas.feed import FeedState
from streams.ingest.poll import Polled
from streams.ingest.poller import Poller

NOW = datetime.now(UTC)


class Log:
    """A store and a server of feeds that note what is asked of them; ``fails`` names what does not work."""

    def __init__(self, fails=""):
        self.did, self.fails, self.go = [], fails, asyncio.Event()

    async def poll(self, feed, state):
        self.did.append("poll")
        await self.go.wait()
        later = state.model_copy(update={"polled": NOW, "due": NOW + timedelta(hours=1)})
        return Polled(later, "news", (RawArticle(id="a", text="t"),))

    async def publish(self, articles):
        self.did.append("publish")
        if self.fails == "publish":
            raise OSError("no broker")

    async def keep(self, state, partition):
        self.did.append(f"keep in {partition}")


async def turned(poller, log):
    poller.start_due()
    await asyncio.sleep(0)
    log.go.set()
    while poller._under_way:
        await asyncio.sleep(0)


async def test_a_state_is_kept_when_the_articles_are_confirmed_and_where_the_feed_stands(feed):
    log = Log()
    poller = Poller(log, log)
    poller.add(feed, None, 2)

    await turned(poller, log)

    assert log.did == ["poll", "publish", "keep in 2"]
    assert poller.known(feed.id).polled == NOW


async def test_what_the_broker_does_not_confirm_is_not_remembered_and_ends_the_poller(feed):
    log = Log(fails="publish")
    poller = Poller(log, log)
    poller.add(feed, None, 0)

    await turned(poller, log)

    assert log.did == ["poll", "publish"]
    with pytest.raises(OSError, match="no broker"):
        poller.start_due()


async def test_a_feed_that_is_removed_while_it_is_read_is_forgotten(feed):
    log = Log()
    poller = Poller(log, log)
    poller.add(feed, None, 0)
    poller.start_due()
    await asyncio.sleep(0)
    poller.remove(feed.id)

    await turned(poller, log)

    assert log.did == ["poll", "publish"]
    assert poller.idle


async def test_what_is_let_go_is_finished_first(feed):
    log = Log()
    poller = Poller(log, log)
    poller.add(feed, None, 0)
    poller.start_due()
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_soon(log.go.set)

    await poller.settle()

    assert log.did[-1] == "keep in 0"
    assert not poller.feeds


@pytest.mark.parametrize("gone", [False, True])
async def test_a_feed_that_failed_waits_unless_it_is_added_anew(feed, gone):
    failed = FeedState(id=feed.id, errors=3, gone=gone, polled=NOW, due=NOW + timedelta(hours=3))
    log = Log()
    poller = Poller(log, log)
    poller.add(feed.model_copy(update={"added": NOW - timedelta(days=1)}), failed, 0)
    await turned(poller, log)
    assert log.did == []

    poller.add(feed.model_copy(update={"added": NOW + timedelta(seconds=1)}), failed, 0)
    await turned(poller, log)
    assert log.did[0] == "poll"
