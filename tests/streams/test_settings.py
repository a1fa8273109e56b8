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

    with pytest.raises(ConfigurationError, match=r"partitions: .* valid integer") as caught:
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


def test_only_our_variables_are_looked_at():
    assert unknown_settings({"PATH": "x", "WIREWATCH_PREFIX": "a."}) == []


def test_the_example_file_lists_every_setting(root):
    text = (root / ".env.example").read_text()

    assert all(f"WIREWATCH_{name.upper()}=" in text for name in Settings.model_fields)


def test_the_readme_describes_every_setting(root):
    text = (root / "README.md").read_text()

    assert all(f"`WIREWATCH_{name.upper()}`" in text for name in Settings.model_fields)
