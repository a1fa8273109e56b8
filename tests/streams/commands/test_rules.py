"""Watching a directory of rules."""

from streams.commands.rules import times_of


def test_a_file_that_is_gone_by_the_time_it_is_looked_at_is_passed_over(tmp_path):
    there = tmp_path / "a.yaml"
    there.write_text("- {name: r, query: strike}")

    assert list(times_of([there, tmp_path / "renamed.yaml"])) == [there]
