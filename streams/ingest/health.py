"""How a feed is, in words for a person."""

from datetime import datetime, timedelta

from schemas.feed import Feed, FeedState
from streams.ingest.progress import address

STATUSES = ("ok", "failing", "gone", "new")
FAILING = 2
"""Failures in a row from which a feed is said to be failing: one alone is the weather."""


def status(state: FeedState | None) -> str:
    """One of `STATUSES`."""
    if state is None or state.polled is None:
        return "new"
    if state.gone:
        return "gone"
    return "failing" if state.errors >= FAILING or not state.succeeded else "ok"


def lines_about(feed: Feed, state: FeedState | None, now: datetime) -> list[str]:
    """Lines: status, id and name; address; what happened last, and what comes next. As others sent it, so not safe to
    print."""
    state = state or FeedState(id=feed.id)
    name = feed.title or state.title or "untitled"
    lines = [f"{status(state):<8} {feed.id}  {name}", shown_url(address(feed, state)), _last(state, now)]
    if state.url:
        lines.append(f"moved there from {shown_url(feed.url)}")
    if not state.conditional:
        lines.append("always read in full: its server said that nothing had changed when something had")
    if state.by_link:
        lines.append("told apart by links: its guids repeat")
    return lines


def _last(state: FeedState, now: datetime) -> str:
    """What happened last, and what comes next."""
    if state.polled is None:
        return "not read yet"
    if state.gone:
        return f"{state.error}; not read any more, unless it is added again"
    if state.errors:
        times = "once" if state.errors == 1 else f"{state.errors} times in a row"
        last = f"last read {_ago(state.succeeded, now)}" if state.succeeded else "never read"
        return f"failed {times}: {state.error}; {last}; next try {_ahead(state.due, now)}"
    every = f"every {span(timedelta(seconds=state.interval))}: {state.why}"
    brought = f"{state.fresh} new" if state.fresh else "nothing new"
    total = f"{state.published} published so far"
    return f"read {_ago(state.polled, now)}, {brought}, {total}; next {_ahead(state.due, now)} ({every})"


def span(length: timedelta) -> str:
    """A length of time in its largest unit.

    >>> [span(timedelta(seconds=s)) for s in (20, 90, 7200, 200_000)]
    ['20 s', '2 min', '2 h', '2 d']
    """
    seconds = max(0.0, length.total_seconds())
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 1.5 * size or (unit != "min" and seconds >= size and seconds % size == 0):
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def shown_url(url: str) -> str:
    """An address without the user and password that may stand in it."""
    scheme, mark, rest = url.partition("://")
    place, slash, path = rest.partition("/")
    return f"{scheme}{mark}{place.rpartition('@')[2]}{slash}{path}"


def _ago(moment: datetime | None, now: datetime) -> str:
    return f"{span(now - moment)} ago" if moment else "never"


def _ahead(moment: datetime | None, now: datetime) -> str:
    return f"in {span(moment - now)}" if moment and moment > now else "now"
