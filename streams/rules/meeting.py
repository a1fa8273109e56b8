"""Which sentences of an article meet what alternatives need, worked out at once by the compiled kernels."""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from operator import or_

import numpy as np
from numpy.typing import NDArray

from streams.kernels.signatures import Kernels
from streams.rules.combining import Any, Gate
from streams.rules.numbered import Numbered, Numbers

LEVELS = 5
"""Groups that one alternative is known by: its rarest."""
MOST_NEEDS = 16_384
"""Different needs that are looked for; what has another one is asked more often than it must be."""
MOST_SENTENCES = 512
"""Sentences of an article that are looked at so: beyond, most are not asked for, and each need takes long."""


LONG = 256
"""Bits from which a number is taken apart all at once."""


def ones(bits: int) -> list[int]:
    """Numbers of the bits that are set, ascending.

    >>> ones(0b1101)
    [0, 2, 3]
    """
    if bits.bit_length() > LONG:
        stored = np.frombuffer(bits.to_bytes(bits.bit_length() // 8 + 1, "little"), np.uint8)
        return [int(number) for number in np.flatnonzero(np.unpackbits(stored, bitorder="little"))]
    found = []
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return found


class Needs:
    """What alternatives need, and the groups of each word of texts, as the kernels read them.

    ``bits_of`` gives the groups of a word, a bit each.
    """

    def __init__(self, bits_of: Callable[[str], int]) -> None:
        self._bits_of = bits_of
        self._numbers: dict[int, int] = {}
        self._needs = array("h")
        self._choices = 0
        self._of_words: dict[int, int] = {}
        self._of_needs: dict[int, int] = {}
        self._adds, self._added = array("i"), array("H", [0])
        self._known: Numbers | None = None
        self.forget()

    def forget(self) -> None:
        """Forget the groups of words: there are others now."""
        self._begins, self._groups, self._at = array("i"), array("H"), dict[int, int]()

    def number(self, groups: Sequence[int]) -> int:
        """The number of the need of some groups, a bit each, rarest first; from 1 on, 0 where there is no more room."""
        need = reduce(or_, groups)
        number = self._numbers.get(need, 0)
        if not number and len(self._numbers) < MOST_NEEDS:
            number = self._numbers[need] = len(self._numbers) + 1
            self._adds.append(0)
            self._needs.extend([*(group.bit_length() - 1 for group in groups), *[-1] * (LEVELS - len(groups))])
        return number

    def enter_choice(self, bit: int, words: int, needs: Iterable[int]) -> None:
        """Note the group of a choice: a sentence has it that has that of its words or meets one of its needs.

        Needs that ask for it come after those of its alternatives, which have numbers already.
        """
        self._choices |= bit
        if words:
            self._of_words[words] = self._of_words.get(words, 0) | bit
        for number in needs:
            of_need = self._of_needs[number] = self._of_needs.get(number, 0) | bit
            self._adds[number - 1] = len(self._added)
            self._added.extend([of_need.bit_count(), *ones(of_need)])
        self.forget()

    def met(self, native: Kernels, reading: Numbered, width: int) -> "Met | None":
        """What the sentences of an article meet, of ``width`` times 64 groups; None where they are too many."""
        sentences, count = reading.sentences, len(self._numbers)
        if len(sentences) > MOST_SENTENCES:
            return None
        if self._known is not reading.known:
            self._known = reading.known
            self.forget()
        blocks = (len(sentences) + 63) // 64
        sums = np.empty((len(sentences) + 1) * width, np.uint64)
        numbers, masks = np.empty(count, np.int32), np.empty(count * blocks, np.uint64)
        unknown = np.empty(reading.size, np.int32)
        places, added = (reading.numbers, sentences), (self._adds, self._added)
        while True:
            words = self._begins, self._groups, self._needs
            found = native.meet_needs(*places, *words, *added, sums, numbers, masks, unknown)
            if found >= 0:
                break
            self._learn(set(unknown[:-found].tolist()))
        masks_by_need = _joined(numbers[:found].tolist(), masks[: found * blocks].tolist(), blocks)
        return Met(masks_by_need, (1 << len(sentences)) - 1, sums.reshape(-1, width), ~self._choices)

    def _learn(self, words: set[int]) -> None:
        """Look up the groups of some words."""
        assert self._known is not None
        self._begins.extend([-1] * (max(words) + 1 - len(self._begins)))
        for word in words:
            bits = self._bits_of(self._known.surfaces[word])
            at = self._at.get(bits)
            if at is None:
                at = self._at[bits] = len(self._groups)
                groups = ones(bits | reduce(or_, (bit for of, bit in self._of_words.items() if of & bits), 0))
                self._groups.extend([len(groups), *groups])
            self._begins[word] = at


def _joined(numbers: list[int], masks: list[int], blocks: int) -> dict[int, int]:
    """By need, the sentences that meet it, a bit each."""
    if blocks > 1:
        rows = (masks[at : at + blocks] for at in range(0, len(masks), blocks))
        masks = [sum(part << 64 * block for block, part in enumerate(row)) for row in rows]
    return dict(zip(numbers, masks, strict=True))


class Met:
    """Some sentences of an article: of each need, which of them have all of its groups."""

    __slots__ = ("_has", "_of_words", "_sums", "_within", "masks")

    def __init__(self, masks: Mapping[int, int], within: int, sums: NDArray[np.uint64], of_words: int) -> None:
        self.masks, self._within, self._sums, self._of_words = masks, within, sums, of_words
        self._has = -1

    @property
    def has(self) -> int:
        """The groups of all of them, a bit each."""
        if self._has < 0:
            has = int.from_bytes(self._sums[-1].astype("<u8", copy=False).tobytes(), "little")
            self._has = has & self._of_words
        return self._has

    def where(self, gate: Gate) -> list[int]:
        """Numbers of the sentences that have all that a gate needs, ascending."""
        return ones(self.masks.get(gate.number, 0) & self._within)

    def open(self, choice: Any) -> list[Gate]:
        """The gates of a choice whose need one of them meets."""
        masks, gates, within = self.masks, choice.numbered, self._within
        return [gate for number in masks.keys() & gates.keys() if masks[number] & within for gate in gates[number]]

    def between(self, first: int, after: int) -> "Met":
        """Some that follow each other."""
        sums = self._sums[first:after]
        sums = sums if after == first + 1 else np.bitwise_or.reduce(sums, keepdims=True)
        return Met(self.masks, (1 << after) - (1 << first), sums, self._of_words)
