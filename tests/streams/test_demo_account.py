"""The arithmetic of the demo: what is owed, what has come, and whether it balances."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.topics import RAW
from streams import demo as module
from streams.demo import COLUMNS, Account, Watch, at_rest, balance, publish, table
from streams.records import Record
from streams.settings import Settings

numbers = st.integers(0, 1000)


def row(received, sent=0, dropped=0, rejected=0, in_flight=0):
    return dict(zip(COLUMNS, (received, sent, dropped, rejected, in_flight), strict=True))


def test_an_article_is_open_until_it_is_enriched_or_rejected():
    account = Account({"a", "b", "c"}, {"a"}, {"b": "not_json"})

    assert account.open == {"c"}
    account.enriched.add("c")
    assert account.open == set()


def test_what_was_not_published_here_owes_nothing():
    assert Account(set(), {"from an earlier run"}, {"another": "invalid"}).open == set()


@given(numbers, numbers, numbers, numbers, st.integers(-5, 5))
def test_a_stage_balances_exactly_or_not_at_all(sent, dropped, rejected, in_flight, lost):
    received = sent + dropped + rejected + in_flight + lost

    assert balance(row(received, sent, dropped, rejected, in_flight)) == (lost == 0)


def test_columns_that_a_stage_has_not_counted_are_nothing():
    assert balance({"received": 2, "sent": 2})
    assert balance({})


def test_stages_are_at_rest_when_each_has_settled_what_the_one_before_gave():
    counts = {"clean": row(5, 4, rejected=1), "dedupe": row(4, 4), "alert": row(4, 1, dropped=3)}

    assert at_rest(counts)
    assert not at_rest({**counts, "dedupe": row(3, 3)})
    assert not at_rest({**counts, "alert": row(4, 1, dropped=2, in_flight=1)})
    assert not at_rest({**counts, "alert": row(4, 1)})
    assert not at_rest({})


def test_the_table_says_of_each_stage_whether_it_balances():
    head, good, bad = table({"clean": row(5, 4, rejected=1), "dedupe": row(4, 3)})

    assert head.split() == ["stage", *" ".join(COLUMNS).split(), "balances"]
    assert good.split() == ["clean", "5", "4", "0", "1", "0", "yes"]
    assert bad.split()[-1] == "NO"


class Broker:
    """What the demo has written, for its readers to find."""

    def __init__(self):
        self.records = []

    def writer(self, _settings):
        return self

    def reader(self, _settings, topic):
        once = lambda _wait: [record for record in self.records if record.topic == topic]  # noqa: E731
        return SimpleNamespace(from_end=lambda: None, once=once, close=lambda: None)

    def send(self, out):
        self.records.append(Record(out.topic, 0, len(self.records), 1.0, out.key, out.value, out.headers))
        return self.records[-1]

    def confirm(self, sent):
        return SimpleNamespace(partition=sent.partition, offset=sent.offset)

    def close(self):
        pass


@pytest.fixture
def broker(monkeypatch):
    found = Broker()
    monkeypatch.setattr("streams.publishing.Writer", found.writer)
    monkeypatch.setattr(module, "Reader", found.reader)
    return found


@pytest.mark.parametrize("name", ["large.txt", "large.json"])
def test_an_article_too_large_for_a_raw_record_is_accounted_for_as_rejected(broker, tmp_path, name):
    (tmp_path / name).write_text("It rained. " * (RAW.limit // 10))
    account = Account()

    assert publish(Settings(), [tmp_path / name], account) == 1
    assert len(account.open) == 1
    Watch(Settings(), lambda _alert: None).look(account)

    assert account.open == set()
    assert list(account.rejected.values()) == ["too_large"]


def test_the_demo_publishes_articles_as_publish_does_and_records_as_they_stand(broker, tmp_path):
    (tmp_path / "a.txt").write_text("It rained.")
    (tmp_path / "b.json").write_text('{"id": "b", }')
    publish(Settings(), sorted(tmp_path.iterdir()), Account())

    article, record = broker.records
    assert dict(article.headers)["ce_type"] == b"wirewatch.articles.raw.v1"
    assert (record.key, record.value, record.headers) == (b"b", b'{"id": "b", }', ())
