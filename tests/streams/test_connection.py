"""One set of settings for every client."""

import pytest

from streams.connection import client_options
from streams.errors import ConfigurationError
from streams.settings import Settings

LOGIN = {"broker": "127.0.0.1:1", "security": "SASL_PLAINTEXT", "sasl_user": "desk"}


def test_a_password_may_stand_in_a_file(tmp_path):
    (tmp_path / "password").write_text(" s3cret \n")

    options = client_options(Settings(**LOGIN, sasl_password_file=tmp_path / "password"))

    assert options["sasl_plain_password"] == " s3cret "


def test_a_password_that_is_given_comes_before_the_file(tmp_path):
    options = client_options(Settings(**LOGIN, sasl_password="given", sasl_password_file=tmp_path / "none"))

    assert options["sasl_plain_password"] == "given"


@pytest.mark.parametrize(("content", "said"), [(None, "No such file or directory"), (b"\xff", "no text")])
def test_a_file_without_a_password_is_named(tmp_path, content, said):
    file = tmp_path / "password"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(ConfigurationError) as refused:
        client_options(Settings(**LOGIN, sasl_password_file=file))

    assert str(refused.value) == f"WIREWATCH_SASL_PASSWORD_FILE: expected a password in {file}, found: {said}"
