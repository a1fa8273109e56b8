"""Records written for a person, on a producer that answers when a test says so."""

from contextlib import closing

import pytest
from kafka.errors import KafkaTimeoutError

from streams import writing
from streams.broker import BrokerError
from streams.errors import WirewatchError
from streams.records import Outgoing
from streams.settings import Settings
from streams.writing import Writer


class Future:
    """The broker's word, after some time-outs; ``answer`` None: never."""

    def __init__(self, timeouts=0, answer="written"):
        self.left, self.answer, self.is_done = timeouts, answer, False

    def get(self, timeout):
        if self.left:
            self.left -= 1
            raise KafkaTimeoutError("not yet")
        self.is_done = True
        if self.answer is None:
            raise KafkaTimeoutError("30000 ms has passed")
        return self.answer


class Producer:
    def __init__(self, **options):
        self.options, self.sent, self.closed = options, [], None

    def send(self, topic, **fields):
        self.sent.append((topic, fields))
        return Future()

    def close(self, timeout):
        self.closed = timeout


@pytest.fixture
def writer(monkeypatch):
    monkeypatch.setattr(writing, "reach", lambda settings: None)
    monkeypatch.setattr(writing, "KafkaProducer", Producer)
    return Writer(Settings(broker="127.0.0.1:1", prefix="own."))


def away(settings):
    raise BrokerError("nothing that listens")


def test_headers_that_are_null_are_written_empty_for_the_client_writes_no_others(writer):
    writer.write(Outgoing("articles.raw", b"k", b"v", [("own", b"x"), ("null", None)]))

    [(topic, fields)] = writer._producer.sent
    assert topic == "own.articles.raw"
    assert fields["headers"] == [("own", b"x"), ("null", b"")]


def test_times_are_whole_milliseconds_for_the_client_cannot_write_others(writer):
    assert all(isinstance(value, int) for name, value in writer._producer.options.items() if name.endswith("_ms"))


def test_a_broker_that_goes_away_is_said_once_and_waited_for(writer, monkeypatch, capsys):
    monkeypatch.setattr(writing, "answers", away)

    assert writer.confirm(Future(timeouts=3)) == "written"
    assert capsys.readouterr().err == "nothing that listens; waiting 30 s for it\n"


def test_a_broker_that_is_only_slow_is_waited_for_without_a_word(writer, monkeypatch, capsys):
    monkeypatch.setattr(writing, "answers", lambda settings: None)

    assert writer.confirm(Future(timeouts=3)) == "written"
    assert capsys.readouterr().err == ""


def test_what_is_not_confirmed_is_one_line_and_is_not_waited_for_again(writer, monkeypatch):
    monkeypatch.setattr(writing, "answers", away)

    with (
        pytest.raises(WirewatchError, match=r"^a record was not confirmed by the broker: .*30000 ms.*do again"),
        closing(writer),
    ):
        writer.confirm(Future(timeouts=2, answer=None))
    assert writer._producer.closed == 0
