"""Terms that tell stories apart: an article as two small sparse vectors, one of words, one of names and numbers."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from streams.dedup.idf import background
from streams.dedup.words import Words

WORDS_READ = 250
"""A story is told in the beginning; what follows is background."""
WORD_TERMS, NAME_TERMS = 64, 32


@dataclass(frozen=True, slots=True)
class Terms:
    """Term ids (24 bits, ascending) with weights 1 to 255, each vector scaled to its greatest weight."""

    words: NDArray[np.uint32]
    """``id << 8 | weight``"""
    names: NDArray[np.uint32]

    def packed(self) -> bytes:
        return bytes([len(self.words), len(self.names)]) + self.words.tobytes() + self.names.tobytes()

    @classmethod
    def unpacked(cls, packed: bytes) -> "Terms":
        """The terms; ValueError for bytes that are none."""
        if len(packed) < 2 or len(packed) != 2 + 4 * (packed[0] + packed[1]):
            raise ValueError("expected packed terms")
        every = np.frombuffer(packed, np.uint32, packed[0] + packed[1], 2)
        return cls(every[: packed[0]], every[packed[0] :])


def terms_of(title: str, heading: Words, body: str, words: Words) -> Terms:
    """The heaviest terms of title (counted twice) and the first words of the body."""
    counts: Counter[int] = Counter()
    names: Counter[int] = Counter()
    named = _capitalised(body, words)
    for hashed, name in zip(words.hashes[:WORDS_READ].tolist(), named, strict=False):
        counts[hashed] += 1
        if name:
            names[hashed] += 1
    known = set(names)
    for hashed in heading.hashes.tolist():
        counts[hashed] += 2
        if hashed in known:
            names[hashed] += 2
    return Terms(_heaviest(counts, WORD_TERMS), _heaviest(names, NAME_TERMS))


def _capitalised(body: str, words: Words) -> list[bool]:
    """For each of the first words whether it is a number or begins in upper case within a sentence."""
    read = min(len(words), WORDS_READ)
    if len(words.text) > len(body) or words.text[:2000] != body[: len(words.text)].lower()[:2000]:
        return [bool(n) for n in words.numeric[:read]]
    starts, ends = words.starts[:read].tolist(), words.ends[:read].tolist()
    flags = []
    previous = 0
    for start, end, numeric in zip(starts, ends, words.numeric[:read].tolist(), strict=True):
        between = body[previous:start]
        inside = previous > 0 and not any(mark in between for mark in '.!?\n"“”:')
        flags.append(numeric or (inside and body[start].isupper()))
        previous = end
    return flags


def _heaviest(counts: Counter[int], most: int) -> NDArray[np.uint32]:
    if not counts:
        return np.zeros(0, dtype=np.uint32)
    hashes = np.fromiter(counts.keys(), np.uint64, len(counts))
    frequencies = np.fromiter(counts.values(), np.float64, len(counts))
    ids = (hashes >> np.uint64(40)).astype(np.uint32)
    weights = (1 + np.log(frequencies)) * background().weights(ids)
    order = np.lexsort((ids, -np.round(weights, 6)))[:most]
    scaled = np.maximum(1, np.round(weights[order] * (255 / weights[order[0]]))).astype(np.uint32)
    return np.sort((ids[order] << np.uint32(8)) | scaled)
