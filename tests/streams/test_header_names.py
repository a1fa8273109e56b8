"""Records whose header names are no UTF-8; both tests fail on the clients as they are."""

import struct

import kafka.record.default_records
import kafka.record.memory_records
import pytest
from aiokafka.consumer import fetcher
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.structs import TopicPartition
from crc32c import crc32c

from streams.header_names import read_any_name


@pytest.fixture(autouse=True)
def mended(monkeypatch):
    """The mend, for one test only."""
    for owner, name in (
        (fetcher, "MemoryRecords"),
        (fetcher.PartitionRecords, "_unpack_records"),
        (kafka.record.default_records.DefaultRecordBatch, "_read_msg"),
    ):
        monkeypatch.setattr(owner, name, getattr(owner, name))  # put back as it was afterwards
    read_any_name()


@pytest.fixture
def fetched():
    """Three records as a broker gives them, the second with a header name in Latin-1."""
    builder = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, -1, 10_000)
    for offset in range(3):
        builder.append(offset, 1_000, b"k", b"v%d" % offset, [("etat", b"x")] if offset == 1 else [])
    batch = bytearray(builder.build())
    batch[batch.index(b"etat")] = 0xE9
    struct.pack_into(">I", batch, 17, crc32c(bytes(batch[21:])))
    return bytes(batch)


NAMES = [[], ["\\xe9tat"], []]


def test_aiokafka_goes_on_behind_a_header_name_that_is_no_utf_8(fetched):
    records = fetcher.PartitionRecords(
        TopicPartition("articles.raw", 0), fetcher.MemoryRecords(fetched), [], 0, None, None, True, 0
    )

    found = list(records)

    assert [record.offset for record in found] == [0, 1, 2]
    assert [[name for name, _ in record.headers] for record in found] == NAMES
    assert [record.value for record in found] == [b"v0", b"v1", b"v2"]
    assert records.next_fetch_offset == 3


def test_kafka_python_goes_on_behind_it_too(fetched):
    found = list(kafka.record.memory_records.MemoryRecords(fetched).next_batch())

    assert [[name for name, _ in record.headers] for record in found] == NAMES
    assert [bytes(record.value) for record in found] == [b"v0", b"v1", b"v2"]
