"""The pages of new entries, for feeds that carry only summaries: fetched one after the other, or left as they are."""

import asyncio
from collections.abc import Sequence

from schemas.article import RawArticle
from schemas.feed import Feed
from streams.ingest.document import charset_of
from streams.ingest.fetch import Fetcher
from streams.ingest.progress import Reply
from streams.ingest.turns import GAP, domain_of
from streams.publishing import declared_encoding

PAGES_SECONDS = 90.0
"""For all the pages of one reading; what is not there by then keeps the summary of its feed."""
LARGEST = 2 * 1024 * 1024
"""Characters of a page that is taken; a record holds little more."""


class Pages:
    """Fetches the pages of articles."""

    def __init__(self, fetcher: Fetcher, gap: float = GAP, seconds: float = PAGES_SECONDS) -> None:
        self._fetcher, self._gap, self._seconds = fetcher, gap, seconds

    async def whole(self, feed: Feed, articles: Sequence[RawArticle]) -> list[RawArticle]:
        """The articles, with their pages where these can be had in time."""
        found: list[RawArticle] = []
        try:
            async with asyncio.timeout(self._seconds):
                for article in articles:
                    found.append(await self._page(feed, article))
                    await asyncio.sleep(self._gap)
        except TimeoutError:
            pass
        return [*found, *articles[len(found) :]]

    async def _page(self, feed: Feed, article: RawArticle) -> RawArticle:
        if not article.url:
            return article
        # a feed within a network of one's own must not lead to other hosts there
        trusted = feed.allow_private and domain_of(article.url) == domain_of(feed.url)
        reply = await self._fetcher.fetch(feed.model_copy(update={"allow_private": trusted}), article.url)
        page = page_of(reply) if isinstance(reply, Reply) else None
        return article.model_copy(update={"html": page, "text": None}) if page else article


def page_of(reply: Reply) -> str | None:
    """The HTML of a reply; None for what is none, or is too large."""
    if "html" not in reply.content_type.lower() or not reply.content.strip() or len(reply.content) > LARGEST:
        return None
    for encoding in filter(None, (charset_of(reply.content_type), declared_encoding(reply.content))):
        try:
            return reply.content.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return reply.content.decode("utf-8", "replace")
