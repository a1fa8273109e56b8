"""Words of texts by number, as the compiled kernels read them: each word that is known stands in memory once."""

from array import array
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from streams.kernels.signatures import Kernels
from streams.rules.splitting import ABBREVIATIONS, STARTERS, Token, partings
from streams.rules.words import KnownWords, Lexicon, joined

SEED = hash("words of texts")
"""Of the words' hashes: another one in each process, so that nobody can write words whose hashes are alike."""
GAP = "\n\n"
"""Between title and body, which are read as one text: it parts paragraphs and is part of no word."""


LOWER, STARTS, DOTTED, DIGIT, ABBREVIATED, JOINED = (1 << bit for bit in range(6))
"""What of a word tells whether a sentence ends before or after it, and whether it is several; so in `reading.c`."""


def kinds_of(word: str) -> int:
    """The kinds of a word, added up.

    >>> kinds_of("U.S") == DOTTED, kinds_of("Gen") == ABBREVIATED, kinds_of("troops") == LOWER
    (True, True, True)
    """
    first = word[0]
    kinds = LOWER if first.islower() else STARTS if word in STARTERS else DIGIT if first.isdigit() else 0
    if word.lower() in ABBREVIATIONS or (len(word) == 1 and word.isupper()):
        kinds |= ABBREVIATED
    if not word.isalnum():
        kinds |= DOTTED * ("." in word) | JOINED * joined(word)
    return kinds


LONG, MOST_WANTED = 100, 8
"""Words of a stretch from which on, and those of a key up to which, the kernel looks for them."""
Places: TypeAlias = NDArray[np.int32]
"""A number for each word of a text."""


class Numbers:
    """The numbers of known words, and by number what is known of each.

    A word is found by its hash of 64 bits, which two words do not share in practice.
    """

    def __init__(self, known: KnownWords) -> None:
        self._known = known
        self._number: dict[str, int] = {}
        self.surfaces: list[str] = []
        """The words."""
        self.by_key: dict[str, array[int]] = {}
        """The numbers of those that answer to a key."""
        self._stated: list[str] = []
        self.kinds = array("B")
        """Their kinds."""
        self._hashes = array("q")
        self._room(1 << 12)

    def _room(self, size: int) -> None:
        """Take a table with so many places at least, and half as many again: twice as many as there are words."""
        self._table = np.full(4 << size.bit_length(), -1, np.int64)

    def split(self, native: Kernels, text: str) -> tuple[Places, Places, Places, int]:
        """Number, start and end of each word of a text, and the kinds that there are, added up."""
        room, counts = len(text) // 2 + 1, np.empty(2, np.int64)
        numbers, starts, ends = np.empty((3, room), np.int32)
        hashes = np.empty(room, np.int64)
        count = native.split_words(text, self._table, self.kinds, SEED, numbers, starts, ends, hashes, counts)
        numbers, starts, ends = numbers[:count], starts[:count], ends[:count]
        unknown, kinds = counts.tolist()
        if unknown:
            first, at = len(self.surfaces), np.flatnonzero(numbers < 0)
            places = zip(starts[at].tolist(), ends[at].tolist(), hashes[at].tolist(), strict=True)
            numbers[at] = [self._entered(text[start:end], hashed) for start, end, hashed in places]
            self._find_from(native, first)
            kinds = reduce(or_, self.kinds[first:], kinds)
        return numbers, starts, ends, kinds

    def _entered(self, word: str, hashed: int) -> int:
        """The number of a word that was not known when the text was split."""
        number = self._number.get(word)
        if number is None:
            number = self._number[word] = len(self.surfaces)
            self.surfaces.append(word)
            stated = self._known[word]
            self._stated.append(stated)
            for key in stated.split("\n"):
                self.by_key.setdefault(key, array("i")).append(number)
            self.kinds.append(kinds_of(word))
            self._hashes.append(hashed)
        return number

    def _find_from(self, native: Kernels, first: int) -> None:
        """Let the words from a first one on be found."""
        count, room = len(self._hashes), len(self._table)
        if 4 * count > room:
            self._room(max(room, 4 * count))
            first = 0
        native.enter_words(self._table, self._hashes[first:], first)

    def answers(self, numbers: Iterable[int]) -> set[str]:
        """Every key that one of the words answers to."""
        return self._known.parted(set(map(self._stated.__getitem__, numbers)))


