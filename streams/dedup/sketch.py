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

import numpy as np
from numpy.typing import NDArray

from streams.dedup.samples import prints_and_numbers
from streams.dedup.terms import Terms, terms_of_each
from streams.dedup.words import composed, sequence_hashes, words_of

VERSION = 3

TOGETHER = 100_000
"""Code points of bodies sketched together."""

_HEADER = struct.Struct("<BBHHHHIQQ")


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
    columns = zip(
        *prints_and_numbers(words),
        (words.firsts[1:] - words.firsts[:-1]).tolist(),
        hashes[:count],
        hashes[count:],
        terms_of_each(every, cased, lowered),
        strict=True,
    )
    for prints, whole, numbers, size, body, title, terms in columns:
        yield Sketch(prints, whole, numbers, size, body, title, terms)


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
        prints=np.frombuffer(packed, np.uint32, prints, _HEADER.size).copy(),  # which is aligned, as kernels expect it
        whole=bool(whole),
        numbers=np.frombuffer(packed, np.uint16, 3 * numbers, at).reshape(-1, 3),
        words=words,
        body=body,
        title=title,
        terms=Terms.unpacked(packed[at + 6 * numbers :]),
    )
