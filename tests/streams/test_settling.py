"""What a batch came to is written and confirmed; what the broker refuses for its size becomes a dead letter."""

import asyncio
from types import SimpleNamespace

import pytest
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from schemas.article import CleanArticle, RawArticle
from schemas.topics import CLEAN, RAW, REJECTED
from streams import metrics
from streams.agents import HopWorker
from streams.deciding import Decided
from streams.pipeline import Hop
from streams.records import Record, described
from streams.settings import Settings
from streams.settling import Settler
from streams.stage import Step

LIMIT = 3000


class Producer:
    """Refuses a whole batch for one large record, as a broker does; what is sent alone is judged alone."""

    def __init__(self, error=MessageSizeTooLargeError):
        self.written, self._batch, self._error = [], [], error

    async def send(self, topic, key, value, partition, timestamp, headers):
        future = asyncio.get_running_loop().create_future()
        if not self._batch:
            asyncio.get_running_loop().call_soon(self._flush)
        self._batch.append((future, topic, value, headers))
        return future

    def _flush(self):
        batch, self._batch = self._batch, []
        refused = any(topic == CLEAN.name and len(value) > LIMIT for _, topic, value, _ in batch)
        for future, topic, value, headers in batch:
            if refused:
                future.set_exception(self._error())
            else:
                self.written.append((topic, value, headers))
                future.set_result(SimpleNamespace(offset=len(self.written)))


def article(record):
    message = RawArticle.model_validate_json(record.value)
    return CleanArticle(id=message.id, body=message.text)


class Cleaning:
    async def decide(self, records):
        return Decided([[article(record)] for record in records])


def records(*texts):
    values = [RawArticle(id=f"a{n}", text=text).to_json() for n, text in enumerate(texts)]
    return [Record(RAW.name, 0, n, 0.0, b"k", value) for n, value in enumerate(values)]


def take(producer, batch):
    step = Step("clean", reads=RAW, writes=(CLEAN,), run=lambda message: [message])
    metrics.start_series(["clean"], [("clean", CLEAN.name)])
    guard = SimpleNamespace(settled=lambda: None, tried=0)

    async def work():
        settler = Settler(SimpleNamespace(producer=producer), Settings(), "clean", None)
        return await HopWorker(Hop((step,)), Cleaning(), guard, settler, None).take(batch)

    return asyncio.run(work())


def bodies(producer, topic):
    return [value for name, value, _ in producer.written if name == topic]


def test_what_the_broker_confirms_is_settled():
    producer = Producer()
    take(producer, records("one", "two"))
    assert len(bodies(producer, CLEAN.name)) == 2


def test_a_record_the_broker_finds_too_large_becomes_a_dead_letter_and_its_neighbours_go_through():
    producer = Producer()
    batch = records("one", "x" * LIMIT, "two")
    take(producer, batch)
    assert [CleanArticle.model_validate_json(v).id for v in bodies(producer, CLEAN.name)] == ["a0", "a2"]
    [(value, headers)] = [(value, headers) for name, value, headers in producer.written if name == REJECTED.name]
    assert value == batch[1].value
    why = described(headers)
    assert (why.reason, why.topic, why.offset) == ("too_large", RAW.name, 1)


def test_such_a_record_is_counted_as_rejected():
    before = metrics.articles.labels("clean", "rejected", "too_large")._value.get()
    take(Producer(), records("x" * LIMIT))
    assert metrics.articles.labels("clean", "rejected", "too_large")._value.get() == before + 1


def test_any_other_failure_of_a_delivery_leaves_the_batch_unsettled():
    with pytest.raises(KafkaError):
        take(Producer(error=KafkaError), records("x" * LIMIT))
