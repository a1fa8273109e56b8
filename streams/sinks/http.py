"""One POST over HTTP, guarded: no private address, no redirect, no decompression, one deadline for all of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp

from streams.errors import ConfigurationError
from streams.net_guard import PrivateAddressError, guarded_connector
from streams.sinks.secret import Reference, checked_url, host_of
from streams.sinks.sink import DeliveryFailed
from streams.sinks.wording import plain

MOST_SECONDS = 24 * 3600.0
"""Longest pause that a receiver is granted."""
OVERLOADED = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: its status, the pause it asks for in seconds, and the start of its text."""

    status: int
    after: float | None = None
    text: str = ""

    @property
    def good(self) -> bool:
        return 200 <= self.status < 300

    def failure(self, *, final: frozenset[int] = frozenset(), gone: bool = False) -> DeliveryFailed:
        """This answer as a failure; ``final`` are the statuses that trying again cannot mend."""
        said = f": {self.text}" if self.text else ""
        return DeliveryFailed(
            f"answered {self.status}{said}",
            retry=self.status not in final,
            after=self.after,
            overloaded=self.status in OVERLOADED,
            gone=gone and self.status == 410,
        )


class Post:
    """POSTs to one URL."""

    def __init__(self, url: Reference, allow_private: bool, seconds: float) -> None:
        self._url = url
        self._allow_private = allow_private
        self._timeout = aiohttp.ClientTimeout(total=seconds)
        self._session: aiohttp.ClientSession | None = None

    @property
    def target(self) -> str:
        """Scheme and host."""
        return host_of(self.url)

    @property
    def url(self) -> str:
        """The URL in full; ConfigurationError where it is referred to and not there."""
        try:
            return checked_url(self._url.reveal())
        except ValueError as error:
            raise ConfigurationError(f"{self._url}: {error}") from None

    async def start(self) -> None:
        checked_url(self.url)
        self._session = aiohttp.ClientSession(
            connector=guarded_connector(self._allow_private, limit=32),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            timeout=self._timeout,
            headers={"User-Agent": "wirewatch", "Accept-Encoding": "identity"},
        )

    async def stop(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def send(self, body: bytes, headers: Mapping[str, str] = {}) -> Answer:
        """The server's answer; DeliveryFailed where there is none. A redirect is an answer, never followed."""
        assert self._session is not None
        sent = {"Content-Type": "application/json", **headers}
        try:
            async with self._session.post(self.url, data=body, headers=sent, allow_redirects=False) as response:
                text = "" if response.status < 300 else await _beginning(response)
                answer = Answer(response.status, retry_after(response.headers.get("Retry-After")), text)
                response.close()
                return answer
        except TimeoutError:
            raise DeliveryFailed(f"no answer within {self._timeout.total:g} s") from None
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, PrivateAddressError):
                raise DeliveryFailed(str(error.os_error), retry=False) from None
            raise DeliveryFailed(f"no connection: {plain(str(error.os_error), 200)}") from None
        except aiohttp.ClientError as error:
            raise DeliveryFailed(f"no answer: {type(error).__name__}") from None


class HttpSink:
    """What sinks have in common that POST to one URL; they say what is sent."""

    def __init__(self, url: Reference, allow_private: bool, seconds: float) -> None:
        self._post = Post(url, allow_private, seconds)

    @property
    def target(self) -> str:
        """Scheme and host of the receiver."""
        return self._post.target

    async def start(self) -> None:
        """Open connections; raises ConfigurationError where the URL is missing or wrong."""
        await self._post.start()

    async def stop(self) -> None:
        """Close connections."""
        await self._post.stop()


async def _beginning(response: aiohttp.ClientResponse) -> str:
    """Up to 500 bytes of the body, for people; nothing where it does not come."""
    try:
        return plain((await response.content.read(500)).decode("utf-8", "replace"), 200)
    except (TimeoutError, aiohttp.ClientError):
        return ""


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a Retry-After header asks for, at most a day; None for one that says nothing usable."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), MOST_SECONDS)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(0.0, (zoned - (now or datetime.now(UTC))).total_seconds()), MOST_SECONDS)
