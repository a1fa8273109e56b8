from streams.app import GRACE_SECONDS, session_seconds
from streams.settings import Settings


def test_the_broker_waits_longer_for_a_worker_than_the_worker_may_take_over_an_article():
    assert session_seconds(Settings(article_seconds=30)) == 30 + GRACE_SECONDS


def test_a_short_limit_for_articles_does_not_make_the_broker_impatient():
    assert session_seconds(Settings(article_seconds=2)) == 10
