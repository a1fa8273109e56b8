import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from schemas.feed import FeedState
from streams.ingest.document import Answer, read_document
from streams.ingest.pages import Pages
from streams.ingest.poll import Polling
from streams.ingest.progress import Failure, Reply
from streams.pool import Pool

NOW = datetime(2024, 1, 5, 9, tzinfo=UTC)
HERE = "https://feeds.example.org/news"


def rss(*numbers):
    items = "".join(f"<item><title>t{n}</title><link>https://example.org/{n}</link></item>" for n in numbers)
    return f"<rss version='2.0'><channel><title>News</title>{items}</channel></rss>".encode()


class Server:
    """Gives the answers of a list, and keeps the conditions it was asked under."""

    def __init__(self, *answers):
        self.answers, self.asked, self.trusted = list(answers), [], []

    async def fetch(self, feed, url, conditions=None):
        self.asked.append(conditions or {})
        self.trusted.append(feed.allow_private)
        if not self.answers:
            await asyncio.sleep(60)
        return self.answers.pop(0)


class Here:
    """Reads documents at once, in this process."""

    async def run(self, step, message):
        return read_document(Answer.model_construct(**message.__dict__))


@pytest.fixture
def poll(feed):
    async def polled(server, state=None, now=NOW, pool=None, **changes):
        polling = Polling(server, pool or Here(), Pages(server, 0.0, 0.2), clock=lambda: now, chance=lambda: 0.0)
        return await polling.poll(feed.model_copy(update=changes), state or FeedState(id=feed.id))

    return polled


def reply(*numbers, status=200, **changes):
    return Reply(HERE, status, etag='"1"', content=b"" if status == 304 else rss(*numbers), **changes)


async def test_what_a_feed_holds_at_first_is_backlog_and_what_comes_later_is_news(poll):
    first = await poll(Server(reply(2, 1)))
    later = await poll(Server(reply(3, 2, 1)), first.state)

    assert [(article.title, article.backlog) for article in first.articles] == [("t1", True), ("t2", True)]
    assert [(article.title, article.backlog) for article in later.articles] == [("t3", False)]


async def test_a_feed_that_failed_at_first_still_begins_with_its_backlog(poll):
    failed = await poll(Server(Failure("no")))

    assert all(article.backlog for article in (await poll(Server(reply(1)), failed.state)).articles)


async def test_an_unchanged_feed_is_asked_again_without_conditions_once_a_day(poll):
    first = await poll(Server(reply(1)))
    soon, next_day = Server(reply(status=304)), Server(reply(status=304), reply(2, 1))

    await poll(soon, first.state, NOW + timedelta(hours=1))
    caught = await poll(next_day, first.state, NOW + timedelta(hours=25))

    assert soon.asked == [{"If-None-Match": '"1"'}]
    assert next_day.asked == [{"If-None-Match": '"1"'}, {}]
    assert (len(caught.articles), caught.state.conditional) == (1, False)


async def test_what_is_no_feed_is_a_failure_that_changes_nothing_seen(poll):
    first = await poll(Server(reply(1)))

    page = await poll(Server(Reply(HERE, 200, content=b"<html><body>Welcome</body></html>")), first.state)

    assert (page.outcome, page.articles, page.state.seen) == ("failed", (), first.state.seen)
    assert "web page" in page.state.error


async def test_a_server_that_wants_to_be_left_alone_is(poll):
    assert (await poll(Server(Failure("busy", after=90.0)))).rest == 90.0


async def test_a_document_that_takes_too_long_is_ended_and_the_next_is_read(poll):
    bomb = b"<rss><channel><item " + b" ".join(b'a%d="b"' % n for n in range(150_000)) + b"/></channel></rss>"
    pool = Pool(1, 1.0)

    ended = await poll(Server(Reply(HERE, 200, content=bomb)), pool=pool)
    well = await poll(Server(reply(1)), pool=pool)
    [child] = [process._child for process in pool._alive]
    pool.close()
    await child.wait()

    assert ended.state.error == "took more than 1 s"
    assert len(well.articles) == 1


def page(text, kind="text/html; charset=latin-1"):
    return Reply(HERE, 200, content=f"<html><body>{text}</body></html>".encode("latin-1"), content_type=kind)


async def test_a_feed_of_summaries_gives_the_pages_of_its_news_where_they_can_be_had(poll):
    first = await poll(Server(reply(1)), full=True)
    answers = (page("Whole caf\u00e9"), Failure("404"), page("%PDF", "application/pdf"))
    later = await poll(Server(reply(5, 4, 3, 2, 1), *answers), first.state, full=True)

    assert [article.html for article in first.articles] == [None]
    assert later.articles[0].html == "<html><body>Whole caf\u00e9</body></html>"
    assert [article.text for article in later.articles] == [None, "t3", "t4", "t5"]


async def test_pages_on_other_hosts_are_fetched_from_public_addresses_only(poll):
    first = await poll(Server(reply(1)), full=True, allow_private=True)
    server = Server(reply(2, 1), page("x"))
    elsewhere = Server(reply(2, 1), page("x"))

    await poll(server, first.state, full=True, allow_private=True)
    await poll(elsewhere, first.state, full=True, allow_private=True, url="http://intranet.test/")

    assert server.trusted == [True, True]
    assert elsewhere.trusted == [True, False]
