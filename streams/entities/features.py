"""What the trained tagger looks at, for all words of all segments at once: one hashed column a feature."""

from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

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
    own, opening = tokens.hash[rows], column(clues.opens[rows])
    around = _around(tokens, rows, clues)
    placed, ends = _of_segments(segments, own, around.words)
    spread = _spread(around, ends, clues.elsewhere[rows])
    parts = [
        *_of_words(own, clues.style[rows], opening, around.words, spread),
        *_ends_of(tokens, rows),
        *_of_writing(tokens, rows, clues, around, spread),
        *_of_place(clues.shape[rows], placed, ends, spread),
        *_of_tables(clues.tables[rows], clues.style[rows], around, spread),
        spread.document + column(clues.ordinary[rows]) * TWO + opening,
        np.zeros(count, np.uint64),
    ]
    return np.concatenate(parts).reshape(len(parts), count)


class _Around(NamedTuple):
    """Of the two words before and the two after each: the words; of the next ones what they are, and the gap there."""

    words: Hashes
    shapes: Hashes
    tables: Hashes
    gap_after: Hashes


class _Ends(NamedTuple):
    """Of the segment of each word: its first and last word, the two before it, and the one after it."""

    first: Hashes
    last: Hashes
    before: Hashes
    before_that: Hashes
    after: Hashes


class _Spread(NamedTuple):
    """Columns whose bits are spread, to be added to others: of the words next to each, its segment and its article."""

    word_before: Hashes
    word_after: Hashes
    shape_before: Hashes
    shape_after: Hashes
    table_before: Hashes
    table_after: Hashes
    segment_before: Hashes
    segment_after: Hashes
    document: Hashes


def _spread(around: _Around, ends: _Ends, document: Hashes) -> _Spread:
    plain = np.empty((9, len(document)), np.uint64)
    plain[:2], plain[2:4], plain[4:6] = around.words[1:3], around.shapes, around.tables
    plain[6], plain[7], plain[8] = ends.before, ends.after, document
    return _Spread(*mixed(plain))


def _of_words(own: Hashes, style: Hashes, opening: Hashes, around: Hashes, spread: _Spread) -> list[Hashes]:
    """A word and those around it."""
    return [
        own * THREE + style,
        own + opening,
        *around,
        spread.word_before + own,
        spread.word_after + own,
        spread.word_before + around[0],
        spread.word_after + around[3],
    ]


def _of_writing(tokens: Tokens, rows: Ints, clues: Clues, around: _Around, spread: _Spread) -> list[Hashes]:
    """How a word is written, here and elsewhere."""
    mine, style, opening = clues.shape[rows], clues.style[rows], column(clues.opens[rows])
    mine_styled, ordinary_shape = mine * EIGHT + style, column(clues.ordinary[rows]) * SIXTY_FOUR
    return [
        mine * SIXTY_FOUR + style * TWO + opening,
        spread.shape_before + mine_styled,
        spread.shape_after + mine_styled,
        mixed(spread.shape_before + around.shapes[1]) + mine,
        column(tokens.gap[rows]) * SIXTEEN + around.gap_after,
        column(tokens.before[rows]) * SIXTEEN + column(tokens.after[rows]),
        clues.elsewhere[rows] * TWO + opening,
        ordinary_shape + opening * THIRTY_TWO + style,
        ordinary_shape + mine,
    ]


def _of_place(mine: Hashes, placed: Hashes, ends: _Ends, spread: _Spread) -> list[Hashes]:
    """Where a word stands in its segment, and what stands at the ends of that."""
    return [
        placed,
        placed * SIXTY_FOUR + mine,
        ends.first,
        ends.last,
        ends.before,
        spread.segment_before + ends.before_that,
        ends.after,
        spread.segment_before + placed,
        spread.segment_after + placed,
    ]


def _of_tables(known: Hashes, style: Hashes, around: _Around, spread: _Spread) -> list[Hashes]:
    """What the tables know of a word and of those next to it: the columns of TABLED."""
    return [
        known * EIGHT + style,
        *(known >> BYTES & BYTE),
        *around.tables,
        spread.table_before + known,
        spread.table_after + known,
    ]


def _around(tokens: Tokens, rows: Ints, clues: Clues) -> _Around:
    there = rows + NEARBY
    near = np.minimum(np.maximum(there, 0), len(tokens) - 1)
    beyond = (near != there) | (clues.sentence[near] != clues.sentence[rows])
    around, shapes, tables = tokens.hash[near], clues.shape[near[1:3]], clues.tables[near[1:3]]
    gap_after = column(tokens.gap[near[2]])
    around[beyond], shapes[beyond[1:3]], tables[beyond[1:3]], gap_after[beyond[2]] = (NOWHERE,) * 4
    return _Around(around, shapes, tables, gap_after)


def _of_segments(segments: Segments, own: Hashes, around: Hashes) -> tuple[Hashes, _Ends]:
    """Where each word stands in its segment, and what stands at the ends of that."""
    first, after = segments.first[:-1], segments.first[1:]
    length = after - first
    start, last, at = first.repeat(length), (after - 1).repeat(length), np.arange(len(own))
    placed = column(np.minimum(at - start, MANY) * 8 + np.minimum(last + 1 - at, MANY))
    return placed, _Ends(own[start], own[last], around[1][start], around[0][start], around[2][last])


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
