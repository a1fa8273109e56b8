"""Mail over TLS, to a real server with a certificate made for the test."""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from streams.sinks.email import Email, EmailSettings

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl, which makes the certificates, is not installed")


class Mailbox:
    """Takes mail, and says whether it came over TLS."""

    def __init__(self) -> None:
        self.over_tls: list[bool] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.over_tls.append(server.transport.get_extra_info("ssl_object") is not None)
        return "250 OK"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Makes a certificate that signs itself, and its key, in one file."""

    def make(name: str) -> Path:
        made = tmp_path_factory.mktemp("tls") / "server.pem"
        key = made.with_suffix(".key")
        wanted = "-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test -addext"
        rest = [f"subjectAltName={name}", "-keyout", str(key), "-out", str(made)]
        subprocess.run([str(OPENSSL), "req", *wanted.split(), *rest], check=True, capture_output=True)
        made.write_text(made.read_text() + key.read_text())
        return made

    return make


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox, free_port: Callable[[], int]) -> Iterator[Callable[[Path, str], Email]]:
    """Starts a server with a certificate and builds a sink for it."""
    running: list[Controller] = []

    def start(certificate: Path, tls: str) -> Email:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        secured = {"ssl_context": context} if tls == "tls" else {"tls_context": context, "require_starttls": True}
        port = free_port()
        controller = Controller(mailbox, "127.0.0.1", port, server_hostname="test", ready_timeout=20, **secured)
        controller.start()
        running.append(controller)
        known = {"type": "email", "host": "127.0.0.1", "port": port, "tls": tls, "allow_private": True}
        addresses = {"sender": "wire@news.example", "to": ["desk@news.example"]}
        return Email(EmailSettings.model_validate(known | addresses))

    yield start
    for controller in running:
        controller.stop()


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_mail_goes_over_tls_to_a_server_whose_certificate_is_known(
    tls: str, server: Any, mailbox: Mailbox, certificate: Any, notice: Any, sent: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = certificate("IP:127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(known))

    assert asyncio.run(sent(server(known, tls), notice())) is None
    assert mailbox.over_tls == [True]


@pytest.mark.parametrize("tls", ["starttls", "tls"])
@pytest.mark.parametrize("name", ["IP:127.0.0.1", "DNS:mail.example"])
def test_a_certificate_nobody_vouches_for_or_of_another_name_gets_no_mail(
    name: str, tls: str, server: Any, mailbox: Mailbox, certificate: Any, notice: Any, sent: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    shown = certificate(name)
    if name.startswith("DNS"):
        monkeypatch.setenv("SSL_CERT_FILE", str(shown))
    failure = asyncio.run(sent(server(shown, tls), notice()))

    assert failure.retry
    assert "SSLCertVerificationError" in str(failure)
    assert mailbox.over_tls == []
