"""Words that say when: years, months, days of the week. Two events that are told alike often differ in these."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from streams.dedup.words import Hashes, words_of

YEAR, MONTH, WEEKDAY = 3.0, 2.0, 0.5
"""How much more than another number one weighs: few years and months are spoken of beside that of the event, but many
days of the week."""
_YEARS = range(1900, 2100)
_MONTHS = (
    "january jan", "february feb", "march", "april apr", "may", "june jun", "july jul", "august aug",
    "september sept sep", "october oct", "november nov", "december dec",
)  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Months and days of the week by the hashes of their English names, and what they and years weigh by id."""

    names: Hashes
    """Ascending."""
    meant: Hashes
    """For each name the hash of the full one."""
    ids: NDArray[np.int64]
    """Of terms, ascending."""
    factors: NDArray[np.float64]

    def named(self, hashes: Hashes) -> tuple[NDArray[np.bool_], Hashes]:
        """Which words may be a month or a day of the week, and for these the hash of its full name."""
        at = np.minimum(np.searchsorted(self.names, hashes), len(self.names) - 1)
        found: NDArray[np.bool_] = self.names[at] == hashes
        return found, self.meant[at[found]]

    def weights(self, ids: NDArray[np.int64]) -> NDArray[np.float64]:
        """How much more than other numbers terms weigh."""
        at = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        factors: NDArray[np.float64] = np.where(self.ids[at] == ids, self.factors[at], 1.0)
        return factors


@lru_cache(maxsize=1)
def calendar() -> Calendar:
    """The one there is."""
    spelled = [spellings.split() for spellings in (*_MONTHS, *_WEEKDAYS)]
    meant = np.repeat(_hashes([names[0] for names in spelled]), [len(names) for names in spelled])
    names = _hashes([name for names in spelled for name in names])
    order = np.argsort(names)
    told = np.concatenate((_hashes([str(year) for year in _YEARS]), _hashes([names[0] for names in spelled])))
    ids = (told >> np.uint64(40)).astype(np.int64)
    factors = np.repeat([YEAR, MONTH, WEEKDAY], [len(_YEARS), len(_MONTHS), len(_WEEKDAYS)])
    return Calendar(names[order], meant[order], np.sort(ids), factors[np.argsort(ids)])


def _hashes(words: list[str]) -> Hashes:
    return words_of(*words).hashes
