"""Polls the feeds of this process: so many at once, one a domain; what they bring is written, then remembered."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from schemas.feed import Feed, FeedState
from streams import metrics
from streams.ingest.health import shown_url, status
from streams.ingest.poll import Polled, Polling
from streams.ingest.progress import address
from streams.ingest.store import Store
from streams.ingest.turns import Turns, domain_of

log = logging.getLogger(__name__)

AT_ONCE = 64
"""Polls under way; each takes at most as long as a fetch may."""
COUNT_SECONDS = 2.0
"""How often the feeds are counted."""
PATIENCE = 30.0
"""Seconds for which one who polls but once waits for a host that wants to be left alone."""


@dataclass(slots=True)
class Subscribed:
    """A feed with what is known of it and the partition both stand in."""

    feed: Feed
    state: FeedState
    partition: int
    removed: bool = False


class Poller:
    """The feeds of one process and whose turn it is; with ``once``, each has one turn, and that at once."""

    def __init__(self, store: Store, polling: Polling, *, once: bool = False) -> None:
        self._store, self._polling, self._once = store, polling, once
        self._feeds: dict[str, Subscribed] = {}
        self._turns = Turns()
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._counted = 0.0
        self.broken: BaseException | None = None
        """What ended a poll that was not the feed's own fault."""
        self.outcomes: Counter[str] = Counter()

    @property
    def feeds(self) -> Mapping[str, Subscribed]:
        return self._feeds

    @property
    def idle(self) -> bool:
        """Whether nothing is under way and nobody has a turn soon."""
        turn = self._turns.next_at()
        return not self._under_way and (turn is None or turn > time.time() + PATIENCE)

    def add(self, feed: Feed, state: FeedState | None, partition: int) -> None:
        """Poll ``feed`` from now on; one that failed, or was gone, and was added anew since is tried at once."""
        kept = state or FeedState(id=feed.id)
        if kept.errors and feed.added and kept.polled and feed.added > kept.polled:
            kept = kept.model_copy(update={"gone": False, "due": None})
        self._feeds[feed.id] = Subscribed(feed, kept, partition)
        if feed.id not in self._under_way:
            self._queue(feed.id)

    def remove(self, feed: str) -> None:
        """Poll it no more."""
        self._turns.drop(feed)
        if found := self._feeds.pop(feed, None):
            found.removed = True

    def known(self, feed: str) -> FeedState | None:
        """What is known of a feed that is polled here."""
        found = self._feeds.get(feed)
        return found.state if found else None

    def start_due(self) -> None:
        """Begin the polls that are due, as far as there is room."""
        if self.broken:
            raise self.broken
        while len(self._under_way) < AT_ONCE and (feed := self._turns.take(time.time())) is not None:
            self._under_way[feed] = asyncio.create_task(self._poll(self._feeds[feed]), name=f"feed {feed}")
        if time.monotonic() - self._counted > COUNT_SECONDS:
            self.count()

    async def settle(self) -> None:
        """Wait until what is under way is done with, and let go of everything."""
        self._turns = Turns()
        feeds, self._feeds = self._feeds, {}
        if self._under_way:
            await asyncio.wait(self._under_way.values())
        log.info("feeds let go", extra={"feeds": len(feeds)})

    async def _poll(self, found: Subscribed) -> None:
        """One turn: fetched, published, remembered, in this order."""
        feed, turns, rest = found.feed, self._turns, 0.0
        try:
            if found.state.due:
                metrics.feed_late_seconds.observe(max(0.0, time.time() - found.state.due.timestamp()))
            polled = await self._polling.poll(feed, found.state)
            rest = polled.rest
            await self._store.publish(polled.articles)
            if not found.removed:
                await self._store.keep(polled.state, found.partition)
            found.state = polled.state
            self._say(feed, polled)
        except Exception as error:
            self.broken = self.broken or error
        finally:
            del self._under_way[feed.id]
            if turns is self._turns:
                turns.back(feed.id, time.time(), rest)
                if feed.id in self._feeds and not self.broken:
                    self._feeds[feed.id].state = found.state
                    if not self._once:
                        self._queue(feed.id)

    def _queue(self, feed: str) -> None:
        """Give a feed its next turn; errors are waited for even by one who asks but once."""
        found = self._feeds[feed]
        due = found.state.due.timestamp() if found.state.due else 0.0
        if found.state.gone or (self._once and found.state.errors and due > time.time()):
            return
        self._turns.put(feed, 0.0 if self._once else due, domain_of(address(found.feed, found.state)))

    def _say(self, feed: Feed, polled: Polled) -> None:
        self.outcomes[polled.outcome] += 1
        metrics.feed_polls.labels(polled.outcome).inc()
        for article in polled.articles:
            metrics.feed_articles.labels("backlog" if article.backlog else "news").inc()
        extra = {"feed": feed.id, "url": shown_url(address(feed, polled.state)), "outcome": polled.outcome}
        if polled.outcome in ("failed", "gone"):
            log.warning("a feed failed", extra={**extra, "error": polled.state.error, "errors": polled.state.errors})
        else:
            log.info("a feed was read", extra={**extra, "articles": len(polled.articles)})

    def count(self) -> None:
        """Tell how the feeds are."""
        self._counted = time.monotonic()
        counts = Counter(status(found.state) for found in self._feeds.values())
        for name in metrics.FEED_STATUSES:
            metrics.feeds.labels(name).set(counts[name])
