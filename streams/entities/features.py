"""What the trained tagger looks at, for all words of all segments at once: one hashed column a feature."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from streams.entities.segments import Segments
from streams.entities.tokens import CAPITALS, LOWER, Flags, Ints, Tokens
from streams.text.hashing import Hashes, looked_up, mixed, numbered

NOWHERE = np.uint64(0x51ED270B)
"""Stands for the word beyond the start or the end of a sentence."""

TABLED = slice(-12, -2)
"""The columns that say what the tables know."""

MANY = 4
TWO, THREE = np.uint64(2), np.uint64(3)
SIEVE = np.uint64(48)
"""Leaves the 16 bits of a hash by which most words are told apart at once."""


@dataclass(slots=True, eq=False)
class Clues:
    """What is known of each word besides its letters.

    ``tables`` says by bits which tables name it, ``ordinary`` how often it is written small elsewhere
    (0 never seen, 1 always capitalised, to 5 always small), ``document`` the number of its article, ``style``
    how its line is written, ``elsewhere`` how the word is written in the rest of the article.
    """

    tables: Hashes
    ordinary: NDArray[np.uint8]
    document: Ints
    opens: Flags
    sentence: Ints
    style: Hashes
    elsewhere: Hashes
    shape: Hashes


def column(values: NDArray[np.generic]) -> Hashes:
    """Values as they are mixed into features."""
    return values.astype(np.uint64)


def in_document(tokens: Tokens, document: Ints, rows: Ints, opens: Flags) -> Hashes:
    """How the words of ``rows`` are written elsewhere in their article: small, capitalised inside sentences, often."""
    keys = mixed(tokens.hash + document.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    unique, inverse = numbered(keys[rows])
    lower = keys[tokens.case == LOWER]
    wanted = np.zeros(1 << 16, np.bool_)
    wanted[(unique >> SIEVE).astype(np.int64)] = True
    lower = lower[wanted[(lower >> SIEVE).astype(np.int64)]]
    at, found = looked_up(lower, unique)
    small = np.bincount(at[found], minlength=len(unique))
    every = np.bincount(inverse, minlength=len(unique))
    inside = np.bincount(inverse[~opens[rows]], minlength=len(unique))
    code = np.minimum(small, 2) * 9 + np.minimum(inside, 2) * 3 + np.minimum(every - 1, 2)
    return column(code[inverse])


def line_style(tokens: Tokens) -> NDArray[np.uint8]:
    """Of each word's line: 0 as usual, 1 most words capitalised, 2 most words in capitals."""
    line = tokens.line
    words = np.bincount(line)
    letters = tokens.high - tokens.low
    long_words = np.bincount(line, weights=letters > 3, minlength=len(words))
    initial = np.bincount(line, weights=(letters > 3) & (tokens.case != LOWER), minlength=len(words))
    capitals = np.bincount(line, weights=(letters > 3) & (tokens.case == CAPITALS), minlength=len(words))
    style = np.where(capitals * 2 > long_words, 2, np.where((initial * 4 > long_words * 3) & (words > 3), 1, 0))
    return np.asarray(style[line], np.uint8)


def shapes_of(tokens: Tokens) -> Hashes:
    """Case, digits and length of each word as one number."""
    length = np.minimum(tokens.high - tokens.low, MANY)
    return column(tokens.case * 16 + tokens.number * 8 + length)


NEARBY = np.array([-2, -1, 1, 2])[:, None]
EIGHT, SIXTEEN, THIRTY_TWO, SIXTY_FOUR = (np.uint64(n) for n in (8, 16, 32, 64))
ENDS = np.array([2, 3, 4])[:, None]
"""Letters of the ends of a word that are looked at."""

BYTES = np.array([0, 8, 16, 24, 32], np.uint64)[:, None]
BYTE = np.uint64(0xFF)


