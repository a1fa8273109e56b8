"""A print as a bucket and a rest: the bucket says its high bits, so that a word has room for a number, too."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Prints: TypeAlias = NDArray[np.uint32]
Numbers: TypeAlias = NDArray[np.int64]

_SPREAD = 0x9E3779B1


def spread_out(prints: Prints) -> Prints:
    """Prints all over their space, reversibly: samples hold the smallest hashes."""
    return prints * np.uint32(_SPREAD)


def placed(wide: NDArray[np.uint64], count: Any, bits: int) -> tuple[Numbers, Prints]:
    """The bucket of each print among ``count``, and how far in it the print stands, without the low ``bits``.

    Prints of one bucket stand ``count`` apart there, which is more than what those bits can say.
    """
    scaled = wide * count
    return (scaled >> np.uint64(32)).view(np.int64), scaled.astype(np.uint32) >> np.uint32(bits)


def unfolded(rows: NDArray[np.uint32], start: int, buckets: int, shift: int) -> tuple[Prints, Prints]:
    """The postings of some buckets: spread prints, ascending, and numbers as the table has them."""
    bits = np.uint32(32 - shift)
    # the rest before the number: a bucket in order of its prints; empty words are the least
    turned = np.sort((rows << bits) | (rows >> np.uint32(shift)), axis=1)
    place = turned.ravel().nonzero()[0]
    words = turned.ravel()[place]
    count = np.uint64(buckets)
    at = ((place // rows.shape[1] + start).astype(np.uint64) << np.uint64(32)) + (
        (words >> bits).astype(np.uint64) << np.uint64(32 - shift)
    )
    return ((at + count - np.uint64(1)) // count).astype(np.uint32), words & np.uint32((1 << int(bits)) - 1)
