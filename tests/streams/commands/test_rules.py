"""Watching a directory of rules."""

from click.testing import CliRunner

from streams.cli import wirewatch
from streams.commands.rules import times_of


def test_a_file_that_is_gone_by_the_time_it_is_looked_at_is_passed_over(tmp_path):
    there = tmp_path / "a.yaml"
    there.write_text("- {name: r, query: strike}")

    assert list(times_of([there, tmp_path / "renamed.yaml"])) == [there]


def test_files_without_rules_are_no_rules_to_use(tmp_path):
    done = CliRunner().invoke(wirewatch, ["rules", "check", str(tmp_path)])

    assert done.exit_code == 1
    assert done.stderr == f"Error: expected rules, found none in {tmp_path}; see docs/rules.md\n"


def test_a_rule_that_is_not_shipped_is_asked_for_by_its_file(tmp_path):
    article = tmp_path / "article.json"
    article.write_text('{"id": "a", "body": "Rain."}', "utf-8")

    said = CliRunner().invoke(wirewatch, ["rules", "explain", "rain", str(article)])

    assert said.exit_code == 1
    assert "found none named rain" in said.output
    assert said.output.rstrip().endswith("name its file by --rules FILE")
