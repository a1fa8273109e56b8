"""Whether a sentence tells of something as news, or recalls what happened years ago.

A cue list round the words in question, like `modality`, not a parser. Recalled is what bears an earlier year
(``the 1953 truce``, ``was bombed in 1983``), what stands behind *since* or *years after* (``since the army seized
power``), what years, decades or habit date (``a decade ago``, ``in recent years``), what a month names like a chapter
of history (``a July coup``), what was in a month that is over (``took power in July``, read in December), and
whatever a sentence about an anniversary says.
"""

from collections.abc import Sequence
from itertools import pairwise

from streams.rules.analysis import Analysis
from streams.rules.combining import placed
from streams.rules.narrowing import OfOne
from streams.rules.nodes import Node, Spans, View
from streams.rules.words import forms

BEHIND, AHEAD = 8, 12
"""Words after, and before, what is recalled that a cue may be away."""

_CALENDAR = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_MONTHS = frozenset(_CALENDAR)
_COMING = forms("will would shall to next until till by from plan plans planned set due scheduled expected coming")
_ERAS = forms("year years decade decades century centuries")
_REMEMBERED = forms(
    "anniversary anniversaries centenary bicentenary commemorate commemorates commemorated commemorating "
    "commemoration remembers remembered remembering"
)
_FORMER = forms("former ex onetime erstwhile")
_VERBS = forms("has have had was were is are will be been")
_LINKS = forms("who which that whose where when while after before but")
_BOUNDS = forms("by until till through for next before")
_BEFORE_YEAR = forms(
    "of to in since from during until by till through before after late early mid the a an its his her their"
)
_COUNTED = forms("people men women children miles kilometres km metres feet")
_HABITS = forms("regularly frequently routinely periodically")
_SPANS = ("in recent years", "over the years", "the past decade", "recent decades", "for decades")
_LAST = frozenset(("last", "previous", "past"))
_DAYS = forms("monday tuesday wednesday thursday friday saturday sunday yesterday midnight dawn noon")


class Recent(OfOne):
    """Spans of the operand that are told as news, not recalled."""

    __slots__ = ()

    def __init__(self, part: Node) -> None:
        self.part, self.text = part, f"recent({part.text})"

    def find(self, view: View) -> Spans:
        return [span for span in placed(self.part.find(view)) if not _recalled(view.analysis, *span[:2])]


def _recalled(analysis: Analysis, first: int, last: int) -> bool:
    """The same as `is_recalled`, of each stretch of words once: many rules ask of the same."""
    known = analysis.recalled.get((first, last))
    if known is None:
        known = analysis.recalled[first, last] = is_recalled(analysis, first, last)
    return known


def is_recalled(analysis: Analysis, first: int, last: int) -> bool:
    """Whether the sentence recalls the words from ``first`` to ``last``.

    A year counts as past if it is before the article's; where that is not known, any does that stood in the
    last century or is no bound (*by 2030*).
    """
    low, high = analysis.bounds(analysis.sentence(first))
    high = max(high, last + 1)
    words = analysis.folded(low, high)
    start, end = first - low, last - low + 1
    if _habitual(words) or _remembered(words, start, end):
        return True
    clause = _clause(analysis.reading.gaps(low, high), start, end)
    year, month = analysis.dated
    return (
        _of_a_life(words, clause[0])
        or _behind_since(words, clause[0], start)
        or _dated(words, clause, start, end, year)
        or _in_another_month([*words[: len(_heading(words, clause[0])) + 1], *words[slice(*clause)]], month)
    )


