"""One set of connection settings for every client: Faust, aiokafka and kafka-python."""

import ssl
from collections.abc import Sequence
from functools import cache
from typing import Any

import faust
from aiokafka import AIOKafkaConsumer
from aiokafka.helpers import create_ssl_context

from streams.broker import wait_for_broker
from streams.errors import ConfigurationError, unreadable
from streams.login import wait_for_login
from streams.settings import Settings
from streams.tokens import TokenEndpoint, TokenFile, TokenProvider


def servers(settings: Settings) -> list[str]:
    """The broker's servers; ConfigurationError where none is known."""
    if not settings.broker:
        raise ConfigurationError("no broker is known; start one with `wirewatch broker start`, or set WIREWATCH_BROKER")
    return [server.strip() for server in settings.broker.split(",")]


def ssl_context(settings: Settings) -> ssl.SSLContext | None:
    """The TLS context, or None without TLS; ConfigurationError for a file that cannot be read."""
    if not settings.security.endswith("SSL"):
        return None
    files = {"ssl_ca": settings.ssl_ca, "ssl_certificate": settings.ssl_certificate, "ssl_key": settings.ssl_key}
    for name, path in files.items():
        if path is not None and not path.is_file():
            raise ConfigurationError(f"WIREWATCH_{name.upper()}: expected a PEM file, found none at {path}")
    try:
        context: ssl.SSLContext = create_ssl_context(
            cafile=settings.ssl_ca and str(settings.ssl_ca),
            certfile=settings.ssl_certificate and str(settings.ssl_certificate),
            keyfile=settings.ssl_key and str(settings.ssl_key),
        )
    except (ssl.SSLError, OSError) as error:
        raise ConfigurationError(f"the TLS files cannot be used: {error}") from None
    return context


def client_options(settings: Settings) -> dict[str, Any]:
    """Options that aiokafka and kafka-python both take."""
    options: dict[str, Any] = {"bootstrap_servers": servers(settings), "security_protocol": settings.security}
    if context := ssl_context(settings):
        options["ssl_context"] = context
    if settings.security.startswith("SASL"):
        options["sasl_mechanism"] = settings.sasl_mechanism
        if settings.sasl_mechanism == "OAUTHBEARER":
            options["sasl_oauth_token_provider"] = _tokens(settings)
        else:
            options["sasl_plain_username"], options["sasl_plain_password"] = _user(settings)
    return options


def administered(settings: Settings) -> tuple[str, dict[str, Any]]:
    """The servers and the other options, as `topics_admin` takes them."""
    options = client_options(settings)
    return ",".join(options.pop("bootstrap_servers")), options


PATIENCE = 2.5
"""Seconds that a command waits for a broker: with its own start it says within five that none is there."""


def reach(settings: Settings, seconds: float = PATIENCE) -> None:
    """Return once the broker answers and lets us in; `BrokerError` in one line where it does not."""
    wait_for_login(client_options(settings), seconds)


def answers(settings: Settings, seconds: float = 2.0) -> None:
    """Return if a broker is there; `BrokerError` if not. Nobody logs in, so it may be asked often."""
    wait_for_broker(",".join(servers(settings)), seconds, encrypted=settings.security.endswith("SSL"))


def credentials(settings: Settings) -> Any:
    """The same for Faust; None without TLS and SASL."""
    context = ssl_context(settings)
    if settings.security.startswith("SASL"):
        if settings.sasl_mechanism == "OAUTHBEARER":
            return faust.OAuthCredentials(oauth_cb=_tokens(settings), ssl_context=context)
        user, password = _user(settings)
        return faust.SASLCredentials(
            username=user, password=password, mechanism=settings.sasl_mechanism, ssl_context=context
        )
    return faust.SSLCredentials(context) if context else None


async def partitions_of(consumer: AIOKafkaConsumer, topic: str) -> Sequence[int]:
    """The partitions of a topic, in order, none if it is not there; for a consumer that is assigned nothing yet."""
    await consumer._client.force_metadata_update()
    return sorted(consumer.partitions_for_topic(topic) or ())


@cache
def _tokens(settings: Settings) -> TokenProvider:
    """Where tokens come from: the file, else the endpoint, which is asked as ``sasl_user``; for all clients one."""
    if settings.sasl_token_file:
        return TokenProvider(TokenFile(settings.sasl_token_file))
    if not settings.sasl_token_url:
        raise ConfigurationError("OAUTHBEARER needs WIREWATCH_SASL_TOKEN_FILE or WIREWATCH_SASL_TOKEN_URL")
    return TokenProvider(TokenEndpoint(settings.sasl_token_url, *_user(settings), settings.sasl_token_scope))


def _user(settings: Settings) -> tuple[str, str]:
    password = _password(settings)
    if not settings.sasl_user or password is None:
        raise ConfigurationError(
            f"{settings.security} needs WIREWATCH_SASL_USER and WIREWATCH_SASL_PASSWORD (or _FILE)"
        )
    return settings.sasl_user, password


def _password(settings: Settings) -> str | None:
    """The password itself, else what its file holds but for the end of the line; None where neither is named."""
    if settings.sasl_password is not None:
        return settings.sasl_password.get_secret_value()
    if settings.sasl_password_file is None:
        return None
    try:
        return settings.sasl_password_file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            "WIREWATCH_SASL_PASSWORD_FILE: expected a password in "
            f"{settings.sasl_password_file}, found: {unreadable(error)}"
        ) from None
