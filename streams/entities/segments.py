"""Where names can stand: runs of capitalised words, with the small words that join them."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from streams.entities import characters as ch
from streams.entities.tokens import (
    COMMAED,
    DOTTED,
    HARD,
    HYPHENED,
    LOWER,
    SOFT,
    TIGHT,
    Flags,
    Hashes,
    Ints,
    Tokens,
    tokenise,
)

LOW = np.uint64(0xFFFF)
LONGEST_SEGMENT = 16
"""Words; a longer run, such as a text in capitals, is cut."""

JOINING = (
    *("of", "the", "for", "and", "de", "la", "le", "les", "del", "della", "di", "da", "das", "do", "dos", "du", "des"),
    *("van", "von", "der", "den", "ter", "ten", "al", "el", "ul", "ud", "bin", "bint", "ibn", "ben", "abu", "e", "y"),
    *("al", "as", "ash", "an", "ad", "ar", "az", "at", "wal", "fi", "i", "on", "in", "to", "und", "et"),
)
"""Words in lower case that may stand inside a name."""

ARTICLES = ("al", "el", "the", "an", "as", "ash", "ad", "ar", "at", "az")
"""Words that a name is the same without."""

LEADING = (
    "al",
    "el",
    "an",
    "as",
    "ash",
    "ad",
    "ar",
    "at",
    "az",
    "de",
    "van",
    "von",
    "bin",
    "ibn",
    "abu",
    "der",
    "du",
    "di",
)
"""Those of them that a name may start with."""

ABBREVIATIONS = (
    *(
        "mr",
        "mrs",
        "ms",
        "dr",
        "st",
        "gen",
        "lt",
        "col",
        "sgt",
        "maj",
        "capt",
        "cmdr",
        "adm",
        "brig",
        "cpl",
        "pvt",
        "sen",
    ),
    *(
        "rep",
        "gov",
        "rev",
        "hon",
        "pres",
        "prof",
        "jr",
        "sr",
        "ft",
        "mt",
        "inc",
        "corp",
        "co",
        "ltd",
        "no",
        "vs",
        "atty",
    ),
    *("ala", "ariz", "ark", "calif", "colo", "conn", "del", "fla", "ga", "ill", "ind", "kan", "ky", "la", "md", "mass"),
    *(
        "mich",
        "minn",
        "miss",
        "mo",
        "mont",
        "neb",
        "nev",
        "okla",
        "ore",
        "pa",
        "tenn",
        "tex",
        "va",
        "vt",
        "wash",
        "wis",
    ),
    *("jan", "feb", "aug", "sept", "oct", "nov", "dec", "bros", "dept", "univ", "assn"),
)
"""Words whose period does not end a sentence."""


@cache
def hashes_of(words: tuple[str, ...]) -> Hashes:
    """The sorted hashes of some words."""
    return np.unique(tokenise(words).hash)


@cache
def _first_look(words: tuple[str, ...]) -> Flags:
    """Of each value of a hash's low 16 bits: whether one of the words has it."""
    table = np.zeros(1 << 16, np.bool_)
    table[(hashes_of(words) & LOW).astype(np.int64)] = True
    return table


def among(hashes: Hashes, words: tuple[str, ...]) -> Flags:
    """Which hashes are those of one of the words."""
    found = _first_look(words)[(hashes & LOW).astype(np.int64)]
    rows = np.flatnonzero(found)
    known = hashes_of(words)
    found[rows] = known[np.minimum(np.searchsorted(known, hashes[rows]), len(known) - 1)] == hashes[rows]
    return found


@dataclass(frozen=True, slots=True)
class Segments:
    """Words that may belong to a name (``row``), and where among them each segment starts, and an end."""

    row: Ints
    first: Ints


def abbreviated(tokens: Tokens) -> Flags:
    """Whether each word is an initial or an abbreviation that is written with a period."""
    short = (tokens.high - tokens.low == 1) & (tokens.case != LOWER)
    return np.asarray(short | ((tokens.case != LOWER) & among(tokens.hash, ABBREVIATIONS)))


def joins(tokens: Tokens, abbreviation: Flags) -> Flags:
    """Whether each word can belong to the same name as the word before it."""
    after_abbreviation = np.zeros(len(tokens), np.bool_)
    after_abbreviation[1:] = abbreviation[:-1]
    near = (tokens.gap == SOFT) | (tokens.gap == HYPHENED) | (tokens.gap == TIGHT)
    return np.asarray(near | ((tokens.gap == DOTTED) & after_abbreviation))


def find_segments(tokens: Tokens, joined: Flags) -> Segments:
    """The segments of Latin script."""
    if not len(tokens):
        return Segments(np.zeros(0, np.int64), np.zeros(1, np.int64))
    capital = (tokens.case != LOWER) & (tokens.script == ch.LATIN)
    lower = (tokens.case == LOWER) & ~tokens.number
    small = lower & among(tokens.hash, JOINING)
    ampersand = tokens.letters.code[tokens.low] == ord("&")
    before, after = _neighbour(capital, joined)
    between = (small | ampersand) & before & after
    first_of_two = small & before & _following(small & joined & after)
    second_of_two = small & after & joined & _preceding(small & before)
    leading = lower & after & among(tokens.hash, LEADING)
    ordinal = tokens.number & after & (tokens.letters.code[np.maximum(tokens.high - 1, 0)] >= ord("a"))
    member = capital | between | first_of_two | second_of_two | leading | ordinal
    number = tokens.number & joined & _preceding(member)
    member = member | number
    row = np.flatnonzero(member)
    starts = np.ones(len(row), np.bool_)
    starts[1:] = (np.diff(row) != 1) | ~joined[row[1:]]
    return Segments(row, _cut(np.flatnonzero(starts), len(row)))


def _preceding(flags: Flags) -> Flags:
    moved = np.zeros_like(flags)
    moved[1:] = flags[:-1]
    return moved


def _following(flags: Flags) -> Flags:
    moved = np.zeros_like(flags)
    moved[:-1] = flags[1:]
    return moved


def _neighbour(capital: Flags, joined: Flags) -> tuple[Flags, Flags]:
    return joined & _preceding(capital), _following(joined & capital)


def _cut(first: Ints, count: int) -> Ints:
    """Starts of segments none of which is longer than LONGEST_SEGMENT."""
    edges = np.append(first, count)
    length = np.diff(edges)
    pieces = np.maximum(1, -(-length // LONGEST_SEGMENT))
    of = np.repeat(np.arange(len(first)), pieces)
    offset = np.arange(len(of)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    return np.append(first[of] + offset * LONGEST_SEGMENT, count)


__all__ = ["COMMAED", "HARD", "Segments", "abbreviated", "among", "find_segments", "joins"]
