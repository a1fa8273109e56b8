"""The stage: articles in, the same articles with their entities out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import CleanArticle
from streams.entities import Tagger, load_tagger
from streams.stages.tag import Tag


@pytest.fixture(scope="module")
def tag() -> Tag:
    return Tag(load_tagger())


def article(body: str, title: str | None = None, language: str | None = "en") -> CleanArticle:
    return CleanArticle(id="1", title=title, body=body, language=language)


WORDS = st.sampled_from(
    [
        "Baghdad",
        "IRAQ",
        "Iraq’s",
        "U.S.",
        "al-Jawari",
        "والعراق",
        "北京",
        "Ирака",
        "É́cole",
        "\u202e",
        "\n\n",
        "the",
        "(",
        "\ud800",
    ]
)
ANY_TEXT = st.one_of(st.text(), st.lists(WORDS).map(" ".join), st.lists(WORDS).map("".join))


@settings(max_examples=150)
@given(title=st.one_of(st.none(), ANY_TEXT), body=ANY_TEXT)
def test_every_mention_slices_to_its_surface_in_any_text(tag, title, body):
    given_article = CleanArticle.model_construct(id="1", title=title, body=body, language=None)

    for entity in tag.tagger.tag(given_article):
        for mention in entity.mentions:
            text = (given_article.title or "") if mention.field == "title" else given_article.body
            assert text[mention.start : mention.end] == mention.surface
            assert mention.surface.strip()


@settings(max_examples=30)
@given(bodies=st.lists(ANY_TEXT, max_size=6))
def test_many_articles_at_once_get_the_outcomes_of_each_alone(tag, bodies):
    articles = [
        CleanArticle.model_construct(id=str(n), title=None, body=body, language=None) for n, body in enumerate(bodies)
    ]

    assert [tagged for [tagged] in tag.run_many(articles)] == [tag(each)[0] for each in articles]


def test_the_tagged_article_keeps_every_field_and_names_its_tagger(tag):
    clean = CleanArticle(
        id="a", title="Talks in Baghdad", body="Iraq and Iran met.", source="Example", position="p-0-1"
    )

    [tagged] = tag(clean)

    assert (tagged.id, tagged.title, tagged.body, tagged.source, tagged.position) == (
        "a",
        clean.title,
        clean.body,
        "Example",
        "p-0-1",
    )
    assert tagged.tagger == tag.tagger.version
    assert tagged.sketch is None


def test_the_same_tables_give_the_same_version(tag):
    assert load_tagger().version == tag.tagger.version
    assert isinstance(tag.tagger, Tagger)
