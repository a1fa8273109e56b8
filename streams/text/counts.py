"""What the line classifier counts in the lines of a text: words by their traits, shared words, digits and symbols.

Words are looked up in what is remembered of them, and all lines are counted at once: most words of a
text were met in others, and a call for each line costs more than the counting.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from itertools import chain

import numpy as np
import numpy.typing as npt

from streams.text.hashing import distinct, numbered

Vector = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

STOP_WORDS = frozenset(
    "a about after all also an and any are as at be been but by can could did do for from had has have he her his "  # noqa: SIM905
    "how i if in into is it its just more most no not of on one or other our out over said she so some such than "
    "that the their them then there these they this to up was we were what when which who will with would you "
    "your".split()
)
HEAD = 120
"""Code points of a line in which digits and symbols are counted."""
TELLING = frozenset("said says told he she they we i his her was were had has have is are".split())  # noqa: SIM905
"""Words of telling: verbs of speech, pronouns, forms of to be and to have."""
_CONTENT = re.compile(r"\w{4,}")
SYMBOLS = "|/<>{}=_#@*•·→»›"
_REMEMBERED, _LONGEST = 30_000, 30
"""How many words are remembered, and of how many characters at most."""
_STOP, _TELLS, _CAPITAL, _TRAITS = 1, 2, 4, 8
"""Traits of a word as bits; what is not less than all of them is the number of a content word."""
_DIGIT, _SYMBOL = 1, 1 << 8
_CHARACTERS = 0x20000
"""Code points beyond which none is a digit or a symbol."""


class _Memory(dict[str, tuple[int, ...]]):
    """The traits of each word as it is written, then the numbers of the content words in it.

    Content words are runs of four letters and more, in lower case, but for the commonest.
    """

    def __missing__(self, word: str) -> tuple[int, ...]:
        lower = word.lower()
        traits = _STOP * (lower in STOP_WORDS) | _TELLS * (lower in TELLING) | _CAPITAL * word[0].isupper()
        content = (_number(each) for each in _CONTENT.findall(lower) if each not in STOP_WORDS)
        if len(self) >= _REMEMBERED:
            self.clear()
        known = (traits, *content)
        if len(word) <= _LONGEST:
            self[word] = known
        return known


def _number(word: str) -> int:
    """A number for a word, the same in every process, of 62 bits."""
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") >> 2 | _TRAITS


_memory = _Memory()


@dataclass(frozen=True, slots=True)
class Words:
    """The words of all lines of a text."""

    counts: Integers
    """How many each line has."""
    stops: Integers
    telling: Integers
    capitals: Integers
    """How many of them are stop words, words of telling, and begin with a capital."""
    line: Integers
    number: Integers
    """Each content word once for each line that has it: the line's index, and the word's, sorted by both."""
    numbers: Integers
    """The numbers of all content words, sorted; ``number`` is an index into it."""


def words_of(lines: Sequence[str]) -> Words:
    """Count the words of ``lines``; none may be empty."""
    split = [line.split() for line in lines]
    counts = np.array([len(words) for words in split])
    known = np.fromiter(chain.from_iterable(map(_memory.__getitem__, chain.from_iterable(split))), dtype=np.int64)
    is_traits = known < _TRAITS
    traits = known[is_traits]
    starts = np.cumsum(counts) - counts
    stops, telling, capitals = (np.add.reduceat((traits & bit) // bit, starts) for bit in (_STOP, _TELLS, _CAPITAL))
    content = known[~is_traits]
    line_of_word = np.repeat(np.arange(len(lines)), counts)
    line = line_of_word[np.cumsum(is_traits)[~is_traits] - 1]
    numbers, number = numbered(content)
    line, number = np.divmod(distinct(line * (len(numbers) or 1) + number), len(numbers) or 1)
    return Words(counts, stops, telling, capitals, line, number, numbers)


def numbers_of(text: str) -> Integers:
    """The numbers of the content words of a text."""
    known = chain.from_iterable(_memory[word] for word in text.split())
    return np.array([number for number in known if number >= _TRAITS], dtype=np.int64)


def digits_and_symbols(lines: Sequence[str]) -> tuple[Integers, Integers]:
    """How many digits and symbols the head of each line has; none may be empty."""
    heads = [line[:HEAD] for line in lines]
    sizes = np.array([len(head) for head in heads])
    codes = np.frombuffer("".join(heads).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    counts = np.add.reduceat(_classes().take(codes, mode="clip"), np.cumsum(sizes) - sizes, dtype=np.int64)
    return counts & (_SYMBOL - 1), counts // _SYMBOL


@cache
def _classes() -> npt.NDArray[np.uint16]:
    """The class of each code point: a digit, a symbol, or neither."""
    characters = "".join(map(chr, range(_CHARACTERS)))
    classes = np.zeros(_CHARACTERS, dtype=np.uint16)
    classes[[found.start() for found in re.finditer(r"\d", characters)]] = _DIGIT
    classes[[ord(symbol) for symbol in SYMBOLS]] = _SYMBOL
    return classes
