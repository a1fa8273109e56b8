"""Records whose header names are no UTF-8, which clients in C may write: both Kafka clients give up at one of them,
and at the same one again after every restart. Here such a name is read with its bytes escaped, ``\\xe9tat``.
"""

from collections.abc import Iterator
from typing import Any

import kafka.record.default_records
from aiokafka.consumer import fetcher
from aiokafka.record import default_records, memory_records

from streams.compressed import openable, read_compressed

_unpack: Any = fetcher.PartitionRecords._unpack_records
_read_plainly: Any = kafka.record.default_records.DefaultRecordBatch._read_msg
_Compiled: Any = memory_records.MemoryRecords


class _Buffer(bytearray):
    """Bytes that can always be decoded, whatever part of them."""

    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        return _Buffer(found) if isinstance(at, slice) else found

    def decode(self, *_: Any, **__: Any) -> str:
        return bytes(self).decode("utf-8", "backslashreplace")


class _Batch(default_records._DefaultRecordBatchPy):  # type: ignore[misc]
    def _read_msg(self, *rest: Any) -> Any:
        if not isinstance(self._buffer, _Buffer):
            self._buffer = _Buffer(self._buffer)
        return super()._read_msg(*rest)


class _Records(memory_records._MemoryRecordsPy):  # type: ignore[misc]
    def next_batch(self, *_: Any) -> Any:
        assert self._next_slice is not None
        batch = _Batch(self._next_slice)
        self._cache_next()
        return openable(batch)


class _Fetched(_Compiled):  # type: ignore[misc]
    """aiokafka's reader of what was fetched, which keeps that for a second reading."""

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.data = data

    def next_batch(self) -> Any:
        return openable(super().next_batch())


def _unpacked(self: Any) -> Iterator[Any]:
    """In place of ``PartitionRecords._unpack_records``: read again what could not be read, from where it stopped."""
    try:
        yield from _unpack(self)
    except UnicodeDecodeError:
        self._records = _Records(self._records.data)
        yield from _unpack(self)


def _read(self: Any, *rest: Any) -> Any:
    """In place of kafka-python's ``DefaultRecordBatch._read_msg``."""
    try:
        return _read_plainly(self, *rest)
    except UnicodeDecodeError:
        self._buffer = _Buffer(self._buffer)
        return _read_plainly(self, *rest)


def read_any_name() -> None:
    """Make both clients read such records; again is no harm."""
    setattr(fetcher, "MemoryRecords", _Fetched)  # noqa: B010
    setattr(fetcher.PartitionRecords, "_unpack_records", _unpacked)  # noqa: B010
    setattr(kafka.record.default_records.DefaultRecordBatch, "_read_msg", _read)  # noqa: B010


def read_any_record() -> None:
    """Make both clients read whatever a publisher may write: headers of any name, batches of every codec."""
    read_any_name()
    read_compressed()
