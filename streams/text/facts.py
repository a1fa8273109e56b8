"""The facts that the lines of a text state: its date, authors, editor, source, and the agency it calls itself by."""

import re
from collections.abc import Sequence
from functools import lru_cache

from streams.text.cues import FULL_NAME
from streams.text.dateline import dates_in
from streams.text.dates import stated
from streams.text.found import Found, Line, add_once
from streams.text.names import authors_below, is_person, names_in
from streams.text.published import UPDATE_NAMED, UPDATED
from streams.text.sentences import told
from streams.text.spans import dateline_day, glued_date

_NAMES = re.compile(rf"{FULL_NAME}(?:(?:, | and | & |, and ){FULL_NAME})*")
_BY = re.compile(
    r"\W*(?:(?:written|reported|words|story|text|analysis|opinion|posted|published)\s+)?(?:by|from)\b:?\s*", re.I
)
_FULL_NAME = re.compile(FULL_NAME)
_EDITED = re.compile(r"\W*edit(?:ed|ing)\s*(?:by)?\s*:?\s*", re.I)
_REPORTED = re.compile(
    r"\W*(?:reporting|writing)(?: and (?:writing|reporting))? by (?P<names>[^;.()]+)"
    r"(?:.*?\bediting by (?P<editor>[^;.()]+))?",
    re.I,
)
"""What agencies say below a text of who wrote and edited it."""
_SOURCE = re.compile(r"\W*(?:courtesy(?: of)?|source)\s*:?\s*(?P<name>[^.]{2,50}?)\.?\W*", re.I)
_LIVE = re.compile(
    r"(?:Follow|Read|See|Watch) (?P<name>(?:[A-Z][\w&.-]*\s?){1,4})['’]s? (?:live|full|latest"
    r"|complete|continuing) ?(?:coverage|blog|updates)?"
)
_DELIVERS = re.compile(
    r"(?P<name>(?:[A-Z][\w&.-]*\s){1,4})(?:delivers|provides|is an? (?:independent|nonprofit|non-profit|news))\b"
)
_MORE_SITES = re.compile(r"skip to more (?P<name>[A-Z][\w&. -]{1,40}?) (?:sites|pages|services)", re.I)
_APPEARED = re.compile(r"\bappeared first on (?P<name>[^.]{2,60})\.?$")
_SELF = re.compile(
    r"\b(?P<name>Reuters|AFP|The Associated Press|Associated Press|AP|Bloomberg|Xinhua|dpa|EFE"
    r"|ANSA|Kyodo|TASS|Interfax|PTI|ANI|UPI)(?: News)? (?:could not|was not able to|was unable to"
    r"|has not been able to|couldn['’]t) (?:immediately |independently )*(?:verify|confirm|reach"
    r"|determine|establish)\b"
)
_UNABLE = ("could not", "not able to", "unable to", "not been able", "couldn")
_DATELINE = re.compile(
    r"^[^a-z(]{2,40}(?:[A-Z][\w. ]{1,30})?,?\s*(?:[A-Z][a-z]+\.? \d{1,2}\s*)?\((?P<name>Reuters"
    r"|AFP|AP|Bloomberg|Xinhua|dpa|EFE|ANSA|Kyodo|TASS|Interfax|PTI|ANI|UPI)\)\s*[-–—]"
)
EARLIEST = "1990"
"""Year from which a date in a text is believed: widgets without one print the epoch."""
ABOVE, BELOW = 12, 4
"""Lines above and below the text from which its date and authors are taken."""


