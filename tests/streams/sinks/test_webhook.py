"""Webhooks against a real server, checked as a receiver would check them."""

import asyncio
import base64
import hashlib
import hmac
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.errors import ConfigurationError
from streams.sinks.sink import Notice
from streams.sinks.webhook import Webhook, WebhookSettings, identifier, key_of, signed

OLD, NEW = b"an old key of at least 24 bytes", b"a new key of at least 24 bytes."
NOW = 1_800_000_100.5


def a_secret(key: bytes) -> str:
    return "whsec_" + base64.b64encode(key).decode()


@pytest.fixture
def webhook(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("NEW_SECRET", a_secret(NEW))
    monkeypatch.setenv("OLD_SECRET", a_secret(OLD))

    def build(url: str, secrets: tuple[str, ...] = ("env:NEW_SECRET",), **changes: Any) -> Webhook:
        known = {"type": "webhook", "url": url, "secrets": secrets, "allow_private": True}
        return Webhook(WebhookSettings.model_validate(known | changes), lambda: NOW)

    return build


def verified(key: bytes, headers: dict[str, str], body: bytes, now: float = NOW) -> bool:
    """What a receiver does, written from the specification."""
    if abs(now - int(headers["webhook-timestamp"])) > 300:
        return False
    content = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
    expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    signatures = [part.split(",", 1) for part in headers["webhook-signature"].split(" ")]
    return any(version == "v1" and hmac.compare_digest(value, expected) for version, value in signatures)


def test_the_signature_is_that_of_the_published_example() -> None:
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signed("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', [key])

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_receiver_can_verify_what_it_gets(webhook: Any, server: Any, notice: Any, sent: Any) -> None:
    async def scene() -> None:
        async with server() as receiver:
            assert await sent(webhook(receiver.url + "/hook"), notice()) is None
            [(path, headers, body)] = receiver.requests

        assert path == "/hook"
        assert headers["content-type"] == "application/json"
        assert verified(NEW, headers, body)
        assert not verified(OLD, headers, body)
        assert not verified(NEW, headers, body + b" ")
        assert not verified(NEW, headers, body, now=NOW + 301)
        told = json.loads(body)
        assert (told["type"], told["timestamp"]) == ("alert.open", "2027-01-15T08:00:00.000Z")
        assert told["data"]["rule"] == "troop-withdrawal"
        assert headers["webhook-id"] == told["data"]["alert_id"] == "a1"

    asyncio.run(scene())


def test_while_secrets_are_changed_either_verifies(webhook: Any, server: Any, notice: Any, sent: Any) -> None:
    async def scene() -> None:
        async with server() as receiver:
            await sent(webhook(receiver.url, ("env:NEW_SECRET", "env:OLD_SECRET")), notice())
            [(_, headers, body)] = receiver.requests

        assert verified(NEW, headers, body)
        assert verified(OLD, headers, body)
        assert headers["webhook-signature"].count("v1,") == 2

    asyncio.run(scene())


def test_another_attempt_has_the_same_id_and_body_and_a_new_timestamp(
    webhook: Any, server: Any, notice: Any, sent: Any
) -> None:
    async def scene() -> None:
        async with server() as receiver:
            sink = webhook(receiver.url)
            times = iter((NOW, NOW + 3600))
            sink._clock = lambda: next(times)
            receiver.will_answer(500)
            assert await sent(sink, notice()) is not None
            assert await sent(sink, notice()) is None
            (_, first, body), (_, second, again) = receiver.requests

        assert (first["webhook-id"], body) == (second["webhook-id"], again)
        assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 3600
        assert verified(NEW, second, again, now=NOW + 3600)

    asyncio.run(scene())


def test_a_digest_has_an_id_of_its_own_and_counts_what_it_leaves_out(
    webhook: Any, server: Any, notice: Any, sent: Any
) -> None:
    async def scene() -> None:
        async with server() as receiver:
            held = [replace(notice(alert_id=f"a{number}"), digest="digest-1") for number in range(120)]
            assert await sent(webhook(receiver.url), *held) is None
            [(_, headers, body)] = receiver.requests

        told = json.loads(body)
        assert verified(NEW, headers, body)
        assert headers["webhook-id"] == "digest-1"
        assert (told["type"], told["data"]["count"], len(told["data"]["alerts"])) == ("alert.digest", 120, 100)

    asyncio.run(scene())


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_2xx_is_success(status: int, webhook: Any, server: Any, notice: Any, sent: Any) -> None:
    async def scene() -> None:
        async with server() as receiver:
            receiver.will_answer(status)
            assert await sent(webhook(receiver.url), notice()) is None

    asyncio.run(scene())


@pytest.mark.parametrize("status", [301, 302, 400, 401, 404, 409, 418, 500, 502, 503])
def test_everything_else_is_a_failure_that_may_pass(
    status: int, webhook: Any, server: Any, notice: Any, sent: Any
) -> None:
    async def scene() -> None:
        async with server() as receiver:
            receiver.will_answer(status, "no\x1b[31m\r\nthanks")
            failure = await sent(webhook(receiver.url), notice())

        assert (failure.retry, failure.gone) == (True, False)
        assert str(failure).startswith(f"answered {status}: no")
        assert str(failure).isprintable()

    asyncio.run(scene())


def test_410_means_that_the_receiver_is_gone(webhook: Any, server: Any, notice: Any, sent: Any) -> None:
    async def scene() -> None:
        async with server() as receiver:
            receiver.will_answer(410)
            failure = await sent(webhook(receiver.url), notice())

        assert failure.gone

    asyncio.run(scene())


def test_429_asks_for_a_pause(webhook: Any, server: Any, notice: Any, sent: Any) -> None:
    async def scene() -> None:
        async with server() as receiver:
            receiver.will_answer(429, Retry_After="120")
            failure = await sent(webhook(receiver.url), notice())

        assert (failure.retry, failure.after, failure.overloaded) == (True, 120, True)

    asyncio.run(scene())


def test_a_redirect_is_not_followed(webhook: Any, server: Any, notice: Any, sent: Any) -> None:
    async def scene() -> None:
        async with server() as receiver, server() as elsewhere:
            receiver.will_answer(307, Location=elsewhere.url)
            failure = await sent(webhook(receiver.url), notice())

        assert str(failure) == "answered 307"
        assert elsewhere.requests == []

    asyncio.run(scene())


def test_no_answer_in_time_is_a_failure(webhook: Any, server: Any, notice: Any, sent: Any) -> None:
    async def scene() -> None:
        async with server() as receiver:
            receiver.will_hang()
            failure = await sent(webhook(receiver.url, timeout=0.05), notice())

        assert (str(failure), failure.retry) == ("no answer within 0.05 s", True)

    asyncio.run(scene())


def test_a_body_that_never_ends_is_not_waited_for(webhook: Any, server: Any, notice: Any, sent: Any) -> None:
    async def scene() -> None:
        async with server() as receiver:
            receiver.will_drip(200)
            assert await sent(webhook(receiver.url, timeout=5), notice()) is None
            receiver.will_drip(500)
            failure = await sent(webhook(receiver.url, timeout=0.2), notice())

        assert failure.retry

    asyncio.run(scene())


def test_a_connection_that_breaks_is_a_failure(webhook: Any, server: Any, notice: Any, sent: Any) -> None:
    async def scene() -> None:
        async with server() as receiver:
            receiver.will_hang_up()
            failure = await sent(webhook(receiver.url), notice())

        assert str(failure).startswith("no answer: ")

    asyncio.run(scene())


def test_nothing_that_listens_is_a_failure_that_shows_no_path(
    webhook: Any, server: Any, notice: Any, sent: Any
) -> None:
    async def scene() -> None:
        async with server() as receiver:
            url = receiver.url
        failure = await sent(webhook(url + "/token-in-the-path"), notice())

        assert failure.retry
        assert "token" not in str(failure)

    asyncio.run(scene())


def test_a_private_address_is_refused_unless_allowed(webhook: Any, server: Any, notice: Any, sent: Any) -> None:
    async def scene() -> None:
        async with server() as receiver:
            for url in (receiver.url, receiver.url.replace("127.0.0.1", "localhost")):
                failure = await sent(webhook(url, allow_private=False), notice())
                assert (failure.retry, "private address" in str(failure)) == (False, True)
            assert receiver.requests == []

    asyncio.run(scene())


@pytest.mark.parametrize(
    "secret", ["whsec_", "whsec_c2hvcnQ=", "whsec_not base64!", a_secret(b"x" * 65), base64.b64encode(NEW).decode()]
)
def test_a_secret_that_is_none_is_refused_without_being_shown(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAD", secret)
    settings = WebhookSettings.model_validate({"type": "webhook", "url": "https://x.example", "secrets": ["env:BAD"]})

    with pytest.raises(ConfigurationError, match=r"env:BAD: expected whsec_ and 24 to 64 bytes") as error:
        key_of(settings.secrets[0])
    assert secret.removeprefix("whsec_") == "" or secret not in str(error.value)


@given(st.text())
def test_an_id_never_lets_the_signed_parts_run_together(identity: str) -> None:
    from schemas.alert import Alert

    alert = Alert(alert_id=identity, dedup_key="d", id="i", rule="r", rule_version="1")
    made = identifier(Notice(alert, b"", 0.0))

    assert made
    assert "." not in made
    assert made.isascii()
    assert made == identifier(Notice(alert, b"x", 1.0))
