"""Whether a sentence tells of something as news, or recalls what happened years ago.

A cue list round the words in question, like `modality`, not a parser. Recalled is what bears an earlier year, an age
or a people that is over (``the 1953 truce``, ``was bombed in 1983``, ``the Vikings``: `dating`), what stands behind
*since*, *years after* or *once* (``since the army seized power``), what years, decades or habit date (``a decade
ago``, ``in recent years``), what a month names like a chapter of history (``a July coup``), what was in a month that
is over (``took power in July``, read in December), and whatever a sentence about an anniversary says.
"""

from collections.abc import Sequence
from itertools import pairwise

from streams.rules.analysis import Analysis
from streams.rules.combining import placed
from streams.rules.dating import CALENDAR, ERAS, VERBS, dated
from streams.rules.narrowing import OfOne
from streams.rules.nodes import Node, Spans, View
from streams.rules.words import forms

BEHIND, AHEAD, NEAR = 14, 12, 8
"""Words after, and before, what is recalled that a cue may be away; any year may only be near behind."""

_COMING = forms("will would shall to next until till by from plan plans planned set due scheduled expected coming")
_REMEMBERED = forms(
    "anniversary anniversaries centenary bicentenary commemorate commemorates commemorated commemorating "
    "commemoration remembers remembered remembering"
)
_FORMER = forms("former ex onetime erstwhile")
_LINKS = forms("who which that whose where when while after before but")
_HABITS = forms("regularly frequently routinely periodically typical typically")
_SPANS = ("in recent years", "over the years", "the past decade", "recent decades", "for decades")
_YEARLY = frozenset((("each", "year"), ("every", "year")))
_IN_MONTH = forms("in late early mid")
_RELATIVES = forms("who which that")
_LASTING = forms("ended lasted happened occurred started erupted")
"""Verbs that mostly have no object: a year behind them dates their subject."""
_IRREGULAR = forms("built said told")
_BEFORE_NOUNS = forms("the a an his her its their on of in by with from at this that these those")
_WHEN = forms("in since during until last past christmas easter spring summer autumn winter") | frozenset(CALENDAR)
_OPENINGS = forms("in during back last on early late throughout around")
_ONCE = forms("who which that was were had")
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
        or _behind_since(words, clause[0], start, end)
        or _dated(words, clause, start, end, year)
        or not _YEARLY.isdisjoint(pairwise(words[slice(*clause)]))
        or (_of_an_actor(words, start, end) if month is None else _in_another_month(words, clause, month))
    )


def _clause(gaps: Sequence[str], start: int, end: int) -> tuple[int, int]:
    """The words round a span to the nearest comma, dash or semicolon on either side, counted within its sentence.

    ``gaps`` has what stands after each word of the sentence.
    """
    first, last = start, end
    while first > 0 and (gaps[first - 1] == " " or not _parts(gaps[first - 1])):
        first -= 1
    while last < len(gaps) and (gaps[last - 1] == " " or not _parts(gaps[last - 1])):
        last += 1
    return first, last


def _parts(between: str) -> bool:
    return any(sign in between for sign in ",;:–—()")


def _remembered(words: Sequence[str], start: int, end: int) -> bool:
    """``the anniversary of the coup``, ``a coup anniversary``."""
    return not _REMEMBERED.isdisjoint(words[max(0, start - AHEAD) : end + 2])


def _habitual(words: Sequence[str]) -> bool:
    text = " ".join(words)
    return not _HABITS.isdisjoint(words) or any(span in text for span in _SPANS)


def _of_a_life(words: Sequence[str], clause: int) -> bool:
    """``The senator, who negotiated the truce, has died at the age of 90.``"""
    aged = "aged" in words or "at the age of" in " ".join(words)
    return aged and words[clause] in ("who", "whose", "known") and not {"died", "dies", "dead"}.isdisjoint(words)


def _behind_since(words: Sequence[str], clause: int, start: int, end: int) -> bool:
    """``since a truce ended the war``, ``ten years after the coup``; also ``the former hostage``.

    ``since Monday's coup`` tells of this week.
    """
    if (start and words[start - 1] in _FORMER) or _once(words, clause, end):
        return True
    if "since" in words[:clause] and "when" in words[clause : clause + 1]:
        return True
    for index in range(max(clause, start - AHEAD), start):
        follows = words[index] in ("after", "since", "before") and index and words[index - 1] in ERAS
        if follows or (words[index] == "since" and not _whole(words[index + 1])):
            return True
    return False


