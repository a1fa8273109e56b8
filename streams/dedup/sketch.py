"""The sketch of an article: what copies and stories are found by, without its text.

Computed in parallel before the one writer of a language, and carried on the message. It holds, all of it
little-endian after a version byte:

- a sample of the hashes of all runs of three words of the body: those below an eighth of the hash space,
  but at least the 128 smallest of a short text and at most 384 (bottom-k sampling, A. Broder 1997);
- hashes of the numbers in the text; of the body and the title as sequences of words (the exact layer);
- the terms stories are told apart by (``streams.dedup.terms``).
"""

import base64
import binascii
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from streams.dedup.terms import Terms, terms_of_each
from streams.dedup.words import (
    Positions,
    Words,
    composed,
    sequence_hashes,
    shingles,
    words_of,
)
from streams.text.hashing import Hashes, distinct, looked_up

VERSION = 3
AT_LEAST = 128
"""Prints of a short text, if it has as many."""
AT_MOST = 384
NUMBERS = 48
NOWHERE = 0xFFFF
NEAR_BY = 14
"""Words between a number and a print that tells where it stands."""

TOGETHER = 100_000
"""Code points of bodies sketched together."""

_HEADER = struct.Struct("<BBHHHHIQQ")
_BELOW = 1 << 29
"""An eighth of the space of 32-bit prints."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """An article as the memory of copies sees it."""

    prints: NDArray[np.uint32]
    """Sampled hashes of three-word runs, ascending."""
    whole: bool
    """Whether ``prints`` are all there are, not a sample."""
    numbers: NDArray[np.uint16]
    """Rows of hash of a number, and indexes of the nearest prints before and after it (``NOWHERE`` if far)."""
    words: int
    """Words of the body."""
    body: int
    title: int
    """64-bit hashes of body and title as sequences of words; 0 where there is none."""
    terms: Terms

    @property
    def reach(self) -> int:
        """Prints below this are all in the sample."""
        return 1 << 32 if self.whole else int(self.prints[-1]) + 1


def sketch_of(title: str | None, body: str) -> str:
    """The sketch as it travels: base64 of about 1 KB.

    Names are read from the text itself, so that an article gets the same sketch with and without a tagger.
    """
    return next(sketches_of([(title, body)]))


def sketches_of(texts: Iterable[tuple[str | None, str]]) -> Iterator[str]:
    """The sketches of titles and bodies as they travel."""
    return (base64.b64encode(to_bytes(sketch)).decode("ascii") for sketch in sketched_many(texts))


def read_sketch(carried: str | None, title: str | None, body: str) -> Sketch:
    """The carried sketch; made from the text where it is missing, damaged or of another version."""
    if carried:
        try:
            return from_bytes(base64.b64decode(carried, validate=True))
        except (ValueError, binascii.Error, struct.error):
            pass
    return sketched(title, body)


def sketched(title: str | None, body: str) -> Sketch:
    """Sketch a text."""
    return next(iter(sketched_many([(title, body)])))


def sketched_many(texts: Iterable[tuple[str | None, str]]) -> Iterator[Sketch]:
    """Sketch many texts, the same as each alone, for a fraction of the cost."""
    for part in batched_by_size(texts):
        yield from _sketched(part)


def _sketched(texts: Sequence[tuple[str | None, str]]) -> Iterator[Sketch]:
    count = len(texts)
    cased = [composed(body) for _, body in texts] + [composed(title or "") for title, _ in texts]
    lowered = [text.lower() for text in cased]
    every = words_of(*lowered)
    words, hashes = every.before(count), sequence_hashes(every)
    samples = _samples(words)
    columns = zip(
        _numbers(words, samples),
        (words.firsts[1:] - words.firsts[:-1]).tolist(),
        hashes[:count],
        hashes[count:],
        terms_of_each(every, cased, lowered),
        strict=True,
    )
    for text, (numbers, size, body, title, terms) in enumerate(columns):
        yield Sketch(samples.of(text), bool(samples.whole[text]), numbers, size, body, title, terms)


def batched_by_size(texts: Iterable[tuple[str | None, str]]) -> Iterator[list[tuple[str | None, str]]]:
    """The texts in turn, in parts that fit the processor's cache."""
    part: list[tuple[str | None, str]] = []
    size = 0
    for title, body in texts:
        if part and size + len(body) > TOGETHER:
            yield part
            part, size = [], 0
        part.append((title, body))
        size += len(body)
    if part:
        yield part


def to_bytes(sketch: Sketch) -> bytes:
    """The sketch, packed."""
    terms = sketch.terms.packed()
    header = _HEADER.pack(
        VERSION, sketch.whole, len(sketch.prints), len(sketch.numbers), len(terms), 0, sketch.words,
        sketch.body, sketch.title,
    )  # fmt: skip
    return b"".join((header, sketch.prints.tobytes(), sketch.numbers.tobytes(), terms))


