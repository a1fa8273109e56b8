"""What the tables say about a text: spans that carry a known name."""

import numpy as np

from streams.entities.index import Matches
from streams.entities.lexicon import COMPANIES, KNOWLEDGE, PLACES, TYPES, UNTYPED, WIKIDATA, Lexicon, entry_order
from streams.entities.spans import Source, Span
from streams.entities.tokens import Flags, Tokens

WELL_KNOWN_CITY = 5
"""Weight from which a city's name alone is believed (about 300,000 inhabitants)."""


def reliable(lexicon: Lexicon, matches: Matches) -> Flags:
    """Which matches are believed without a second opinion."""
    entry = lexicon.index.owner[matches.alias]
    source, weight = lexicon.source[entry], lexicon.weight[entry]
    several = matches.length > 1
    place = (source == PLACES) & (weight >= WELL_KNOWN_CITY)
    other = (source == WIKIDATA) & several & (weight > 0) & (lexicon.type[entry] != UNTYPED)
    return np.asarray(
        (source <= KNOWLEDGE) | ((source != PLACES) & (source != WIKIDATA) & (source != COMPANIES)) | place | other
    )


def spans_of_tables(lexicon: Lexicon, tokens: Tokens, articles: int) -> list[list[Span]]:
    """For each article the spans that name an entry; namesakes of one span are its entries, the likeliest first."""
    matches = lexicon.index.agreeing(tokens, lexicon.index.search(tokens))
    matches = matches.where(reliable(lexicon, matches))
    entry = lexicon.index.owner[matches.alias]
    order = np.lexsort((-entry_order(lexicon, entry), matches.shift, matches.length, matches.start))
    first, length, shift, entry = (a[order] for a in (matches.start, matches.length, matches.shift, entry))
    start = (
        tokens.letters.at[np.minimum(tokens.low[first] + shift, len(tokens.letters.at) - 1)] if len(first) else first
    )
    end = tokens.end[first + length - 1] if len(first) else first
    article = (np.searchsorted(tokens.text_start, start, side="right") - 1) // 2
    spans: list[list[Span]] = [[] for _ in range(articles)]
    rows = zip(*(a.tolist() for a in (article, first, first + length, start, end, entry)), strict=True)
    for number, low, high, begin, stop, found in rows:
        mine = spans[number]
        if mine and (mine[-1].start, mine[-1].last) == (begin, high):
            if found not in mine[-1].entries:
                mine[-1] = Span(low, high, begin, stop, mine[-1].type, Source.TABLE, (*mine[-1].entries, found))
        else:
            mine.append(Span(low, high, begin, stop, TYPES[int(lexicon.type[found])], Source.TABLE, (found,)))
    return spans
