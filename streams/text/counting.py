"""All that the line classifier counts in the lines of a text, as a table; by a compiled kernel where there is one."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from streams import kernels
from streams.text.counts import (
    HEAD,
    STOP_WORDS,
    SYMBOLS,
    TELLING,
    Vector,
    Words,
    digits_and_symbols,
    numbers_of,
    words_of,
)
from streams.text.sentences import CLOSING, FINAL, ends_sentence

ROWS = (
    "length", "words", "stop_share", "final_mark", "sentence", "capital_share", "digit_share", "commas", "quoted",
    "starts_low", "colon_end", "repeated", "symbols", "telling", "item", "topic", "title_share", "prefix_share",
)  # fmt: skip
"""The rows of the table, in the order in which ``lines.c`` has them.

Characters; words; which share of them are stop words; whether the line ends a sentence, and is one; the share of words
with a capital; of digits in its head; commas for every four words; whether it quotes, begins in lower case, ends with a
colon; how many other lines are the same; symbols in its head; words of telling for every four; whether it is an item;
which share of its content words another sentence has, and the title; how many other lines begin alike.
"""
Matrix = npt.NDArray[np.float64]
SEED = hash("lines of texts")
"""Of the kernel's hashes: another one in each process, so that nobody can write words whose hashes are alike."""
QUOTES = "\"“'‘«„"
LEAST_WORDS, LEAST_STOPS = 7, 0.15
"""Words of a line that may be a sentence; share of stop words above which it is."""
_SIGNS = tuple(zip("\u2019\u2018\u201c\u201d\u2013\u2014\u2026", "\1\2\3\4\5\6\7", strict=True))
_ITEM = re.compile(r"[-•*–]|\d{1,2}[.)]")
_MARKS = (" ".join(sorted(STOP_WORDS)), " ".join(sorted(TELLING)), "".join(FINAL), CLOSING, SYMBOLS, QUOTES)


def count_lines(lines: Sequence[str], title: str | None, table: Matrix) -> None:
    """Write a row of each of ``ROWS``, a column of each of ``lines``, none of which is empty or has a line break."""
    if kernels.native is None:
        for row, values in zip(table, _rows(lines, title), strict=True):
            row[:] = values
    else:
        text = "\n".join(lines)
        kernels.native.count_lines(text, _lowered(text), (title or "").lower(), *_MARKS, SEED, table)


def _lowered(text: str) -> str:
    """``text`` in lower case, with signs that no tidied text has for the marks that most have besides ASCII: in ASCII
    cases are told ten times as fast, and what is told of words and lines is whether they are the same."""
    for mark, sign in () if text.isascii() else _SIGNS:
        text = text.replace(mark, sign)
    return text.lower()


def _rows(lines: Sequence[str], title: str | None) -> tuple[npt.ArrayLike, ...]:
    lower = [line.lower() for line in lines]
    words = words_of(lines)
    stops, finals = words.stops / words.counts, np.array([ends_sentence(line) for line in lines])
    sentence = finals & (words.counts >= LEAST_WORDS) & (stops > LEAST_STOPS)
    digits, symbols = digits_and_symbols(lines)
    first, sizes = [line[0] for line in lines], np.array([len(line) for line in lines])
    copies = Counter(lower)
    return (
        sizes, words.counts, stops, finals, sentence, words.capitals / words.counts, digits / np.minimum(sizes, HEAD),
        np.minimum(np.array([line.count(",") for line in lines]) / words.counts * 4, 1),
        [mark in QUOTES or "”" in line or '" ' in line for mark, line in zip(first, lines, strict=True)],
        [mark.islower() for mark in first], [line[-1] == ":" for line in lines],
        [min(copies[each] - 1, 3) / 3 for each in lower], symbols / np.minimum(sizes, HEAD),
        np.minimum(words.telling / words.counts * 4, 1),
        [not mark.isalpha() and bool(_ITEM.match(line)) for mark, line in zip(first, lines, strict=True)],
        *_shared(words, sentence, title), _prefix_shares(lower),
    )  # fmt: skip


def _shared(words: Words, sentence: npt.NDArray[np.bool_], title: str | None) -> tuple[Vector, Vector]:
    """The shares of each line's content words that other sentences have, too, and that the title has."""
    count, said = len(words.counts), sentence[words.line]
    sentences = np.bincount(words.number[said], minlength=len(words.numbers))
    elsewhere = sentences[words.number] > said
    headline = np.isin(words.numbers, numbers_of(title or ""))[words.number]
    of_line = np.maximum(np.bincount(words.line, minlength=count), 1)
    topic, told = (np.bincount(words.line[those], minlength=count) for those in (elsewhere, headline))
    return topic / of_line, told / of_line


def _prefix_shares(lower: Sequence[str]) -> list[float]:
    """How many lines begin as each does, up to a colon or with its first word."""
    prefixes = [line.split(":", 1)[0] if ":" in line[:30] else line.partition(" ")[0] for line in lower]
    shared = Counter(prefixes)
    return [min(shared[prefix] - 1, 5) / 5 for prefix in prefixes]
