"""All that the line classifier counts in the lines of a text, as a table of whole numbers; by a compiled kernel where
there is one."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from streams import kernels
from streams.text.counts import (
    HEAD,
    STOP_WORDS,
    SYMBOLS,
    TELLING,
    Integers,
    Words,
    digits_and_symbols,
    numbers_of,
    words_of,
)
from streams.text.sentences import CLOSING, FINAL, ends_sentence

ROWS = (
    "length", "words", "stops", "telling", "capitals", "final", "sentence", "digits", "symbols", "commas", "quoted",
    "lower", "colon", "copies", "item", "prefix", "content", "topic", "title",
)  # fmt: skip
"""What the rows of the table count, in the order in which ``lines.c`` has them.

Words, those of them that are stop words, of telling, with a capital; whether the line ends a sentence, and is one;
digits and symbols in its head; commas; whether it quotes, begins in lower case, ends with a colon; how many other lines
are the same; whether it is an item; how many others begin alike; its different content words, and how many of them
another sentence has, and the title.
"""
SEED = hash("lines of texts")
"""Of the kernel's hashes: another one in each process, so that nobody can write words whose hashes are alike."""
QUOTES = "\"“'‘«„"
LEAST_WORDS, LEAST_STOPS = 7, 0.15
"""Words of a line that may be a sentence; share of stop words above which it is."""
_ITEM = re.compile(r"[-•*–]|\d{1,2}[.)]")
_MARKS = (" ".join(sorted(STOP_WORDS)), " ".join(sorted(TELLING)), "".join(FINAL), CLOSING, SYMBOLS, QUOTES)


def counted(lines: Sequence[str], title: str | None) -> Integers:
    """A row of each of ``ROWS``, a column of each of ``lines``, none of which is empty or has a line break."""
    if kernels.native is None:
        return _counted(lines, title)
    text = "\n".join(lines)
    table = np.empty((len(ROWS), len(lines)), np.int64)
    kernels.native.count_lines(text, text.lower(), (title or "").lower(), *_MARKS, SEED, table)
    return table


def _counted(lines: Sequence[str], title: str | None) -> Integers:
    lower = [line.lower() for line in lines]
    words = words_of(lines)
    finals = np.array([ends_sentence(line) for line in lines])
    sentence = finals & (words.counts >= LEAST_WORDS) & (words.stops / words.counts > LEAST_STOPS)
    digits, symbols = digits_and_symbols(lines)
    first = [line[0] for line in lines]
    copies = Counter(lower)
    rows = (
        [len(line) for line in lines], words.counts, words.stops, words.telling, words.capitals, finals, sentence,
        digits, symbols, [line.count(",") for line in lines],
        [mark in QUOTES or "”" in line or '" ' in line for mark, line in zip(first, lines, strict=True)],
        [mark.islower() for mark in first], [line[-1] == ":" for line in lines],
        [copies[each] - 1 for each in lower],
        [not mark.isalpha() and bool(_ITEM.match(line)) for mark, line in zip(first, lines, strict=True)],
        _prefixed(lower), *_shared(words, sentence, title),
    )  # fmt: skip
    return np.array([np.asarray(row, np.int64) for row in rows])


def _shared(words: Words, sentence: np.ndarray, title: str | None) -> tuple[Integers, Integers, Integers]:
    """How many content words each line has, how many of them another sentence has, and how many the title."""
    count, said = len(words.counts), sentence[words.line]
    sentences = np.bincount(words.number[said], minlength=len(words.numbers))
    elsewhere = sentences[words.number] > said
    headline = np.isin(words.numbers, numbers_of(title or ""))[words.number]
    of_line = (words.line, words.line[elsewhere], words.line[headline])
    content, topic, told = (np.bincount(each, minlength=count) for each in of_line)
    return content, topic, told


def _prefixed(lower: Sequence[str]) -> list[int]:
    """How many other lines begin as each does, up to a colon or with its first word."""
    prefixes = [line.split(":", 1)[0] if ":" in line[:30] else line.partition(" ")[0] for line in lower]
    shared = Counter(prefixes)
    return [shared[prefix] - 1 for prefix in prefixes]


def heads(length: Integers) -> Integers:
    """Characters of each line in which digits and symbols are counted."""
    return np.minimum(length, HEAD)
