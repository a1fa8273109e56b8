"""Compressed batches; the tests fail on the clients as they are."""

from types import SimpleNamespace

import kafka.codec
import kafka.record.default_records
import pytest
from aiokafka.consumer import fetcher
from aiokafka.record import default_records
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.structs import TopicPartition
from kafka.record.memory_records import MemoryRecords

from schemas.topics import RAW
from streams import compressed
from streams.compressed import OPENED_BY, read_compressed
from streams.header_names import read_any_name
from streams.process import decoded
from streams.records import record_read
from streams.stage import Reason

CODECS = {"gzip": 1, "snappy": 2, "lz4": 3, "zstd": 4}


@pytest.fixture(autouse=True)
def mended(monkeypatch):
    """The mend, for one test only."""
    compiled = __import__(default_records.DefaultRecordBatch.__module__, fromlist=["zstd_decode"])
    for module in (default_records, compiled, kafka.record.default_records):
        for name in OPENED_BY.values():
            monkeypatch.setattr(module, name, getattr(module, name))  # put back as it was afterwards
    for owner, name in (
        *((kafka.codec, f"has_{codec}") for codec in CODECS),
        (fetcher, "MemoryRecords"),
        (fetcher.PartitionRecords, "_unpack_records"),
        (kafka.record.default_records.DefaultRecordBatch, "_read_msg"),
        (kafka.record.default_records.DefaultRecordBatch, "__iter__"),
    ):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    read_any_name()
    read_compressed()


def fetched(codec, values, headers=()):
    """Records as a broker gives them, in one batch."""
    builder = DefaultRecordBatchBuilder(2, CODECS[codec], 0, -1, -1, -1, 1 << 30)
    for offset, value in enumerate(values):
        builder.append(offset, 1_000, b"k", value, list(headers))
    return bytes(builder.build())


def read(data, check=True):
    partition = TopicPartition("articles.raw", 0)
    return fetcher.PartitionRecords(partition, fetcher.MemoryRecords(data), [], 0, None, None, check, 0)


def _received(record):
    """A record of kafka-python's as its consumer gives it."""
    return SimpleNamespace(
        partition=0, offset=record.offset, timestamp=1000, key=record.key, value=record.value, headers=record.headers
    )


@pytest.mark.parametrize("codec", CODECS)
def test_both_clients_read_every_codec(codec):
    data = fetched(codec, [b"one " * 100, b"two"])

    assert [record.value for record in read(data)] == [b"one " * 100, b"two"]
    assert [bytes(r.value) for r in MemoryRecords(data).next_batch()] == [b"one " * 100, b"two"]


@pytest.mark.parametrize("codec", ["gzip", "lz4", "zstd"])
def test_a_batch_that_would_fill_the_memory_is_rejected_record_by_record(codec, monkeypatch):
    monkeypatch.setattr(compressed, "MOST_BYTES", 1 << 20)
    data = fetched(codec, [b"small", bytes(2 << 20)])

    records = read(data)
    rejects = [decoded(RAW, record_read("articles.raw", record)) for record in records]

    assert [reject.reason for reject in rejects] == [Reason.NOT_JSON, Reason.NOT_JSON]
    assert all("hold more than 1 MB" in reject.detail for reject in rejects)
    assert records.next_fetch_offset == 2
    for record in MemoryRecords(data).next_batch():
        assert decoded(RAW, record_read("articles.raw", _received(record))).detail == rejects[0].detail


def test_what_follows_a_batch_that_cannot_be_opened_is_read():
    broken = bytearray(fetched("zstd", [b"lost"]))
    broken[61:65] = bytes(4)  # of the compressed part
    whole = bytearray(fetched("snappy", [b"found"]))
    whole[7] = 1  # its base offset

    found = list(read(bytes(broken + whole), check=False))

    assert [(record.offset, record.value) for record in found] == [(0, b""), (1, b"found")]
    assert "could not be read" in dict(found[0].headers)["wirewatch_unreadable"].decode()


def test_a_batch_that_is_compressed_well_is_read():
    even = b"the same again " * 100_000

    assert [record.value for record in read(fetched("zstd", [even]))] == [even]
