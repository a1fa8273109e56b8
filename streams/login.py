"""Whether a broker lets us in, asked before any client is made: of a refusal the clients say "Unable to bootstrap"."""

import asyncio
import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiokafka.conn import create_conn
from aiokafka.errors import (
    KafkaError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)
from aiokafka.protocol.metadata import MetadataRequest

from streams.broker import BrokerError, wait_for_broker
from streams.broker.reach import address_of
from streams.errors import WirewatchError

SECONDS = 5.0
TAKEN = ("security_protocol", "ssl_context", "sasl_mechanism", "sasl_plain_username", "sasl_plain_password",
         "sasl_oauth_token_provider")  # fmt: skip


class LoginError(BrokerError):
    """A broker answers and lets us not in."""


def wait_for_login(options: Mapping[str, Any], seconds: float = 4.0) -> None:
    """Return once a broker answers and takes the login of these client options.

    Raises `BrokerError` where none answers within ``seconds``, `LoginError` where one refuses: each one line
    that says why. ``options`` is what `connection.client_options` gives.
    """
    encrypted = str(options.get("security_protocol", "")).endswith("SSL")
    wait_for_broker(",".join(options["bootstrap_servers"]), seconds, encrypted=encrypted)
    with ThreadPoolExecutor(1) as apart:  # the caller may have a loop of its own
        why = apart.submit(lambda: asyncio.run(refusal(options))).result()
    if why:
        raise LoginError(why)


async def refusal(options: Mapping[str, Any]) -> str | None:
    """Why every server that answers refuses these options; None where one does not, or none answers."""
    found = None
    for server in options["bootstrap_servers"]:
        why = await _asked(server, options)
        if why == "":
            return None
        found = found or (why and f"{server} refused the login: {why}")
    return found


async def _asked(server: str, options: Mapping[str, Any]) -> str | None:
    """Why one server refuses; empty if it does not; None if it is not to be reached."""
    host, port = address_of(server)
    chosen = {name: options[name] for name in TAKEN if name in options}
    try:
        async with asyncio.timeout(SECONDS):
            connection = await create_conn(host, port, request_timeout_ms=int(SECONDS * 1000), **chosen)
            try:
                answer = await connection.send(MetadataRequest([]))
            finally:
                connection.close()
        if not answer.brokers:  # aiokafka does not notice that a token was refused
            return f"the token was not accepted; check {_who(options)}"
    except (ssl.SSLError, KafkaError, WirewatchError, OSError, TimeoutError) as error:
        return _reason(error, options)
    return ""


def _reason(error: Exception, options: Mapping[str, Any]) -> str | None:
    """What a failed login means and which setting to look at, None where it means that nothing listens."""
    sasl = str(options.get("security_protocol", "")).startswith("SASL")
    match error:
        case SaslAuthenticationFailed():
            return f"{_short(error)}; check {_who(options)}"
        case UnsupportedSaslMechanismError():
            return f"{_short(error)}; check WIREWATCH_SASL_MECHANISM"
        case ssl.SSLCertVerificationError():
            return f"its certificate is not good: {error.verify_message}; check WIREWATCH_SSL_CA, or renew it"
        case ssl.SSLError():
            return f"no TLS: {error.reason or error}; check WIREWATCH_SECURITY and WIREWATCH_SSL_CERTIFICATE"
        case WirewatchError():
            return str(error)
        case ConnectionRefusedError():
            return None
        case KafkaError() | OSError() if not sasl:
            return "it closed the connection, so it may want a login or TLS; check WIREWATCH_SECURITY"
        case KafkaError() | OSError():
            return f"it closed the connection; check WIREWATCH_SECURITY and {_who(options)}"
        case _:
            return None


def _who(options: Mapping[str, Any]) -> str:
    return (
        "the token that WIREWATCH_SASL_TOKEN_FILE or WIREWATCH_SASL_TOKEN_URL gives"
        if "sasl_oauth_token_provider" in options
        else "WIREWATCH_SASL_USER and WIREWATCH_SASL_PASSWORD"
    )


def _short(error: KafkaError) -> str:
    """What the broker said, without the number and the name of the error."""
    said = " ".join(str(error).split())
    return said.rpartition(": ")[2][:200] or type(error).__name__