def columns(tokens: Tokens, segments: Segments, clues: Clues) -> Hashes:
    """The features of each word of the segments: one row a feature, not yet reduced to buckets."""
    rows, count = segments.row, len(segments.row)
    own, mine, style = tokens.hash[rows], clues.shape[rows], clues.style[rows]
    around, shapes, tables, gap_after = _around(tokens, rows, clues)
    opening = column(clues.opens[rows])
    document, known = clues.elsewhere[rows], clues.tables[rows]
    ordinary = column(clues.ordinary[rows])
    ordinary_shape, ordinary_opening = ordinary * SIXTY_FOUR, ordinary * TWO + opening
    placed, of_segment = _of_segments(segments, own, around)
    first_word, last_word, before_segment, before_that, after_segment = of_segment
    plain = np.empty((9, count), np.uint64)
    plain[:2], plain[2:4], plain[4:6] = around[1:3], shapes, tables
    plain[6], plain[7], plain[8] = before_segment, after_segment, document
    word_before, word_after, shape_before, shape_after, table_before, table_after, *more = mixed(plain)
    segment_before, segment_after, document_mixed = more
    mine_styled = mine * EIGHT + style
    parts = [
        own * THREE + style,
        own + opening,
        *around,
        word_before + own,
        word_after + own,
        word_before + around[0],
        word_after + around[3],
        *_ends_of(tokens, rows),
        mine * SIXTY_FOUR + style * TWO + opening,
        shape_before + mine_styled,
        shape_after + mine_styled,
        mixed(shape_before + shapes[1]) + mine,
        column(tokens.gap[rows]) * SIXTEEN + gap_after,
        column(tokens.before[rows]) * SIXTEEN + column(tokens.after[rows]),
        document * TWO + opening,
        ordinary_shape + opening * THIRTY_TWO + style,
        ordinary_shape + mine,
        placed,
        placed * SIXTY_FOUR + mine,
        first_word,
        last_word,
        before_segment,
        segment_before + before_that,
        after_segment,
        segment_before + placed,
        segment_after + placed,
        known * EIGHT + style,
        *(known >> BYTES & BYTE),
        *tables,
        table_before + known,
        table_after + known,
        document_mixed + ordinary_opening,
        np.zeros(count, np.uint64),
    ]
    return np.concatenate(parts).reshape(len(parts), count)


def _around(tokens: Tokens, rows: Ints, clues: Clues) -> tuple[Hashes, Hashes, Hashes, Hashes]:
    """Of the two words before and the two after each: the words; of the next ones what they are, and the gap there."""
    there = rows + NEARBY
    near = np.minimum(np.maximum(there, 0), len(tokens) - 1)
    beyond = (near != there) | (clues.sentence[near] != clues.sentence[rows])
    around, shapes, tables = tokens.hash[near], clues.shape[near[1:3]], clues.tables[near[1:3]]
    gap_after = column(tokens.gap[near[2]])
    around[beyond], shapes[beyond[1:3]], tables[beyond[1:3]], gap_after[beyond[2]] = (NOWHERE,) * 4
    return around, shapes, tables, gap_after


def _of_segments(segments: Segments, own: Hashes, around: Hashes) -> tuple[Hashes, tuple[Hashes, ...]]:
    """Where each word stands in its segment; and the first and last word of that, the two before and the one after."""
    first, after = segments.first[:-1], segments.first[1:]
    length = after - first
    start, last, at = first.repeat(length), (after - 1).repeat(length), np.arange(len(own))
    placed = column(np.minimum(at - start, MANY) * 8 + np.minimum(last + 1 - at, MANY))
    return placed, (own[start], own[last], around[1][start], around[0][start], around[2][last])


def _ends_of(tokens: Tokens, rows: Ints) -> Hashes:
    """The hashes of the last and of the first two, three and four letters of each word."""
    low, high = tokens.low[rows], tokens.high[rows]
    begin = np.concatenate((np.maximum(high - ENDS, low), np.broadcast_to(low, (len(ENDS), len(rows)))))
    end = np.concatenate((np.broadcast_to(high, (len(ENDS), len(rows))), np.minimum(low + ENDS, high)))
    return tokens.letters.hashed(begin, end)


def buckets(values: Hashes, bits: int) -> NDArray[np.int64]:
    """Which weight each feature has: one row a feature."""
    spread = values + _salt(len(values))
    spread *= np.uint64(0xBF58476D1CE4E5B9)
    spread ^= spread >> np.uint64(32)
    spread *= np.uint64(0x94D049BB133111EB)
    spread >>= np.uint64(64 - bits)
    return spread.view(np.int64)


@cache
def _salt(features: int) -> Hashes:
    """What tells the features apart."""
    return np.asarray(np.arange(1, features + 1, dtype=np.uint64)[:, None] * np.uint64(0x2545F4914F6CDD1D))
