"""E-mail over SMTP: a message for an alert, or one for all of a while."""

import asyncio
import hashlib
import smtplib
import socket
import ssl
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from typing import Any, Literal

from pydantic import Field

from streams.net_guard import PrivateAddressError, guarded_connection
from streams.sinks.secret import Secret
from streams.sinks.sink import DeliveryFailed, DigestSettings, Duration, Notice
from streams.sinks.wording import headline, link, origin, plain, sentences

PASSING = range(400, 500)
"""SMTP replies of failures that may pass (RFC 5321, 4.2.1)."""

MOST_ALERTS = 100
"""Alerts that a mail tells of one by one."""


class EmailSettings(DigestSettings):
    """Alerts by mail."""

    type: Literal["email"]
    host: str = Field(min_length=1, description="SMTP server.")
    port: int = Field(587, ge=1, le=65535)
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: Secret | None = None
    sender: str = Field(pattern=r"^[^\s@]+@[^\s@]+$")
    to: tuple[str, ...] = Field(min_length=1, max_length=100)
    digest: Duration | None = Field(900, gt=0, description="Collect alerts for this long; null: a mail for each.")
    timeout: Duration = Field(30, gt=0, description="Longest a mail may take.")
    allow_private: bool = Field(False, description="Whether the server may be at a private address.")

    def build(self) -> "Email":
        return Email(self)


class Email:
    """Hands mail to a server; equal alerts give a mail of the same Message-ID."""

    concurrency, at_once, wants_ends = 1, 1, False

    def __init__(self, settings: EmailSettings) -> None:
        self._settings = settings

    @property
    def target(self) -> str:
        return f"smtp://{self._settings.host}:{self._settings.port}"

    async def start(self) -> None:
        self._thread = ThreadPoolExecutor(1, "email")
        if self._settings.password:
            self._settings.password.reveal()

    async def stop(self) -> None:
        self._thread.shutdown(wait=False)

    async def send(self, notices: Sequence[Notice]) -> None:
        await asyncio.get_running_loop().run_in_executor(
            self._thread, self._hand_over, message(notices, self._settings.sender, self._settings.to)
        )

    def _hand_over(self, mail: EmailMessage) -> None:
        try:
            with self._connected() as server:
                refused = server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            raise _failure([reply for reply, _ in error.recipients.values()], "every recipient refused") from None
        except smtplib.SMTPResponseException as error:
            said = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else ""
            mends = isinstance(error, smtplib.SMTPAuthenticationError)
            raise _failure([400 if mends else error.smtp_code], f"{error.smtp_code} {plain(said, 200)}") from None
        except PrivateAddressError as error:
            raise DeliveryFailed(str(error), retry=False) from None
        except (OSError, UnicodeError, smtplib.SMTPException) as error:  # no name can have the letters of such a host
            said = f", {plain(str(error), 200)}" if isinstance(error, smtplib.SMTPException) else ""
            raise DeliveryFailed(f"no mail server: {type(error).__name__}{said}") from None
        if refused:
            raise DeliveryFailed(f"{len(refused)} of {len(self._settings.to)} recipients refused", retry=False)

    def _connected(self) -> smtplib.SMTP:
        settings = self._settings
        server = _GuardedSMTP(settings.allow_private, settings.timeout / 3, settings.tls == "tls")
        server.connect(settings.host, settings.port)
        try:
            if settings.tls == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.user and settings.password:
                server.login(settings.user, settings.password.reveal())
        except BaseException:
            server.close()
            raise
        return server


def _failure(replies: Sequence[int], detail: str) -> DeliveryFailed:
    return DeliveryFailed(detail, retry=any(reply in PASSING for reply in replies))


class _GuardedSMTP(smtplib.SMTP):
    """Connects through the guard, with TLS from the first byte where asked to."""

    def __init__(self, allow_private: bool, seconds: float, tls: bool) -> None:
        super().__init__(timeout=seconds)
        self._allow_private = allow_private
        self._tls = tls

    def connect(self, host: str = "localhost", port: int = 0, source_address: Any = None) -> tuple[int, bytes]:
        self._host = host  # for the name in the certificate
        return super().connect(host, port, source_address)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        made = guarded_connection(host, port, timeout, self._allow_private)
        return ssl.create_default_context().wrap_socket(made, server_hostname=host) if self._tls else made


def message(notices: Sequence[Notice], sender: str, to: Sequence[str]) -> EmailMessage:
    """The mail: plain text, an id that follows from the alerts, and the story as its thread."""
    alerts = [notice.alert for notice in notices]
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, ", ".join(to)
    mail["Subject"] = plain(headline(alerts[0]) if len(alerts) == 1 else f"{len(alerts)} alerts", 200)
    domain = sender.rpartition("@")[2]
    mail["Message-ID"] = f"<{_digest(*sorted(alert.alert_id for alert in alerts))}@{domain}>"
    if len(alerts) == 1:
        mail["References"] = f"<{_digest(alerts[0].dedup_key)}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    paragraphs = [_paragraph(notice) for notice in notices[:MOST_ALERTS]]
    if len(notices) > MOST_ALERTS:
        paragraphs.append(f"and {len(notices) - MOST_ALERTS} more")
    mail.set_content("\n\n".join(paragraphs) + "\n")
    return mail


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:40]


def _paragraph(notice: Notice) -> str:
    alert = notice.alert
    found = [f"  {sentence}" for sentence in sentences(alert)]
    lines = [headline(alert), origin(alert), link(alert.url) or "", *found, f"alert {alert.alert_id}"]
    return "\n".join(line for line in lines if line)