def from_bytes(packed: bytes) -> Sketch:
    """Unpack a sketch; ValueError for one of another version or length."""
    version, whole, prints, numbers, terms, _, words, body, title = _HEADER.unpack_from(packed)
    expected = _HEADER.size + 4 * prints + 6 * numbers + terms
    if version != VERSION or len(packed) != expected or (not prints and not whole):
        raise ValueError(f"expected a sketch of version {VERSION} and {expected} bytes, found version {version}")
    at = _HEADER.size + 4 * prints
    return Sketch(
        prints=np.frombuffer(packed, np.uint32, prints, _HEADER.size),
        whole=bool(whole),
        numbers=np.frombuffer(packed, np.uint16, 3 * numbers, at).reshape(-1, 3),
        words=words,
        body=body,
        title=title,
        terms=Terms.unpacked(packed[at + 6 * numbers :]),
    )


@dataclass(frozen=True, slots=True)
class _Samples:
    """The sampled prints of several texts, one after the other."""

    short: Hashes
    """The print of each run: below the number of its text in the upper half."""
    at: Positions
    """The run's first word."""
    kept: Hashes
    firsts: Positions
    whole: NDArray[np.bool_]

    def of(self, text: int) -> NDArray[np.uint32]:
        return self.kept[self.firsts[text] : self.firsts[text + 1]].astype(np.uint32)


def _samples(words: Words) -> _Samples:
    runs, at = shingles(words)
    texts = np.arange(len(words.firsts), dtype=np.uint64) << np.uint64(32)
    short = texts[words.owners[at]] | (runs >> np.uint64(32))
    every = distinct(short)
    firsts = every.searchsorted(texts)
    sizes = firsts[1:] - firsts[:-1]
    below = every.searchsorted(texts[:-1] + np.uint64(_BELOW)) - firsts[:-1]
    whole = sizes <= AT_LEAST
    counts = np.where(whole, sizes, np.minimum(np.maximum(below, AT_LEAST), AT_MOST))
    kept = np.concatenate(
        [every[low : low + size] for low, size in zip(firsts.tolist(), counts.tolist(), strict=False)]
    )
    begins = np.zeros(len(firsts), np.int64)
    counts.cumsum(out=begins[1:])
    return _Samples(short, at, kept, begins, whole)


def _numbers(words: Words, samples: _Samples) -> list[NDArray[np.uint16]]:
    """For each text the rows of its numbers, in the order in which they first stand."""
    owners = words.owners
    at = words.numeric.nonzero()[0]
    at = at[(words.firsts[1:] - words.firsts[:-1] >= 3)[owners[at]]]
    hashes = (words.hashes[at] >> np.uint64(48)).astype(np.uint16)
    first = _first_of_each((owners[at] << 16) | hashes)
    at, rows = at[first], np.full((len(first), 3), NOWHERE, dtype=np.uint16)
    rows[:, 0] = hashes[first]
    marks, indexes = _landmarks(words, samples, at)
    if len(marks):
        for column, nearest in ((1, marks.searchsorted(at - 2) - 1), (2, marks.searchsorted(at, side="right"))):
            there = ((nearest >= 0) & (nearest < len(marks))).nonzero()[0]
            mark = marks[nearest[there]]
            close = (np.abs(mark - at[there]) <= NEAR_BY) & (owners[mark] == owners[at[there]])
            rows[there[close], column] = indexes[nearest[there[close]]]
    borders = at.searchsorted(words.firsts).tolist()
    return [rows[low:high][:NUMBERS] for low, high in pairwise(borders)]


def _first_of_each(values: Positions) -> Positions:
    """Where each value stands first, ascending."""
    first: dict[int, int] = {}
    for at, value in enumerate(values.tolist()):
        first.setdefault(value, at)
    return np.fromiter(first.values(), np.int64, len(first))


def _landmarks(words: Words, samples: _Samples, at: Positions) -> tuple[Positions, Positions]:
    """Where the sampled runs near the numbers ``at``, but without one, begin; which print of their text each is."""
    numeric = np.zeros(len(words) + 2, np.bool_)
    numeric[:-2] = words.numeric
    numbered = numeric[:-2] | numeric[1:-1] | numeric[2:]
    chosen = (_near(at, len(words)) & ~numbered)[samples.at].nonzero()[0]
    short = samples.short[chosen]
    found, kept = looked_up(short, samples.kept)
    sampled = kept.nonzero()[0]
    marks = samples.at[chosen[sampled]]
    return marks, found[sampled] - samples.firsts[words.owners[marks]]


def _near(at: Positions, size: int) -> NDArray[np.bool_]:
    """Which of so many words stand within reach of one of those ``at``."""
    near = np.zeros(size, np.bool_)
    for place in at.tolist():
        near[max(place - NEAR_BY, 0) : place + NEAR_BY + 1] = True
    return near
