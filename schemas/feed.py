"""A subscription to a feed, and what its poller remembers of it."""

from pydantic import AwareDatetime, Field

from schemas.base import Message, OptionalText


class Feed(Message):
    """A feed that is polled, as a user added it; compacted by id, null ends it."""

    id: str = Field(min_length=1, max_length=64, description="Hash of the address it was added under.")
    url: str = Field(min_length=1, max_length=2048)
    title: OptionalText = None
    source: OptionalText = Field(None, description="Who publishes it; null: the host of the site that the feed names.")
    folder: OptionalText = Field(None, description="Where it stands in lists of subscriptions.")
    allow_private: bool = Field(False, description="Whether its host may have an address that is not public.")
    full: bool = Field(False, description="Whether the page of each new entry is fetched, for a feed of summaries.")
    added: AwareDatetime | None = None


class FeedState(Message):
    """What a poller knows of one feed: rewritten after each poll, when the articles it brought are confirmed."""

    id: str
    url: str | None = Field(None, description="Where the feed has moved for good; null while it has not.")
    title: OptionalText = None
    etag: str | None = Field(None, description="As the server sent it, quotes and all.")
    last_modified: str | None = Field(None, description="As the server sent it.")
    conditional: bool = Field(True, description="False where the server said 304 although there was news.")
    checked: AwareDatetime | None = Field(None, description="When the feed was last read without conditions.")
    by_link: bool = Field(False, description="Its guids are not unique, so entries are told apart by their links.")
    seen: dict[str, str] = Field(
        default_factory=dict, description="Identities of entries, the longest unseen first, with a hash of their text."
    )
    interval: float = Field(0.0, description="Seconds between polls while all is well; 0 before the first one.")
    why: str = Field("", description="What the interval comes from.")
    refresh: float | None = Field(None, description="Seconds after which the document asks to be read again.")
    polled: AwareDatetime | None = None
    succeeded: AwareDatetime | None = None
    due: AwareDatetime | None = Field(None, description="When it is polled next; null: at once.")
    errors: int = Field(0, description="Polls that have failed since the last that succeeded.")
    error: str | None = Field(None, description="What went wrong the last time, in words; null where nothing did.")
    gone: bool = Field(False, description="The server has said that the feed is gone for good: it is not polled.")
    moved_to: str | None = Field(None, description="Where permanent redirects have led, not yet often enough.")
    moved_seen: int = 0
    entries: int = Field(0, description="Entries of the last document.")
    published: int = Field(0, description="Articles published so far, new ones and changed ones.")
    fresh: int = Field(0, description="Articles that the last document brought.")
