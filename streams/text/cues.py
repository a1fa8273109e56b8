"""What a single line says of itself: patterns of the furniture that stands round and inside articles.

Every pattern speaks of one line alone and matches the whole of it; what needs its neighbours is in
``structure``.
"""

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from ahocorasick_rs import AhoCorasick

from streams.text.dates import DAY_PATTERN, TIME_PATTERN
from streams.text.months import day_abroad
from streams.text.published import UPDATED

TABLES = ("cues.toml", "cues_abroad.toml")
LONGEST = 700
"""Code points; a longer line is prose whatever it contains."""

_NAME = (
    r"(?:(?:Mc|Mac|O['’]|D['’]|[Dd][ie] |[Vv]an (?:der |den |de )?|[Vv]on |[Dd]e (?:la )?|[Bb]in "
    r"|[Aa]l-|[Ee]l-)?[A-ZÀ-ÞŠŽ][\w'’À-ÿ-]*\.?)"
)
FULL_NAME = rf"{_NAME}(?:[ ]{_NAME}){{1,4}}"

Kind = tuple[str, re.Pattern[str], int, frozenset[int]]
"""Name, pattern, longest line in characters, numbers of words of which a line must contain one (if any are given)."""


def _kinds() -> tuple[AhoCorasick, tuple[Kind, ...]]:
    """The automaton that finds every word of any kind in one pass over a line, and the kinds."""
    folder = files("streams.text").joinpath("data")
    table = [kind for name in TABLES for kind in tomllib.loads(folder.joinpath(name).read_text("utf-8"))["kind"]]
    numbers = {
        word: number for number, word in enumerate(dict.fromkeys(w for each in table for w in each.get("words", ())))
    }
    kinds = (
        (
            each["name"],
            _whole(each["patterns"]),
            each["longest"],
            frozenset(map(numbers.__getitem__, each.get("words", ()))),
        )
        for each in table
    )
    return AhoCorasick(list(numbers)), tuple(kinds)


def _whole(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{'|'.join(patterns)})\W*", re.I)


_WORDS, _KINDS = _kinds()
KINDS: tuple[str, ...] = tuple(dict.fromkeys(["skip", "updated", *(kind[0] for kind in _KINDS)]))

_DATE_WORDS = re.compile(
    r"\b(?:first |originally |last )?(?:published|updated?|posted|modified|created|date|added|time"
    r"|issued|filed)\b(?: (?:on|at|date|time))?|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri"
    r"|sat(?:ur)?|sun)(?:day)?\b\.?|\b(?:at|on|of|local time)\b",
    re.I,
)
_DATE_WORDS_ABROAD = re.compile(
    r"\b(?:publi(?:é|cado|cada|ée?)|pubblicato|veröffentlicht|erstellt|stand|aktualisiert|mis à jour|actualizado"
    r"|aggiornato|atualizado|gepubliceerd|bijgewerkt|publicerad|uppdaterad|publisert|oppdatert|opublikowano|опубликовано"
    r"|le|à|el|a las|il|alle|ore|uhr|um|am|den|kl|em|às|op|om|et|и|в)\b",
    re.I,
)
_UPDATED = re.compile(r"\W*(?:last )?(?:updated|modified|revised)\b", re.I)
_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")


@lru_cache(maxsize=8192)
def cue_of(line: str) -> str | None:
    """The kind of furniture that ``line`` is by its own words; None where they say nothing.

    Remembered, since the furniture of a site is the same in all of its articles.
    """
    size = len(line)
    if size > LONGEST:
        return None
    if size <= 120 and _DIGIT.search(line) and (dated := _date_line(line)):
        return dated
    words = {found[0] for found in _WORDS.find_matches_as_indexes(line.lower(), overlapping=True)}
    for kind, pattern, _, needed in _kinds_for(size):
        if (not needed or not needed.isdisjoint(words)) and pattern.fullmatch(line):
            return kind
    return None


@lru_cache(maxsize=LONGEST + 1)
def _kinds_for(size: int) -> tuple[Kind, ...]:
    """The kinds that a line of so many characters may be of, in their order."""
    return tuple(kind for kind in _KINDS if size <= kind[2])


def _date_line(line: str) -> str | None:
    """``date`` or ``updated`` for a line that is a date and hardly more."""
    day = DAY_PATTERN.search(line)
    updated = _UPDATED.match(line)
    if not day and not updated:
        return _date_line_abroad(line)
    rest = line[: day.start()] + " " + line[day.end() :] if day else line
    rest, clocks = TIME_PATTERN.subn(" ", _DATE_WORDS_ABROAD.sub(" ", _DATE_WORDS.sub(" ", rest)))
    if not day and not (clocks and any(character.isdigit() for character in line)):
        return None
    others = len(_WORD.findall(rest))
    says_more = others > 0 and not clocks and not updated and line.endswith(".")
    return None if others > 3 or says_more else "updated" if updated else "date"


def _date_line_abroad(line: str) -> str | None:
    """``date`` or ``updated`` for a line that is a day as other languages write it, its label, and one word more."""
    abroad = day_abroad(line)
    if abroad is None:
        return None
    rest = _DATE_WORDS_ABROAD.sub(" ", f"{line[: abroad[1]]} {line[abroad[2] :]}")
    if len(_WORD.findall(TIME_PATTERN.sub(" ", rest))) > 1:
        return None
    return "updated" if UPDATED.search(line[: abroad[1]]) else "date"
