"""What each compiled kernel takes and gives. Arrays are contiguous; those named first are read, the others written."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Ints = NDArray[np.int64]
Narrow = NDArray[np.int32]


class Kernels(Protocol):
    """The compiled kernels. Each raises TypeError or ValueError for arrays that do not fit, before it reads them."""

    def find(self, hashes: Hashes, first: Narrow, wanted: Hashes, found: Ints, /) -> None:
        """``streams.entities.lookup.Lookup.find``: into ``found`` goes the position of each hash, or -1."""
