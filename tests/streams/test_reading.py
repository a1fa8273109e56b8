"""Reading topics for a person, on a consumer that a test fills."""

from types import SimpleNamespace

import pytest
from kafka import TopicPartition

from streams import reading
from streams.broker import BrokerError
from streams.reading import Reader, since_of
from streams.settings import Settings

PLACE = TopicPartition("articles.raw", 0)


class Consumer:
    """A topic of one partition that holds ``end`` records, of which none comes."""

    def __init__(self, **_):
        self.end = 1

    def partitions_for_topic(self, name):
        return {0}

    def assign(self, partitions):
        pass

    def end_offsets(self, partitions):
        return {PLACE: self.end}

    def position(self, partition):
        return 0

    def poll(self, milliseconds):
        return {}


@pytest.fixture
def reader(monkeypatch):
    monkeypatch.setattr(reading, "reach", lambda settings: None)
    monkeypatch.setattr(reading, "KafkaConsumer", Consumer)
    monkeypatch.setattr(reading, "QUIET_SECONDS", -1.0)
    return Reader(Settings(broker="127.0.0.1:1"), "articles.raw")


def test_a_broker_that_goes_away_while_a_topic_is_read_ends_the_reading(reader, monkeypatch):
    def answers(settings):
        raise BrokerError("nothing that listens")

    monkeypatch.setattr(reading, "answers", answers)

    with pytest.raises(BrokerError, match="nothing that listens"):
        list(reader.until_now())


def test_who_follows_a_topic_is_told_once_that_the_broker_is_away_and_once_that_it_is_back(reader, monkeypatch):
    looks = iter(["away", "away", "away", "back", "back"])
    said = []

    def answers(settings):
        if next(looks) == "away":
            raise BrokerError("nothing that listens")

    monkeypatch.setattr(reading, "answers", answers)
    monkeypatch.setattr(Reader, "_heard_lately", lambda self: True)
    turns = iter(range(5))

    assert list(reader.following(lambda: next(turns, None) is None, said.append)) == []
    assert said == ["nothing that listens; waiting for it", "the broker is back"]


def test_a_look_at_what_has_come_asks_nobody(reader, monkeypatch):
    monkeypatch.setattr(reading, "answers", SimpleNamespace())  # not to be called

    assert reader.once(1) == []


@pytest.mark.parametrize("span", ["10m", "1.5h", "0s", "all", "99999999d"])
def test_a_span_lies_before_now(span):
    assert since_of(span) >= 0.0
