"""The forms in which the names of tables are looked for."""

import re
from collections.abc import Iterator, Set

from streams.entities.rules import titles_before

DIRECTIONS = frozenset(
    ("northern", "southern", "eastern", "western", "central", "north", "south", "east", "west", "mainland")
)
ABBREVIATED = re.compile(r"[^\W_]{2}\.$")
INTERRUPTED = re.compile(r"[,،，、]|\. ")
CLOSING_BRACKETS = frozenset(")）")
BRACKETED = re.compile(r"\s*[(（][^()（）]*[)）]$")


def spoken_form(alias: str, kind: str) -> str:
    """The form of a name that is looked for: without brackets that tell namesakes apart, articles and titles."""
    if alias[-1:] in CLOSING_BRACKETS:
        alias = BRACKETED.sub("", alias)
    words = alias.split(" ")
    if kind == "PERSON" and len(words) > 2:
        name = words[titles_before([word.strip(".").lower() for word in words]) :]
        return " ".join(name) if len(name) > 1 else alias
    return alias[4:] if alias.startswith("the ") or (alias.startswith("The ") and len(words) > 2) else alias


def is_description(alias: str, names: Set[str], kind: str) -> bool:
    """Whether an alias is words of ordinary English beside a name that says it: northern Iraq, jihadist.

    The names of armed groups have no capital in French, Italian or Portuguese where they are those of their members.
    """
    if not alias[:1].islower():
        return False
    written_so = kind != "ARMED_GROUP" and (alias.isascii() and alias.islower() and alias.capitalize() in names)
    return alias.split(" ", 1)[0] in DIRECTIONS or written_so


PROVINCE = re.compile(r"(.+) ([Gg]overnorate|[Pp]rovince)$")
BASE = re.compile(r"(.+?)(?: Military)? (?:[Aa]ir [Bb]ase|[Aa]irbase)$")
BUILT = re.compile(r"(.+?)(?: International)? (Airport|Prison|Dam|Hospital|Bridge|Crossing|Port)$")
ARTICLE = re.compile(r"(?<=[ -])[Aa]l[- ](?=[A-Z])")
GERMAN = re.compile(r"((?:\w{3,}(?:isch|lich|ional)|Vereinigt|Vereint|Rot|Frei|Schwarz|Weiß|Neu)e)[nrs]? (?=[A-ZÄÖÜ])")
"""German adjectives in a name, which take another ending when it is no subject: der Vereinigten Staaten."""

WITHOUT_ARTICLE = frozenset({"PERSON", "ARMED_GROUP"})


def other_forms(alias: str, kind: str) -> Iterator[str]:
    """Names that go without saying: Kirkuk province, beside Kirkuk Governorate; Balad base, beside Balad Air Base;
    Qais Khazali, beside Qais al-Khazali; Vereinigten Staaten, beside Vereinigte Staaten."""
    province = PROVINCE.match(alias) if kind == "GPE" else None
    if province:
        for word in ("Governorate", "governorate", "Province", "province"):
            yield f"{province[1]} {word}"
    base = BASE.match(alias) if kind == "FAC" else None
    if base:
        for word in ("Air Base", "Airbase", "air base", "airbase", "base"):
            yield f"{base[1]} {word}"
    built = BUILT.match(alias) if kind == "FAC" else None
    if built:
        yield f"{built[1]} {built[2]}"
        yield f"{built[1]} {built[2].lower()}"
    if GERMAN.search(alias):
        for ending in ("", "n", "r", "s"):
            yield GERMAN.sub(rf"\1{ending} ", alias)
    if kind in WITHOUT_ARTICLE and ARTICLE.search(alias):
        short = ARTICLE.sub("", alias)
        if " " in short:
            yield short


def capitalised(description: str) -> str:
    return " ".join(word[0].upper() + word[1:] for word in description.split(" "))
