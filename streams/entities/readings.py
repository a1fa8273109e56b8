"""What the words of a name that the trained tagger found say by themselves; remembered, for names recur."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from streams.entities.rules import ENDING_WITH_PERIOD, NAMES_TOO, TITLES, refined, titles_before, words_in
from streams.entities.spans import Span
from streams.entities.words import Words

DIGIT = re.compile(r"\d")
"""Codes such as H5N1 have one; of single words only those that a table knows are names."""

COMMON_ACRONYMS = words_in(
    "gdp gnp gni cpi ppi pmi vat gst ipo etf roi fdi lng lpg atm sme "
    "ceo cfo coo cto mp mep pm phd mba vip pow ngo "
    "hiv aids dna rna mrna sars mers bse pcr mri icu ptsd tb covid ppe "
    "tv pc cd dvd usb gps sms pdf faq ai it vr cctv sim qr led "
    "gmt utc est edt pst pdt cet bst bce mph kph "
    "ied rpg uav icbm suv wmd"
)
"""What is written in capitals and names nobody: measures, offices, illnesses, devices, time zones, arms."""

PARTY_MARKS = frozenset({"D-", "R-", "I-"})
"""What stands before the state of an American legislator: D-Mass."""

REMEMBERED = 1 << 13
"""Names whose readings are remembered, and then forgotten together."""


class Reading(NamedTuple):
    """What a name says, whatever stands around it."""

    words: Sequence[str]
    """In lower case, without apostrophes."""
    kind: str | None
    """The type of ours, when it has one."""
    nameless: bool
    """Whether it is but titles, a party and a state, or a common acronym."""
    code: bool
    """Whether it is one word with a digit, a name only where a table knows it."""
    abbreviated: bool
    """Whether a period after it is of it."""
    titles: int
    """Words before a person's name that are not of it, when none of them names a people."""


def reading(kind: str, words: Sequence[str], surface: str) -> Reading:
    """The reading of a name of a kind of the trained tagger."""
    last, several, personal = words[-1], len(words) > 1, kind == "PER"
    titles_alone = personal and last in TITLES and last not in NAMES_TOO and TITLES.issuperset(words)
    return Reading(
        words=words,
        kind=refined(kind, list(words)),
        nameless=titles_alone
        or (several and surface[:2] in PARTY_MARKS)
        or (not several and is_common_acronym(surface)),
        code=not several and DIGIT.search(last) is not None,
        abbreviated=last in ENDING_WITH_PERIOD,
        titles=titles_before(list(words)) if personal and several else 0,
    )


def is_common_acronym(word: str) -> bool:
    """Whether the word is one of COMMON_ACRONYMS in capitals, or several: GDP, NGOs."""
    small = word.lower()
    return word[:2].isupper() and (small in COMMON_ACRONYMS or small.removesuffix("s") in COMMON_ACRONYMS)


KNOWN: dict[tuple[str, str, int], Reading] = {}
"""The readings that are remembered: by kind, surface and number of words."""


def read(name: Span, words: Words) -> Reading:
    """The reading of a span of the trained tagger.

    Kind, surface and number of words say where its words begin, too.
    """
    surface = words.text[name[2] : name[3]]
    key = (name[4], surface, name[1] - name[0])
    known = KNOWN.get(key)
    if known is None:
        if len(KNOWN) >= REMEMBERED:
            KNOWN.clear()
        known = KNOWN[key] = reading(name[4], words.lower(name), surface)
    return known
