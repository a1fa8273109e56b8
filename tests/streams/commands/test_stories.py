"""Stories as a person lists and corrects them."""

from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from schemas.article import Story
from streams.commands import stories as module

FLOOD = Story(id="flood", title="The river rose", size=2, publishers=1, members=("a", "b"))
STRIKE = Story(id="strike", title="Trains stood still", size=1, publishers=1, members=("c",))
GONE = Story(id="gone", size=1, publishers=1, merged_into="flood")


@pytest.fixture
def stories(monkeypatch):
    """The command on three stories, and what it sent."""
    sent = []

    def put(_settings, _topic, corrections, _by):
        sent.extend(corrections)
        return [SimpleNamespace(partition=0, offset=7)]

    monkeypatch.setattr(module, "current", lambda *_: [STRIKE, GONE, FLOOD])
    monkeypatch.setattr(module, "put", put)
    return lambda *words: (CliRunner().invoke(module.stories, words), sent)


@pytest.mark.parametrize("words", [(), ("list",)])
def test_they_are_listed_the_largest_first_without_those_that_were_merged(stories, words):
    done, _ = stories(*words)

    assert done.stdout == (
        "flood  2 articles, 1 publisher  The river rose\nstrike  1 article, 1 publisher  Trains stood still\n"
    )


def test_an_empty_list_is_said_where_no_script_reads_it(stories):
    done, _ = stories("--least", "9", "--json")

    assert (done.stdout, done.stderr) == ("", "no such stories\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("split", "nowhere", "a"), "expected a current story, found none nowhere; see `wirewatch stories`"),
        (("split", "gone", "a"), "found none gone"),
        (("split", "flood", "a", "c"), "expected articles of story flood, found c"),
        (("merge", "flood", "nowhere"), "found none nowhere"),
        (("merge", "flood", "flood"), "expected two stories, found flood twice"),
    ],
)
def test_a_correction_that_would_come_to_nothing_is_refused(stories, words, said):
    done, sent = stories(*words)

    assert done.exit_code != 0
    assert said in done.stderr
    assert sent == []


def test_a_correction_says_where_it_stands(stories):
    done, [correction] = stories("split", "flood", "a")

    assert (correction.action, correction.story, correction.members) == ("split", "flood", ("a",))
    assert done.stdout == f"{correction.id}  articles.tagged-0-7\n"
