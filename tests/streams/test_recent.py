"""Messages that come back to the process that wrote them are not read again; nobody may see a difference."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas import topics
from schemas.article import CleanArticle, TaggedArticle
from schemas.base import Message
from streams.changelog import Kept, PartitionState
from streams.made import made_article, made_page
from streams.pipeline import Hop
from streams.process import decoded, remembered, walk
from streams.publishing import ArticleError, articles_in
from streams.recent import LARGEST, Recent
from streams.records import Record
from streams.settings import Settings
from streams.stage import Drop, Reject
from streams.table import build_table

SEEDS = Path(__file__).resolve().parents[2] / "seeds" / "articles"
NAME = topics.TAGGED.name


def tagged(number, body="text"):
    return TaggedArticle(id=f"id{number}", body=body, position=f"articles.raw-0-{number}")


def record(value):
    return Record(NAME, 0, 1, 1.0, b"k", value)


def test_what_was_written_here_is_taken_as_it_was_and_once():
    recent, message = Recent({NAME}), tagged(1)
    recent.note(NAME, message.to_json(), message)

    assert decoded(topics.TAGGED, record(message.to_json()), recent) is message
    again = decoded(topics.TAGGED, record(message.to_json()), recent)
    assert again == message
    assert again is not message


def test_one_other_byte_is_another_message():
    recent, message = Recent({NAME}), tagged(1)
    recent.note(NAME, message.to_json(), message)
    other = message.to_json().replace(b'"text"', b'"texts"')

    assert decoded(topics.TAGGED, record(other), recent).body == "texts"


def test_the_same_bytes_on_another_topic_are_read():
    recent, message = Recent({NAME}), tagged(1)
    recent.note(NAME, message.to_json(), message)

    assert type(decoded(topics.CLEAN, record(message.to_json()), recent)) is CleanArticle


@pytest.mark.parametrize(
    ("topic", "message"),
    [
        (topics.STORIES.name, tagged(1)),
        (NAME, TaggedArticle(id="a", body="its reader gives it a position")),
        (NAME, tagged(1, "x" * LARGEST)),
    ],
)
def test_what_no_hop_here_reads_as_it_is_or_what_is_large_is_not_kept(topic, message):
    recent = Recent({NAME})
    recent.note(topic, message.to_json(), message)

    assert recent.take(topics.TAGGED, message.to_json()) is None


def test_what_does_not_come_back_is_forgotten_behind_newer_ones():
    recent, messages = Recent({NAME}, most=3), [tagged(number) for number in range(5)]
    for message in messages:
        recent.note(NAME, message.to_json(), message)

    assert [recent.take(topics.TAGGED, m.to_json()) for m in messages] == [None, None, *messages[2:]]


def difference(one, other, path="message"):
    """Where two values differ in anything, types included; empty where nowhere."""
    if type(one) is not type(other):
        return f"{path}: {one!r:.80} is no {other!r:.80}"
    if isinstance(one, Message):
        return difference(one.__dict__, other.__dict__, path)
    if isinstance(one, dict) and one.keys() == other.keys():
        return "".join(difference(one[key], other[key], f"{path}.{key}") for key in one)
    if isinstance(one, (tuple, list)) and len(one) == len(other):
        return "".join(difference(a, b, f"{path}[{i}]") for i, (a, b) in enumerate(zip(one, other, strict=True)))
    return "" if one == other else f"{path}: {one!r:.80} differs from {other!r:.80}"


@pytest.fixture(scope="module")
def table():
    return build_table(Settings(_env_file=None), tuple)


@pytest.fixture(scope="module")
def articles():
    seeds = [article for path in sorted(SEEDS.iterdir()) for article in read(path)]
    return [*seeds, *(made_article(i) for i in range(3)), made_page(1), made_article(1)]


def read(path):
    try:
        return list(articles_in(path))
    except ArticleError:  # seeds show also what is no article
        return []


def test_what_every_stage_writes_is_read_back_the_same_type_by_type(table, articles):
    memory, seen = PartitionState(table["dedupe"].memory()), 0
    first_seen = datetime(2024, 5, 5, 12, 0, 0, 123000, tzinfo=UTC)
    for number, raw in enumerate(articles):
        [outcome] = walk(
            Hop((table["clean"], table["tag"])).steps, [raw.arrived(f"articles.raw-0-{number}", first_seen)]
        )
        if isinstance(outcome, Drop | Reject):
            continue
        for message in [*outcome, *remembered(memory, outcome[0], 1, Kept())]:
            back = type(message).model_validate_json(message.to_json())
            assert difference(message, back) == ""
            assert back.to_json() == message.to_json()
            seen += 1

    assert seen > 15


def test_a_difference_of_type_alone_is_a_difference():
    article = tagged(1)

    assert "authors" in difference(article, article.model_copy(update={"authors": []}))
    assert "[0]" in difference((1,), (1.0,))
