"""Bearer tokens for OAUTHBEARER: from a file that somebody renews, or from an endpoint by client credentials."""

import asyncio
import base64
import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Generator
from pathlib import Path
from typing import Any

from aiokafka.abc import AbstractTokenProvider as AwaitedProvider
from kafka.net.sasl.oauth import AbstractTokenProvider as CalledProvider

from streams.errors import ConfigurationError, WirewatchError, unreadable

ENDPOINT_SECONDS = 5.0
RENEW_AT = 0.8
"""Share of its life after which a token is asked for anew; until its end the old one serves if that fails."""
USUAL_LIFE = 300.0
"""Seconds that a token is used for whose life the endpoint does not tell."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")


class TokenError(WirewatchError, ConnectionError):
    """No token to be had just now; clients take it for a connection that failed, and try again."""


class TokenFile:
    """A token that stands in a file and is read anew at every login."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def token(self) -> str:
        """The token; TokenError where there is none."""
        try:
            found = self._path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise TokenError(
                f"WIREWATCH_SASL_TOKEN_FILE: expected a token in {self._path}, found: {unreadable(error)}"
            ) from None
        if not found:
            raise TokenError(f"WIREWATCH_SASL_TOKEN_FILE: expected a token in {self._path}, found an empty file")
        return found


class TokenEndpoint:
    """Tokens of an OAuth 2.0 endpoint by client credentials (RFC 6749, section 4.4), each kept while it lives."""

    def __init__(self, url: str, user: str, password: str, scope: str | None = None) -> None:
        address = urllib.parse.urlsplit(url)
        if address.scheme != "https" and not (address.scheme == "http" and address.hostname in LOOPBACK):
            raise ConfigurationError(f"WIREWATCH_SASL_TOKEN_URL: expected https://..., found {address.scheme}://...")
        if address.username or address.password:
            raise ConfigurationError(
                "WIREWATCH_SASL_TOKEN_URL: expected no user in it; set WIREWATCH_SASL_USER and WIREWATCH_SASL_PASSWORD"
            )
        self._shown = address._replace(query="", fragment="").geturl()  # a query may hold a secret
        basic = base64.b64encode(f"{urllib.parse.quote(user)}:{urllib.parse.quote(password)}".encode()).decode()
        form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
        self._url, self._form = url, urllib.parse.urlencode(form).encode()
        self._headers = {"Authorization": f"Basic {basic}", "Accept": "application/json"}
        self._lock = threading.Lock()
        self._held, self._renew, self._end = "", 0.0, 0.0

    def token(self) -> str:
        """A token that is still good; TokenError where there is none."""
        with self._lock:
            now = time.monotonic()
            if now >= self._renew:
                try:
                    self._held, life = self._asked()
                    self._renew, self._end = now + RENEW_AT * life, now + life
                except TokenError:
                    if now >= self._end:
                        raise
            return self._held

    def _asked(self) -> tuple[str, float]:
        """A new token and the seconds it lives."""
        request = urllib.request.Request(self._url, self._form, self._headers)
        try:
            with urllib.request.urlopen(request, timeout=ENDPOINT_SECONDS) as answer:
                found = json.loads(answer.read(1 << 20))
            return str(found["access_token"]), float(found.get("expires_in", USUAL_LIFE))
        except urllib.error.HTTPError as error:
            raise TokenError(f"{self._shown} gave no token: {error.code} {error.reason}") from None
        except OSError as error:
            raise TokenError(f"{self._shown} gave no token: {getattr(error, 'reason', error)}") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise TokenError(f"{self._shown} gave no token: expected JSON with access_token") from None


class _Token:
    """What both clients take for a token: kafka-python writes it into a text, aiokafka awaits it."""

    def __init__(self, source: TokenFile | TokenEndpoint) -> None:
        self._source = source

    def __str__(self) -> str:
        return self._source.token()

    def __await__(self) -> Generator[Any, None, str]:
        return asyncio.to_thread(self._source.token).__await__()


class TokenProvider(AwaitedProvider, CalledProvider):
    """Gives the tokens of ``source`` to aiokafka, which awaits them, and to kafka-python, which does not."""

    def __init__(self, source: TokenFile | TokenEndpoint) -> None:
        self._source = source

    def token(self) -> Any:
        """A token for one login, fetched when the client looks at it."""
        return _Token(self._source)

    def extensions(self) -> dict[str, str]:
        """None are sent."""
        return {}
