"""Words that say when: years, months, days of the week. Two events that are told alike often differ in these."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from streams.dedup.words import words_of
from streams.text.hashing import Hashes, looked_up
from streams.text.months import MONTHS

YEAR, MONTH, WEEKDAY = 3.0, 2.0, 0.5
"""How much more than another number one weighs: few years and months are spoken of beside that of the event, but many
days of the week."""
_YEARS = range(1900, 2100)
_MONTHS = (
    "january jan", "february feb", "march", "april apr", "may", "june jun", "july jul", "august aug",
    "september sept sep", "october oct", "november nov", "december dec",
)  # fmt: skip
_SHORT, _AMBIGUOUS = 3, frozenset(("agost", "august", "marca", "marco", "nisan", "sept"))
"""Letters up to which a month of another language than English may be another word, and longer ones that are."""
_NAMES = frozenset(("juli", "julio", "maja", "mars", "mart", "mayo"))
"""Months that are names where they are in upper case."""
_UPPER, _EITHER, _LOWER = 1, 0, -1
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Months and days of the week by the hashes of their names, and what they and years weigh by id."""

    names: Hashes
    """Ascending."""
    meant: Hashes
    """For each name the hash of the full English one."""
    cases: NDArray[np.int64]
    """Whether each counts in upper case, as in English, in lower case, or in either."""
    ids: NDArray[np.int64]
    """Of terms, ascending."""
    factors: NDArray[np.float64]

    def named(self, hashes: Hashes, capital: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], Hashes]:
        """Which words may be a month or a day of the week, and for these the hash of its full English name."""
        at, found = looked_up(hashes, self.names)
        rows = found.nonzero()[0]
        at = at[rows]
        found[rows] = self.cases[at] != np.where(capital[rows], _LOWER, _UPPER)
        return found, self.meant[at[found[rows]]]

    def weights(self, ids: NDArray[np.int64]) -> NDArray[np.float64]:
        """How much more than other numbers terms weigh."""
        at, same = looked_up(ids, self.ids)
        factors: NDArray[np.float64] = np.where(same, self.factors.take(at, mode="clip"), 1.0)
        return factors


@lru_cache(maxsize=1)
def calendar() -> Calendar:
    """The one there is."""
    spelled = [spellings.split() for spellings in (*_MONTHS, *_WEEKDAYS)]
    english = {name: names[0] for names in spelled for name in names}
    abroad = _abroad()
    every = english | abroad
    names, meant = _hashes([*every]), _hashes([*every.values()])
    order = np.argsort(names)
    told = np.concatenate((_hashes([str(year) for year in _YEARS]), _hashes([names[0] for names in spelled])))
    ids = (told >> np.uint64(40)).astype(np.int64)
    factors = np.repeat([YEAR, MONTH, WEEKDAY], [len(_YEARS), len(_MONTHS), len(_WEEKDAYS)])
    cases = np.array([_UPPER if name not in abroad else _LOWER if name in _NAMES else _EITHER for name in every])
    return Calendar(names[order], meant[order], cases[order], np.sort(ids), factors[np.argsort(ids)])


def _abroad() -> dict[str, str]:
    """Months of other languages, by their names in lower case, each with its English name; but for those of scripts
    without spaces, which are read as several words."""
    names = [spellings.split()[0] for spellings in _MONTHS]
    single = (name for name in MONTHS if len(name) > _SHORT and name.isalpha() and len(words_of(name)) == 1)
    told = {name: names[MONTHS[name] - 1] for name in single}
    return {name: english for name, english in told.items() if name not in _AMBIGUOUS}


def _hashes(words: list[str]) -> Hashes:
    return words_of(*words).hashes
