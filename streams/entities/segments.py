"""Where names can stand: runs of capitalised words, with the small words that join them."""

from dataclasses import dataclass

import numpy as np

from streams import kernels
from streams.entities import characters as ch
from streams.entities.tokens import DOTTED, HYPHENED, LOWER, SOFT, TIGHT, Flags, Ints, Tokens
from streams.entities.vocabulary import ABBREVIATED, JOINS, LEADS, LETTER_S, PLURAL, SAINT, WEEKDAY, Seen

LONGEST_SEGMENT = 16
"""Words; a longer run, such as a text in capitals, is cut."""

LETTERS_OF_CODES = 3
"""Of a longer word with a number after a hyphen, the word can be a name: Apollo-11."""


@dataclass(slots=True, eq=False)
class Segments:
    """Words that may belong to a name (``row``), and where among them each segment starts, and an end."""

    row: Ints
    first: Ints


def abbreviated(tokens: Tokens, seen: Seen) -> Flags:
    """Whether each word is an initial or an abbreviation that is written with a period."""
    short = (tokens.high - tokens.low == 1) & (tokens.case != LOWER)
    return np.asarray(short | ((tokens.case != LOWER) & seen.marked(ABBREVIATED)))


def joins(tokens: Tokens, abbreviation: Flags) -> Flags:
    """Whether each word can belong to the same name as the word before it."""
    after_abbreviation = np.zeros(len(tokens), np.bool_)
    after_abbreviation[1:] = abbreviation[:-1]
    near = (tokens.gap == SOFT) | (tokens.gap == HYPHENED) | (tokens.gap == TIGHT)
    return np.asarray(near | ((tokens.gap == DOTTED) & after_abbreviation))


def find_segments(tokens: Tokens, seen: Seen) -> Segments:
    """The segments of Latin script."""
    if not len(tokens):
        return Segments(np.zeros(0, np.int64), np.zeros(1, np.int64))
    if kernels.native is not None:
        row, first = np.empty(len(tokens), np.int64), np.empty(len(tokens) + 1, np.int64)
        rows, count = kernels.native.segments(
            tokens.case, tokens.gap, tokens.script, tokens.number, tokens.low, tokens.high, tokens.letters.code,
            seen.marks, row, first,
        )  # fmt: skip
        return Segments(row[:rows], first[: count + 1])
    joined = joins(tokens, abbreviated(tokens, seen)) & ~seen.marked(WEEKDAY)
    capital = (tokens.case != LOWER) & (tokens.script == ch.LATIN) & ~_of_codes(tokens)
    lower = (tokens.case == LOWER) & ~tokens.number
    owner = capital & (seen.marked(PLURAL) | _preceding(seen.marked(SAINT) & capital))
    possessive = seen.marked(LETTER_S) & _preceding(owner) & (tokens.gap == HYPHENED)
    small = lower & (seen.marked(JOINS) | possessive)
    ampersand = tokens.letters.code[tokens.low] == ord("&")
    before, after = _neighbour(capital, joined)
    between = (small | ampersand) & before & after
    first_of_two = small & before & _following(small & joined & after)
    second_of_two = small & after & joined & _preceding(small & before)
    leading = lower & after & seen.marked(LEADS)
    ordinal = tokens.number & after & (tokens.letters.code[np.maximum(tokens.high - 1, 0)] >= ord("a"))
    member = capital | between | first_of_two | second_of_two | leading | ordinal
    number = tokens.number & joined & _preceding(member)
    member = member | number
    row = member.nonzero()[0]
    starts = np.ones(len(row), np.bool_)
    starts[1:] = ((row[1:] - row[:-1]) != 1) | ~joined[row[1:]]
    return Segments(row, _cut(starts.nonzero()[0], len(row)))


def _of_codes(tokens: Tokens) -> Flags:
    """Which words are the letters of a code with a number, such as F-16, that is no part of a name before it."""
    short = tokens.high - tokens.low <= LETTERS_OF_CODES
    return np.asarray(short & _following(tokens.number & (tokens.gap == HYPHENED)))


def _preceding(flags: Flags) -> Flags:
    moved = np.zeros(len(flags), np.bool_)
    moved[1:] = flags[:-1]
    return moved


def _following(flags: Flags) -> Flags:
    moved = np.zeros(len(flags), np.bool_)
    moved[:-1] = flags[1:]
    return moved


def _neighbour(capital: Flags, joined: Flags) -> tuple[Flags, Flags]:
    return joined & _preceding(capital), _following(joined & capital)


def _cut(first: Ints, count: int) -> Ints:
    """Starts of segments none of which is longer than LONGEST_SEGMENT."""
    edges = np.concatenate((first, (count,)))
    length = edges[1:] - edges[:-1]
    pieces = np.maximum(1, -(-length // LONGEST_SEGMENT))
    of = np.arange(len(first)).repeat(pieces)
    offset = np.arange(len(of)) - (pieces.cumsum() - pieces).repeat(pieces)
    return np.concatenate((first[of] + offset * LONGEST_SEGMENT, (count,)))
