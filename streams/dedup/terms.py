"""Terms that tell stories apart: an article as three small sparse vectors, of words, of names, of numbers."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from streams.dedup.idf import background
from streams.dedup.words import Words

Packed: TypeAlias = NDArray[np.uint32]
"""Terms ``id << 8 | weight``, ascending: ids of 24 bits, weights 1 to 255 with the heaviest at 255."""

WORDS_READ, NAMES_READ = 250, 600
"""A story is told in the beginning; names and numbers are sought further on."""
MOST = (64, 32, 16)
"""Words, names and numbers kept of an article."""
TITLE = 2
"""How often a title counts."""

_ENDS = '.!?\n"“”:`'


@dataclass(frozen=True, slots=True)
class Terms:
    """What an article tells of."""

    words: Packed
    names: Packed
    numbers: Packed

    def packed(self) -> bytes:
        """The terms as bytes."""
        kinds = (self.words, self.names, self.numbers)
        return bytes(map(len, kinds)) + b"".join(terms.tobytes() for terms in kinds)

    @classmethod
    def unpacked(cls, packed: bytes) -> "Terms":
        """The terms; ValueError for bytes that are none."""
        sizes = packed[:3]
        if len(packed) < 3 or len(packed) != 3 + 4 * sum(sizes) or any(n > m for n, m in zip(sizes, MOST, strict=True)):
            raise ValueError("expected packed terms")
        every = np.frombuffer(packed, np.uint32, sum(sizes), 3)
        first, second = sizes[0], sizes[0] + sizes[1]
        return cls(every[:first], every[first:second], every[second:])


def terms_of(heading: Words, body: str, words: Words) -> Terms:
    """The heaviest terms of a title and the first words of a body."""
    hashes = words.hashes[:NAMES_READ]
    capital = _capitalised(body, words)
    numeric = words.numeric[:NAMES_READ]
    inside = capital & _inside(body, words, capital)
    names = _counted(hashes, np.flatnonzero(inside & ~numeric))
    usual = Counter(hashes[~capital & ~numeric].tolist())
    begins = Counter(hashes[capital & ~inside].tolist())
    named = {name: count + begins[name] for name, count in names.items() if usual[name] <= count}
    title = heading.hashes.tolist()
    return Terms(
        _heaviest(_with(Counter(hashes[:WORDS_READ].tolist()), title), MOST[0]),
        _heaviest(_with(Counter(named), (name for name in title if name in named)), MOST[1]),
        _heaviest(Counter(hashes[numeric].tolist()) + Counter(heading.hashes[heading.numeric].tolist()), MOST[2]),
    )


def _with(counts: Counter[int], title: Iterable[int]) -> Counter[int]:
    for name in title:
        counts[name] += TITLE
    return counts


def _counted(hashes: NDArray[np.uint64], at: NDArray[np.int64]) -> Counter[int]:
    return Counter(hashes[at].tolist())


def _capitalised(body: str, words: Words) -> NDArray[np.bool_]:
    """For each of the first words whether the body as delivered begins it in upper case."""
    read = min(len(words), NAMES_READ)
    if not read:
        return np.zeros(0, dtype=np.bool_)
    end = int(words.ends[read - 1])
    original = body[:end]
    if len(original) < end or original.lower() != words.text[:end]:
        return np.zeros(read, dtype=np.bool_)  # folding moved the words: no case to go by
    points = np.frombuffer(original.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    folded = np.frombuffer(words.text[:end].encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    starts = words.starts[:read]
    differs: NDArray[np.bool_] = points[starts] != folded[starts]
    return differs


def _inside(body: str, words: Words, capital: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Of the capitalised words those that do not begin a sentence."""
    inside = np.zeros(len(capital), dtype=np.bool_)
    at = np.flatnonzero(capital)
    at = at[at > 0]
    gaps = zip(at.tolist(), words.ends[at - 1].tolist(), words.starts[at].tolist(), strict=True)
    inside[[n for n, end, start in gaps if not any(mark in body[end:start] for mark in _ENDS)]] = True
    return inside


def _heaviest(counts: Counter[int], most: int) -> Packed:
    if not counts:
        return np.zeros(0, dtype=np.uint32)
    hashes = np.fromiter(counts.keys(), np.uint64, len(counts))
    frequencies = np.fromiter(counts.values(), np.float64, len(counts))
    ids = (hashes >> np.uint64(40)).astype(np.uint32)
    weights = (1 + np.log(frequencies)) * background().weights(ids)
    order = np.lexsort((ids, -np.round(weights, 6)))[:most]
    scaled = np.maximum(1, np.round(weights[order] * (255 / max(float(weights[order[0]]), 1e-9)))).astype(np.uint32)
    return np.sort((ids[order] << np.uint32(8)) | scaled)
