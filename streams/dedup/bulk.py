"""Many records at once, as columns: what restoring a memory reads, at a few microseconds a record."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from streams import kernels
from streams.dedup.record import SECTIONS, VERSION, Mark, Record
from streams.dedup.terms import MOST

Numbers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

_HEAD = np.dtype([
    ("version", "u1"), ("marks", "u1"), ("time", "<i8"), ("stream", "<i8"), ("body", "<u8"), ("title", "<u8"),
    ("words", "<u4"), ("publisher", "<u8"), ("maker", "<u4"), ("group", "<i8"), ("reach", "<u8"), ("story", "<i8"),
    ("likeness", "<u2"), ("size", "<u4"), ("publishers", "<u4"), ("first", "<i8"), ("last", "<i8"),
    ("strand", "<i8"),
    ("lengths", "<u4", len(SECTIONS)),
])  # fmt: skip
_FIRST = np.zeros(1, dtype=np.int64)
_STARTS = np.cumsum((0, *MOST[:-1]))


class Join(NamedTuple):
    """What a record says of the story its article joins."""

    story: int
    name: str
    merged: list[int]
    publisher: int
    time: int
    size: int
    publishers: int
    first: int
    last: int


class Records:
    """Packed records of consecutive decisions, opened together; ValueError where one is of another version or torn."""

    def __init__(self, packed: Sequence[bytes]) -> None:
        self.packed = packed
        size = _HEAD.itemsize
        lengths = np.fromiter(map(len, packed), dtype=np.int64, count=len(packed))
        every, whole = np.arange(len(packed)), bool(np.all(lengths >= size))
        heads = spliced(packed, every, np.zeros_like(every), np.full_like(every, size)) if whole else b""
        self.head = np.frombuffer(heads, dtype=_HEAD)
        if whole:
            self._ends = size + np.cumsum(self.head["lengths"], axis=1, dtype=np.int64)
            whole = bool(np.all(self.head["version"] == VERSION) and np.array_equal(self._ends[:, -1], lengths))
        if not whole:
            raise next(_refusals(packed))

    def __len__(self) -> int:
        return len(self.packed)

    @cached_property
    def learned(self) -> Flags:
        """Which are of articles that were not known."""
        found: Flags = self.marked(Mark.CORRECTION | Mark.REPEATED) == 0
        return found

    def marked(self, marks: int) -> NDArray[np.uint8]:
        """What is set of some marks."""
        found: NDArray[np.uint8] = self.head["marks"] & np.uint8(marks)
        return found

    def column(self, name: str) -> NDArray[Any]:
        """A number of each record."""
        values: NDArray[Any] = self.head[name]
        return values

    def lengths(self, name: str) -> Numbers:
        """How many bytes a section has in each record."""
        found: Numbers = self.head["lengths"][:, SECTIONS.index(name)].astype(np.int64)
        return found

    def section(self, name: str, of: Numbers | None = None) -> list[bytes]:
        """One section of all records, or of some."""
        at = SECTIONS.index(name)
        ends = self._ends[:, at] if of is None else self._ends[of, at]
        starts = ends - (self.lengths(name) if of is None else self.lengths(name)[of])
        packed = self.packed if of is None else [self.packed[number] for number in of.tolist()]
        return [record[a:b] for record, a, b in zip(packed, starts.tolist(), ends.tolist(), strict=True)]

    def joined(self, name: str, of: Numbers) -> bytes | bytearray:
        """One section of some records, one after the other."""
        ends = self._ends[of, SECTIONS.index(name)]
        return spliced(self.packed, of, ends - self.lengths(name)[of], ends)

    def joins(self, of: Numbers) -> Iterator[Join]:
        """What some of the records say of the stories they join."""
        of_story = ("story", "publisher", "time", "size", "publishers", "first", "last")
        columns = (self.head[name][of].tolist() for name in of_story)
        texts = zip(self.section("name", of), self.section("merged", of), strict=True)
        for (name, merged), (story, publisher, *counts) in zip(texts, zip(*columns, strict=True), strict=True):
            others = np.frombuffer(merged, np.int64).tolist() if merged else []
            yield Join(story, name.decode(), others, publisher, *counts)

    def opened(self, number: int) -> Record:
        """One record, by its place among these."""
        return Record.from_bytes(self.packed[number])

    def notes(self) -> tuple[bytes | bytearray, Numbers]:
        """What is remembered of each to be told, one after the other, and where each ends; nothing where nothing was
        learned."""
        which = np.full((len(self), 7), len(self))  # between the sections stands a line feed, behind all records
        starts, ends = np.zeros_like(which), np.ones_like(which)
        for column, name in zip((0, 2, 4, 6), ("entities", "revision", "headline", "id"), strict=True):
            which[:, column], ends[:, column] = np.arange(len(self)), self._ends[:, SECTIONS.index(name)]
            starts[:, column] = ends[:, column] - self.lengths(name)
        ends[~self.learned] = starts[~self.learned]
        notes = spliced([*self.packed, b"\n"], which.ravel(), starts.ravel(), ends.ravel())
        return notes, np.cumsum((ends - starts).sum(axis=1))

    @cached_property
    def languages(self) -> tuple[list[str], Numbers]:
        """The languages in order of appearance, and the index of each record's."""
        index: dict[bytes, int] = {}
        at = [index.setdefault(name, len(index)) for name in self.section("language")]
        return [name.decode() for name in index], np.array(at, dtype=np.int64)


