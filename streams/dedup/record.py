"""What the memory keeps of one decision, packed: enough to take it in again without the text."""

import struct
from dataclasses import dataclass

VERSION = 1

_HEADER = struct.Struct("<BBqQQIQIQqQ")
_LENGTH = struct.Struct("<I")


class Mark:
    """Bits of ``Record.marks``."""

    BEGINS = 1
    """Begins a group of copies."""
    TIMED = 2
    """Has a time that moves the stream."""
    REPEATED = 4
    """Came before under this id with this text: nothing new is learned of the text."""
    CORRECTION = 8
    """A person's correction of a story, not an article."""
    FAILURE = 16
    """One body under several headlines of a site."""


@dataclass(frozen=True, slots=True)
class Record:
    """One decision as the memory takes it in. Hashes are 64 bits, 0 for what is absent."""

    marks: int
    time: int
    """Effective time, seconds since 1970; 0 without ``Mark.TIMED``."""
    body: int
    title: int
    words: int
    publisher: int
    maker: int
    """Hash of cleaner version and tier."""
    revision: int
    group: int
    """Absolute number of the group in its language, -1 for none."""
    reach: int
    language: str = ""
    id: str = ""
    added: bytes = b""
    """Prints posted for the group, u32."""
    stopped: bytes = b""
    """Groups that lose a print because it no longer counts, u32, absolute."""
    numbers: bytes = b""
    terms: bytes = b""
    story: str = ""
    merged: str = ""
    """Stories merged into ``story``, one a line."""
    headline: str = ""
    entities: str = ""
    """Ids of the main entities, one a line."""
    text: bytes = b""

    def to_bytes(self) -> bytes:
        """The record, packed."""
        parts = [
            _HEADER.pack(
                VERSION, self.marks, self.time, self.body, self.title, self.words, self.publisher, self.maker,
                self.revision, self.group, self.reach,
            )
        ]  # fmt: skip
        for value in (
            self.language.encode(), self.id.encode(), self.added, self.stopped, self.numbers, self.terms,
            self.story.encode(), self.merged.encode(), self.headline.encode(), self.entities.encode(), self.text,
        ):  # fmt: skip
            parts.append(_LENGTH.pack(len(value)))
            parts.append(value)
        return b"".join(parts)

    @classmethod
    def from_bytes(cls, packed: bytes) -> "Record":
        """Unpack; ValueError for another version or a torn record."""
        if not packed or packed[0] != VERSION:
            raise ValueError(f"expected a dedupe record of version {VERSION}, found {packed[:1].hex() or 'nothing'}")
        try:
            fixed = _HEADER.unpack_from(packed)
            sections, at = [], _HEADER.size
            for _ in range(11):
                (length,) = _LENGTH.unpack_from(packed, at)
                sections.append(packed[at + 4 : at + 4 + length])
                at += 4 + length
        except struct.error as error:
            raise ValueError(f"a dedupe record of {len(packed)} bytes is torn") from error
        if at != len(packed):
            raise ValueError(f"expected a dedupe record of {at} bytes, found {len(packed)}")
        language, own, added, stopped, digits, terms, story, merged, headline, entities, text = sections
        return cls(  # type: ignore[call-arg]
            *fixed[1:], language.decode(), own.decode(), added, stopped, digits, terms, story.decode(), merged.decode(),
            headline.decode(), entities.decode(), text,
        )  # fmt: skip