def _whole(word: str) -> bool:
    """Whether *since* has all it needs in the next word: *since Monday's coup*; *since 1987* is a date like others."""
    return word in _DAYS or word.isdecimal()


def _once(words: Sequence[str], clause: int, end: int) -> bool:
    """``who once led a coup``, ``was once under curfew``."""
    return any(words[index] == "once" and words[index - 1] in _ONCE for index in range(max(clause, 1), end))


def _dated(words: Sequence[str], clause: tuple[int, int], start: int, end: int, year: int | None) -> bool:
    """A past year or era before the span in its clause, in it, or after it until another verb takes over."""
    last = min(clause[1], end + BEHIND)
    last = _until_verb(words, _predicate(words, end, last), last)
    places = (*_heading(words, clause[0]), *range(max(clause[0], start - AHEAD), last))
    return any(_of_these(words, index, clause[0], start, end) for index in dated(words, places, year))


def _of_these(words: Sequence[str], index: int, clause: int, start: int, end: int) -> bool:
    """Whether a date belongs to the words, not to a verb or noun beside them: *a depot opened in 1931 will strike*."""
    if index >= end:
        return index < end + NEAR or words[index - 1] in _WHEN
    stop = start if index < start else end
    after = _until_verb(words, index + 1, stop)
    if after == stop:
        return True
    follows = words[after] in _LINKS or words[index + 1] == "and"
    if index < start:
        return follows or _verbs(words, max(clause, index - AHEAD), index) == 0
    return follows and words[index - 1] in _WHEN and _verbs(words, start, index) < 2


def _in_another_month(words: Sequence[str], clause: tuple[int, int], month: int) -> bool:
    """``took power in July``, read in December: neither this month's, nor the last one's, nor yet to come."""
    words = [*words[: len(_heading(words, clause[0])) + 1], *words[slice(*clause)]]
    if not _COMING.isdisjoint(words):
        return False
    named = (word for before, word in pairwise(words) if before in _IN_MONTH and word in CALENDAR)
    return any((month - CALENDAR.index(word) - 1) % 12 > 1 for word in named)


def _of_an_actor(words: Sequence[str], start: int, end: int) -> bool:
    """``the council that took power in July`` of an undated article: who somebody is, not what has happened."""
    for index in range(max(0, start - 3), end):
        if words[index] not in _RELATIVES:
            continue
        for place in range(index + 2, min(index + BEHIND, len(words))):
            if words[place] in CALENDAR and words[place - 1] in _IN_MONTH:
                return _COMING.isdisjoint(words[index:place])
    return False


def _heading(words: Sequence[str], clause: int) -> range:
    """Where a sentence says at its head when it plays: ``In 2016, ...``."""
    return range(1, min(max(clause, 2), 4)) if words[0] in _OPENINGS else range(0)


def _predicate(words: Sequence[str], first: int, last: int) -> int:
    """After the span's own passive: ``the truce [was signed] decades ago``."""
    index = first
    while index < last and words[index] in VERBS:
        index += 1
    return index + 1 if first < index < last and words[index].endswith("ed") else index


def _until_verb(words: Sequence[str], first: int, last: int) -> int:
    """Where another verb or clause takes over: ``extended sanctions | imposed in 2014``; ``last`` if nowhere."""
    return next((index for index in range(first, last) if words[index] in _LINKS or _verb(words, index)), last)


def _verbs(words: Sequence[str], first: int, last: int) -> int:
    return sum(_verb(words, index) for index in range(first, last))


def _verb(words: Sequence[str], index: int) -> bool:
    """Whether a word looks like a verb of the past, or a participle: *imposed*, not *the occupied town*."""
    word = words[index]
    if not word.endswith("ed"):
        return word in VERBS or word in _IRREGULAR
    return len(word) > 4 and word not in _LASTING and (not index or words[index - 1] not in _BEFORE_NOUNS)
