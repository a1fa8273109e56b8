"""The file of sinks: what it may say, and what is said of one that cannot be used."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from streams.cli import wirewatch
from streams.errors import ConfigurationError
from streams.settings import Settings
from streams.sinks.configuration import load_sinks, read_sinks
from streams.sinks.secret import Reference

YAML = """
sinks:
  desk: {type: slack, url: env:DESK_URL, digest: 15m, throttle: 30}
  hook:
    type: webhook
    url: https://hooks.example/in
    secrets: [env:NEW, file:/run/secrets/old]
    retries: [5s, 5m, 2h]
route:
  to: desk
  routes:
    - match: {team: north}
      to: [desk, hook]
"""
TOML = """
[sinks.desk]
type = "slack"
url = "env:DESK_URL"
digest = "15m"
[route]
to = ["desk"]
"""


def written(folder: Path, text: str, name: str = "sinks.yaml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_sinks_and_routes_are_read_from_yaml(tmp_path: Path, alert: Any) -> None:
    found = read_sinks(written(tmp_path, YAML))

    assert found.sinks["hook"].retries == (5, 300, 7200)
    assert found.sinks["desk"].digest == 900  # type: ignore[union-attr]
    assert (found.receives("hook", alert()), found.receives("hook", alert(labels={}))) == (True, False)


def test_sinks_are_read_from_toml_too(tmp_path: Path) -> None:
    assert read_sinks(written(tmp_path, TOML, "sinks.toml")).sinks.keys() == {"desk"}


def test_without_routes_every_sink_gets_every_alert(tmp_path: Path, alert: Any) -> None:
    found = read_sinks(written(tmp_path, "sinks: {a: {type: stdout}, b: {type: stdout}}"))

    assert found.receives("a", alert())
    assert found.receives("b", alert())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sinks: {}", "sinks"),
        ("sinks: {a: {type: carrier-pigeon}}", "'carrier-pigeon'"),
        ("sinks: {a: {type: stdout, colour: red}}", "colour: Extra inputs"),
        ("sinks: {Desk: {type: stdout}}", "name of a-z"),
        ("sinks: {a: {type: stdout}}\nroute: {to: b}", "names 'b'; the sinks are a"),
        ("sinks: {a: {type: stdout}}\nroute: {routes: [{to: a}]}", "expected `to` in the first route"),
        ("sinks: {a: {type: stdout, retries: [soon]}}", "retries.0"),
        ("sinks: {a: {type: webhook, url: 'ftp://x.example', secrets: ['env:A']}}", "expected an http or https URL"),
        ("sinks: {a: {type: webhook, url: 'http://a..example', secrets: ['env:A']}}", "expected an http or https URL"),
        ("sinks: {a: {type: webhook, url: 'https://x.example'}}", "secrets: Field required"),
        ("sinks: [", "is not YAML: line 1"),
        ("sinks: !!python/object/apply:os.system [true]", "is not YAML"),
        ("[1]", "SinksFile"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"sinks\.yaml") as error:
        read_sinks(written(tmp_path, text))

    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_secret_in_the_file_is_refused_and_not_shown(tmp_path: Path) -> None:
    text = "sinks: {a: {type: webhook, url: 'https://x.example', secrets: [whsec_hush]}}"
    with pytest.raises(ConfigurationError, match="secrets do not stand in this file") as error:
        read_sinks(written(tmp_path, text))

    assert "hush" not in str(error.value)


def test_a_sink_cannot_have_the_name_of_a_stage(tmp_path: Path) -> None:
    path = written(tmp_path, "sinks: {alert: {type: stdout}}")

    with pytest.raises(ConfigurationError, match="'alert' is a stage"):
        load_sinks(Settings(sinks=path))


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere\.yaml"):
        read_sinks(tmp_path / "nowhere.yaml")


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="at most"):
        read_sinks(written(tmp_path, "#" * 2_000_000))


def test_a_secret_is_read_each_time_and_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "first\n", "secret")
    reference = Reference("file", str(path))
    assert reference.reveal() == "first"
    path.write_text("second\n")
    assert reference.reveal() == "second"
    monkeypatch.setenv("A_SECRET", "hush")
    assert "hush" not in repr(Reference("env", "A_SECRET")) + str(Reference("env", "A_SECRET"))


@pytest.mark.parametrize("content", [None, "", "  \n"])
def test_a_secret_that_is_not_there_is_named(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    if content is not None:
        path.write_text(content)

    with pytest.raises(ConfigurationError, match="secret"):
        Reference("file", str(path)).reveal()


def test_a_url_in_the_file_is_shown_only_as_its_host(tmp_path: Path) -> None:
    text = "sinks: {a: {type: slack, url: 'https://chat.example/services/hush'}}"
    sink = read_sinks(written(tmp_path, text)).sinks["a"]

    assert "hush" not in repr(sink) + str(sink.model_dump())
    assert sink.build().target == "https://chat.example"


def run(*arguments: str, **environment: str) -> Any:
    return CliRunner().invoke(wirewatch, ["deliver", *arguments], env=environment)


def test_the_command_lists_sinks_without_secrets(tmp_path: Path) -> None:
    path = written(tmp_path, "sinks: {a: {type: slack, url: 'https://chat.example/hush'}, b: {type: stdout}}")
    shown = run("--check", WIREWATCH_SINKS=str(path))

    assert shown.exit_code == 0
    assert [line.split() for line in shown.output.splitlines()] == [
        ["a", "https://chat.example"],
        ["b", "standard", "output"],
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["nowhere"], "no sink is named 'nowhere'; known are a"), (["--replay"], "name the sinks that are meant")],
)
def test_the_command_says_what_is_wrong(arguments: list[str], said: str, tmp_path: Path) -> None:
    path = written(tmp_path, "sinks: {a: {type: stdout}}")
    shown = run(*arguments, WIREWATCH_SINKS=str(path))

    assert shown.exit_code != 0
    assert said in shown.output


def test_a_check_finds_every_secret_that_is_not_there(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    text = f"""
sinks:
  a: {{type: webhook, url: 'https://hooks.example/in', secrets: ['file:{gone}']}}
  b: {{type: stdout}}
  c: {{type: slack, url: 'env:NO_SUCH_VARIABLE'}}
"""
    shown = run("--check", WIREWATCH_SINKS=str(written(tmp_path, text)))

    assert shown.exit_code == 1
    assert [line.split(maxsplit=1) for line in shown.stdout.splitlines()] == [
        ["a", f"expected a secret in {gone}, found: No such file or directory"],
        ["b", "standard output"],
        ["c", "expected a secret in the environment as NO_SUCH_VARIABLE, found none"],
    ]
    assert shown.stderr == "Error: 2 sinks of 3 cannot be used as configured\n"


def test_a_file_of_sinks_that_cannot_be_read_is_said_in_words(tmp_path: Path) -> None:
    shown = run("--check", WIREWATCH_SINKS=str(tmp_path))

    assert shown.stderr == f"Error: expected sinks in {tmp_path}, found: Is a directory; correct WIREWATCH_SINKS\n"


def test_without_a_file_the_command_says_how_to_name_one() -> None:
    shown = run()

    assert shown.exit_code == 1
    assert "WIREWATCH_SINKS" in shown.output
