"""How a sentence speaks of what it mentions: from cue words round it, nearest kinds first.

A cue list, not a parser: it looks at the words before the span in its sentence, at the span itself, and
at a few words after it (``a pullout was ruled out``).
"""

from collections.abc import Sequence
from itertools import pairwise

from schemas.alert import Modality
from streams.rules.analysis import Analysis
from streams.rules.words import forms, key_of

BEFORE, AFTER = 14, 7
"""Words before and after a span that may say how it is meant."""


def _keys(words: str) -> frozenset[str]:
    return frozenset(map(key_of, words.split()))


_CONDITIONS = forms("if unless whether should supposing")
_NEGATIONS = forms(
    "not never no without nor neither cannot can't won't don't doesn't didn't isn't wasn't aren't weren't "
    "hasn't haven't hadn't wouldn't couldn't shouldn't"
)
_DENIALS = _keys("deny denial dismiss refute false untrue rumour rumor")
_REFUSALS = _keys(
    "refuse refusal reject rejection decline oppose resist unwilling unlikely postpone delay halt suspend"
)
_THREATS = _keys("threaten threat")
_DEMANDS = _keys("demand call urge insist appeal ask request press ultimatum must want petition pressure plead")
_PLANS = _keys(
    "will would plan intend intention prepare preparation announce agree agreement decide decision promise vow pledge "
    "schedule expect due soon propose proposal consider order ready shall may might could aim seek discuss mull weigh"
)
_PASTS = forms("ago formerly previously earlier")
_PASTS_BEFORE = forms("since after until had")
_UNDER_WAY = _keys("begin start continue force manage")
"""Verbs whose infinitive tells of what happens: ``began to withdraw``."""
_BOUND = frozenset(
    tuple(pair.split("_"))
    for pair in forms("is_to are_to be_to was_to were_to set_to going_to next_week next_month next_year")
)


def modality_of(analysis: Analysis, first: int, last: int) -> Modality:
    """How the sentence speaks of the words from ``first`` to ``last``."""
    low, high = analysis.bounds(analysis.sentence(first))
    words = analysis.folded(max(low, first - BEFORE), min(high, last + 1 + AFTER))
    start = min(BEFORE, first - low)
    is_headline = last < analysis.split
    if "?" in analysis.between(min(high, analysis.size) - 1)[:3]:
        return Modality.CONDITIONAL
    kind = _spoken(words, start, start + last - first + 1)
    if kind is Modality.ACTUAL and is_headline and _infinitive(words, start):
        return Modality.PLANNED
    return kind


def _spoken(words: Sequence[str], start: int, end: int) -> Modality:
    """The kind of the strongest cue: before or in the span, or shortly after it."""
    before, after = words[:end], words[end:]
    keys_before, keys_after = set(map(key_of, before)), set(map(key_of, after))
    if _CONDITIONS & set(words):
        return Modality.CONDITIONAL
    if _DENIALS & (keys_before | keys_after):
        return Modality.DENIED
    if _REFUSALS & (keys_before | _passive(after)) or _ruled_out(words):
        return Modality.REFUSED
    if _negated(words, start, end):
        intends = {"will", "won't", "would", "wouldn't", "cannot", "can't"} & set(before)
        return Modality.REFUSED if intends else Modality.DENIED
    return _unreal(words, start, keys_before, keys_after)


def _unreal(words: Sequence[str], start: int, before: set[str], after: set[str]) -> Modality:
    if _THREATS & before:
        return Modality.THREATENED
    if _DEMANDS & before or (_DEMANDS & after and "by" in words):
        return Modality.DEMANDED
    if _PLANS & (before | after) or _bound_to(words):
        return Modality.PLANNED
    is_past = _PASTS & set(words) or _PASTS_BEFORE & set(words[:start]) or any(map(_year, words))
    return Modality.PAST if is_past else Modality.ACTUAL


def _passive(after: Sequence[str]) -> set[str]:
    """Keys of what follows, without what the event does to others: ``began a strike, halting ships``."""
    return {key_of(word) for word in after if not word.endswith("ing")}


def _ruled_out(words: Sequence[str]) -> bool:
    return any(word.startswith("rul") and follower == "out" for word, follower in pairwise(words))


def _negated(words: Sequence[str], start: int, end: int) -> bool:
    """A negation close before the span, in it, or right after it."""
    near = words[max(0, start - 6) : end + 3]
    return any(word in _NEGATIONS for word in near) and "only" not in near


def _bound_to(words: Sequence[str]) -> bool:
    """``is to leave``, ``are set to leave``, ``next month``."""
    pairs = set(pairwise(words))
    return not pairs.isdisjoint(_BOUND)


def _infinitive(words: Sequence[str], start: int) -> bool:
    """``Army to leave``, but not ``Army begins to leave``: in headlines the plain infinitive stands for the future."""
    at = next((place for place in (start, start - 1) if place > 0 and words[place] == "to"), 0)
    return at > 0 and key_of(words[at - 1]) not in _UNDER_WAY


def _year(word: str) -> bool:
    return len(word) == 4 and word.isdecimal() and word[:2] in ("19", "20")
