import click
import pytest
from click.testing import CliRunner

from streams.cli import wirewatch
from streams.groups import Group


def groups_and_commands(words=(), command=wirewatch):
    """Every group and command with the words that call it."""
    yield words, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from groups_and_commands((*words, name), command.get_command(context, name))


ALL = dict(groups_and_commands())


GROUPS = [words for words, command in ALL.items() if isinstance(command, click.Group)]


@pytest.mark.parametrize("words", GROUPS, ids=" ".join)
def test_a_group_lists_its_commands_with_whole_sentences_on_a_terminal_of_80_columns(words):
    listed = CliRunner().invoke(wirewatch, [*words, "--help"], terminal_width=80).output.partition("Commands:")[2]

    assert [line for line in listed.splitlines() if line.endswith("...")] == []


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_each_option_is_explained(words):
    options = [each for each in ALL[words].params if isinstance(each, click.Option)]

    assert [each.name for each in options if not each.help] == []


@pytest.mark.parametrize("words", GROUPS, ids=" ".join)
def test_each_group_says_what_was_meant(words):
    assert isinstance(ALL[words], Group)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["tial"], "No such command 'tial'. Did you mean tail?"),
        (["rules", "lsit"], "No such command 'lsit'. Did you mean list?"),
        (["broker", "xyz"], "No such command 'xyz'. There are logs, start, status, stop."),
    ],
)
def test_a_command_that_there_is_not_is_answered_with_the_nearest_one(words, said):
    done = CliRunner().invoke(wirewatch, words)

    assert done.exit_code == 2
    assert said in done.stderr
