"""What the memory keeps of one decision, packed: enough to take it in again without the text."""

import struct
from dataclasses import dataclass, field
from itertools import chain

VERSION = 5
"""2 kept texts as zlib packs them, and no strands; 3 did not say when a story was told of last; 4 united no groups."""

_HEADER = struct.Struct("<BBqqQQIQIqQqHIIqqq")
_LENGTHS = struct.Struct("<13I")

SECTIONS = (
    "language", "id", "added", "stopped", "numbers", "terms", "name", "merged", "headline", "entities", "revision",
    "text", "united",
)  # fmt: skip
"""What a packed record ends in, each of any length."""


class Mark:
    """Bits of ``Record.marks``."""

    BEGINS = 1
    """Begins a group of copies."""
    REPEATED = 2
    """Came before under this id with this text: nothing new is learned of it."""
    CORRECTION = 4
    """A person's correction of a story, not an article."""
    FAILURE = 8
    """One body under several headlines of a site."""
    REVISION = 16
    """Another text under an id that came before."""
    SPLIT = 32
    """A correction that lets members leave a story."""
    UNDATED = 64
    """Does not say when it was published: ``time`` is when it was first seen, and no evidence of when it was told."""
    KNOWN = 128
    """Its text came before, under this headline or another one."""


@dataclass(slots=True)
class Record:
    """One decision as the memory takes it in. Hashes are of 64 bits, 0 for what is absent; numbers of
    groups and decisions are absolute; times are seconds since 1970, 0 for none."""

    marks: int = 0
    time: int = 0
    """Effective time of the article."""
    stream: int = 0
    """Time of the stream after it."""
    body: int = 0
    title: int = 0
    words: int = 0
    publisher: int = 0
    maker: int = 0
    """Hash of cleaner version and tier."""
    group: int = -1
    reach: int = 0
    story: int = -1
    """The decision that began the story; -1 for this one."""
    likeness: int = 0
    """To the members of the story when it joined, in thousandths."""
    size: int = 1
    publishers: int = 0
    """Articles and distinct publishers of the story after it."""
    first: int = 0
    last: int = 0
    """Earliest and latest time in the story, after it; where members leave one, in theirs."""
    strand: int = -1
    """The decision that began the article's strand of the story, for one that begins a group."""
    language: str = ""
    id: str = ""
    added: bytes = b""
    """Prints posted for the group, u32."""
    stopped: bytes = b""
    """Prints that no longer count, each with the two other groups that have it, u32."""
    numbers: bytes = b""
    """Hashes of numbers, u16."""
    terms: bytes = b""
    name: str = ""
    """Id of the story."""
    merged: list[int] = field(default_factory=list)
    """Stories merged into this one; with ``Mark.SPLIT`` the members that leave, by decision."""
    headline: str = ""
    entities: str = ""
    """Ids of the main entities, separated by spaces."""
    revision: str = ""
    text: bytes = b""
    united: list[tuple[int, int]] = field(default_factory=list)
    """Groups of copies that are one with ``group`` from now on, and how many prints that count each brings."""

    @property
    def told(self) -> int:
        """When its story was told, as far as it says: what likeness of stories fades by. 0 where it does not say."""
        return 0 if self.marks & Mark.UNDATED else self.time

    def to_bytes(self) -> bytes:
        """The record, packed."""
        merged = struct.pack(f"<{len(self.merged)}q", *self.merged)
        sections = (
            self.language.encode(), self.id.encode(), self.added, self.stopped, self.numbers, self.terms,
            self.name.encode(), merged, self.headline.encode(), self.entities.encode(), self.revision.encode(),
            self.text, struct.pack(f"<{2 * len(self.united)}q", *chain(*self.united)),
        )  # fmt: skip
        header = _HEADER.pack(
            VERSION, self.marks, self.time, self.stream, self.body, self.title, self.words, self.publisher, self.maker,
            self.group, self.reach, self.story, self.likeness, self.size, self.publishers, self.first, self.last,
            self.strand,
        )  # fmt: skip
        return b"".join((header, _LENGTHS.pack(*map(len, sections)), *sections))

    @classmethod
    def from_bytes(cls, packed: bytes) -> "Record":
        """Unpack; ValueError for another version or a torn record."""
        if not packed or packed[0] != VERSION:
            raise ValueError(f"expected a dedupe record of version {VERSION}, found {packed[:1].hex() or 'nothing'}")
        at = _HEADER.size + _LENGTHS.size
        if len(packed) < at or len(packed) != at + sum(lengths := _LENGTHS.unpack_from(packed, _HEADER.size)):
            raise ValueError(f"a dedupe record of {len(packed)} bytes is torn")
        (
            _, marks, time, stream, body, title, words, publisher, maker, group, reach, story, likeness, size,
            publishers, first, last, strand,
        ) = _HEADER.unpack_from(packed)  # fmt: skip
        sections = []
        for length in lengths:
            sections.append(packed[at : at + length])
            at += length
        language, own, added, stopped, numbers, terms, name, merged, headline, *noted, text, united = sections
        entities, revision = noted
        return cls(
            marks, time, stream, body, title, words, publisher, maker, group, reach, story, likeness, size, publishers,
            first, last, strand, language.decode(), own.decode(), added, stopped, numbers, terms, name.decode(),
            list(struct.unpack(f"<{len(merged) // 8}q", merged)), headline.decode(), entities.decode(),
            revision.decode(), text, [*struct.iter_unpack("<qq", united)],
        )  # fmt: skip
