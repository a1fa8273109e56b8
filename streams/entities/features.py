"""What the trained tagger looks at, for all words of all segments at once: one hashed column a feature."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from streams.entities.segments import Segments
from streams.entities.tokens import CAPITALS, LOWER, Flags, Hashes, Ints, Tokens, mixed

NOWHERE = np.uint64(0x51ED270B)
"""Stands for the word beyond the start or the end of a sentence."""

MANY = 4
SIEVE = np.uint64(48)
"""Leaves the 16 bits of a hash by which most words are told apart at once."""


@dataclass(frozen=True, slots=True)
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
    unique, inverse = np.unique(keys[rows], return_inverse=True)
    lower = keys[tokens.case == LOWER]
    wanted = np.zeros(1 << 16, np.bool_)
    wanted[(unique >> SIEVE).astype(np.int64)] = True
    lower = lower[wanted[(lower >> SIEVE).astype(np.int64)]]
    at = np.minimum(np.searchsorted(unique, lower), max(len(unique) - 1, 0))
    small = np.bincount(at[unique[at] == lower], minlength=len(unique)) if len(unique) else np.zeros(0, np.int64)
    every = np.bincount(inverse, minlength=len(unique))
    inside = np.bincount(inverse, weights=~opens[rows], minlength=len(unique))
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


def columns(tokens: Tokens, segments: Segments, clues: Clues) -> Hashes:
    """The features of each word of the segments: one row a feature, not yet reduced to buckets."""
    rows, count = segments.row, len(tokens)
    last = count - 1
    low, high = tokens.low, tokens.high
    sentence = clues.sentence

    here = sentence[rows]
    beside = {offset: np.clip(rows + offset, 0, last) for offset in (-2, -1, 1, 2)}
    outside = {
        offset: np.flatnonzero((there != rows + offset) | (sentence[there] != here)) for offset, there in beside.items()
    }

    def at(offset: int, values: Hashes) -> Hashes:
        found = values[beside[offset]]
        found[outside[offset]] = NOWHERE
        return found

    word, shape, style = tokens.hash, clues.shape, clues.style
    around = [at(offset, word) for offset in (-2, -1, 1, 2)]
    shapes = [at(offset, shape) for offset in (-1, 1)]
    tables = [at(offset, clues.tables) for offset in (-1, 1)]
    own, mine = word[rows], shape[rows]
    opening, gap = column(clues.opens[rows]), column(tokens.gap[rows])
    gap_after = at(1, column(tokens.gap))
    document = clues.elsewhere[rows]
    ordinary = column(clues.ordinary)[rows]
    segment = np.repeat(np.arange(len(segments.first) - 1), np.diff(segments.first))
    place = np.arange(len(rows)) - segments.first[segment]
    length = np.diff(segments.first)[segment]
    placed = column(np.minimum(place, MANY) * 8 + np.minimum(length - place, MANY))
    tail = [tokens.letters.hashed(np.maximum(high[rows] - n, low[rows]), high[rows]) for n in (2, 3, 4)]
    head = [tokens.letters.hashed(low[rows], np.minimum(low[rows] + n, high[rows])) for n in (2, 3, 4)]
    first_word = word[rows[segments.first[:-1]]][segment] if len(rows) else own
    last_word = word[rows[segments.first[1:] - 1]][segment] if len(rows) else own
    before_segment = around[1][segments.first[:-1]][segment] if len(rows) else own
    before_that = around[0][segments.first[:-1]][segment] if len(rows) else own
    after_segment = around[2][segments.first[1:] - 1][segment] if len(rows) else own
    known = clues.tables[rows]
    bits = [(known >> np.uint64(shift)) & np.uint64(0xFF) for shift in (0, 8, 16, 24, 32)]
    style_here = style[rows]
    parts = [
        own * np.uint64(3) + style_here,
        own + opening,
        around[0],
        around[1],
        around[2],
        around[3],
        mixed(around[1]) + own,
        mixed(around[2]) + own,
        mixed(around[1]) + around[0],
        mixed(around[2]) + around[3],
        *tail,
        *head,
        mine * np.uint64(64) + style_here * np.uint64(2) + opening,
        mixed(shapes[0]) + mine * np.uint64(8) + style_here,
        mixed(shapes[1]) + mine * np.uint64(8) + style_here,
        mixed(mixed(shapes[0]) + shapes[1]) + mine,
        gap * np.uint64(16) + gap_after,
        column(tokens.before[rows]) * np.uint64(16) + column(tokens.after[rows]),
        document * np.uint64(2) + opening,
        ordinary * np.uint64(64) + opening * np.uint64(32) + style_here,
        ordinary * np.uint64(64) + mine,
        placed,
        placed * np.uint64(64) + mine,
        first_word,
        last_word,
        before_segment,
        mixed(before_segment) + before_that,
        after_segment,
        mixed(before_segment) + placed,
        mixed(after_segment) + placed,
        known * np.uint64(8) + style_here,
        *bits,
        tables[0],
        tables[1],
        mixed(tables[0]) + known,
        mixed(tables[1]) + known,
        mixed(document) + ordinary * np.uint64(2) + opening,
        np.zeros(len(rows), np.uint64),
    ]
    return np.concatenate(parts).reshape(len(parts), len(rows))


def buckets(values: Hashes, bits: int) -> NDArray[np.int64]:
    """Which weight each feature has: one row a feature."""
    salt = np.arange(1, len(values) + 1, dtype=np.uint64)[:, None] * np.uint64(0x2545F4914F6CDD1D)
    spread = (values + salt) * np.uint64(0xBF58476D1CE4E5B9)
    spread ^= spread >> np.uint64(32)
    spread *= np.uint64(0x94D049BB133111EB)
    return (spread >> np.uint64(64 - bits)).astype(np.int64)
