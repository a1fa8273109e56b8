"""How like two articles are by what they tell: cosines of words, names and numbers, fading with the time between.

Sums are of integers and so equal on every machine.
"""

import math
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from streams import kernels
from streams.dedup.sites import least_common, weeded, without_weight
from streams.dedup.terms import KINDS, MOST, Terms

Scores: TypeAlias = NDArray[np.float64]
Entries: TypeAlias = NDArray[np.int64]

SHARES = (0.50, 0.35, 0.25)
"""What words, names and numbers count of the likeness of two articles, of the kinds that both have."""
FADE = 300 * 3600
"""Seconds after which likeness has fallen to 1/e."""
TOGETHER = 0.66
"""What likeness counts at most. That two articles were published within five days of one another, after which
it falls, says nothing more: of two events of a busy week that is as likely."""
UNDATED = 0.61
"""What likeness counts where one of two articles does not say when it was published: that they were told at one time
is evidence, and there it is missing."""

WIDTH = sum(MOST)
ROW = np.dtype([("terms", "<u4", WIDTH), ("norms", "<u4", 3), ("time", "<i8"), ("strand", "<i8"), ("article", "<i8")])
"""An article: its terms, each kind in its columns, the squared lengths of the kinds, when it was told, the
decisions that began its strand and that are its own."""

_DENSE = 1 << 16
_TERM = np.dtype([("weight", "u1"), ("low", "<u2"), ("high", "u1")])
_SPLIT = np.dtype([("terms", _TERM, WIDTH), ("rest", "u1", ROW.itemsize - 4 * WIDTH)])
"""A row with the bytes of its terms apart: taking these costs no arithmetic."""
_EIGHT, _WEIGHTS, _IDS = np.uint32(8), np.uint32(255), np.uint32(_DENSE - 1)
_OFFSETS = np.repeat(np.arange(3) * _DENSE, MOST)
_SHARES = np.array(SHARES)
_HOURS = 24 * 365
_UNDATED = np.array([UNDATED])
_COUNTED = np.arange(1, WIDTH + 1, dtype=np.uint32)
_FADING = np.array([round(min(TOGETHER, math.exp(-hours * 3600 / FADE)), 6) for hours in range(_HOURS)])


class Comparing:
    """Compares an article with rows of others."""

    def __init__(self) -> None:
        self._scratch = np.zeros(0, dtype=np.uint8)
        """All zero but while terms are looked up; small enough for the processor's cache. Made once it is asked for."""

    def alike(self, terms: Terms, time: int, rows: NDArray[Any]) -> Scores:
        """How like an article others are, 0 to 1."""
        return self.alike_and_whenever(terms, time, rows)[0]

    def alike_and_whenever(self, terms: Terms, time: int, rows: NDArray[Any]) -> tuple[Scores, Scores]:
        """How like an article others are, and were, whatever the time between."""
        if kernels.native is not None:
            alike, whenever = np.empty((2, len(rows)))
            kernels.native.alike(
                terms.every, sizes_of(terms), rows.view(np.uint8), time, _FADING, _UNDATED, alike, whenever
            )
            return alike, whenever
        whenever = likeness(*self.cosines(terms, rows))
        return (whenever * _fading(rows["time"], time)).round(9), whenever

    def cosines(self, terms: Terms, rows: NDArray[Any]) -> tuple[Scores, NDArray[np.bool_]]:
        """Cosines by words, names and numbers with each of some articles, and which of these both have."""
        found, weights = self.looked_up(terms, terms.every & _WEIGHTS, rows)
        products = np.multiply(found, weights, dtype=np.uint16)
        dots = np.add.reduceat(products, KINDS, axis=1, dtype=np.uint32)
        lengths = rows["norms"].astype(np.float64) * squares(terms)
        cosines: Scores = np.minimum(dots / np.sqrt(np.maximum(lengths, 1)), 1.0)
        return cosines, lengths > 0

    def looked_up(
        self, terms: Terms, values: NDArray[np.uint32], rows: NDArray[Any]
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """For each of others' terms the value given to that term of the article, at most 255 and 0 where it has none,
        and its weight."""
        theirs, at = rows.view(_SPLIT)["terms"], _slots(terms)
        if not len(self._scratch):
            self._scratch = np.zeros(3 * _DENSE, dtype=np.uint8)
        self._scratch[at] = values
        found = self._scratch.take(theirs["low"] + _OFFSETS)
        self._scratch[at] = 0
        return found, theirs["weight"]

    def weeded(self, terms: Terms, rows: NDArray[Any]) -> Terms:
        """The terms of an article, without weight those that are boilerplate of its site, of whose latest articles
        these are the rows."""
        if kernels.native is None:
            found, weights = self.looked_up(terms, _COUNTED[: len(terms.every)], rows)
            return weeded(terms, found * (rows["terms"] != 0), weights)
        weeds, found = np.empty(len(terms.every), np.bool_), np.empty(rows["terms"].shape, np.uint8)
        least = np.array([least_common(len(rows))], np.float64)
        if not kernels.native.weeds(terms.every, sizes_of(terms), rows.view(np.uint8), least, found, weeds):
            return terms
        return without_weight(terms, weeds)

    def nbytes(self) -> int:
        """Bytes held."""
        return int(self._scratch.nbytes)


def _fading(times: Entries, time: int) -> Scores:
    if not time:
        return np.full(len(times), UNDATED)
    hours = np.minimum(np.abs(times - time) // 3600, _HOURS - 1)
    fading: Scores = _FADING.take(hours)
    fading[times == 0] = UNDATED
    return fading


def likeness(cosines: Scores, both: NDArray[np.bool_]) -> Scores:
    """How alike articles are by the kinds of terms that both have, 0 to 1.

    Numbers, and years and months are such, are shared by chance: they count at most what words and names do together.
    """
    shares = both * _SHARES
    counted = shares * cosines
    telling = counted[:, 0] + counted[:, 1]
    total = telling + np.minimum(counted[:, 2], telling)
    alike: Scores = total / np.maximum(_summed(shares), SHARES[2])
    return alike


def _summed(kinds: Scores) -> Scores:
    """The sums of three columns; not a matrix product, since libraries sum those in an order of their own."""
    total: Scores = kinds[:, 0] + kinds[:, 1]
    total += kinds[:, 2]
    return total


@lru_cache(maxsize=4)
def _slots(terms: Terms) -> Entries:
    """Where the terms stand among all that are told apart when articles are compared."""
    slots: Entries = ((terms.every >> _EIGHT) & _IDS) + terms.kinds * _DENSE
    return slots


def sizes_of(terms: Terms) -> Entries:
    """How many words, names and numbers there are."""
    return _as_array(terms.sizes)


@lru_cache(maxsize=4096)
def _as_array(sizes: tuple[int, int, int]) -> Entries:
    return np.array(sizes)


@lru_cache(maxsize=4)
def squares(terms: Terms) -> Scores:
    """Squared lengths of the three vectors."""
    weights = terms.every & _WEIGHTS
    lengths: Scores = np.bincount(terms.kinds, weights * weights, 3).astype(np.float64, copy=False)
    return lengths
