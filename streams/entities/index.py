"""An index of names that is searched with arrays: a trie kept as a set of hashes of prefixes.

Each name is a sequence of words; the hash of its first k words is a node. Searching walks all
starting words of a batch at once, one word a step, and drops those that no name goes on from. All
matches that start and end on word boundaries are found, overlapping ones too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from streams import kernels
from streams.entities.lookup import Lookup, looked_up
from streams.entities.tokens import HARD, Flags, Ints, Tokens, tokenise
from streams.entities.variants import SHORTEST_STEM, stems, unprefixed, without_genitive
from streams.text.hashing import Hashes, mixed

LONGEST = 12
"""Words of the longest name that is found."""

PIECE = 8192
"""Names that are hashed together when the index is made."""

BUCKET_BITS = 20
STEP = np.uint64(0xD6E8FEB86659FD93)
TWO = np.uint64(2)


def extended(prefix: Hashes, word: Hashes) -> Hashes:
    """Hashes of prefixes one word longer."""
    return mixed(prefix * STEP + word)


def case_signature(tokens: Tokens, start: Ints, length: Ints) -> Hashes:
    """The cases of the words of each span as one number, two bits a word."""
    steps = np.arange(int(length.max(initial=0)))[:, None]
    cases = tokens.case.take(start + steps, mode="clip").astype(np.uint64)
    cases <<= TWO * steps.view(np.uint64)
    cases[steps >= length] = 0
    return np.asarray(np.bitwise_or.reduce(cases, axis=0))


@dataclass(slots=True, eq=False)
class Matches:
    """Spans of words that read like a name: ``start`` and ``length`` in words, ``alias`` in the index.

    ``shift`` is how many letters of the first word belong to a particle written onto it.
    """

    start: Ints
    length: Ints
    alias: Ints
    shift: Ints

    def where(self, keep: Flags) -> "Matches":
        return Matches(self.start[keep], self.length[keep], self.alias[keep], self.shift[keep])


@dataclass(frozen=True, slots=True)
class Index:
    """Sorted hashes of all prefixes; the one at ``p`` has the aliases ``first_alias[p]`` to ``first_alias[p + 1]``."""

    lookup: Lookup
    first_alias: Ints
    owner: Ints
    """Number of the entry that each alias is a name of."""
    signature: Hashes
    text: Ints
    """Number of each alias in the order the names were given."""

    def names(self, tokens: Tokens, genitives: Flags | None = None) -> Matches:
        """Every name in the tokens whose case fits; a genitive, too, where ``genitives`` marks the word."""
        if kernels.native is None:
            return self.agreeing(tokens, self.search(tokens, genitives))
        words, (starts, opening, shifts) = stems(tokens), _parts(tokens, genitives)
        room, count = 0, 2 * len(tokens) + 64
        while count > room:
            room = count
            columns = np.empty((4, room), np.int64)
            count = kernels.native.names(
                self.lookup.hashes, self.lookup.first, self.first_alias, self.signature,
                words, tokens.gap, tokens.case, tokens.low, tokens.high, starts, opening, shifts, *columns,
            )  # fmt: skip
        return Matches(*columns[:, :count])

    def search(self, tokens: Tokens, genitives: Flags | None = None) -> Matches:
        """Every name in the tokens, whatever its case; a genitive, too, where ``genitives`` marks the word."""
        words, (rows, rest, shift) = stems(tokens), _parts(tokens, genitives)
        starts, opening = np.concatenate((np.arange(len(tokens)), rows)), np.concatenate((words, rest))
        shifts = np.concatenate((np.zeros(len(tokens), np.int64), shift))
        going_on = np.zeros(len(tokens) + 1, np.bool_)
        np.not_equal(tokens.gap, HARD, out=going_on[:-1])
        origin, following = np.arange(len(starts)), starts + 1
        node = extended(np.zeros(1, np.uint64), opening)
        collected: list[tuple[Ints, Ints]] = []
        for _ in range(LONGEST):
            place = self.lookup.find(node)
            alive = (place >= 0).nonzero()[0]
            origin = origin[alive]
            collected.append((origin, place[alive]))
            following = following[alive]
            goes_on = going_on[following].nonzero()[0]
            if not len(goes_on):
                break
            origin, following = origin[goes_on], following[goes_on]
            node = extended(node[alive[goes_on]], words[following])
            following = following + 1
        origin, place = (np.concatenate(column) for column in zip(*collected, strict=True))
        length = np.arange(1, len(collected) + 1).repeat([len(some) for some, _ in collected])
        return self._expanded(starts[origin], length, place, shifts[origin])

    def _expanded(self, start: Ints, length: Ints, place: Ints, shift: Ints) -> Matches:
        """One match for each alias that shares the hash."""
        first = self.first_alias[place]
        count = self.first_alias[place + 1] - first
        of = np.arange(len(place)).repeat(count)
        alias = np.arange(len(of)) + (first - count.cumsum() + count)[of]
        return Matches(start[of], length[of], alias, shift[of])

    def agreeing(self, tokens: Tokens, matches: Matches) -> Matches:
        """The matches whose case fits the name: as written, in capitals, or, of several words, capitalised."""
        if not len(matches.start):
            return matches
        start, length, shift = matches.start, matches.length, matches.shift
        signature = case_signature(tokens, start, length)
        wanted = self.signature[matches.alias]
        last_place = TWO * (length - 1).astype(np.uint64)
        first, last = signature & np.uint64(3), signature >> last_place
        several = length > 1
        capitals = signature == (np.uint64(0xAAAAAAAA) & ((np.uint64(1) << (last_place + TWO)) - np.uint64(1)))
        letters = tokens.high[start] - tokens.low[start]
        shouted = capitals & (several | (letters > 3)) & (wanted != 0)
        loose = several & (last != 0) & (wanted >> last_place != 0) & ((first != 0) | (wanted & np.uint64(3) == 0))
        whole = several | (shift == 0) | (letters - shift >= SHORTEST_STEM)
        return matches.where(((signature == wanted) | shouted | loose) & whole)


def _parts(tokens: Tokens, genitives: Flags | None) -> tuple[Ints, Hashes, Ints]:
    """Where names may begin with a part of a word: word, hash, and letters of a particle that are left out."""
    rows, rest, shift = unprefixed(tokens)
    if genitives is not None and genitives.any():
        more, stem = without_genitive(tokens, genitives)
        rows, rest = np.concatenate((rows, more)), np.concatenate((rest, stem))
        shift = np.concatenate((shift, np.zeros(len(more), np.int64)))
    return rows, rest, shift


def build_index(names: Sequence[str], owner: Ints) -> Index:
    """The index of ``names``; ``owner`` says which entry each is a name of. Longer ones than LONGEST are left out."""
    pieces = [_nodes(names[start : start + PIECE], start) for start in range(0, max(len(names), 1), PIECE)]
    prefixes, node, row, signature = (np.concatenate(column) for column in zip(*pieces, strict=True))
    hashes = np.unique(prefixes)
    order = np.argsort(node, kind="stable")
    node, row, signature = node[order], row[order], signature[order]
    first_alias = np.append(np.searchsorted(node, hashes), len(node))
    return Index(looked_up(hashes, BUCKET_BITS), first_alias, owner[row], signature, row)


def _nodes(names: Sequence[str], number: int) -> tuple[Hashes, Hashes, Ints, Hashes]:
    """Of names from ``number`` on: all prefixes; and of each name that can be found its hash, number and case."""
    tokens = tokenise(names)
    words = stems(tokens)
    first, length = tokens.first[:-1], np.diff(tokens.first)
    row = np.flatnonzero((length > 0) & (length <= LONGEST))
    first, length = first[row], length[row]
    whole = np.zeros(len(row), np.uint64)
    node = np.zeros(len(row), np.uint64)
    prefixes = [np.zeros(0, np.uint64)]
    for step in range(int(length.max(initial=0))):
        going = np.flatnonzero(length > step)
        node[going] = extended(node[going], words[first[going] + step])
        prefixes.append(node[going])
        whole[going] = node[going]
    return np.unique(np.concatenate(prefixes)), whole, row + number, case_signature(tokens, first, length)
