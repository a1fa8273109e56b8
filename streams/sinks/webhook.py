"""Webhooks to the letter of Standard Webhooks 1.0.0 (standardwebhooks.com)."""

import base64
import binascii
import hashlib
import hmac
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal

import orjson
from pydantic import Field

from streams.errors import ConfigurationError
from streams.sinks.http import HttpSink
from streams.sinks.secret import Reference, Secret, SecretUrl
from streams.sinks.sink import DigestSettings, Notice

PREFIX = "whsec_"
IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,128}")
"""What may stand as an id: a full stop would let the parts of what is signed run into each other."""

MOST_ALERTS = 100
"""Alerts in full in a digest; all of them stand on the topic."""


class WebhookSettings(DigestSettings):
    """Alerts POSTed as JSON and signed."""

    apart: ClassVar[bool] = True

    type: Literal["webhook"]
    url: SecretUrl
    secrets: tuple[Secret, ...] = Field(
        min_length=1, max_length=5, description="`whsec_...`; the second and later ones while secrets are changed."
    )
    allow_private: bool = Field(False, description="Whether the receiver may be at a private address.")

    def build(self) -> "Webhook":
        return Webhook(self, time.time)


class Webhook(HttpSink):
    """POSTs an alert, or a digest. Any 2xx is success; 410 ends it for good; everything else may pass."""

    concurrency, at_once, wants_ends = 8, 1, False

    def __init__(self, settings: WebhookSettings, clock: Callable[[], float]) -> None:
        super().__init__(settings.url, settings.allow_private, settings.timeout)
        self._secrets = settings.secrets
        self._clock = clock

    @property
    def address(self) -> str:
        """Names the receiver without showing it: one that said 410 stays off until this changes."""
        return hashlib.sha256(self._post.url.encode()).hexdigest()[:16]

    async def start(self) -> None:
        for secret in self._secrets:
            key_of(secret)
        await super().start()

    async def send(self, notices: Sequence[Notice]) -> None:
        body = digest(notices) if notices[0].digest else payload(notices[0])
        headers = signed(identifier(notices[0]), int(self._clock()), body, map(key_of, self._secrets))
        answer = await self._post.send(body, headers)
        if not answer.good:
            raise answer.failure(gone=True)


def identifier(notice: Notice) -> str:
    """The id of the event, an alert or a digest: the same however often it is sent."""
    own = notice.digest or notice.alert.alert_id
    return own if IDENTIFIER.fullmatch(own) else hashlib.sha256(own.encode("utf-8", "surrogatepass")).hexdigest()


def payload(notice: Notice) -> bytes:
    """``type``, ``timestamp`` of the event and ``data``: equal bytes for every attempt."""
    return _event(str(notice.alert.state), notice.at, notice.alert.model_dump(mode="json"))


def digest(notices: Sequence[Notice]) -> bytes:
    """The same for alerts that were held back, told of together: how many, and the first hundred."""
    alerts = [notice.alert.model_dump(mode="json") for notice in notices[:MOST_ALERTS]]
    return _event("digest", max(notice.at for notice in notices), {"count": len(notices), "alerts": alerts})


def _event(kind: str, at: float, data: Mapping[str, Any]) -> bytes:
    moment = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return orjson.dumps({"type": f"alert.{kind}", "timestamp": moment, "data": data})


def signed(identity: str, timestamp: int, body: bytes, keys: Iterable[bytes]) -> dict[str, str]:
    """The headers of a webhook: id, timestamp in seconds, and a ``v1`` signature for each key."""
    content = f"{identity}.{timestamp}.".encode() + body
    signatures = (base64.b64encode(hmac.digest(key, content, "sha256")).decode() for key in keys)
    return {
        "webhook-id": identity,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def key_of(secret: Reference) -> bytes:
    """The key that a ``whsec_`` secret stands for: 24 to 64 bytes."""
    text = secret.reveal()
    try:
        digits = text.removeprefix(PREFIX).rstrip("=")
        key = base64.b64decode(digits + "=" * (-len(digits) % 4), validate=True)
    except binascii.Error:
        key = b""
    if not text.startswith(PREFIX) or not 24 <= len(key) <= 64:
        raise ConfigurationError(f"{secret}: expected whsec_ and 24 to 64 bytes in base64, found something else")
    return key
