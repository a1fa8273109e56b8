"""What the tables say about a text: spans that carry a known name."""

from collections.abc import Sequence

import numpy as np

from streams.entities.clues import PARTS_OF_NAMES, WELL_KNOWN_CITY, WordCase
from streams.entities.index import Matches
from streams.entities.lexicon import (
    COUNTRIES,
    KNOWLEDGE,
    LEGISLATORS,
    NAMES,
    PLACES,
    TYPES,
    TYPE_NUMBER,
    UNTYPED,
    WIKIDATA,
    Lexicon,
    entry_order,
)
from streams.entities.spans import Source, Span
from streams.entities.tokens import Flags, Hashes, Tokens


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
    return np.asarray((listed & ~lexicon.unsure[matches.alias]) | place | named | famous)


def written_out(lexicon: Lexicon, tokens: Tokens, matches: Matches) -> Flags:
    """Which matches go on as the name does: Calif. with its period; and not before a currency sign, as in US$."""
    after = tokens.letters.code[
        np.minimum(tokens.high[matches.start + matches.length - 1], len(tokens.letters.code) - 1)
    ]
    return np.asarray((after != ord("$")) & ((after == ord(".")) | ~lexicon.abbreviated[matches.alias]))


def spans_of(lexicon: Lexicon, tokens: Tokens, matches: Matches, articles: int) -> list[list[Span]]:
    """The matches of each article as spans; namesakes of one span are its entries, the likeliest first."""
    entry = lexicon.index.owner[matches.alias]
    order = np.lexsort((-entry_order(lexicon, entry), matches.shift, -matches.length, matches.start))
    order = order[lexicon.source[entry[order]] != NAMES]
    period = lexicon.abbreviated[matches.alias].astype(np.int64)
    first, length, shift, entry, period = (
        a[order] for a in (matches.start, matches.length, matches.shift, entry, period)
    )
    spans: list[list[Span]] = [[] for _ in range(articles)]
    if not len(first):
        return spans
    start, end = tokens.letters.at[tokens.low[first] + shift], tokens.end[first + length - 1] + period
    article = (np.searchsorted(tokens.text_start, start, side="right") - 1) // 2
    columns = (article, first, first + length, start, end, entry, lexicon.type[entry])
    for number, low, high, begin, stop, found, kind in zip(*(a.tolist() for a in columns), strict=True):
        _collect(spans[number], Span(low, high, begin, stop, TYPES[kind], Source.TABLE, (found,)))
    return spans


def _collect(spans: list[Span], span: Span) -> None:
    """Add the span, or its entry to the last one where that is the same text."""
    last = spans[-1] if spans else None
    if last is None or (last.start, last.last) != (span.start, span.last):
        spans.append(span)
    elif span.entries[0] not in last.entries:
        entries = (*last.entries, *span.entries)
        spans[-1] = Span(last.first, last.last, last.start, last.end, last.type, Source.TABLE, entries)


def by_words(spans: Sequence[Span]) -> dict[tuple[int, int], Span]:
    """Spans by their words, the first of several."""
    found: dict[tuple[int, int], Span] = {}
    for span in spans:
        found.setdefault((span.first, span.last), span)
    return found