def state_all(lines: Sequence[Line], cues: Sequence[str | None], found: Found) -> None:
    """Take the facts that furniture states: dates and bylines only from near the text, the nearest above it first.

    Further away they belong to other articles.
    """
    first = next((index for index, line in enumerate(lines) if _is_body(line)), None)
    if first is None:
        return
    last = next(index for index in range(len(lines) - 1, -1, -1) if _is_body(lines[index]))
    above = range(first - 1, max(-1, first - 1 - ABOVE), -1)
    for index in (*above, *range(first, min(len(lines), last + 1 + BELOW))):
        if (cue := cues[index]) in ("date", "updated", "byline") and not lines[index].kept:
            if cue == "byline" and index > first and found.authors:
                continue
            state(lines[index].text, cue, found)
            if cue == "byline" and not found.authors and index < first:
                _name_above(lines, index, found)
    for line, cue in zip(lines, cues, strict=True):
        if cue and cue not in ("date", "updated", "byline") and not line.kept:
            state(line.text, cue, found)


def _is_body(line: Line) -> bool:
    return line.kept and told(line.text) > 60


def _name_above(lines: Sequence[Line], role: int, found: Found) -> None:
    """The name that stands alone in the line above a job."""
    line = lines[role - 1] if role else None
    if line and line.kind in ("paragraph", "unrelated") and _FULL_NAME.fullmatch(line.text) and is_person(line.text):
        line.drop("byline", "names whose job stands below")
        found.authors.append(line.text)


def state(text: str, cue: str, found: Found) -> None:
    """Take the fact that a line of furniture states."""
    if cue == "date":
        if not found.published and (date := stated(text)) and date.value >= EARLIEST:
            found.published = date
        if not found.updated and UPDATE_NAMED.search(text):
            found.updated = next((day for label, day in dates_in(text) if UPDATED.search(label)), None)
    elif cue == "updated":
        found.updated = found.updated or stated(text)
    elif cue == "editor":
        found.editor = found.editor or _EDITED.sub("", text).strip(" .") or None
    elif cue == "byline":
        names = _NAMES.match(_BY.sub("", text))
        for author in authors_below([text]) or (names_in(names[0]) if names else ()):
            add_once(found.authors, author)
    elif cue == "notice" and (credit := _REPORTED.match(text)):
        found.authors = found.authors or list(names_in(credit["names"]))
        found.editor = found.editor or next(names_in(credit["editor"] or ""), None)
    elif cue == "source" and (source := _SOURCE.fullmatch(text)):
        found.source = found.source or source["name"]
    found.publisher = found.publisher or _publisher(text)


@lru_cache(maxsize=8192)
def _publisher(text: str) -> str | None:
    """Whose site a line of furniture says it is of; remembered, since it says so below every article."""
    found = (pattern.search(text) for pattern in (_LIVE, _DELIVERS, _MORE_SITES, _APPEARED))
    return next((name["name"].strip() for name in found if name and name["name"].strip()), None)


def settle_whole(lines: list[Line], found: Found) -> None:
    """What is left once every line has its verdict: glued dates, and the agency the text calls itself by."""
    _glued(lines, found)
    _agencies(lines, found)


def _glued(lines: list[Line], found: Found) -> None:
    """Cut dates in front of the first paragraph; read the day of a dateline, which stays."""
    kept = [line for line in lines if line.kept]
    if kept and (date := glued_date(kept[0].text)):
        kept[0].cut, kept[0].text = kept[0].text[: date.end], kept[0].text[date.end :]
        if date.updated:
            found.updated = found.updated or date.date
        else:
            found.published = found.published or date.date
    if kept and not found.published:
        found.published = dateline_day(kept[0].text)


def _agencies(lines: list[Line], found: Found) -> None:
    """The agency that a text calls itself by."""
    if found.source:
        return
    kept = [line.text for line in lines if line.kept]
    names = [match["name"] for text in kept[:2] if (match := _DATELINE.match(text))]
    names += [match["name"] for match in [_own_name("\n".join(kept))] if match]
    found.source = names[0] if names else found.publisher


@lru_cache(maxsize=2)
def _own_name(text: str) -> re.Match[str] | None:
    """Where a text says what its agency could not do; the words it takes are looked for first, being cheap to find.

    Remembered, since a text is asked again when its furniture is gone.
    """
    might = "could" in text or "able" in text
    return _SELF.search(text) if might and any(words in text for words in _UNABLE) else None
