"""Compressed batches: read in every codec that producers have, and never into more memory than there is.

aiokafka decompresses with cramjam, kafka-python wants another library for each codec; here both use one. A batch of
some kilobytes may hold gigabytes. One that does, or that cannot be opened, would end the worker at the same place
after every restart: its records are read without what they hold, each with a header that says why.
"""

import gzip
import io
import mmap
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, cast

import aiokafka.codec
import aiokafka.record.default_records as plain
import cramjam
import kafka.codec
import kafka.record.default_records as others

from streams.records import UNREADABLE

MOST_BYTES = 128 << 20
"""Of a batch, decompressed: thirty times what a topic takes at once."""
USUAL_RATIO = 40
"""Compressed more than so many times, a batch costs a second attempt."""
OPENED_BY = {"gzip": "gzip_decode", "snappy": "snappy_decode", "lz4": "lz4_decode", "zstd": "zstd_decode"}

_iterate: Any = others.DefaultRecordBatch.__iter__


def read_compressed() -> None:
    """Make both clients read all codecs, within bounds; again is no harm."""
    openers = {
        "gzip": _open_gzip,
        "snappy": aiokafka.codec.snappy_decode,  # no format of it makes more than twenty times as much
        "lz4": _bounded(cramjam.lz4.decompress_into),
        "zstd": _bounded(cramjam.zstd.decompress_into),
    }
    for module in (plain, sys.modules[plain.DefaultRecordBatch.__module__], others):
        for codec, name in OPENED_BY.items():
            setattr(module, name, openers[codec])
    for codec in OPENED_BY:
        setattr(kafka.codec, f"has_{codec}", lambda: True)
    setattr(others.DefaultRecordBatch, "__iter__", _opened)  # noqa: B010


def _open_gzip(packed: Any) -> bytes:
    found = gzip.GzipFile(fileobj=io.BytesIO(packed)).read(MOST_BYTES + 1)
    if len(found) > MOST_BYTES:
        raise ValueError(f"{len(packed)} bytes of gzip hold more than {MOST_BYTES >> 20} MB")
    return found


def _bounded(open_into: Callable[[Any, Any], int]) -> Callable[[Any], bytes]:
    """Decompression into as much room as is usual, or else as much as there may be.

    That is a mapping, of which only what is written costs anything.
    """

    def decode(packed: Any) -> bytes:
        usual = bytearray(min(USUAL_RATIO * len(packed), MOST_BYTES))
        try:
            return bytes(memoryview(usual)[: open_into(packed, usual)])
        except cramjam.DecompressionError:
            del usual
        with mmap.mmap(-1, MOST_BYTES) as room:
            try:
                return room[: open_into(packed, room)]
            except cramjam.DecompressionError as error:
                most = f"{MOST_BYTES >> 20} MB"
                raise ValueError(f"{len(packed)} bytes hold more than {most}, or are damaged: {error}") from None

    return decode


class _Compressed:
    """A compressed batch of aiokafka's; where it cannot be opened, as many records, empty but for why."""

    def __init__(self, batch: Any) -> None:
        self._batch = batch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __iter__(self) -> Iterator[Any]:
        try:
            return iter(self._batch)
        except Exception as error:
            return _stand_ins(self._batch, plain.DefaultRecord, error)


def openable(batch: Any) -> Any:
    """``batch`` of aiokafka's, which will not raise where its compression cannot be undone."""
    return _Compressed(batch) if batch.compression_type else batch


def _opened(batch: Any) -> Iterator[Any]:
    """In place of kafka-python's ``DefaultRecordBatch.__iter__``: the same."""
    try:
        return cast(Iterator[Any], _iterate(batch))
    except Exception as error:
        return _stand_ins(batch, partial(others.DefaultRecord, 0), error)


def _stand_ins(batch: Any, record: Callable[..., Any], error: Exception) -> Iterator[Any]:
    why = [(UNREADABLE, f"a compressed batch could not be read: {error}".encode())]
    for offset in range(batch.base_offset, batch.next_offset):
        yield record(offset, batch.max_timestamp, batch.timestamp_type, None, b"", why)