class Numbered:
    """Title and body, their words by number."""

    def __init__(self, native: Kernels, title: str, body: str, numbers: Numbers) -> None:
        self._native, self.known = native, numbers
        self._text = title + GAP + body if title else body
        self._title, self._shift = len(title), len(self._text) - len(body)
        self.numbers, self._starts, self._ends, kinds = numbers.split(native, self._text)
        if kinds & JOINED:
            self.numbers, self._starts, self._ends, _ = numbers.split(native, self._spaced())
        self.size = len(self.numbers)
        self.split = int(self._starts.searchsorted(self._title)) if title else 0
        self.sentences = np.empty(0, np.int32)
        """Positions of the first word of each sentence, once they have been asked for."""

    def _spaced(self) -> str:
        """The text with a space for each sign that joins what lacks one: "base.He", and "1.500" no longer."""
        signs, spelled = list(self._text), self.known.surfaces
        for number, start in zip(self.numbers.tolist(), self._starts.tolist(), strict=True):
            for place in partings(spelled[number]):
                signs[start + place] = " "
        return "".join(signs)

    def keys(self, start: int, end: int) -> set[str]:
        """Every key that one of the words of a stretch answers to."""
        return self.known.answers(set(self.numbers[start:end].tolist()))

    def tokens(self, start: int, end: int) -> Sequence[Token]:
        """The number of each word of a stretch."""
        return cast(list[int], self.numbers[start:end].tolist())

    def answering(self, key: str) -> Sequence[Token]:
        """The numbers of the known words that answer to a key."""
        return self.known.by_key.get(key, ())

    def places(self, key: str, start: int, end: int) -> Sequence[int] | None:
        """Where words of a long stretch stand that answer to a key, if that is quick to say."""
        wanted = self.known.by_key.get(key)
        if wanted is None:
            return ()
        if len(wanted) > MOST_WANTED or end - start < LONG:
            return None
        numbers = self.numbers[start:end]
        places = np.empty(len(numbers), np.int32)
        count = self._native.places_of(numbers, wanted, places)
        return cast(list[int], (places[:count] + start if start else places[:count]).tolist())

    def spelled(self, token: Token, /) -> str:
        """The word of a number."""
        return self.known.surfaces[cast(int, token)]

    def words(self, start: int, end: int) -> list[str]:
        """The words of a stretch."""
        return list(map(self.known.surfaces.__getitem__, self.numbers[start:end].tolist()))

    def starts(self) -> list[int]:
        """Offset of each word in its field, code points."""
        stated: list[int] = self._starts.tolist()
        shift = self._shift
        return stated[: self.split] + [start - shift for start in stated[self.split :]] if shift else stated

    def breaks(self) -> tuple[list[int], list[int]]:
        """Positions of the first word of each sentence, and of each paragraph."""
        firsts, kinds = np.empty((2, self.size), np.int32)
        places = self.numbers, self._starts, self._ends
        count = self._native.part_sentences(self._text, *places, self.known.kinds, firsts, kinds)
        self.sentences = firsts[:count]
        found: list[int] = self.sentences.tolist()
        return found, [first for first, kind in zip(found, kinds.tolist(), strict=False) if kind == 2]

    def gaps(self, start: int, end: int) -> Sequence[str]:
        """What stands after each word of a stretch, up to the next of its field."""
        text, ends = self._text, self._ends[start:end].tolist()
        nexts = [*self._starts[start + 1 : end + 1].tolist(), len(text)]
        if start < self.split <= end:
            nexts[self.split - 1 - start] = self._title
        return [text[low:high] for low, high in zip(ends, nexts, strict=False)]


def numbered(native: Kernels, title: str, body: str, lexicon: Lexicon) -> Numbered:
    """Title and body, read by the compiled kernels."""
    words = lexicon.words()
    if lexicon.numbers is None:
        lexicon.numbers = Numbers(words)
    return Numbered(native, title, body, lexicon.numbers)
