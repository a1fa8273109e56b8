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
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas.entity import Entity
from streams.dedup.terms import Terms, terms_of
from streams.dedup.words import Hashes, Words, composed, folded, sequence_hash, shingles, words_of

VERSION = 2
AT_LEAST = 128
"""Prints of a short text, if it has as many."""
AT_MOST = 384
NUMBERS = 48
NOWHERE = 0xFFFF
NEAR_BY = 14
"""Words between a number and a print that tells where it stands."""

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


def sketch_of(title: str | None, body: str, entities: Iterable[Entity] = ()) -> str:
    """The sketch as it travels: base64 of about 1 KB.

    ``entities`` take no part yet: names are read from the text itself, so that an article gets the same
    sketch with and without a tagger.
    """
    return base64.b64encode(to_bytes(sketched(title, body))).decode("ascii")


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
    cased = composed(body)
    words = words_of(cased.lower())
    heading = words_of(folded(title or ""))
    runs = shingles(words.hashes)
    prints, whole = _sample(runs)
    return Sketch(
        prints=prints,
        whole=whole,
        numbers=_numbers(words, runs, prints),
        words=len(words),
        body=sequence_hash(words.hashes) if len(words) else 0,
        title=sequence_hash(heading.hashes) if len(heading) else 0,
        terms=terms_of(heading, cased, words),
    )


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


def _sample(hashes: Hashes) -> tuple[NDArray[np.uint32], bool]:
    every = np.unique((hashes >> np.uint64(32)).astype(np.uint32))
    if len(every) <= AT_LEAST:
        return every, True
    below = int(np.searchsorted(every, _BELOW))
    return every[: min(max(below, AT_LEAST), AT_MOST)], False


def _numbers(words: Words, runs: Hashes, prints: NDArray[np.uint32]) -> NDArray[np.uint16]:
    at = np.flatnonzero(words.numeric)
    if not len(at) or len(words) < 3:
        return np.zeros((0, 3), dtype=np.uint16)
    hashes, first = np.unique((words.hashes[at] >> np.uint64(48)).astype(np.uint16), return_index=True)
    at = at[first]
    marks, indexes = _landmarks(words, runs, prints)
    after = np.searchsorted(marks, at, side="right")
    before = np.searchsorted(marks, at - 2) - 1
    rows = np.full((len(at), 3), NOWHERE, dtype=np.uint16)
    rows[:, 0] = hashes
    for column, nearest in ((1, before), (2, after)):
        there = np.flatnonzero((nearest >= 0) & (nearest < len(marks)))
        close = there[np.abs(marks[nearest[there]] - at[there]) <= NEAR_BY]
        rows[close, column] = indexes[nearest[close]]
    return rows[np.argsort(first)][:NUMBERS]


def _landmarks(words: Words, runs: Hashes, prints: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the sampled runs without a number begin, and which print each is."""
    short = (runs >> np.uint64(32)).astype(np.uint32)
    numeric = words.numeric[:-2] | words.numeric[1:-1] | words.numeric[2:]
    marks = np.flatnonzero((short <= prints[-1]) & ~numeric)
    return marks, np.searchsorted(prints, short[marks])