def _clause(gaps: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """The words round a span to the nearest comma, dash or semicolon on either side, counted within its sentence.

    ``gaps`` has what stands after each word of the sentence.
    """
    first, last = start, end
    while first > 0 and not _parts(gaps[first - 1]):
        first -= 1
    while last < len(gaps) and not _parts(gaps[last - 1]):
        last += 1
    return first, last


def _parts(between: str) -> bool:
    return between != " " and any(sign in between for sign in ",;:–—()")


def _remembered(words: Sequence[str], start: int, end: int) -> bool:
    """``the anniversary of the coup``, ``a coup anniversary``."""
    return any(word in _REMEMBERED for word in words[max(0, start - AHEAD) : end + 2])


def _habitual(words: Sequence[str]) -> bool:
    text = " ".join(words)
    return not _HABITS.isdisjoint(words) or any(span in text for span in _SPANS)


def _of_a_life(words: Sequence[str], clause: int) -> bool:
    """``The senator, who negotiated the truce, has died at the age of 90.``"""
    aged = "aged" in words or "at the age of" in " ".join(words)
    return aged and words[clause] in ("who", "whose", "known") and not {"died", "dies", "dead"}.isdisjoint(words)


def _behind_since(words: Sequence[str], clause: int, start: int) -> bool:
    """``since a truce ended the war``, ``ten years after the coup``; also ``the former hostage``.

    ``since Monday's coup`` tells of this week.
    """
    if start and words[start - 1] in _FORMER:
        return True
    if "since" in words[:clause] and "when" in words[clause : clause + 1]:
        return True
    for index in range(max(clause, start - AHEAD), start):
        follows = words[index] in ("after", "since", "before") and index and words[index - 1] in _ERAS
        if follows or (words[index] == "since" and words[index + 1] not in _DAYS):
            return True
    return False


def _dated(words: Sequence[str], clause: tuple[int, int], start: int, end: int, year: int | None) -> bool:
    """A past year or era before the span in its clause, in it, or after it until another verb takes over."""
    last = min(clause[1], end + BEHIND)
    last = _until_verb(words, _predicate(words, end, last), last)
    return any(
        _past(words, index, year) or _era(words, index) or _chapter(words, index)
        for index in (*_heading(words, clause[0]), *range(max(clause[0], start - AHEAD), last))
        if not start <= index < end or _until_verb(words, index + 1, end) == end
    )


def _in_another_month(words: Sequence[str], month: int | None) -> bool:
    """``took power in July``, read in December: neither this month's, nor the last one's, nor yet to come."""
    if month is None or not _COMING.isdisjoint(words):
        return False
    named = (word for before, word in pairwise(words) if before in ("in", "late", "early", "mid") and word in _MONTHS)
    return any((month - _CALENDAR.index(word) - 1) % 12 > 1 for word in named)


def _heading(words: Sequence[str], clause: int) -> range:
    """Where a sentence says at its head when it plays: ``In 2016, ...``."""
    return range(1, min(max(clause, 2), 4)) if words[0] in ("in", "during", "back", "last") else range(0)


def _predicate(words: Sequence[str], first: int, last: int) -> int:
    """After the span's own passive: ``the truce [was signed] decades ago``."""
    index = first
    while index < last and words[index] in _VERBS:
        index += 1
    return index + 1 if first < index < last and words[index].endswith("ed") else index


def _until_verb(words: Sequence[str], first: int, last: int) -> int:
    """Where another verb or clause takes over: ``extended sanctions | imposed in 2014``; ``last`` if nowhere."""
    for index in range(first, last):
        if words[index] in _LINKS or words[index] in _VERBS or (words[index].endswith("ed") and len(words[index]) > 4):
            return index
    return last


def _past(words: Sequence[str], index: int, year: int | None) -> bool:
    """An earlier year or decade: *1953*, *the 1970s*, *AD 79*."""
    word, before = words[index], words[index - 1] if index else ""
    after = words[index + 1] if index + 1 < len(words) else ""
    if word in ("ad", "bc"):
        return after.isdecimal() or before.isdecimal()
    if len(word) == 5 and word[:4].isdecimal() and word[4] == "s":
        return True
    if len(word) != 4 or not word.isdecimal() or not _names_a_year(before, after, word):
        return False
    if year is not None:
        return int(word) < year
    return int(word) < 2000 or before not in _BOUNDS


def _names_a_year(before: str, after: str, word: str) -> bool:
    """Whether four digits are a year: ``in 1953``, ``a 2016 accord``, ``siege of 1973``; not ``1500 soldiers``."""
    plural = after.endswith("s") and after not in _VERBS
    counted = after in _COUNTED or (plural and (word.endswith("00") or before in ("of", "to")))
    if counted or not 1000 <= int(word) <= 2099:
        return False
    modifies = word[:2] in ("19", "20") and after.isalpha() and not plural and word[2:] != "00"
    return modifies or before in _BEFORE_YEAR or before in _MONTHS or before.isdecimal()


def _era(words: Sequence[str], index: int) -> bool:
    """``years ago``, ``a decade earlier``, ``last century``, ``last year's coup``."""
    if words[index] not in _ERAS or not index:
        return False
    after = words[index + 1] if index + 1 < len(words) else ""
    return after in ("ago", "earlier", "later") or words[index - 1] in _LAST


def _chapter(words: Sequence[str], index: int) -> bool:
    """``in a July coup``, ``after the October attack``: an event known by its month is over; *the May vote* is not."""
    if words[index] not in _MONTHS or not 0 < index < len(words) - 1 or not words[index + 1].isalpha():
        return False
    before = words[index - 1]
    return before in ("a", "an") or (before == "the" and index > 1 and words[index - 2] in ("after", "following"))
