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
LABELS = 3
"""Words beside a date, and twice as many beside that of a change, too, up to which a line is nothing but dates."""
LONGEST = 700
"""Code points; a longer line is prose whatever it contains."""

_NAME = (
    r"(?:(?:Mc|Mac|O['’]|D['’]|[Dd][ie] |[Vv]an (?:der |den |de )?|[Vv]on |[Dd]e (?:la )?|[Bb]in "
    r"|[Aa]l-|[Ee]l-)?[A-ZÀ-ÞŠŽ][\w'’À-ÿ-]*\.?)"
)
FULL_NAME = rf"{_NAME}(?:[ ]{_NAME}){{1,4}}"

Kind = tuple[str, re.Pattern[str], int]
"""Name, pattern, longest line in characters."""


def _kinds() -> tuple[tuple[Kind, ...], AhoCorasick, tuple[int, ...], int]:
    """The kinds, the automaton that finds every word of any in one pass over a line, and which kinds to try.

    These are sets of bits, that of the first kind the lowest: for each word the kinds that ask for it, and the kinds
    that ask for none.
    """
    folder = files("streams.text").joinpath("data")
    table = [kind for name in TABLES for kind in tomllib.loads(folder.joinpath(name).read_text("utf-8"))["kind"]]
    asking: dict[str, int] = {}
    wordless = 0
    for place, each in enumerate(table):
        for word in each.get("words", ()):
            asking[word] = asking.get(word, 0) | 1 << place
        wordless |= (not each.get("words")) << place
    kinds = tuple((each["name"], _whole(each["patterns"]), each["longest"]) for each in table)
    return kinds, AhoCorasick(list(asking)), tuple(asking.values()), wordless


def _whole(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{'|'.join(patterns)})\W*", re.I)


_KINDS, _WORDS, _ASKING, _WORDLESS = _kinds()
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
_BUTTONS = ("skip", "menu", "share", "comments")
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
    tried = _WORDLESS
    for found in _WORDS.find_matches_as_indexes(f"^{line.lower()}", overlapping=True):
        tried |= _ASKING[found[0]]
    tried &= _fitting(size)
    while tried:
        kind, pattern, _ = _KINDS[(tried & -tried).bit_length() - 1]
        if pattern.fullmatch(line):
            return kind
        tried &= tried - 1
    return _row(line) if "|" in line else None


def _row(line: str) -> str | None:
    """The kind of the first of several buttons in one line."""
    kinds = [cue_of(piece.strip()) for piece in line.split("|") if piece.strip()]
    return kinds[0] if len(kinds) > 1 and all(kind in _BUTTONS for kind in kinds) else None


@lru_cache(maxsize=LONGEST + 1)
def _fitting(size: int) -> int:
    """The kinds that a line of so many characters may be of."""
    return sum(1 << place for place, kind in enumerate(_KINDS) if size <= kind[2])


def _date_line(line: str) -> str | None:
    """``date`` or ``updated`` for a line that is a date and hardly more."""
    day = DAY_PATTERN.search(line)
    updated = _UPDATED.match(line)
    if not day and not updated:
        return _date_line_abroad(line)
    rest, days = DAY_PATTERN.subn(" ", line)
    rest, clocks = TIME_PATTERN.subn(" ", _DATE_WORDS.sub(" ", rest))
    if not day and not (clocks and any(character.isdigit() for character in line)):
        return None
    changed = days > 1 and any(UPDATED.search(line[: found.start()]) for found in DAY_PATTERN.finditer(line))
    others, most = len(_WORD.findall(rest)), 2 * LABELS if changed else LABELS
    if others > most:
        others = len(_WORD.findall(_DATE_WORDS_ABROAD.sub(" ", rest)))
    says_more = others > 0 and not clocks and not updated and line.endswith(".")
    return None if others > most or says_more else "updated" if updated else "date"


def _date_line_abroad(line: str) -> str | None:
    """``date`` or ``updated`` for a line that is a day as other languages write it, its label, and one word more."""
    abroad = day_abroad(line)
    if abroad is None:
        return None
    rest = _DATE_WORDS_ABROAD.sub(" ", f"{line[: abroad[1]]} {line[abroad[2] :]}")
    if len(_WORD.findall(TIME_PATTERN.sub(" ", rest))) > 1:
        return None
    return "updated" if UPDATED.search(line[: abroad[1]]) else "date"
