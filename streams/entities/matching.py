"""What the tables say about a text: spans that carry a known name."""

import numpy as np

from streams import kernels
from streams.entities.characters import ARABIC, HEBREW
from streams.entities.clues import PARTS_OF_NAMES, WELL_KNOWN_CITY
from streams.entities.entries import (
    COUNTRIES,
    KNOWLEDGE,
    LEGISLATORS,
    PLACES,
    TYPE_NUMBER,
    UNTYPED,
    WIKIDATA,
)
from streams.entities.index import LONGEST, Matches
from streams.entities.lexicon import Lexicon
from streams.entities.segments import abbreviated
from streams.entities.tokens import COMMAED, DOTTED, LOWER, SOFT, Flags, Ints, Tokens
from streams.entities.variants import SHORTEST_STEM
from streams.entities.vocabulary import HONORIFIC, MONTH, Seen
from streams.text.hashing import Hashes

GPE, PERSON = TYPE_NUMBER["GPE"], TYPE_NUMBER["PERSON"]

TEXTS_EACH = 2
"""Texts of an article: title and body."""


def believed(lexicon: Lexicon, tokens: Tokens, matches: Matches, tables: Hashes, seen: Seen) -> Flags:
    """Which matches need no second opinion: not those of cities called like a common word or a person."""
    if kernels.native is not None:
        sure = np.empty(len(matches.start), np.bool_)
        kernels.native.believed(
            matches.start, matches.length, matches.alias, matches.shift, lexicon.index.owner, lexicon.unsure,
            lexicon.source, lexicon.weight, lexicon.type, tokens.case, tokens.gap, tokens.script,
            tokens.start, tokens.end, tokens.low, tokens.high, seen.level, seen.marks, tables,
            GPE, PERSON, UNTYPED, sure,
        )  # fmt: skip
        return sure
    entry = lexicon.index.owner[matches.alias]
    source, weight = lexicon.source[entry], lexicon.weight[entry]
    ordinary = seen.level[matches.start] > 1
    personal = tables[matches.start] & PARTS_OF_NAMES != 0
    place = (source == PLACES) & (weight >= WELL_KNOWN_CITY) & ~ordinary & ~personal
    known = (source == WIKIDATA) & (lexicon.type[entry] != UNTYPED)
    named = known & (matches.length > 1) & (weight > 0)
    famous = known & (lexicon.type[entry] == GPE) & (weight >= WELL_KNOWN_CITY - 1) & ~ordinary & ~personal
    listed = (source <= KNOWLEDGE) | (source == COUNTRIES) | (source == LEGISLATORS)
    sure = (listed & ~lexicon.unsure[matches.alias]) | place | named | famous
    sure &= ~_everyday(lexicon, tokens, matches)
    sure &= ~addressed(tokens, seen)[matches.start] | (matches.length > 1) | (lexicon.type[entry] == PERSON)
    placed = (source == PLACES) | ((source == WIKIDATA) & (lexicon.type[entry] == GPE))
    namesake = placed & (weight >= WELL_KNOWN_CITY) & alike(tokens, matches, matches.start[sure], matches.length[sure])
    return np.asarray(sure | namesake)


def alike(tokens: Tokens, matches: Matches, start: Ints, length: Ints) -> Flags:
    """Which matches have the words of one of the spans from ``start`` on."""
    said = np.zeros((len(tokens), LONGEST + 1), np.bool_)
    said[start, np.where(length > LONGEST, 0, length)] = True
    return np.asarray(said[matches.start, matches.length])


def addressed(tokens: Tokens, seen: Seen) -> Flags:
    """Which words stand after what only a person's name stands after: Mr Jordan."""
    found = np.zeros(len(tokens), np.bool_)
    found[1:] = (seen.marked(HONORIFIC) & (tokens.case != LOWER))[:-1]
    return np.asarray(found & ((tokens.gap == SOFT) | (tokens.gap == DOTTED)))


def _everyday(lexicon: Lexicon, tokens: Tokens, matches: Matches) -> Flags:
    """Very short words of scripts without capitals, which mean something else too.

    The names of states stay, and acronyms that are written with a mark inside, as in Hebrew.
    """
    at = matches.start
    caseless = (tokens.script[at] == ARABIC) | (tokens.script[at] == HEBREW)
    letters = tokens.high[at] - tokens.low[at] - matches.shift
    state = lexicon.type[lexicon.index.owner[matches.alias]] == GPE
    plain = tokens.end[at] - tokens.start[at] == tokens.high[at] - tokens.low[at]
    return np.asarray(caseless & (matches.length == 1) & (letters <= SHORTEST_STEM) & plain & ~state)


def written_out(lexicon: Lexicon, tokens: Tokens, matches: Matches, seen: Seen) -> Flags:
    """Which matches go on as the name does: Calif. with its period; not before a currency sign, as in US$; no dates.

    Nor over a comma or the end of a sentence, unless the name has one: Washington. Post offices.
    """
    if kernels.native is not None:
        keep = np.empty(len(matches.start), np.bool_)
        kernels.native.written_out(
            matches.start, matches.length, matches.alias, lexicon.interrupted, lexicon.abbreviated,
            tokens.case, tokens.gap, tokens.number, tokens.start, tokens.end, tokens.low, tokens.high, seen.marks,
            tokens.letters.code, keep,
        )  # fmt: skip
        return keep
    last = matches.start + matches.length - 1
    after = tokens.letters.code[np.minimum(tokens.high[last], len(tokens.letters.code) - 1)]
    following = np.minimum(last + 1, len(tokens) - 1)
    date = seen.marked(MONTH)[matches.start] & (matches.length == 1) & tokens.number[following] & (following > last)
    date &= (tokens.gap[following] == SOFT) | (tokens.gap[following] == DOTTED)
    ends = _interrupted(tokens, seen).cumsum()
    whole = (ends[last] == ends[matches.start]) | lexicon.interrupted[matches.alias]
    return np.asarray((after != ord("$")) & ((after == ord(".")) | ~lexicon.abbreviated[matches.alias]) & ~date & whole)


def _interrupted(tokens: Tokens, seen: Seen) -> Flags:
    """Which words stand after a comma, or after a period and a space that follow no abbreviation."""
    ended = tokens.gap == DOTTED
    ended[1:] &= ~abbreviated(tokens, seen)[:-1] & (tokens.start[1:] - tokens.end[:-1] > 1)
    return np.asarray(ended | (tokens.gap == COMMAED))
