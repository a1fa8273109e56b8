"""``wirewatch trace``: which records are of an article, and what each of them says."""

import pytest

from schemas import topics
from schemas.article import EnrichedArticle
from streams.commands.trace import Wanted, what
from streams.records import Record, dead_letter
from streams.stage import Reason, Reject

URL = "https://news.example.org/a/b?utm_source=feed"


def record(topic, value, key=b"k", headers=()):
    return Record(topic.name, 0, 3, 1.0, key, value, headers)


def enriched(**fields):
    return EnrichedArticle(
        **{"id": "a", "body": "It rained.", "verdict": "new", "story": "s", "story_size": 2, "entities": (), **fields}
    ).to_json()


@pytest.mark.parametrize(
    ("value", "key", "expected"),
    [
        (b'{"id": "a", "text": "It rained."}', b"k", True),
        (b'{"id": "b", "text": "a"}', b"k", False),
        (b'{"id": "b", "duplicate_of": "a"}', b"k", False),
        (b"not JSON with an a", b"k", False),
        (b"not JSON", b"a", True),
        (None, b"a", True),
        (b'["a"]', b"k", False),
    ],
)
def test_a_record_is_of_an_article_by_the_id_it_says_or_by_its_key(value, key, expected):
    assert Wanted.of("a").is_in(record(topics.RAW, value, key)) is expected


def test_a_key_that_is_a_story_or_a_language_names_no_article():
    value = b'{"id": "b", "story": "en"}'

    assert not Wanted.of("en").is_in(record(topics.ENRICHED, value, b"en"))
    assert not Wanted.of("en").is_in(record(topics.TAGGED, value, b"en"))


def test_an_article_with_an_id_of_its_publisher_is_found_by_its_url_however_it_is_tagged():
    found = record(topics.RAW, b'{"id": "theirs", "url": "https://news.example.org/a/b#top"}')

    assert Wanted.of(URL).is_in(found)
    assert not Wanted.of("https://news.example.org/a/c").is_in(found)


def test_an_enriched_article_says_its_verdict_and_story():
    assert what(record(topics.ENRICHED, enriched())) == "new, story s of 2"
    assert what(record(topics.ENRICHED, enriched(verdict="near", duplicate_of="b"))) == "near of b, story s of 2"


def test_a_dead_letter_says_the_stage_and_the_reason():
    letter = dead_letter(
        record(topics.RAW, b"{"), "clean-tag", Reject(Reason.NOT_JSON, "cut off"), "articles.rejected", 9
    )

    assert what(record(topics.REJECTED, letter.value, headers=letter.headers)) == "clean-tag: not_json  cut off"
