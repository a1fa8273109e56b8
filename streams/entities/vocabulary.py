"""What is known of single words: how ordinary writing has them, and which lists of small words they are in."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from streams import kernels
from streams.entities.datafiles import given_names
from streams.entities.lookup import Lookup, looked_up
from streams.entities.rules import BEFORE_PLACES, BETWEEN_BUILDINGS, FOLLOWED, REPORTING, STORMS, words_in
from streams.entities.tokens import Flags, tokenise
from streams.text.hashing import Hashes

JOINING = words_in(
    "of the for and de la le les del della di da das do dos du des van von der den ter ten al el ul ud bin bint ibn "
    "ben abu e y as ash an ad ar az at wal fi i on in to und et d l dell nell wa"
)
"""Words in lower case that may stand inside a name."""

ARTICLES = words_in("al el the an as ash ad ar at az")
"""Words that a name is the same without."""

LEADING = words_in("al el an as ash ad ar at az de van von bin ibn abu der du di d dell")
"""Those of them that a name may start with."""

ABBREVIATIONS = words_in(
    "mr mrs ms dr st gen lt col sgt maj capt cmdr adm brig cpl pvt sen rep gov rev hon pres prof jr sr ft mt "
    "no vs atty ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont neb "
    "nev okla ore pa tenn tex va vt wash wis jan feb aug sept oct nov dec dept univ assn"
)
"""Words whose period does not end a sentence, nor a name: not Inc., which can end both."""


WEEKDAYS = words_in("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
FULL_MONTHS = words_in("January February March April May June July August September October November December")
MONTHS = FULL_MONTHS | words_in("Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec")
DAYS = WEEKDAYS | FULL_MONTHS
"""What with a small word before it says when, after a name: AFP on Monday."""

PLURALS = words_in("people women men children queen king")
"""Words whose possessive stands inside names: People's Party, Queen's University."""

SAINTS = words_in("st saint")
"""What stands before a saint, whose possessive does so, too: St. Mary's School."""

FUNCTION_WORDS = words_in("the of and to in a is was for that on with by said from")
"""The commonest words of English."""

HONORIFICS = words_in("mr mrs ms col colonel capt captain sgt sergeant lt lieutenant")
"""What stands before a person's last name and before no other name."""

LISTS = (
    *(JOINING, ARTICLES, LEADING, ABBREVIATIONS, DAYS, FUNCTION_WORDS, REPORTING, WEEKDAYS, MONTHS, PLURALS),
    *({"s"}, HONORIFICS, SAINTS, {*FOLLOWED, *BETWEEN_BUILDINGS, *BEFORE_PLACES, *STORMS}),
)
JOINS, ARTICLE, LEADS, ABBREVIATED, DAY, FUNCTION, REPORTS, WEEKDAY, MONTH, PLURAL, LETTER_S, HONORIFIC, SAINT = (
    1 << number for number in range(len(LISTS) - 1)
)
"""The mark of each list but the last."""

BESIDE = 1 << len(LISTS) - 1
"""The mark of words that may say of a name beside them what it is of."""

GIVEN = 1 << len(LISTS)
"""The mark of the words of given names."""

BITS = 16


class Seen(NamedTuple):
    """Of each word of a batch: its level in ordinary writing, and the marks of the lists it is in."""

    level: NDArray[np.uint8]
    marks: NDArray[np.uint16]

    def marked(self, mark: int) -> Flags:
        return np.asarray((self.marks & mark) != 0)


@dataclass(frozen=True)
class WordCase:
    """How often words stand in lower case in ordinary text: sorted hashes, and 1 (never) to 5 (always)."""

    hashes: Hashes
    level: NDArray[np.uint8]


@dataclass(frozen=True)
class Vocabulary:
    """The words of ordinary writing and of the lists; the last level and marks are those of words in neither."""

    lookup: Lookup
    level: NDArray[np.uint8]
    marks: NDArray[np.uint16]

    def of(self, hashes: Hashes) -> Seen:
        """What is known of each word; level 0 and no marks for one that was never seen."""
        if kernels.native is None:
            place = self.lookup.find(hashes)
            return Seen(self.level[place], self.marks[place])
        seen = Seen(np.empty(len(hashes), np.uint8), np.empty(len(hashes), np.uint16))
        kernels.native.known(self.lookup.hashes, self.lookup.first, hashes, self.level, self.marks, *seen)
        return seen


def vocabulary(word_case: WordCase) -> Vocabulary:
    """The vocabulary of the words of ``word_case`` and the lists."""
    lists = [tokenise(tuple(words)).hash for words in (*LISTS, given_names())]
    hashes = np.unique(np.concatenate((word_case.hashes, *lists)))
    level, marks = np.zeros(len(hashes) + 1, np.uint8), np.zeros(len(hashes) + 1, np.uint16)
    level[np.searchsorted(hashes, word_case.hashes)] = word_case.level
    for number, words in enumerate(lists):
        marks[np.searchsorted(hashes, words)] |= np.uint16(1 << number)
    return Vocabulary(looked_up(hashes, BITS), level, marks)


def load_vocabulary(path: Path) -> Vocabulary:
    """The vocabulary with the levels that ``tools/train_tagger.py`` wrote."""
    with np.load(path) as stored:
        return vocabulary(WordCase(stored["hashes"], stored["level"]))
