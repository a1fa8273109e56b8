"""Whether a broker lets us in: what is said of each way to be refused. Real logins are among the faults."""

import asyncio
import shutil
import ssl

import pytest

from streams.faults.certificates import make_certificates
from streams.login import refusal


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificates; it is not installed")
    folder = tmp_path_factory.mktemp("certificates")
    make_certificates(folder)
    return folder


async def _hang_up(_reader, writer):
    writer.close()


def asked(options, server=None):
    """What is said of a server that hangs up on everybody, with TLS where it has a certificate."""

    async def ask():
        listening = await asyncio.start_server(_hang_up, "127.0.0.1", 0, ssl=server)
        port = listening.sockets[0].getsockname()[1]
        async with listening:
            return await refusal({"bootstrap_servers": [f"127.0.0.1:{port}"], **options})

    return asyncio.run(ask())


def serving(folder, name):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    return context


def trusting(folder, name):
    return {"security_protocol": "SSL", "ssl_context": ssl.create_default_context(cafile=folder / f"{name}.pem")}


def test_an_expired_certificate_is_called_expired(certificates):
    said = asked(trusting(certificates, "ca"), serving(certificates, "expired"))

    assert "certificate has expired" in said


def test_an_authority_that_nobody_trusts_is_named_with_its_setting(certificates):
    said = asked(trusting(certificates, "other-ca"), serving(certificates, "server"))

    assert "WIREWATCH_SSL_CA" in said


def test_tls_towards_a_server_without_it_is_said(certificates):
    assert "check WIREWATCH_SECURITY" in asked(trusting(certificates, "ca"))


def test_a_server_that_hangs_up_on_a_client_without_login_may_want_one():
    said = asked({"security_protocol": "PLAINTEXT"})

    assert "may want a login or TLS" in said
    assert "\n" not in said


def test_where_nothing_listens_nobody_refuses():
    with_nobody = {"bootstrap_servers": ["127.0.0.1:1"], "security_protocol": "PLAINTEXT"}

    assert asyncio.run(refusal(with_nobody)) is None
