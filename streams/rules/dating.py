"""Which words of a sentence date something in the past: years, centuries, eras, named ages, months.

Cue lists over folded words, one place at a time; `recency` says how far from what they date they may stand.
"""

from collections.abc import Iterable, Iterator, Sequence

from streams.rules.words import forms

CALENDAR = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
ERAS = forms("year years decade decades century centuries")
VERBS = forms("has have had was were is are will be been")
_MONTHS = frozenset(CALENDAR)
_BOUNDS = forms("by until till through for next before")
_BEFORE_YEAR = forms(
    "of to in since from during until by till through before after late early mid the a an its his her their "
    "christmas easter spring summer autumn winter"
)
_COUNTED = forms("people men women children miles kilometres km metres feet")
_MEASURES = forms("strong metre meter mile kilometre kilometer dollar euro pound acre hectare seat page year")
_LAST = frozenset(("last", "previous", "past"))
_OPENS_CLAUSE = forms("the a an he she it they his her its their when while as and but king queen emperor")
_OUR_CENTURY = forms("21st twenty first this next")
_ORDINALS = forms(
    "eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth "
    "twentieth"
)
_GONE = forms(
    "vikings romans saxons visigoths huns goths mongols crusaders ottomans byzantines aztecs incas conquistadors "
    "conquistadores confederates redcoats roundheads musketeers samurai luftwaffe wehrmacht gestapo napoleon hitler "
    "mussolini"
)
"""Peoples, powers and rulers that are no more: what they do was done long ago."""
_GONE_ARMIES = frozenset(
    f"{power} {force}"
    for power in forms("confederate ottoman roman byzantine mongol viking saxon soviet nazi prussian carthaginian")
    for force in forms("army armies troops soldiers forces fleet warships bombers planes tanks garrison officers")
)
_AGES = (
    ("world", "war"), ("cold", "war"), ("middle", "ages"), ("dark", "ages"), ("bronze", "age"), ("iron", "age"),
    ("stone", "age"), ("great", "depression"), ("ottoman", "empire"), ("roman", "empire"), ("third", "reich"),
    ("great", "war"), ("industrial", "revolution"), ("roman", "times"), ("medieval", "times"), ("ancient", "times"),
    ("soviet", "era"), ("soviet", "times"), ("colonial", "era"), ("colonial", "times"), ("apartheid", "era"),
)  # fmt: skip
_DIGITS = frozenset("0123456789")
_HINTS = frozenset(
    {
        "ad",
        "bc",
        "bce",
        *ERAS,
        *_MONTHS,
        *_GONE,
        *(name.split()[0] for name in _GONE_ARMIES),
        *(age for age, _ in _AGES),
    }
)
"""Words that may date: others, nearly all, are not looked at again."""
_WITHIN = forms("in during throughout under")
_NUMBERED = forms("the first second one two i ii great last late early old")
_RANKS = forms("first second third fourth fifth time worst deadliest biggest largest heaviest most longest")
"""``the first attack since 2019`` is one of today."""
_RELICS = forms("bomb bombs shell shells mine mines grenade grenades ordnance explosive explosives device devices")


def dated(words: Sequence[str], places: Iterable[int], year: int | None) -> Iterator[int]:
    """Those of the ``places`` whose words are of the past: before ``year``, or before today where that is not known."""
    hints = [index for index in places if words[index] in _HINTS or words[index][:1] in _DIGITS]
    for index in hints:
        if _past(words, index, year) or _era(words, index) or _age(words, index) or _chapter(words, index):
            yield index


def _past(words: Sequence[str], index: int, year: int | None) -> bool:
    """An earlier year or decade: *1953*, *the 1970s*, *AD 79*, *In 867 the ...*."""
    word, before = words[index], words[index - 1] if index else ""
    after = words[index + 1] if index + 1 < len(words) else ""
    if word in ("ad", "bc", "bce"):
        return after.isdecimal() or before.isdecimal()
    if not word[:3].isdecimal():
        return False
    if len(word) == 5 and word[:4].isdecimal() and word[4] == "s":
        return True
    if len(word) == 3:
        return before == "in" and (not after or after in _OPENS_CLAUSE)
    if len(word) != 4 or not word.isdecimal() or not _names_a_year(before, after, word):
        return False
    ranked = before == "since" or (before == "of" and "since" in words[max(0, index - 4) : index])
    if ranked and not _RANKS.isdisjoint(words[max(0, index - 14) : index]):
        return False
    if year is not None:
        return int(word) < year
    return int(word) < 2000 or before not in _BOUNDS


def _names_a_year(before: str, after: str, word: str) -> bool:
    """Whether four digits are a year: ``in 1953``, ``a 2016 accord``, ``siege of 1973``; not ``1500 soldiers``."""
    plural = after.endswith("s") and after not in VERBS
    counted = after in _COUNTED or (plural and (word.endswith("00") or before in ("of", "to")))
    if counted or not 1000 <= int(word) <= 2099:
        return False
    round_number = word[2:] == "00" and (word != "2000" or after in _MEASURES)
    modifies = word[:2] in ("19", "20") and after.isalpha() and not plural and not round_number
    return modifies or before in _BEFORE_YEAR or before in _MONTHS or before.isdecimal()


def _era(words: Sequence[str], index: int) -> bool:
    """``years ago``, ``a decade earlier``, ``last century``, ``last year's coup``, ``in the 17th century``."""
    word = words[index]
    if word not in ERAS or not index:
        return False
    after, before = words[index + 1] if index + 1 < len(words) else "", words[index - 1]
    if word in ("century", "centuries") and before not in _OUR_CENTURY:
        return before in _ORDINALS or (before[:1].isdecimal() and before.endswith("th")) or after == "ago"
    return after in ("ago", "earlier", "later") or before in _LAST


def _age(words: Sequence[str], index: int) -> bool:
    """``during the Cold War``, ``the Vikings``; not the *Second World War bomb* of today."""
    if words[index] in _GONE or " ".join(words[index : index + 2]) in _GONE_ARMIES:
        return True
    if tuple(words[index : index + 2]) not in _AGES:
        return False
    first, last = index, index + 2
    while first > 0 and words[first - 1] in _NUMBERED:
        first -= 1
    while last < len(words) and words[last] in _NUMBERED:
        last += 1
    return first > 0 and words[first - 1] in _WITHIN and (last == len(words) or words[last] not in _RELICS)


def _chapter(words: Sequence[str], index: int) -> bool:
    """``in a July coup``, ``after the October attack``: an event known by its month is over; *the May vote* is not."""
    if words[index] not in _MONTHS or not 0 < index < len(words) - 1 or not words[index + 1].isalpha():
        return False
    before = words[index - 1]
    return before in ("a", "an") or (before == "the" and index > 1 and words[index - 2] in ("after", "following"))