def spliced(parts: Sequence[bytes], which: Numbers, starts: Numbers, ends: Numbers) -> bytes | bytearray:
    """Parts of some bytes, one after the other."""
    if kernels.native is None:
        places = zip(which.tolist(), starts.tolist(), ends.tolist(), strict=True)
        return b"".join([parts[at][start:end] for at, start, end in places])
    into = bytearray(int((ends - starts).sum()))
    room = np.frombuffer(into, np.uint8)
    kernels.native.spliced(parts, which, np.ascontiguousarray(starts), np.ascontiguousarray(ends), room)
    return into


def hashes_of(texts: bytes | bytearray, ends: Numbers) -> NDArray[np.uint64]:
    """``ledger.hashed`` of many texts in UTF-8, which stand one after the other, by where each ends."""
    starts = np.concatenate((_FIRST, ends[:-1]))[: len(ends)]
    if kernels.native is None:
        places = zip(starts.tolist(), ends.tolist(), strict=True)
        digests = b"".join([blake2b(texts[start:end], digest_size=8).digest() for start, end in places])
        found = np.frombuffer(digests, dtype=">u8").astype(np.uint64)
    else:
        found = np.empty(len(ends), np.uint64)
        kernels.native.digests(np.frombuffer(texts, np.uint8), ends, found)
        found.byteswap(inplace=True)
    found[found == 0] = 1
    found[starts == ends] = 0
    return found


def unpacked_terms(packed: Sequence[bytes]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Rows of packed terms as ``stories.Members`` keeps them, each kind in its columns, and the squared lengths."""
    sizes = np.frombuffer(b"".join([terms[:3] for terms in packed]), dtype=np.uint8).astype(np.int64)
    flat = np.frombuffer(b"".join([terms[3:] for terms in packed]), dtype=np.uint32)
    ends = np.cumsum(sizes)
    rows = np.zeros((len(packed), sum(MOST)), dtype=np.uint32)
    places = np.add.outer(np.arange(len(packed)) * sum(MOST), _STARTS).ravel()
    rows.ravel()[np.arange(len(flat)) + np.repeat(places - (ends - sizes), sizes)] = flat
    weights, totals = flat & np.uint32(255), np.zeros(len(flat) + 1, dtype=np.int64)
    np.cumsum(weights * weights, out=totals[1:])
    return rows, (totals[ends] - totals[ends - sizes]).astype(np.uint32).reshape(-1, 3)


def _refusals(packed: Sequence[bytes]) -> Any:
    for record in packed:
        try:
            Record.from_bytes(record)
        except ValueError as refused:
            yield refused
