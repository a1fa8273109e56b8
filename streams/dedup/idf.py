"""How rare words are: a shipped background table, so that weights hold from the first article on."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from streams.dedup.words import LONG
from streams.text.hashing import looked_up


@dataclass(frozen=True, slots=True)
class Background:
    """Inverse document frequencies by the 24-bit id of a word."""

    ids: NDArray[np.uint32]
    idf: NDArray[np.float32]
    unseen: float
    """Weight of a word that no background text has."""

    def weights(self, ids: NDArray[np.uint32], letters: NDArray[np.int64]) -> NDArray[np.float64]:
        """One weight for each word, given its id and how many letters it has.

        The root of how rare it is, since a table of a thousand texts tells common words from others better than
        rare ones from each other. A short word that no background text has is taken for a common one of another
        language (G. K. Zipf 1935: the more often a word is used, the shorter it is).
        """
        unseen = self.unseen * np.minimum(letters, LONG) / LONG
        if not len(self.ids):
            return np.sqrt(unseen)
        at, same = looked_up(ids, self.ids)
        found: NDArray[np.float64] = np.sqrt(np.where(same, self.idf.take(at, mode="clip"), unseen))
        return found


@lru_cache(maxsize=1)
def background() -> Background:
    """The table made by ``tools/build_idf.py``."""
    with (files("streams.dedup") / "idf.npz").open("rb") as file, np.load(file) as table:
        return Background(table["ids"], table["idf"].astype(np.float32), float(table["unseen"]))
