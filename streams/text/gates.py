"""Which rules are worth trying on a line: those that ask for words are not where none of theirs stands in it.

All lines are looked through at once for the words of all rules, by an automaton (Aho and Corasick) whose numbers a
compiled kernel follows; without it, by the library that is made for it, line by line.
"""

import re
from collections import deque
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from ahocorasick_rs import AhoCorasick

from streams import kernels
from streams.kernels.signatures import Hashes, Marks, Points

CASED = 0x2200
"""Code points from which on none is another case of the letters in such words."""
WIDTH, NEAR = 64, 3
"""Bits of a number; letters up to which a state has the next one for every label: most characters lead no further."""
_ODD = str.maketrans("İıſςΣϐϵϑϰϖϱϕµᲀᲁᲂᲃᲄᲅᲆᲇ", "iisσσβεθκπρφμвдосттъѣ")
"""Letters that patterns take for others in any case, though their lower case is another."""


class _Automaton(NamedTuple):
    """Its numbers as the kernel takes them: states in order of depth, so that what is asked most lies together."""

    labels: Marks
    """Of each code point; letters have that of their lower case."""
    rows: Marks
    """Of the first states the next one for every label."""
    firsts: Points
    """Where the edges of each state begin, and an end."""
    edges: Marks
    ends: Marks
    """The label of each, and the state it leads to."""
    fails: Marks
    """Of each state the one to go on from where no edge fits."""
    masks: Hashes
    """Of each state the rules that ask for the words that end there."""


class Gates:
    """Sets of rules as bits: rule ``n`` has bit ``n``. Bits of rules without words are always set.

    Words are in lower case and have no line breaks, but for the first character, which stands for the beginning of a
    line. Cases are ignored as patterns ignore them.
    """

    def __init__(self, rules: Sequence[Iterable[str] | None]) -> None:
        self._words: dict[str, int] = {}
        self._always = sum(1 << place for place, words in enumerate(rules) if words is None)
        for place, words in enumerate(rules):
            for word in map(folded, words or ()):
                self._words[word] = self._words.get(word, 0) | 1 << place
        self._size = max(1, -(-len(rules) // WIDTH))

    def of_lines(self, lines: Sequence[str]) -> list[int]:
        """The rules to be tried on each of ``lines``, none of which has a line break."""
        if kernels.native is None or not lines:
            return [self._always | self._found_in(f"\n{line}") for line in lines]
        found = self._marked("\n".join(lines), len(lines))
        if self._size == 1:
            return [each | self._always for each in found.tolist()]
        width = 8 * self._size
        joined = found.astype("<u8", copy=False).tobytes()
        sets = (joined[start : start + width] for start in range(0, len(joined), width))
        return [int.from_bytes(each, "little") | self._always for each in sets]

    def of_text(self, text: str) -> int:
        """The rules to be tried on a text as a whole."""
        if kernels.native is None:
            return self._always | self._found_in(f"\n{text}")
        sets = self._marked(text, text.count("\n") + 1).reshape(-1, self._size)
        found: list[int] = np.bitwise_or.reduce(sets, axis=0).tolist()
        return self._always | sum(part << WIDTH * place for place, part in enumerate(found))

    def _marked(self, text: str, lines: int) -> Hashes:
        found = np.zeros(lines * self._size, np.uint64)
        assert kernels.native is not None
        kernels.native.open_gates(text, *self._automaton, found, self._automaton.rows.shape[1])
        return found

    def _found_in(self, text: str) -> int:
        found = 0
        whole = folded(text).encode("utf-8", "replace").decode("utf-8")
        for index, _, _ in self._finder.find_matches_as_indexes(whole, overlapping=True):
            found |= self._sets[index]
        return found

    @cached_property
    def _finder(self) -> AhoCorasick:
        return AhoCorasick(list(self._words))

    @cached_property
    def _sets(self) -> list[int]:
        return list(self._words.values())

    @cached_property
    def _automaton(self) -> _Automaton:
        return _automaton_of(self._words, self._size)


def folded(text: str) -> str:
    """``text`` in lower case, and in any case that patterns take for it."""
    return text.lower() if text.isascii() else text.translate(_ODD).lower()


def _automaton_of(words: dict[str, int], size: int) -> _Automaton:
    labels = {letter: number for number, letter in enumerate(sorted(set("".join(words))), start=1)}
    children, masks, depths = _trie(words)
    order, fails = _fails(children, masks)
    number = {state: place for place, state in enumerate(order)}
    rows = np.zeros((1 + sum(depths[state] <= NEAR for state in order[1:]), len(labels) + 1), np.uint16)
    for place, state in enumerate(order[: len(rows)]):
        rows[place] = rows[number[fails[state]]]
        for letter, child in children[state].items():
            rows[place, labels[letter]] = number[child]
    edges = [(labels[letter], number[child]) for state in order for letter, child in children[state].items()]
    parts = [masks[state] >> WIDTH * part & (1 << WIDTH) - 1 for state in order for part in range(size)]
    return _Automaton(
        labels=_labels_of(labels), rows=rows,
        firsts=np.cumsum([0, *(len(children[state]) for state in order)], dtype=np.uint32),
        edges=np.array([label for label, _ in edges], np.uint16), ends=np.array([end for _, end in edges], np.uint16),
        fails=np.array([number[fails[state]] for state in order], np.uint16), masks=np.array(parts, np.uint64),
    )  # fmt: skip


def _trie(words: dict[str, int]) -> tuple[list[dict[str, int]], list[int], list[int]]:
    """Of each state the next ones by their letters, what it asks for, and how many letters lead to it."""
    children: list[dict[str, int]] = [{}]
    masks, depths = [0], [0]
    for word, rules in words.items():
        state = 0
        for depth, letter in enumerate(word, start=1):
            if letter not in children[state]:
                children[state][letter] = len(children)
                children.append({})
                masks.append(0)
                depths.append(depth)
            state = children[state][letter]
        masks[state] |= rules
    return children, masks, depths


def _fails(children: list[dict[str, int]], masks: list[int]) -> tuple[list[int], list[int]]:
    """The states by their depth, and of each the one to go on from; ``masks`` get what ends there, too."""
    fails = [0] * len(children)
    order, waiting = [0], deque(children[0].values())
    while waiting:
        state = waiting.popleft()
        order.append(state)
        masks[state] |= masks[fails[state]]
        for letter, child in children[state].items():
            other = fails[state]
            while other and letter not in children[other]:
                other = fails[other]
            fails[child] = children[other].get(letter, 0)
            waiting.append(child)
    return order, fails


def _labels_of(labels: dict[str, int]) -> Marks:
    """The label of each code point: letters have that of their lower case."""
    table = np.zeros(max(CASED, 1 + max(map(ord, labels), default=0)), np.uint16)
    for letter, label in labels.items():
        table[ord(letter)] = label
    cased = "".join(map(chr, range(0x80, CASED)))
    for other in re.findall("(?i)[" + re.escape("".join(labels)) + "]", cased) if labels else ():
        table[ord(other)] = labels.get(folded(other), 0) or table[ord(other)]
    for letter in filter(str.islower, filter(str.isascii, labels)):
        table[ord(letter.upper())] = labels[letter]
    return table
