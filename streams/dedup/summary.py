"""What a closed window leaves: where the rest begins, and what of it later decisions need."""

import struct
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

VERSION = 2

_SUMMARY = struct.Struct("<BqqI")
_LANGUAGE = struct.Struct("<HqBI")


@dataclass(frozen=True, slots=True)
class LanguageSummary:
    """What is left of one language."""

    name: str
    groups: int
    """Number of the oldest group kept."""
    rings: int
    """How many rings of terms there are, as a power of two."""
    stops: NDArray[np.uint32]
    """Prints that do not count although their groups are forgotten."""
    ages: NDArray[np.uint8]
    """For how many expiries each has not."""


@dataclass(frozen=True, slots=True)
class Summary:
    """All that is left."""

    base: int
    """Number of the oldest decision kept."""
    now: int
    """Time of the stream."""
    languages: list[LanguageSummary] = field(default_factory=list)

    def to_bytes(self) -> bytes:
        """The summary, packed."""
        parts = [_SUMMARY.pack(VERSION, self.base, self.now, len(self.languages))]
        for left in self.languages:
            name = left.name.encode()
            parts += [_LANGUAGE.pack(len(name), left.groups, left.rings, len(left.stops)), name]
            parts += [left.stops.tobytes(), left.ages.tobytes()]
        return b"".join(parts)

    @classmethod
    def from_bytes(cls, packed: bytes) -> "Summary":
        """Unpack; ValueError for another version."""
        if not packed or packed[0] != VERSION:
            found = packed[:1].hex() or "nothing"
            raise ValueError(f"expected a dedupe summary of version {VERSION}, found {found}")
        _, base, now, count = _SUMMARY.unpack_from(packed)
        languages, at = [], _SUMMARY.size
        for _ in range(count):
            length, groups, rings, stops = _LANGUAGE.unpack_from(packed, at)
            at += _LANGUAGE.size
            name = packed[at : at + length].decode()
            prints = np.frombuffer(packed, np.uint32, stops, at + length).copy()
            ages = np.frombuffer(packed, np.uint8, stops, at + length + 4 * stops)
            at += length + 5 * stops
            languages.append(LanguageSummary(name, groups, rings, prints, ages))
        return cls(base, now, languages)
