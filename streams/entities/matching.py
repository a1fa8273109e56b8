"""What the tables say about a text: spans that carry a known name."""

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from streams.entities.characters import ARABIC, HEBREW
from streams.entities.clues import PARTS_OF_NAMES, WELL_KNOWN_CITY, WordCase
from streams.entities.entries import (
    COUNTRIES,
    KNOWLEDGE,
    LEGISLATORS,
    NAMES,
    PLACES,
    TYPE_NUMBER,
    TYPES,
    UNTYPED,
    WIKIDATA,
)
from streams.entities.index import Matches
from streams.entities.lexicon import Lexicon
from streams.entities.spans import Source, Span
from streams.entities.tokens import Flags, Hashes, Ints, Tokens
from streams.entities.variants import SHORTEST_STEM

GPE = TYPE_NUMBER["GPE"]


def believed(lexicon: Lexicon, tokens: Tokens, matches: Matches, tables: Hashes, word_case: WordCase) -> Flags:
    """Which matches need no second opinion: not those of cities called like a common word or a person."""
    entry = lexicon.index.owner[matches.alias]
    source, weight = lexicon.source[entry], lexicon.weight[entry]
    ordinary = word_case.of(tokens.hash[matches.start]) > 1
    personal = tables[matches.start] & PARTS_OF_NAMES != 0
    place = (source == PLACES) & (weight >= WELL_KNOWN_CITY) & ~ordinary & ~personal
    known = (source == WIKIDATA) & (lexicon.type[entry] != UNTYPED)
    named = known & (matches.length > 1) & (weight > 0)
    famous = known & (lexicon.type[entry] == GPE) & (weight >= WELL_KNOWN_CITY - 1) & ~ordinary & ~personal
    listed = (source <= KNOWLEDGE) | (source == COUNTRIES) | (source == LEGISLATORS)
    sure = (listed & ~lexicon.unsure[matches.alias]) | place | named | famous
    return np.asarray(sure & ~_everyday(lexicon, tokens, matches))


def _everyday(lexicon: Lexicon, tokens: Tokens, matches: Matches) -> Flags:
    """Very short words of scripts without capitals, which mean something else too; the names of states stay."""
    at = matches.start
    caseless = (tokens.script[at] == ARABIC) | (tokens.script[at] == HEBREW)
    letters = tokens.high[at] - tokens.low[at] - matches.shift
    state = lexicon.type[lexicon.index.owner[matches.alias]] == GPE
    return np.asarray(caseless & (matches.length == 1) & (letters <= SHORTEST_STEM) & ~state)


def written_out(lexicon: Lexicon, tokens: Tokens, matches: Matches) -> Flags:
    """Which matches go on as the name does: Calif. with its period; and not before a currency sign, as in US$."""
    after = tokens.letters.code[
        np.minimum(tokens.high[matches.start + matches.length - 1], len(tokens.letters.code) - 1)
    ]
    return np.asarray((after != ord("$")) & ((after == ord(".")) | ~lexicon.abbreviated[matches.alias]))


class Row(NamedTuple):
    """A match: its article, words, code points and entry, and whether it is believed."""

    article: int
    first: int
    last: int
    start: int
    end: int
    entry: int
    sure: bool


def rows_of(lexicon: Lexicon, tokens: Tokens, matches: Matches, sure: Flags) -> list[Row]:
    """The matches by place, the longest first, namesakes by how much they are preferred.

    What needs support is believed where the article also names the entry by a name that needs none.
    """
    entry = lexicon.index.owner[matches.alias]
    order = np.lexsort((-lexicon.order[entry], matches.shift, -matches.length, matches.start))
    order = order[lexicon.source[entry[order]] != NAMES]
    first, length, shift, alias, entry, sure = (
        a[order] for a in (matches.start, matches.length, matches.shift, matches.alias, entry, sure)
    )
    if not len(first):
        return []
    start = tokens.letters.at[tokens.low[first] + shift]
    end = tokens.end[first + length - 1] + lexicon.abbreviated[alias]
    article = (np.searchsorted(tokens.text_start, start, side="right") - 1) // 2
    sure = sure | _supported(lexicon, article, entry, alias, sure)
    columns = (article, first, first + length, start, end, entry, sure)
    return list(map(Row._make, zip(*(column.tolist() for column in columns), strict=True)))


def _supported(lexicon: Lexicon, article: Ints, entry: Ints, alias: Ints, sure: Flags) -> Flags:
    """Which matches that need support have it: the article also names the entry by a name that needs none.

    Of a description, the article names what it goes with.
    """
    key = (article << 32) | lexicon.same[entry]
    named = np.unique(key[sure])
    found = lexicon.unsure[alias] & np.isin(key, named)
    for row in np.flatnonzero(lexicon.described[alias]).tolist():
        needed = (article[row] << 32) | lexicon.needed[int(alias[row])]
        found[row] = bool(np.isin(needed, named).any())
    return np.asarray(found)


def spans_of(lexicon: Lexicon, rows: Iterable[Row], articles: int) -> list[list[Span]]:
    """The rows of each article as spans, namesakes joined: by start, the longest first."""
    spans: list[list[Span]] = [[] for _ in range(articles)]
    for (article, first, last, start, end), group in groupby(rows, key=itemgetter(0, 1, 2, 3, 4)):
        entries = tuple(dict.fromkeys([row[5] for row in group]))
        kind = TYPES[lexicon.kinds[entries[0]]]
        spans[article].append(Span(first, last, start, end, kind, Source.TABLE, entries))
    return spans


def by_words(rows: Iterable[Row]) -> dict[tuple[int, int], list[int]]:
    """The entries of the rows by their words."""
    found: dict[tuple[int, int], list[int]] = {}
    for _, first, last, _, _, entry, _ in rows:
        found.setdefault((first, last), []).append(entry)
    return found
