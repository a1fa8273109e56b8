from pathlib import Path

import pytest

from streams.connection import servers, ssl_context
from streams.errors import ConfigurationError
from streams.settings import Settings, settings, unknown_settings


def test_a_misspelt_setting_is_refused_by_name(monkeypatch):
    monkeypatch.setenv("WIREWATCH_BROKR", "localhost:9092")

    with pytest.raises(ConfigurationError, match="WIREWATCH_BROKR is no setting"):
        settings()


def test_a_value_that_cannot_be_used_is_said_in_one_line(monkeypatch):
    monkeypatch.setenv("WIREWATCH_PARTITIONS", "many")

    with pytest.raises(ConfigurationError, match=r"^WIREWATCH_PARTITIONS: .* valid integer.* found 'many'$") as caught:
        settings()
    assert "\n" not in str(caught.value)


def test_a_password_is_not_shown():
    assert "s3cret" not in repr(Settings(sasl_password="s3cret"))


def test_each_worker_slot_is_a_group_member_of_its_own():
    chosen = Settings(instance="node-a")

    assert chosen.instance_of(0) != chosen.instance_of(1)
    assert Settings(home=Path("one")).instance_of(0) != Settings(home=Path("other")).instance_of(0)
    assert Settings(instance="").instance_of(0) is None


def test_no_broker_says_what_to_do():
    with pytest.raises(ConfigurationError, match="wirewatch broker start"):
        servers(Settings(broker=None))


def test_a_missing_certificate_is_named(tmp_path):
    with pytest.raises(ConfigurationError, match=r"WIREWATCH_SSL_CA: expected a PEM file, found none at .*ca\.pem"):
        ssl_context(Settings(security="SSL", ssl_ca=tmp_path / "ca.pem"))


def test_a_file_can_set_what_the_environment_does_not(monkeypatch, tmp_path):
    (tmp_path / "w.toml").write_text("partitions = 7\nbatch = 50\n")
    monkeypatch.setenv("WIREWATCH_CONFIG", str(tmp_path / "w.toml"))
    monkeypatch.setenv("WIREWATCH_BATCH", "60")

    assert (settings().partitions, settings().batch) == (7, 60)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("broker = ", r"^WIREWATCH_CONFIG: .*w\.toml is not TOML: Invalid value"),
        ("brokr = 'a:1'", "^brokr in the file of WIREWATCH_CONFIG is no setting"),
        (None, r"^WIREWATCH_CONFIG: expected a TOML file at .*w\.toml, found: No such file"),
    ],
)
def test_a_file_that_cannot_be_used_is_said_in_one_line(monkeypatch, tmp_path, text, problem):
    if text is not None:
        (tmp_path / "w.toml").write_text(text)
    monkeypatch.setenv("WIREWATCH_CONFIG", str(tmp_path / "w.toml"))

    with pytest.raises(ConfigurationError, match=problem):
        settings()


def test_a_secret_that_cannot_be_used_is_not_repeated(monkeypatch, tmp_path):
    (tmp_path / "w.toml").write_text("sasl_password = 271828\n")
    monkeypatch.setenv("WIREWATCH_CONFIG", str(tmp_path / "w.toml"))

    with pytest.raises(ConfigurationError, match="WIREWATCH_SASL_PASSWORD") as caught:
        settings()
    assert "271828" not in str(caught.value)


def test_a_time_without_end_is_refused(monkeypatch):
    monkeypatch.setenv("WIREWATCH_STALL_SECONDS", "inf")

    with pytest.raises(ConfigurationError, match=r"WIREWATCH_STALL_SECONDS: .*found 'inf'"):
        settings()


def test_the_home_follows_the_environment_and_the_file(monkeypatch, tmp_path):
    monkeypatch.delenv("WIREWATCH_HOME", raising=False)
    monkeypatch.setenv("HOME", "/home/reader")
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    assert settings().directory == Path("/data/wirewatch")

    (tmp_path / "w.toml").write_text("home = '~/kept'\n")
    monkeypatch.setenv("WIREWATCH_CONFIG", str(tmp_path / "w.toml"))
    assert settings().directory == Path("/home/reader/kept")

    monkeypatch.setenv("WIREWATCH_HOME", "/elsewhere")
    assert settings().directory == Path("/elsewhere")


def test_only_our_variables_are_looked_at():
    assert unknown_settings({"PATH": "x", "WIREWATCH_PREFIX": "a."}) == []


def test_the_example_file_lists_every_setting(root):
    text = (root / ".env.example").read_text()

    assert all(f"WIREWATCH_{name.upper()}=" in text for name in Settings.model_fields)


def test_the_readme_describes_every_setting(root):
    text = (root / "README.md").read_text()

    assert all(f"`WIREWATCH_{name.upper()}`" in text for name in Settings.model_fields)
