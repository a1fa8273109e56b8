"""One poll over HTTP: redirects by hand, no private address, one deadline, a cap on what is unpacked."""

import asyncio
import zlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp

from schemas.feed import Feed
from streams.ingest.document import LONGEST_URL
from streams.ingest.health import shown_url
from streams.ingest.progress import Failure, Reply
from streams.ingest.schedule import fresh_seconds
from streams.net_guard import PrivateAddressError, guarded_connector
from streams.sinks.http import retry_after
from streams.sinks.wording import plain

SECONDS = 30.0
"""For a whole poll: names, connections, redirects, headers, bodies."""
MOST_BYTES = 15 * 1024 * 1024
"""Of a document, unpacked."""
MOST_HOPS = 6
PERMANENT, TEMPORARY = frozenset({301, 308}), frozenset({302, 303, 307})
PRIVATE = "the host has a private address; `wirewatch feeds add --allow-private` permits it"
HEADERS = {
    "User-Agent": "wirewatch (feed reader)",
    "Accept": "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
}


class FetchError(Exception):
    """A poll that brought nothing."""

    def __init__(self, words: str, after: float | None = None, *, gone: bool = False) -> None:
        super().__init__(words)
        self.failure = Failure(words, after, gone)


class Fetcher:
    """Fetches feeds; a context manager that owns the connections."""

    def __init__(self, seconds: float = SECONDS, most_bytes: int = MOST_BYTES) -> None:
        self._seconds = seconds
        self._most_bytes = most_bytes
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> "Fetcher":
        self._sessions = {private: _session(private) for private in (False, True)}
        return self

    async def __aexit__(self, *_: object) -> None:
        for session in self._sessions.values():
            await session.close()

    async def fetch(self, feed: Feed, url: str, conditions: Mapping[str, str] | None = None) -> Reply | Failure:
        """What the server at ``url`` says, redirects followed; never raises for what a server does."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._followed(self._sessions[feed.allow_private], url, conditions or {})
        except FetchError as error:
            return error.failure
        except TimeoutError:
            return Failure(f"no whole answer within {self._seconds:g} s")
        except aiohttp.ClientConnectorCertificateError as error:
            return Failure(f"no trusted connection: {plain(str(error.certificate_error), 200)}")
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, PrivateAddressError):
                return Failure(PRIVATE)
            return Failure(f"no connection: {plain(str(error.os_error), 200)}")
        except aiohttp.ClientPayloadError:
            return Failure("the answer was cut short")
        except (aiohttp.ClientError, ValueError, OSError) as error:  # its text may hold a password
            return Failure(f"no usable answer: {type(error).__name__}")

    async def _followed(self, session: aiohttp.ClientSession, url: str, conditions: Mapping[str, str]) -> Reply:
        moved, all_permanent, seen = None, True, {url}
        for _ in range(MOST_HOPS):
            async with session.get(url, headers={**HEADERS, **conditions}, allow_redirects=False) as response:
                if response.status not in PERMANENT | TEMPORARY or "Location" not in response.headers:
                    return await self._reply(response, url, moved)
                target = _next_hop(url, response.headers["Location"])
                response.close()
            if target in seen:
                raise FetchError(f"redirects go round in a circle, at {shown_url(target)}")
            all_permanent = all_permanent and response.status in PERMANENT
            moved = target if all_permanent else moved
            url = target
            seen.add(url)
        raise FetchError(f"more than {MOST_HOPS} redirects")

    async def _reply(self, response: aiohttp.ClientResponse, url: str, moved: str | None) -> Reply:
        said = response.headers
        if response.status not in (200, 304):
            raise _refusal(response.status, said)
        fresh = fresh_seconds(said.get("Cache-Control"), said.get("Expires"), said.get("Date"))
        content = b"" if response.status == 304 else await _body(response, self._most_bytes)
        return Reply(
            url,
            response.status,
            said.get("ETag"),
            said.get("Last-Modified"),
            fresh,
            moved,
            content,
            said.get("Content-Type", "")[:200],
        )


def _session(allow_private: bool) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=guarded_connector(allow_private, limit=0, ttl_dns_cache=60),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        timeout=aiohttp.ClientTimeout(total=None),
        max_field_size=16 * 1024,
    )


def _next_hop(url: str, location: str) -> str:
    """Where a redirect leads; FetchError where it must not be followed."""
    target = urljoin(url, location)
    scheme = urlsplit(target).scheme
    if scheme not in ("http", "https"):
        raise FetchError(f"redirected to {plain(scheme, 20)}:, which is no web address")
    if urlsplit(url).scheme == "https" and scheme == "http":
        raise FetchError("redirected from https to http, which is not followed")
    if len(target) > LONGEST_URL:
        raise FetchError(f"redirected to an address of {len(target)} characters")
    return target


def _refusal(status: int, said: Mapping[str, str]) -> FetchError:
    after = retry_after(said.get("Retry-After")) if status in (429, 503) else None
    asks = f" and asks to be left alone for {after:.0f} s" if after else ""
    words = {410: "the server says that the feed is gone for good (410)", 404: "the server knows no such feed (404)"}
    return FetchError(words.get(status, f"the server answered {status}{asks}"), after, gone=status == 410)


async def _body(response: aiohttp.ClientResponse, most: int) -> bytes:
    """The body, unpacked; FetchError where it is cut short, too large, or packed in another way than was asked for."""
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise FetchError(f"the answer is packed as {plain(encoding, 40)}, which was not asked for")
    unpack = _Unpacker(encoding, most)
    async for part in response.content.iter_any():
        unpack.feed(part)
    return unpack.finished()


class _Unpacker:
    """Takes a body in parts and never holds more than ``most`` bytes of it."""

    def __init__(self, encoding: str, most: int) -> None:
        self._zipped: Any = None
        self._encoding = encoding
        self._most = most
        self._parts: list[bytes] = []
        self._size = 0

    def feed(self, part: bytes) -> None:
        if self._encoding in ("", "identity"):
            self._keep(part)
            return
        if self._zipped is None:
            self._zipped = zlib.decompressobj(_window(self._encoding, part))
        try:
            self._keep(self._zipped.decompress(part, self._most - self._size + 1))
        except zlib.error:
            raise FetchError(f"the answer is not the {self._encoding} that it says it is") from None

    def finished(self) -> bytes:
        if self._zipped is not None and not self._zipped.eof:
            raise FetchError("the answer was cut short")
        return b"".join(self._parts)

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._most:
            raise FetchError(f"the document is larger than {self._most // 1024**2} MB")
        self._parts.append(part)


def _window(encoding: str, start: bytes) -> int:
    """How zlib is to read it: gzip, or deflate with or without its header, of which both are about."""
    if encoding != "deflate":
        return zlib.MAX_WBITS | 16
    return zlib.MAX_WBITS if start[:1] == b"x" else -zlib.MAX_WBITS
