"""The settings in force, as a person reads them."""

import json
import os
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from streams import kernels
from streams.commands.config import config


def test_what_is_shown_is_what_is_used_and_where_it_comes_from(monkeypatch, tmp_path):
    file = tmp_path / "wirewatch.toml"
    file.write_text("batch = 7\n")
    monkeypatch.setenv("WIREWATCH_CONFIG", str(file))
    monkeypatch.setenv("WIREWATCH_HOME", str(tmp_path))

    shown = json.loads(CliRunner().invoke(config, ["show", "--json"]).stdout)
    table = CliRunner().invoke(config, ["show"]).stdout

    assert (shown["broker"], shown["home"], shown["batch"]) == ("127.0.0.1:29092", str(tmp_path), 7)
    assert re.search(r"^WIREWATCH_BROKER +127\.0\.0\.1:29092 +default +", table, re.MULTILINE)
    assert re.search(rf"^WIREWATCH_HOME +{tmp_path} +environment +", table, re.MULTILINE)
    assert re.search(r"^WIREWATCH_BATCH +7 +file +", table, re.MULTILINE)
    assert "None" not in table


def test_a_file_that_asks_for_no_kernels_is_refused_for_it_is_read_too_late(monkeypatch, tmp_path):
    file = tmp_path / "wirewatch.toml"
    file.write_text("pure = true\n")
    monkeypatch.setenv("WIREWATCH_CONFIG", str(file))

    refused = CliRunner().invoke(config, ["show"])

    assert refused.exit_code
    assert "set WIREWATCH_PURE in the environment" in refused.output + str(refused.exception)


@pytest.mark.parametrize("words", [(), ("--json",)])
def test_what_may_be_secret_in_an_address_is_masked(monkeypatch, words):
    monkeypatch.setenv("WIREWATCH_SASL_TOKEN_URL", "https://desk:s3cret@login.example/token?key=s3cret")

    shown = CliRunner().invoke(config, ["show", *words]).stdout

    assert "https://********@login.example/token?********" in shown
    assert "s3cret" not in shown


@pytest.mark.parametrize("pure", ["1", "0"])
def test_it_is_said_whether_the_kernels_are_compiled(monkeypatch, pure):
    environment = {**os.environ, "WIREWATCH_PURE": pure}
    state = "pure: WIREWATCH_PURE is set" if pure == "1" else kernels.load({})[1]

    def shown(*words):
        command = [sys.executable, "-m", "streams.cli", "config", "show", *words]
        return subprocess.run(command, capture_output=True, check=True, text=True, env=environment).stdout

    assert shown().endswith(f"\nkernels: {state}\n")
    assert json.loads(shown("--json"))["kernels"] == state
