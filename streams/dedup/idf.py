"""How rare words are: a shipped background table, so that weights hold from the first article on."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Background:
    """Inverse document frequencies by the 24-bit id of a word."""

    ids: NDArray[np.uint32]
    idf: NDArray[np.float32]
    unseen: float
    """Weight of a word that no background text has."""

    def weights(self, ids: NDArray[np.uint32]) -> NDArray[np.float64]:
        """One weight for each id."""
        if not len(self.ids):
            return np.full(len(ids), self.unseen)
        at = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        found: NDArray[np.float64] = np.where(self.ids[at] == ids, self.idf[at], self.unseen).astype(np.float64)
        return found


@lru_cache(maxsize=1)
def background() -> Background:
    """The table made by ``tools/build_idf.py``."""
    with (files("streams.dedup") / "idf.npz").open("rb") as file, np.load(file) as table:
        return Background(table["ids"], table["idf"].astype(np.float32), float(table["unseen"]))
