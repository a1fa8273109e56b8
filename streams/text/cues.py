"""What a single line says of itself: patterns of the furniture that stands round and inside articles.

Every pattern speaks of one line alone and matches the whole of it; what needs its neighbours is in
``structure``.
"""

import json
import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from streams.text.dates import DAY_PATTERN, TIME_PATTERN
from streams.text.gates import Gates
from streams.text.months import day_abroad
from streams.text.published import UPDATED

TABLES = ("cues.toml", "cues_abroad.toml")
LABELS = 3
"""Words beside a date, and twice as many beside that of a change, too, up to which a line is nothing but dates."""
LONGEST, DATED = 700, 120
"""Code points; a longer line is prose whatever it contains, or has more than its date."""
REMEMBERED = 8192
"""Lines of which the kind is remembered."""

_NAME = (
    r"(?:(?:Mc|Mac|O['’]|D['’]|[Dd][ie] |[Vv]an (?:der |den |de )?|[Vv]on |[Dd]e (?:la )?|[Bb]in "
    r"|[Aa]l-|[Ee]l-)?[A-ZÀ-ÞŠŽ][\w'’À-ÿ-]*\.?)"
)
FULL_NAME = rf"{_NAME}(?:[ ]{_NAME}){{1,4}}"

_DAY_WORDS = ("19", "20", "25", "/", "updated", "modified", "revised")
"""Parts of years and what else a line has that is a date."""
CONSENT = ("cookie", "consent", "privacy", "personal data", "personal information")
"""Words of which consent forms have one."""
ROLES = (
    "author", "report", "correspondent", "editor", "write", "journalist", "columnist", "contributor", "producer",
    "analyst", "bureau chief", "fellow", "covers",
)  # fmt: skip
"""What a line with a role has in it: cheaper to find than the role."""
REACHED = ("@", "contact ", "can be reached", "follow ", "mail ", "on twitter at")
"""What a line has that says where somebody is reached."""
_OFFERS, _SIGNS = ("walls_words.json", "walls_abroad_words.json"), ("paywall.1", "paywall.3", "offers.1", "offers.3")
"""Where the words stand of offers to pay for the rest of a text: that it is for those who do, that there is more."""
Kind = tuple[str, re.Pattern[str], int]
"""Name, pattern, longest line in characters."""


def _kinds() -> tuple[tuple[Kind, ...], Gates]:
    """The kinds, and which of them are worth trying on a line: by their own words, else those read off their patterns;
    behind them, whether it may have a day, and the hints."""
    folder = files("streams.text").joinpath("data")
    table = [kind for name in TABLES for kind in tomllib.loads(folder.joinpath(name).read_text("utf-8"))["kind"]]
    read_off = json.loads(folder.joinpath("cues_words.json").read_text("utf-8"))
    words = [each.get("words") or read_off[str(place)] for place, each in enumerate(table)]
    asked = [each and [word.replace("^", "\n") for word in each] for each in words]
    kinds = tuple((each["name"], _whole(each["patterns"]), each["longest"]) for each in table)
    tables = [json.loads(folder.joinpath(name).read_text("utf-8")) for name in _OFFERS]
    offers = [word for table in tables for sign in _SIGNS for word in table.get(sign, ())]
    sells = tables[0]["paywall.3"]
    return kinds, Gates([*asked, _DAY_WORDS, CONSENT, ("partners",), sells, ROLES, REACHED, offers])


def _whole(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{'|'.join(patterns)})\W*", re.I)


_KINDS, _GATES = _kinds()
_MAY_BE_DATED, _HINTS = 1 << len(_KINDS), len(_KINDS) + 1
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
_known: dict[str, tuple[str | None, int]] = {}
_NOTHING = (None, 0)
"""What is known of long lines."""


def cue_of(line: str) -> str | None:
    """The kind of furniture that ``line`` is by its own words; None where they say nothing."""
    if line not in _known:
        _learn((line,))
    return _known.get(line, _NOTHING)[0]


def cues_of(lines: Sequence[str]) -> list[str | None]:
    """The kind of each of ``lines``, those that are new all at once.

    Remembered, since the furniture of a site is the same in all of its articles.
    """
    _learn(lines)
    return [_known.get(line, _NOTHING)[0] for line in lines]


class Hint:
    """What is worth looking for in a line, by words that it has: bits, as mere numbers since each line is asked."""

    ASKS, SHARES, SELLS, DOES, REACHED, OFFERS = 1, 2, 4, 8, 16, 32
    """Consent; partners, whom consent is asked for, too; the rest of a text, in English; what somebody
    does; where they are; the rest of a text to those who pay, in any language."""


def hints_of(line: str) -> int:
    """The ``Hint``s of a line."""
    if line in _known:
        return _known[line][1]
    if len(line) > LONGEST:
        return _GATES.of_lines((line,))[0] >> _HINTS
    _learn((line,))
    return _known[line][1]


def _learn(lines: Sequence[str]) -> None:
    """Remember what is to be known of ``lines``, but for long ones."""
    new = [line for line in lines if line not in _known and len(line) <= LONGEST]
    if new and len(_known) + len(new) > REMEMBERED:
        _known.clear()
        new = [line for line in lines if len(line) <= LONGEST]
    for line, tried in zip(new, _GATES.of_lines(new), strict=True):
        _known[line] = _cue(line, tried), tried >> _HINTS


def _cue(line: str, tried: int) -> str | None:
    size = len(line)
    if tried & _MAY_BE_DATED and size <= DATED and _DIGIT.search(line) and (dated := _date_line(line)):
        return dated
    tried &= _fitting(size)
    while tried:
        kind, pattern, _ = _KINDS[(tried & -tried).bit_length() - 1]
        if pattern.fullmatch(line):
            return kind
        tried &= tried - 1
    return _row(line) if "|" in line else None


def _row(line: str) -> str | None:
    """The kind of the first of several buttons in one line."""
    kinds = cues_of([piece.strip() for piece in line.split("|") if piece.strip()])
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
