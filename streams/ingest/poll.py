"""One poll of one feed: asked, read, compared with what was seen; nothing is written here."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from schemas.article import RawArticle
from schemas.feed import Feed, FeedState
from streams.ingest.document import READING, Answer, Document
from streams.ingest.fetch import Fetcher
from streams.ingest.identity import article_of, news
from streams.ingest.pages import Pages
from streams.ingest.progress import (
    Failure,
    Reply,
    address,
    after_failure,
    after_news,
    after_no_news,
    conditions,
    to_be_checked,
)
from streams.pool import Pool
from streams.stage import Drop, Reject


@dataclass(frozen=True, slots=True)
class Polled:
    """What a poll came to: ``state`` holds once ``articles`` are published."""

    state: FeedState
    outcome: str
    """One of `metrics.POLLS`."""
    articles: tuple[RawArticle, ...] = ()
    rest: float = 0.0
    """Seconds for which the server wants no request at all."""


class Polling:
    """Polls feeds with one fetcher, one pool, and whoever fetches pages."""

    def __init__(
        self,
        fetcher: Fetcher,
        pool: Pool,
        pages: Pages,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._fetcher, self._pool, self._pages = fetcher, pool, pages
        self._clock, self._chance = clock, chance

    async def poll(self, feed: Feed, state: FeedState) -> Polled:
        """Ask for news of ``feed``; an unchanged one is asked again without conditions once a day."""
        url, now = address(feed, state), self._clock()
        reply = await self._fetcher.fetch(feed, url, conditions(state))
        doubted = isinstance(reply, Reply) and reply.unchanged and to_be_checked(state, now)
        if doubted:
            reply = await self._fetcher.fetch(feed, url)
        if isinstance(reply, Failure):
            return self._failed(state, reply)
        if reply.unchanged:
            return Polled(after_no_news(state, reply, self._clock(), self._chance()), "unchanged")
        document = await self.read(reply)
        if isinstance(document, Failure):
            return self._failed(state, document)
        found = news(document, state)
        backlog = state.succeeded is None
        articles = [article_of(entry, feed, document, backlog=backlog, shared=found.shared) for entry in found.fresh]
        if feed.full and not backlog:
            articles = await self._pages.whole(feed, articles)
        after = after_news(state, reply, document, found, self._clock(), self._chance(), doubted=doubted)
        return Polled(after, "news" if articles else "unchanged", tuple(articles))

    async def read(self, reply: Reply) -> Document | Failure:
        """The document of a reply, read in the pool."""
        answer = Answer.model_construct(url=reply.url, content=reply.content, content_type=reply.content_type)
        outcome = await self._pool.run(READING, answer)
        if isinstance(outcome, Reject | Drop):
            return Failure(outcome.detail)
        [document] = outcome
        assert isinstance(document, Document)
        return document

    def _failed(self, state: FeedState, failure: Failure) -> Polled:
        after = after_failure(state, failure, self._clock(), self._chance())
        return Polled(after, "gone" if failure.gone else "failed", rest=failure.after or 0.0)
