"""Bearer tokens: where they come from, how long each is used, and what both clients see."""

import pytest

from streams.connection import client_options, credentials
from streams.errors import ConfigurationError
from streams.faults.tokens import TokenIssuer
from streams.settings import Settings
from streams.tokens import TokenEndpoint, TokenError, TokenFile, TokenProvider


@pytest.fixture
def issuer():
    with TokenIssuer("reader", "s3cret", life=3600.0) as issuer:
        yield issuer


def test_a_token_file_is_read_anew_each_time(tmp_path):
    file = tmp_path / "token"
    file.write_text("first\n")
    source = TokenFile(file)
    assert source.token() == "first"

    file.write_text("second\n")

    assert source.token() == "second"


@pytest.mark.parametrize("content", [None, b"", b"  \n", b"\xff\xfe"])
def test_a_file_without_a_token_is_named(tmp_path, content):
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(TokenError, match=r"WIREWATCH_SASL_TOKEN_FILE: expected a token in .*/token, found"):
        TokenFile(file).token()


def test_a_token_that_cannot_be_had_is_a_connection_that_failed():
    assert issubclass(TokenError, OSError)  # what aiokafka tries again after


def test_a_token_of_an_endpoint_is_kept_while_it_lives(issuer):
    source = TokenEndpoint(issuer.url, "reader", "s3cret")
    first = source.token()

    issuer.stop()

    assert source.token() == first


def test_an_old_token_serves_until_its_end_where_no_new_one_is_to_be_had(issuer, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("streams.tokens.time.monotonic", lambda: now[0])
    source = TokenEndpoint(issuer.url, "reader", "s3cret")
    first = source.token()
    issuer.stop()

    now[0] += 3599
    assert source.token() == first
    now[0] += 2
    with pytest.raises(TokenError, match=r"gave no token: .*refused"):
        source.token()


def test_a_wrong_secret_is_said_without_the_secret(issuer):
    with pytest.raises(TokenError, match="gave no token: 401") as caught:
        TokenEndpoint(issuer.url, "reader", "wr0ng").token()

    assert "wr0ng" not in str(caught.value)


def test_an_address_shows_no_secret_of_its_own(issuer):
    with pytest.raises(TokenError, match="gave no token: 401") as caught:
        TokenEndpoint(f"{issuer.url}?client_secret=s3cret", "reader", "wr0ng").token()
    with pytest.raises(ConfigurationError, match="expected no user in it") as refused:
        TokenEndpoint("https://reader:s3cret@login.example/token", "reader", "s3cret")

    assert "s3cret" not in f"{caught.value} {refused.value}"


def test_secrets_go_over_tls_or_not_beyond_this_machine():
    with pytest.raises(ConfigurationError, match="expected https"):
        TokenEndpoint("http://login.example/token", "reader", "s3cret")


async def _awaited(provider):
    return await provider.token()


def test_one_provider_serves_a_client_that_awaits_and_one_that_does_not(tmp_path):
    import asyncio

    (tmp_path / "token").write_text("abc")
    provider = TokenProvider(TokenFile(tmp_path / "token"))

    assert f"auth=Bearer {provider.token()}" == "auth=Bearer abc"
    assert asyncio.run(_awaited(provider)) == "abc"


def test_all_clients_share_one_provider(tmp_path):
    chosen = Settings(security="SASL_PLAINTEXT", sasl_mechanism="OAUTHBEARER", sasl_token_file=tmp_path, broker="b:1")

    provider = client_options(chosen)["sasl_oauth_token_provider"]

    assert provider is client_options(chosen)["sasl_oauth_token_provider"] is credentials(chosen).oauth_cb


def test_tokens_without_a_source_are_refused_by_name():
    with pytest.raises(ConfigurationError, match="WIREWATCH_SASL_TOKEN_FILE or WIREWATCH_SASL_TOKEN_URL"):
        credentials(Settings(security="SASL_PLAINTEXT", sasl_mechanism="OAUTHBEARER"))
