"""Pieces of a line that are not its text: glued dates, credits, tails of feeds."""

import re
from dataclasses import dataclass
from functools import lru_cache

from streams.text.cues import FULL_NAME, Hint, hints_of
from streams.text.dates import DAY_PATTERN, Stated, stated
from streams.text.names import is_person

_AGENCIES = (
    "afp|ap|ap photo|associated press|reuters|epa|epa-efe|efe|pa|pa wire|pa media|getty"
    "|getty images|shutterstock|istock|alamy|imago|zuma"
    "|bloomberg|anadolu|anadolu agency|aa|nurphoto|unsplash|pexels|dpa|ansa|tass|xinhua|upi|ntb"
    "|ritzau|tt|keystone|belga|anp|picture alliance"
    "|file|file photo|screengrab|screenshot|supplied|handout|courtesy|social media"
    "|wikimedia commons|flickr|cc|public domain"
)
_AGENCY = re.compile(rf"(?:{_AGENCIES})", re.I)
_LABELLED = re.compile(
    r"(?P<caption>\S.*?\S)\s*(?P<label>(?:Image|Photo(?:graph)?|Picture|Illustration|Credit|Foto"
    r"|Bild)(?: [Cc]redit| by)?\s?[:©])\s*(?P<credit>\S.{0,118}\S)"
)
_BRACKETED = re.compile(r"(?P<caption>\S.{18,}?\S)\s*[(\[](?P<credit>[^()\[\]]{2,80})[)\]]\.?")
_CREDIT_ONLY = re.compile(
    r"[(\[]?(?P<label>(?:Image|Photo(?:graph)?|Picture|Illustration|Credit|Foto"
    r"|Bild)s?(?: [Cc]redits?| by| courtesy(?: of)?)?\s*[:©])\s*(?P<credit>\S.{0,118}?)[)\]]?"
)
_LOWER_WORDS = frozenset(
    "via of for and the by courtesy pool photo file handout press der de von van le la du images".split()  # noqa: SIM905
)
_GLUED_DATE = re.compile(
    rf"\W*(?:(?P<label>date|published|posted|updated|publication date)\b(?: on"
    rf"| at)?\s*:?\s*)?(?P<date>{DAY_PATTERN.pattern[2:]})"
    r"(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?(?P<separator>\s*[:|–—-]*\s+)(?=[\"“'‘]?[A-ZÀ-Þ])",
    re.I,
)
_DATED_OPENING = re.compile(
    rf"(?-i:[A-ZÀ-Þ][A-ZÀ-Þ.'’ -]{{2,40}}),?(?: [^\W\d][\w.'’ -]{{1,30}},){{0,2}} (?P<date>{DAY_PATTERN.pattern[2:]})"
    r"[,.]? ?(?:[(/][^()/]{2,40}[)/])? ?(?:--|[–—-])",
    re.I,
)
_TAIL = re.compile(
    r"\s*(?P<mark>\[?(?:…|\.{3})\]?)?\s*(?P<tail>\[\+\d+ chars\]|(?:The post\b.{1,300}\b)?appeared first on\b.{1,120}"
    r"|(?:Continue [Rr]eading|Read (?:[Mm]ore|the (?:[Ff]ull|[Rr]est))|Keep [Rr]eading"
    r"|Click [Hh]ere to (?:read|continue))\b.{0,160})\s*$"
)
_TAIL_PHRASES = ("chars]", "appeared first on", "ontinue reading", "ead more", "ead the", "eep reading", "lick here")
_MARK = re.compile(r"\s*(?:\[(?:…|\.{3,})\]|(?:…|\.{3,}))\s*$")
_APPEARED = re.compile(r"appeared first on (?P<publisher>.{2,80}?)\.?$")


@dataclass(frozen=True, slots=True)
class Credited:
    """A caption (may be empty) and whom its picture is by: ``line[start:end]`` is the credit."""

    caption: str
    credit: str
    labelled: bool


@lru_cache(maxsize=8192)
def credited(line: str) -> Credited | None:
    """The parts of a caption that ends in its picture's credit, labelled or bracketed; None for other lines."""
    marked = ":" in line or "©" in line
    if marked and (only := _CREDIT_ONLY.fullmatch(line)):
        return Credited("", only["credit"].strip(), True) if _names(only["credit"]) else None
    if len(line) > 600:
        return None
    if marked and (found := _LABELLED.fullmatch(line)) and _names(found["credit"]):
        return Credited(found["caption"], found["credit"].strip(), True)
    found = _BRACKETED.fullmatch(line) if line.rstrip(".")[-1:] in (")", "]") else None
    if found and _is_agency(found["credit"]):
        return Credited(found["caption"], found["credit"], False)
    return None


def _names(text: str) -> bool:
    """Whether a text is names only: no sentence stands behind "Image:"."""
    parts = [part for part in re.split(r"\s*[/|,]\s*", text.strip(" .)]")) if not _AGENCY.fullmatch(part)]
    words = " ".join(parts).split()
    return (
        len(words) <= 16
        and not text.rstrip().endswith(("?", "!"))
        and all(word[:1].isupper() or not word[:1].isalpha() or word.lower() in _LOWER_WORDS for word in words)
    )


