"""``wirewatch schema``: exports, and what has changed since."""

import json

import pytest
from click.testing import CliRunner

from streams.commands.schema import schema


def run(*words):
    return CliRunner().invoke(schema, [str(word) for word in words])


@pytest.fixture
def export(tmp_path):
    assert run("export", tmp_path / "new" / "export").exit_code == 0
    return tmp_path / "new" / "export"


def edit(export, name, change):
    file = export / name
    content = json.loads(file.read_text())
    change(content)
    file.write_text(json.dumps(content))


def test_an_export_holds_what_is_committed_and_differs_in_nothing(export, root):
    for file in (root / "schemas" / "json").glob("*.json"):
        assert (export / file.name).read_text() == file.read_text()

    for old in (export, root / "schemas"):
        assert run("diff", old).output == ""
        assert run("check", old).exit_code == 0


def test_a_field_that_subscribers_had_is_missed(export):
    edit(export, "Alert.json", lambda content: content["properties"].update({"earlier": {"type": "string"}}))

    result = run("check", export)

    assert result.exit_code == 1
    assert result.output == "BREAKS  Alert.earlier: gone\n1 change, 1 of them breaking\n"


def test_a_field_that_they_had_not_is_only_told(export):
    edit(export, "Alert.json", lambda content: content["properties"].pop("labels"))

    assert run("diff", export).output == "ok      Alert.labels: new\n"
    result = run("check", export)
    assert (result.exit_code, result.output) == (0, "1 change, 0 of them breaking\n")


def test_two_exports_are_compared_without_this_version(export, tmp_path):
    run("export", tmp_path / "other")
    edit(tmp_path / "other", "Alert.json", lambda content: content["properties"].pop("labels"))

    assert run("diff", export, tmp_path / "other").output == "BREAKS  Alert.labels: gone\n"


def test_what_is_no_export_is_said(tmp_path, export):
    said = "expected an export of `wirewatch schema export` in"
    assert said in str(run("diff", tmp_path).exception)

    (export / "Alert.json").write_text("{")
    assert said in str(run("check", export).exception)
