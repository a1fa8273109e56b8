"""Publishing, as far as it can be told without a broker."""

from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from streams.commands import publish as module


@pytest.fixture
def publish(monkeypatch):
    class Publisher:
        def __init__(self, _settings):
            pass

        def publish(self, articles):
            return [SimpleNamespace(id=each.id, topic="articles.raw", partition=0, offset=7) for each in articles]

        def close(self):
            pass

    monkeypatch.setattr(module, "Publisher", Publisher)
    return lambda *words, given="": CliRunner().invoke(module.publish, words, input=given)


def test_each_article_of_a_pipe_is_told_with_its_place(publish):
    done = publish("-", given='{"id": "a", "text": "It rained."}\n{"id": "b\\u009b", "text": "It snowed."}\n')

    assert done.stdout == "a  articles.raw-0-7\nb�  articles.raw-0-7\n"


def test_a_pipe_through_which_nothing_came_is_told(publish):
    done = publish("-")

    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "nothing was published: no article came on standard input\n"


def test_standard_input_goes_alone(publish, tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("It rained.")

    done = publish("-", str(file))

    assert done.exit_code == 2
    assert "expected files, or - alone for standard input; found both" in done.stderr


@pytest.mark.parametrize(("count", "said"), [(1, "1 article, all valid\n"), (2, "2 articles, all valid\n")])
def test_a_dry_run_counts_what_is_valid(publish, tmp_path, count, said):
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "It rained."}\n' * count)

    assert publish("--dry-run", str(file)).stderr == said
