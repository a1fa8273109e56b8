"""Hashes of words as arrays: spread, and numbered."""

from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Hashes: TypeAlias = NDArray[np.uint64]
Number = TypeVar("Number", np.uint64, np.int64)

_SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31))
_FACTORS = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


def mixed(hashes: Hashes) -> Hashes:
    """Spread the bits of ``hashes`` (finaliser of SplitMix64)."""
    hashes = hashes ^ (hashes >> _SHIFTS[0])
    hashes *= _FACTORS[0]
    hashes ^= hashes >> _SHIFTS[1]
    hashes *= _FACTORS[1]
    hashes ^= hashes >> _SHIFTS[2]
    return hashes


def distinct(values: NDArray[Number]) -> NDArray[Number]:
    """The different values, ascending; ``np.unique`` counts them in a hash table, which takes several times as long."""
    ordered = values.copy()
    ordered.sort()
    return ordered[_begins(ordered)]


def numbered(keys: NDArray[Number]) -> tuple[NDArray[Number], NDArray[np.int64]]:
    """The different keys, ascending, and which of them each is; ``np.unique`` takes twice as long for few."""
    order = keys.argsort()
    ordered = keys[order]
    begins = _begins(ordered)
    numbers = np.empty(len(keys), np.int64)
    numbers[order] = begins.cumsum() - 1
    return ordered[begins], numbers


def looked_up(values: NDArray[Any], ordered: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Where each of ``values`` would stand among ascending ones, of which there is one at least; whether it does."""
    at = ordered.searchsorted(values)
    return at, ordered.take(at, mode="clip") == values


def _begins(ordered: NDArray[Any]) -> NDArray[np.bool_]:
    """Which of ascending values differ from the one before."""
    begins = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=begins[1:])
    return begins
