import faust
import pytest

from streams import app as shell
from streams.app import GRACE_SECONDS, HopApp, session_seconds
from streams.pipeline import hops_of
from streams.settings import Settings
from streams.table import build_table


class Consumer:
    """What an app asks of its consumer when partitions are revoked; it had none."""

    flow_active = True

    def assignment(self):
        return set()

    def stop_flow(self):
        self.flow_active = False


@pytest.fixture
def followed(tmp_path):
    """The app of a hop that follows its assignments, and its consumer."""
    settings = Settings(home=tmp_path, broker="127.0.0.1:1")
    app = faust.App("followed", datadir=tmp_path)
    app.consumer = consumer = Consumer()
    app.flow_control.resume()
    [_, hop, _] = hops_of(settings.pipeline, build_table(settings, lambda: None))
    shell._follow_assignments(HopApp(hop, app, None, None, None, None, ready=True), settings)
    return app, consumer


def test_the_broker_waits_longer_for_a_worker_than_the_worker_may_take_over_an_article():
    assert session_seconds(Settings(article_seconds=30)) == 30 + GRACE_SECONDS


def test_a_short_limit_for_articles_does_not_make_the_broker_impatient():
    assert session_seconds(Settings(article_seconds=2)) == 10


async def test_a_worker_that_had_no_partitions_takes_nothing_before_the_state_of_new_ones_is_there(followed):
    app, consumer = followed

    await app._on_partitions_revoked(set())

    assert not consumer.flow_active
    assert not app.flow_control.is_active()
