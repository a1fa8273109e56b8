import math
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.article import CleanArticle, EnrichedArticle, Flag, RawArticle, SharedText, TaggedArticle, Verdict, instant
from schemas.entity import Entity, EntityType, Mention


def test_a_reader_ignores_fields_of_later_versions():
    article = CleanArticle.model_validate_json(b'{"id": "a", "body": "x", "mood": "sunny"}')

    assert "mood" not in article.to_json().decode()


def test_the_short_spelling_of_language_is_read_and_the_long_one_written():
    article = RawArticle.model_validate({"id": "a", "text": "x", "lang": "fr"})

    assert article.language == "fr"
    assert b'"language":"fr"' in article.to_json()


def test_epoch_seconds_are_read_as_a_time_and_written_as_iso_8601():
    article = TaggedArticle.model_validate({"id": "a", "body": "x", "published": 1704931200})

    assert article.published == "2024-01-11T00:00:00+00:00"


@pytest.mark.parametrize("published", [math.inf, -1e300, 1e300])
def test_an_impossible_epoch_is_refused(published):
    with pytest.raises(ValidationError):
        TaggedArticle.model_validate({"id": "a", "body": "x", "published": published})


def test_an_article_without_text_and_html_is_refused():
    with pytest.raises(ValidationError, match="found neither"):
        RawArticle.model_validate({"id": "a"})


def test_a_publisher_cannot_choose_the_position():
    article = RawArticle.model_validate({"id": "a", "text": "x", "position": "articles.raw-9-9"})

    assert article.arrived("articles.raw-0-7", None).position == "articles.raw-0-7"


def test_the_position_of_the_raw_record_is_carried_on():
    article = TaggedArticle(id="a", body="x", position="articles.raw-0-7")

    assert article.arrived("articles.tagged-3-5", None).position == "articles.raw-0-7"


def test_the_effective_time_is_the_earlier_of_published_and_first_seen():
    seen = datetime(2024, 1, 2, tzinfo=UTC)

    assert CleanArticle(id="a", body="x", published="2099-01-01", first_seen=seen).effective == seen
    assert CleanArticle(id="a", body="x", published="2024-01-01", first_seen=seen).effective == instant("2024-01-01")


def test_a_time_of_day_without_a_day_is_no_moment():
    assert instant("16:03") is None


@given(st.text(max_size=30))
def test_no_stated_time_raises(stated):
    assert instant(stated) is None or isinstance(instant(stated), datetime)


@given(st.text(), st.one_of(st.none(), st.text()))
def test_a_message_reads_back_as_it_was_written(body, title):
    article = EnrichedArticle(id="a", body=body.encode("utf-8", "replace").decode(), title=None if not title else "t")

    assert EnrichedArticle.model_validate_json(article.to_json()) == article


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
SHARES = st.floats(0, 1)
MENTIONS = st.builds(
    Mention, field=st.sampled_from(["title", "body"]), start=st.integers(0, 1 << 40), end=st.integers(1, 1 << 40),
    surface=TEXTS, type=st.sampled_from(EntityType),
)  # fmt: skip
ENTITIES = st.builds(
    Entity, id=TEXTS, name=TEXTS, type=st.sampled_from(EntityType), count=st.integers(1, 9), salience=SHARES,
    mentions=st.lists(MENTIONS, max_size=3).map(tuple),
)  # fmt: skip


@given(
    st.builds(
        EnrichedArticle, id=TEXTS, body=TEXTS, title=st.none() | TEXTS, language_confidence=st.none() | SHARES,
        first_seen=st.none() | st.datetimes(timezones=st.timezones()), flags=st.tuples(st.sampled_from(Flag)),
        entities=st.lists(ENTITIES, max_size=2).map(tuple), verdict=st.sampled_from(Verdict), authors=st.tuples(TEXTS),
        shared=st.none() | st.builds(SharedText, of_this=SHARES, of_other=SHARES),
    )
)  # fmt: skip
def test_an_article_is_written_as_any_other_message(article):
    assert article.to_json() == article.__pydantic_serializer__.to_json(article)
