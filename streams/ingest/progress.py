"""What a poller knows of a feed after each poll: one state in, one state out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from schemas.feed import Feed, FeedState
from streams.ingest.document import Document
from streams.ingest.identity import News
from streams.ingest.schedule import next_interval, pause_after_errors, put_off

CHECK = timedelta(days=1)
"""How often an unchanged feed is read without conditions: some servers say 304 whatever happens."""
MOVED_SEEN = 3
"""Polls in which a feed must be found at its new address before the old one is given up."""

LOST = 5
"""Failures in a row after which a feed that has moved is looked for at its old address again."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server said to a poll, after redirects."""

    url: str
    status: int
    etag: str | None = None
    last_modified: str | None = None
    fresh: float | None = None
    """Seconds for which it says it will not change."""
    moved: str | None = None
    """Where permanent redirects have led, if the first was one."""
    content: bytes = b""
    content_type: str = ""

    @property
    def unchanged(self) -> bool:
        return self.status == 304


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a poll brought nothing."""

    words: str
    after: float | None = None
    """Seconds for which the server wants to be left alone."""
    gone: bool = False


def address(feed: Feed, state: FeedState) -> str:
    """Where the feed is read."""
    return state.url or feed.url


def conditions(state: FeedState) -> dict[str, str]:
    """The headers that ask for nothing but news: validators go back as they came."""
    if not state.conditional:
        return {}
    known = {"If-None-Match": state.etag, "If-Modified-Since": state.last_modified}
    return {name: value for name, value in known.items() if value}


def to_be_checked(state: FeedState, now: datetime) -> bool:
    """Whether it is time to look whether a 304 can be believed."""
    return state.conditional and (state.checked is None or now - state.checked >= CHECK)


def asked_for(refresh: float | None, reply: Reply) -> float | None:
    """Seconds between polls that the publisher asks for: the longer one of what document and server say."""
    return max(filter(None, (refresh, reply.fresh)), default=None)


def after_news(
    state: FeedState, reply: Reply, document: Document, found: News, now: datetime, chance: float, *, doubted: bool
) -> FeedState:
    """The state when the articles of ``found`` are published; ``doubted``: the server had just said 304."""
    caught = doubted and bool(found.fresh)
    changes = {
        "title": document.title or state.title,
        "conditional": state.conditional and not caught,
        "checked": now,
        "by_link": found.by_link,
        "refresh": document.refresh,
        "seen": found.seen,
        "entries": document.total,
        "published": state.published + len(found.fresh),
        "fresh": len(found.fresh),
    }
    return _succeeded(state, reply, found.new, now, chance, changes)


def after_no_news(state: FeedState, reply: Reply, now: datetime, chance: float) -> FeedState:
    """The state after a 304."""
    return _succeeded(state, reply, 0, now, chance, {"fresh": 0})


def after_failure(state: FeedState, failure: Failure, now: datetime, chance: float) -> FeedState:
    """The state after a poll that brought nothing; only a 410 ends the polling."""
    errors = state.errors + 1
    pause = put_off(pause_after_errors(state.interval, errors, failure.after), chance)
    return state.model_copy(
        update={
            "polled": now,
            "errors": errors,
            "error": failure.words,
            "gone": failure.gone,
            "url": state.url if errors < LOST else None,
            "due": now + timedelta(seconds=pause),
        }
    )


def _succeeded(
    state: FeedState,
    reply: Reply,
    new: int,
    now: datetime,
    chance: float,
    changes: Mapping[str, Any],
) -> FeedState:
    interval, why = next_interval(state.interval, new, asked_for(changes.get("refresh", state.refresh), reply))
    return state.model_copy(
        update={
            **changes,
            **_validators(state, reply),
            **_moving(state, reply),
            "polled": now,
            "succeeded": now,
            "errors": 0,
            "error": None,
            "gone": False,
            "interval": interval,
            "why": why,
            "due": now + timedelta(seconds=put_off(interval, chance)),
        }
    )


def _validators(state: FeedState, reply: Reply) -> dict[str, str | None]:
    """Those of the latest answer; a 304 that names none leaves those it has confirmed."""
    if reply.unchanged:
        return {"etag": reply.etag or state.etag, "last_modified": reply.last_modified or state.last_modified}
    return {"etag": reply.etag, "last_modified": reply.last_modified}


def _moving(state: FeedState, reply: Reply) -> dict[str, Any]:
    """A permanent redirect is followed for good when it has led to the same place a few times."""
    if reply.moved is None:
        return {"moved_to": None, "moved_seen": 0}
    seen = state.moved_seen + 1 if reply.moved == state.moved_to else 1
    if seen < MOVED_SEEN:
        return {"moved_to": reply.moved, "moved_seen": seen}
    return {"url": reply.moved, "moved_to": None, "moved_seen": 0}
