"""What tables and ordinary writing say of each word, as the trained tagger takes it."""

import numpy as np

from streams import kernels
from streams.entities.entries import COMPANIES, PLACES, TYPE_NUMBER
from streams.entities.features import Clues, column, in_document, line_style, shapes_of
from streams.entities.index import Matches
from streams.entities.lexicon import Lexicon
from streams.entities.segments import Segments, abbreviated
from streams.entities.tokens import DOTTED, Flags, Ints, Tokens
from streams.entities.vocabulary import Seen
from streams.text.hashing import Hashes

WELL_KNOWN_CITY = 5
"""Weight from which a city's name alone is believed (about 300,000 inhabitants)."""

GROUPS = {
    "GPE": (0, 1), "LOC": (5, 6), "FAC": (5, 6),
    "PERSON": (8, 9), "given": (10, 10), "family": (11, 11),
    "ORG": (16, 17), "MEDIA": (20, 21),
    "ARMED_GROUP": (24, 25), "NORP": (26, 27), "EVENT": (28, 29), "-": (30, 31),
}  # fmt: skip
"""Of each type the bits of the first word of a name and of the words after it."""

PARTS_OF_NAMES = np.uint64(1 << 10 | 1 << 11)
"""Bits of given and family names."""

SMALL_PLACE, COMPANY = (2, 3), (18, 19)
SEVERAL_WORDS, LAST_WORD = 4, 32


def bit_table(lexicon: Lexicon) -> tuple[Hashes, Hashes]:
    """For each entry the bits of a name's first word and of the others."""
    first = np.zeros(len(lexicon.type), np.uint64)
    other = np.zeros(len(lexicon.type), np.uint64)

    def give(rows: Flags, bits: tuple[int, int]) -> None:
        first[rows], other[rows] = np.uint64(1 << bits[0]), np.uint64(1 << bits[1])

    for kind, bits in GROUPS.items():
        give(lexicon.type == TYPE_NUMBER[kind], bits)
    give((lexicon.source == PLACES) & (lexicon.weight < WELL_KNOWN_CITY), SMALL_PLACE)
    give(lexicon.source == COMPANIES, COMPANY)
    return first, other


def painted(tokens: Tokens, matches: Matches, owner: Ints, bits: tuple[Hashes, Hashes]) -> Hashes:
    """The bits of every word that stands in a known name."""
    if kernels.native is not None:
        found = np.empty(len(tokens), np.uint64)
        kernels.native.painted(matches.start, matches.length, matches.alias, owner, *bits, found)
        return found
    entry = owner[matches.alias]
    first, other = bits[0][entry], bits[1][entry]
    found = np.zeros(len(tokens), np.uint64)
    several = np.where(matches.length > 1, np.uint64(1 << SEVERAL_WORDS), np.uint64(0))
    np.bitwise_or.at(found, matches.start, first | several)
    for step in range(1, int(matches.length.max(initial=0))):
        longer = matches.length > step
        np.bitwise_or.at(found, matches.start[longer] + step, other[longer] | np.uint64(1 << SEVERAL_WORDS))
    last = matches.length > 1
    np.bitwise_or.at(found, matches.start[last] + matches.length[last] - 1, np.uint64(1 << LAST_WORD))
    return found


def clues_of(tokens: Tokens, segments: Segments, tables: Hashes, seen: Seen, texts_each: int) -> Clues:
    """Clues for the words of the segments; ``texts_each`` texts are of one article."""
    rows = segments.row
    document = (np.arange(len(tokens.first) - 1) // texts_each).repeat(tokens.first[1:] - tokens.first[:-1])
    if kernels.native is not None:
        opens, sentence = np.empty(len(tokens), np.bool_), np.empty(len(tokens), np.int64)
        style, elsewhere, shape = np.empty((3, len(tokens)), np.uint64)
        kernels.native.clues(
            tokens.hash, tokens.case, tokens.gap, tokens.opens, tokens.number, tokens.low, tokens.high, tokens.line,
            seen.marks, document, rows, opens, sentence, style, elsewhere, shape,
        )  # fmt: skip
        return Clues(tables, seen.level, document, opens, sentence, style, elsewhere, shape)
    opens = opening(tokens, seen)
    elsewhere = np.zeros(len(tokens), np.uint64)
    elsewhere[rows] = in_document(tokens, document, rows, opens)
    return Clues(
        tables=tables,
        ordinary=seen.level,
        document=document,
        opens=opens,
        sentence=opens.cumsum(),
        style=column(line_style(tokens)),
        elsewhere=elsewhere,
        shape=shapes_of(tokens),
    )


def opening(tokens: Tokens, seen: Seen) -> Flags:
    """Where sentences open: not after the period of an abbreviation."""
    after = np.zeros(len(tokens), np.bool_)
    after[1:] = abbreviated(tokens, seen)[:-1]
    return np.asarray(tokens.opens & ~(after & (tokens.gap == DOTTED)))
