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


def test_a_new_rule_with_a_bad_name_is_refused_in_one_line():
    done = CliRunner().invoke(
        wirewatch, ["rules", "new", "bad name!", "--fire", "Dockers began a strike in Rotterdam."]
    )

    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "Error: name 'bad name!': expected letters, digits, '-', '_' and '.', as in port-strike"
    ]


def test_a_sentence_of_the_command_line_is_explained(tmp_path):
    rules = tmp_path / "rules.yaml"
    rules.write_text("- {name: quake, query: quake SENT dead}", "utf-8")

    said = CliRunner().invoke(
        wirewatch,
        ["rules", "explain", "quake", "--rules", str(rules), "--text", "A quake left 3 dead.", "--text", "Rain."],
    )

    assert [line.split()[0] for line in said.output.splitlines() if "SENT" in line] == ["true", "false"]


def test_explain_wants_articles_or_a_sentence(tmp_path):
    said = CliRunner().invoke(wirewatch, ["rules", "explain", "coup"])

    assert said.exit_code == 2
    assert "expected ARTICLES or --text SENTENCE" in said.output


def test_check_notes_what_may_not_be_meant(tmp_path):
    rules = tmp_path / "rules.yaml"
    rules.write_text("- {name: quake, query: quake SENT dead, sets: {spare: [tremor]}}", "utf-8")

    said = CliRunner().invoke(wirewatch, ["rules", "check", str(rules)])

    assert said.exit_code == 0
    assert "note: quake: no condition names @spare" in said.output
