"""The spans of what the tables know, out of matches that are believed or asked about."""

from collections.abc import Mapping, Sequence

import numpy as np

from streams import kernels
from streams.entities.entries import NAMES, TYPES
from streams.entities.index import Matches
from streams.entities.lexicon import Lexicon
from streams.entities.matching import alike
from streams.entities.spans import Columns, Source, Span, spans_from
from streams.entities.tokens import Flags, Ints, Tokens

Maybe = Mapping[tuple[int, int], Sequence[int]]
"""Entries by the words that name them."""

NOT_NOTED = np.zeros(0, np.bool_)

Ordered = tuple[Ints, Ints, Ints, Ints, Ints, Flags]
"""Start, length, shift, alias and entry of matches by start, the longest first, and which are believed."""


def spans_of(
    lexicon: Lexicon, tokens: Tokens, matches: Matches, sure: Flags, guessed: tuple[Ints, Ints], articles: Ints
) -> tuple[list[list[Span]], Maybe]:
    """The believed matches of each article, by start, the longest first; and what the others may mean, by their words.

    Namesakes are joined, the preferred first. What needs support is believed where the article also names the entry
    by a name that needs none.
    """
    rows = _ordered(lexicon, tokens, matches, sure, *guessed)
    sure = rows[5] | _supported(lexicon, rows, articles)
    places, kinds, begins, meant, others = _listed(lexicon, tokens, (*rows[:5], sure))
    columns = Columns(places[0], places[1], places[2], places[3], kinds, NOT_NOTED, begins, meant)
    return spans_from(columns, articles, Source.TABLE, TYPES), _by_words(rows, others)


def _ordered(lexicon: Lexicon, tokens: Tokens, matches: Matches, sure: Flags, guessed: Ints, ends: Ints) -> Ordered:
    """The matches that are of use, by start; parts of names are left out."""
    if kernels.native is not None:
        first, length, shift, alias, entry = np.empty((5, len(sure)), np.int64)
        trusted = np.empty(len(sure), np.bool_)
        count = kernels.native.ordered(
            matches.start, matches.length, matches.alias, matches.shift, sure, lexicon.index.owner,
            lexicon.abbreviated, lexicon.unsure, lexicon.source, lexicon.order, guessed, ends, len(tokens), NAMES,
            first, length, shift, alias, entry, trusted,
        )  # fmt: skip
        return first[:count], length[:count], shift[:count], alias[:count], entry[:count], trusted[:count]
    wanted = sure | lexicon.unsure[matches.alias] | alike(tokens, matches, guessed, ends - guessed)
    matches, sure = matches.where(wanted), sure[wanted]
    entry = lexicon.index.owner[matches.alias]
    plain = ~lexicon.abbreviated[matches.alias]
    order = np.lexsort((-lexicon.order[entry], plain, matches.shift, -matches.length, matches.start))
    order = order[lexicon.source[entry[order]] != NAMES]
    first, length, shift, alias = (a[order] for a in (matches.start, matches.length, matches.shift, matches.alias))
    return first, length, shift, alias, entry[order], sure[order]


def _supported(lexicon: Lexicon, rows: Ordered, articles: Ints) -> Flags:
    """Which matches that need support have it: the article also names the entry by a name that needs none.

    Of a description, the article names what it goes with.
    """
    first, _, _, alias, entry, sure = rows
    found = np.zeros(len(first), np.bool_)
    if kernels.native is not None:
        descriptions = kernels.native.supported(
            first, entry, alias, sure, articles, lexicon.unsure, lexicon.described, lexicon.same, found
        )
        if not descriptions:
            return found
    asking = lexicon.unsure[alias].nonzero()[0]
    if not len(asking):
        return found
    article = articles.searchsorted(first, side="right")
    key = (article << 32) | lexicon.same[entry]
    named = key[sure]
    found[asking] = np.isin(key[asking], named)
    for row in asking[lexicon.described[alias[asking]]].tolist():
        needed = (article[row] << 32) | lexicon.needed[int(alias[row])]
        found[row] = bool(np.isin(needed, named).any())
    return found


def _listed(lexicon: Lexicon, tokens: Tokens, rows: Ordered) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """The spans of believed rows; where the entries of each begin; these entries; and the rows of the others.

    A span is four numbers, its first word, the one after its last, start and end; and the number of a type.
    """
    if kernels.native is not None:
        columns = np.empty((8, len(rows[0])), np.int64)
        spans, count = kernels.native.listed(
            *rows, tokens.letters.at, tokens.low, tokens.end, lexicon.abbreviated, lexicon.type, *columns
        )
        others = columns[7, :count]
        return columns[:4, :spans], columns[4, :spans], columns[5, :spans], columns[6, : len(rows[0]) - count], others
    sure = rows[5]
    first, length, shift, alias, entry = (column[sure] for column in rows[:5])
    start = tokens.letters.at[tokens.low[first] + shift]
    end = tokens.end[first + length - 1] + lexicon.abbreviated[alias]
    begins = _differing(first, length, start, end).nonzero()[0]
    places = np.stack((first, first + length, start, end))[:, begins]
    return places, lexicon.type[entry[begins]], begins, entry, (~sure).nonzero()[0]


def _differing(*columns: Ints) -> Flags:
    """Which rows differ from the row before them."""
    other = np.zeros(len(columns[0]), np.bool_)
    other[:1] = True
    for values in columns:
        other[1:] |= values[1:] != values[:-1]
    return other


def _by_words(rows: Ordered, others: Ints) -> Maybe:
    """The entries of the rows of others, by their words."""
    found: dict[tuple[int, int], list[int]] = {}
    for first, length, entry in zip(*(column[others].tolist() for column in (rows[0], rows[1], rows[4])), strict=True):
        found.setdefault((first, first + length), []).append(entry)
    return found
