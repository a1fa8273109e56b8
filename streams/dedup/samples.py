"""Samples of the runs of three words, and numbers with the prints that stand beside them."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from streams import kernels
from streams.dedup.words import Positions, Words, shingles
from streams.text.hashing import Hashes, distinct, looked_up

AT_LEAST = 128
"""Prints of a short text, if it has as many."""
AT_MOST = 384
NUMBERS = 48
NOWHERE = 0xFFFF
NEAR_BY = 14
"""Words between a number and a print that tells where it stands."""

_BELOW = 1 << 29
"""An eighth of the space of 32-bit prints."""


def prints_and_numbers(words: Words) -> tuple[list[NDArray[np.uint32]], list[bool], list[NDArray[np.uint16]]]:
    """For each text the sampled prints, whether these are all, and the rows of its numbers."""
    count = len(words.firsts) - 1
    if kernels.native is None:
        samples = _samples(words)
        return [samples.of(text) for text in range(count)], samples.whole.tolist(), _numbers(words, samples)
    prints, whole = np.empty((count, AT_MOST), np.uint32), np.empty(count, np.bool_)
    numbers, (kept, numbered) = np.empty((count, NUMBERS, 3), np.uint16), np.empty((2, count), np.int64)
    kernels.native.samples(words.hashes, words.numeric, words.firsts, prints, kept, whole, numbers, numbered)
    return (
        [row[:size].copy() for row, size in zip(prints, kept.tolist(), strict=True)],
        whole.tolist(),
        [rows[:size] for rows, size in zip(numbers, numbered.tolist(), strict=True)],
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
