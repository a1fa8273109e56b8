"""``wirewatch topics``: what is declared depends on where the pipeline has topics between its stages."""

import pytest
from click.testing import CliRunner

from streams.commands import topics


@pytest.mark.parametrize(
    ("pipeline", "declared"),
    [
        ("clean+tag | dedupe | alert", False),
        ("clean | tag | dedupe | alert", True),
        ("clean", True),
        ("tag | dedupe", True),
        ("dedupe", False),
    ],
)
def test_the_topic_between_cleaning_and_tagging_is_only_there_where_something_is_written_between_them(
    monkeypatch, pipeline, declared
):
    monkeypatch.setattr(topics, "describe_topics", lambda *_, **__: ())

    done = CliRunner().invoke(
        topics.topics, ["list"], env={"WIREWATCH_PIPELINE": pipeline, "WIREWATCH_BROKER": "127.0.0.1:1"}
    )

    names = [line.split()[0] for line in done.output.splitlines()]
    assert ("articles.clean" in names) is declared
    assert {"articles.raw", "articles.tagged", "dedupe.changelog"} <= set(names)
