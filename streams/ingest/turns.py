"""Whose turn it is: feeds by when they are due, one at a time on each host's domain, and a pause between."""

import heapq
from urllib.parse import urlsplit

import tld

GAP = 1.0
"""Seconds between two requests to one domain."""


def domain_of(url: str) -> str:
    """What politeness goes by: the registrable domain of a public host, host and port of any other.

    >>> [domain_of(url) for url in ("https://feeds.news.example.co.uk/a", "http://10.0.0.1:8080/b")]
    ['example.co.uk', '10.0.0.1:8080']
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower().rstrip(".")
    registered = tld.get_fld(f"http://{host}/", fail_silently=True) if host else None
    return registered or f"{host}:{parts.port or {'http': 80}.get(parts.scheme, 443)}"


class Turns:
    """Feeds and the moments before which they rest; times are seconds of one clock, given by the caller.

    Law: no domain has two feeds out at once, and none goes out before its time.
    """

    def __init__(self, gap: float = GAP) -> None:
        self._gap = gap
        self._queue: list[tuple[float, str]] = []
        self._due: dict[str, tuple[float, str]] = {}
        """Feed to when it is due, and its domain; those that are out are not in it."""
        self._out: dict[str, str] = {}
        self._rests: dict[str, float] = {}
        """Domain to the moment before which it is left alone."""
        self._waiting: dict[str, list[str]] = {}
        """Domain to the feeds whose turn came while another of its feeds was out."""

    def put(self, feed: str, due: float, domain: str) -> None:
        """Let ``feed`` have a turn at ``due``, instead of when it was to have one before."""
        self._due[feed] = (due, domain)
        heapq.heappush(self._queue, (due, feed))

    def drop(self, feed: str) -> None:
        """Let it have no turn any more."""
        self._due.pop(feed, None)

    def take(self, now: float) -> str | None:
        """A feed that is due and whose domain is free; it is out until `back`."""
        while self._queue and self._queue[0][0] <= now:
            queued, feed = heapq.heappop(self._queue)
            due, domain = self._due.get(feed, (None, ""))
            if due != queued:  # put otherwise meanwhile, or dropped
                continue
            if domain in self._out.values():
                self._waiting.setdefault(domain, []).append(feed)
                continue
            if (rests := self._rests.get(domain, 0.0)) > now:
                self.put(feed, rests, domain)
                continue
            del self._due[feed]
            self._out[feed] = domain
            return feed
        return None

    def back(self, feed: str, now: float, rest: float = 0.0) -> None:
        """The feed is no longer out; its domain is left alone for ``rest`` seconds, at least for the gap."""
        domain = self._out.pop(feed)
        self._rests = {each: until for each, until in self._rests.items() if until > now}
        self._rests[domain] = now + max(rest, self._gap)
        for waiting in self._waiting.pop(domain, ()):
            if waiting in self._due:
                self.put(waiting, max(self._due[waiting][0], self._rests[domain]), domain)

    def next_at(self) -> float | None:
        """When to look again; None while there is nothing to wait for but feeds that are out."""
        while self._queue and self._due.get(self._queue[0][1], (None,))[0] != self._queue[0][0]:
            heapq.heappop(self._queue)
        return self._queue[0][0] if self._queue else None
