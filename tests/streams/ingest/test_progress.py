from datetime import UTC, datetime, timedelta

import pytest

from schemas.feed import FeedState
from streams.ingest.identity import news
from streams.ingest.progress import (
    LOST,
    MOVED_SEEN,
    Failure,
    Reply,
    address,
    after_failure,
    after_news,
    after_no_news,
    conditions,
    to_be_checked,
)

NOW = datetime(2024, 1, 5, 9, tzinfo=UTC)
HERE = "https://feeds.example.org/news"
NEVER_READ = FeedState(id="a-feed")


def reply(status=200, **changes):
    return Reply(HERE, status, **{"etag": 'W/"1"', "last_modified": "Fri, 05 Jan 2024 08:00:00 GMT", **changes})


@pytest.fixture
def read(document, entry):
    def build(state, *numbers, now=NOW, doubted=False, **changes):
        page = document(*map(entry, numbers))
        return after_news(state, reply(**changes), page, news(page, state), now, 0.0, doubted=doubted)

    return build


def test_validators_go_back_as_they_came(read):
    assert conditions(NEVER_READ) == {}
    assert conditions(read(NEVER_READ, 1)) == {
        "If-None-Match": 'W/"1"',
        "If-Modified-Since": "Fri, 05 Jan 2024 08:00:00 GMT",
    }


def test_validators_of_a_304_are_kept_and_those_it_does_not_name_stay(read):
    state = after_no_news(read(NEVER_READ, 1), reply(304, etag='"2"', last_modified=None), NOW, 0.0)

    assert (state.etag, state.last_modified) == ('"2"', "Fri, 05 Jan 2024 08:00:00 GMT")
    assert after_no_news(state, reply(304, etag=None), NOW, 0.0).etag == '"2"'


def test_an_answer_in_full_without_validators_ends_the_old_ones(read):
    assert conditions(read(read(NEVER_READ, 1), 1, etag=None, last_modified=None)) == {}


def test_what_a_document_asks_for_holds_until_the_next_one(document, entry):
    page = document(entry(1), refresh=900.0)
    state = after_news(NEVER_READ, reply(), page, news(page, NEVER_READ), NOW, 0.0, doubted=False)
    for _ in range(5):
        state = after_no_news(state, reply(304), NOW, 0.0)

    assert (state.interval, state.why) == (900.0, "as the publisher asks")


def test_a_304_is_checked_once_a_day(read):
    state = read(NEVER_READ, 1)

    assert not to_be_checked(state, NOW + timedelta(hours=23))
    assert to_be_checked(state, NOW + timedelta(hours=24))
    assert not to_be_checked(read(state, 1, now=NOW + timedelta(hours=24), doubted=True), NOW + timedelta(hours=25))


def test_a_feed_that_had_news_under_a_304_is_always_read_in_full(read):
    caught = read(read(NEVER_READ, 1), 2, 1, doubted=True)

    assert not caught.conditional
    assert conditions(caught) == {}
    assert read(read(NEVER_READ, 1), 1, doubted=True).conditional


def test_a_feed_moves_when_permanent_redirects_have_led_there_often_enough(read, feed):
    state, there = NEVER_READ, "https://new.example.org/feed"
    for _ in range(MOVED_SEEN - 1):
        state = read(state, 1, moved=there)
        assert address(feed, state) == feed.url

    assert address(feed, read(state, 1, moved=there)) == there
    assert address(feed, read(read(state, 1), 1, moved=there)) == feed.url


def test_a_feed_that_is_lost_where_it_moved_to_is_looked_for_at_its_old_address(feed):
    state = NEVER_READ.model_copy(update={"url": "https://new.example.org/feed"})
    for _ in range(LOST):
        assert address(feed, state) == "https://new.example.org/feed"
        state = after_failure(state, Failure("404"), NOW, 0.0)

    assert address(feed, state) == feed.url


def test_failures_are_counted_and_told_and_forgotten_when_it_works_again(read):
    failed = after_failure(after_failure(read(NEVER_READ, 1), Failure("no"), NOW, 0.0), Failure("none"), NOW, 0.0)

    assert (failed.errors, failed.error, failed.seen) == (2, "none", read(NEVER_READ, 1).seen)
    assert failed.due == NOW + timedelta(hours=1)
    well = after_no_news(failed, reply(304), NOW, 0.0)
    assert (well.errors, well.error) == (0, None)


def test_a_server_is_left_alone_as_long_as_it_asks_and_at_most_a_day():
    asked = after_failure(NEVER_READ, Failure("busy", after=7200), NOW, 0.5)

    assert asked.due >= NOW + timedelta(hours=2)
    assert after_failure(NEVER_READ, Failure("busy", after=1e9), NOW, 0.0).due <= NOW + timedelta(days=1)


def test_only_a_feed_that_is_gone_is_not_asked_again():
    assert after_failure(NEVER_READ, Failure("gone", gone=True), NOW, 0.0).gone
    state = NEVER_READ
    for _ in range(1000):
        state = after_failure(state, Failure("404"), NOW, 0.0)
    assert not state.gone
    assert state.due <= NOW + timedelta(days=1)