def _is_agency(text: str) -> bool:
    parts = re.split(r"\s*[/|,]\s*|\s+via\s+", text)
    return any(_AGENCY.fullmatch(part.strip()) for part in parts) and _names(text)


@dataclass(frozen=True, slots=True)
class GluedDate:
    """A date in front of a paragraph: ``line[:end]`` is to be cut."""

    end: int
    date: Stated
    updated: bool


def glued_date(line: str) -> GluedDate | None:
    """A date glued in front of a sentence. A sentence that begins with its date is not cut.

    Labelled, or in figures, or followed by a separator: "January 10, 2024 The ..." alone might be
    the beginning of a sentence.
    """
    found = _GLUED_DATE.match(line)
    if not found or len(line) - found.end() < 20:
        return None
    if not (found["label"] or found["date"][:4].isdigit() or found["separator"].strip()):
        return None
    day = stated(line[: found.end()].strip(" |:–—-"))
    if day is None:
        return None
    return GluedDate(found.end(), day, (found["label"] or "").lower() == "updated")


def dateline_day(line: str) -> Stated | None:
    """The day in the dateline of an announcement: "PORT TOWN, Wales, Sept. 5, 2023 /Agency/ -- ..."."""
    found = _DATED_OPENING.match(line)
    return stated(found["date"]) if found else None


@dataclass(frozen=True, slots=True)
class Tail:
    """What a feed put behind a text: ``line[start:]``, whether it says the text goes on, and of which publisher."""

    start: int
    truncated: bool
    publisher: str | None = None


def feed_tail(line: str) -> Tail | None:
    """The tail of a feed's fragment on its last line; None where there is none."""
    end = line[-700:]
    found = _TAIL.search(end) if _has_any(end, _TAIL_PHRASES) else None
    shift = max(0, len(line) - 700)
    if found:
        publisher = _APPEARED.search(found["tail"])
        goes_on = bool(found["mark"]) or not found["tail"].endswith(publisher[0] if publisher else "\0")
        return Tail(shift + found.start(), goes_on, publisher["publisher"] if publisher else None)
    mark = _MARK.search(line) if "…" in line or "..." in line else None
    return Tail(mark.start() if "[" in mark[0] else len(line), True) if mark else None


_ROLE = re.compile(
    r"(?:,|—|–|-|\|)?\s*(?:\b(?:is|was) (?:an?|the|our)\b.{0,40}?)?\b(?:(?:senior|chief|staff"
    r"|foreign|political|freelance|deputy|associate|managing|"
    r"executive|contributing|special|national|digital|multimedia|investigative|data|business"
    r"|health|science|sports?)\s+){0,3}"
    r"(?:author|reporter|correspondent|editor|writer|journalist|columnist|contributor|producer"
    r"|analyst|bureau chief|fellow|covers|reports|writes)\b",
    re.I,
)


def author_and_role(line: str) -> str | None:
    """The name in a line such as "Jane Doe Reporter for the business desk."; None for other lines."""
    role = _ROLE.search(line) if len(line) <= 400 and hints_of(line) & Hint.DOES else None
    name = line[: role.start()].strip(" ,—–-|") if role else ""
    return name if re.fullmatch(FULL_NAME, name) and is_person(name) else None


_BIOGRAPHY = re.compile(
    r"(?:[A-Z][\w.'’-]+ ){1,3}(?:[A-Z][\w.'’-]+,? )?(?:is|was|covers|writes|reports|has (?:been"
    r"|worked|covered)|joined|,)\b.{0,160}"
    r"\b(?:writer|reporter|editor|journalist|correspondent|columnist|contributor|author|producer"
    r"|fellow(?= (?:at|in|of|with|for)\b|[^\w ]|$)|covers|covering|writes)\b"
)
_REACHED = re.compile(
    r"\b(?:can be reached at|follow (?:him|her|them|me) (?:on|at)|e-?mail (?:him|her|them|me)"
    r"|on twitter at)\b|^contact (?-i:[A-Z])[^.]{2,60} at \S|^[^.]{0,60}(?:(?<!\S)@[a-z_]|\w@[\w-]+\.[a-z])"
    r"|^[^.@]{3,50} \(@\w+\) (?:is|was|covers|writes|reports|has)\b",
    re.I,
)


def is_biography(line: str) -> bool:
    """Whether a line says who an author is and where to reach them; for lines near either end of a text."""
    if len(line) >= 900:
        return False
    reached = hints_of(line) & Hint.REACHED and _REACHED.search(line)
    return bool(reached or _BIOGRAPHY.match(line))


def _has_any(line: str, words: tuple[str, ...]) -> bool:
    lower = line.lower()
    for word in words:  # noqa: SIM110 - a third faster than any(), for every line of a text
        if word in lower:
            return True
    return False
