"""Which alternatives the sentences of an article can meet at all: a bit for each group of words.

Most alternatives of a long condition need several words in one sentence. A group of words of which one is needed
has a bit here, a sentence has the bits of all its words, and an alternative is asked only where one sentence has
every bit that it needs. That changes how fast an answer comes, never which.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import pairwise
from operator import or_

from streams import kernels
from streams.rules.analysis import Analysis
from streams.rules.combining import All, Any, Gate, Has
from streams.rules.facts import is_number
from streams.rules.meeting import LEVELS, Met, Needs
from streams.rules.nearness import Near
from streams.rules.needing import CHOICE, Known, gates_anywhere, needed, wanted, wanted_anywhere
from streams.rules.nodes import Group, Node, Term
from streams.rules.words import MOST_WORDS, cased, fold, keys_of

MOST_GROUPS = 8_192
"""Groups that have a bit; a condition that needs others is asked more often than it must be."""
BLOCK = 5
"""Sentences that are looked at together before each of them."""


class Vocabulary:
    """The groups of words that the rules of one set need, and which of them a word of a text belongs to.

    The words of a group are spelled as parts of a query are: `key`, `=form`, `^Case`, `prefix*`, `NUM`, `PROPN`.
    """

    def __init__(self, most: int = MOST_GROUPS) -> None:
        self._most = most
        self._groups: dict[Group, int] = {}
        self._words: dict[str, int] = {}
        self._prefixes: list[tuple[str, int]] = []
        self._surfaces = _Surfaces(self)
        self._needs = Needs(self.bits_of)

    def bits_of(self, surface: str) -> int:
        """The groups that a word of a text belongs to."""
        folded, get = fold(surface), self._words.get
        bits = get(f"={folded}", 0) | get(f"^{cased(surface)}", 0)
        for key in keys_of(folded):
            bits |= get(key, 0)
        if surface[0].isupper():
            bits |= get("PROPN", 0)
        if is_number(surface):
            bits |= get("NUM", 0)
        for stem, bit in self._prefixes:
            if folded.startswith(stem):
                bits |= bit
        return bits

    def sentences(self, analysis: Analysis) -> "Sentences | Met":
        """The sentences of an article."""
        reading = analysis.numbered
        if reading is not None and kernels.native is not None and analysis.firsts:
            met = self._needs.met(kernels.native, reading, len(self._groups) // 64 + 1)
            if met is not None:
                return met
        bits = list(map(self._surfaces.__getitem__, analysis.words))
        return Sentences([reduce(or_, bits[low:high]) for low, high in pairwise([*analysis.firsts, len(bits)])])

    def prepare(self, node: Node) -> None:
        """Tell everything that combines parts anywhere in the text what each of them needs."""
        known = Known()
        for part in _inner_first(node):
            if isinstance(part, Any):
                self._prepare_choice(part, known)
            elif isinstance(part, All) or (isinstance(part, Near) and part.scope.beyond):
                part.gates = [self._gate(operand, known) for operand in part.parts]
            elif isinstance(part, Has):
                part.gate = self._gate(part.part, known)

    def _prepare_choice(self, node: Any, known: Known) -> None:
        words = frozenset(term.text for terms in node.words.values() for term in terms)
        node.need = (self._bit(words) or None) if words else 0
        gates = [self._gate(part, known) for part in node.parts if type(part) is not Term]
        node.always = []
        for gate in gates:
            if gate.need:
                rarest = self._bits(wanted(gate.part, known.wanted)[:1])
                node.gates.setdefault(rarest.bit_length(), []).append((gate.need, gate))
                node.numbered.setdefault(gate.number, []).append(gate)
                node.rarest |= rarest
        node.spread = [
            (self._bits(wanted_anywhere(part, known.wanted)), gates_anywhere(part), part)
            for part, need, _ in gates
            if not need
        ]
        if node.numbered and not node.spread and node.need is not None:
            self._group_choice(node)

    def _group_choice(self, node: Any) -> None:
        """Let the kernels see in which sentences the choice may hold: as a group that its alternatives add."""
        group = frozenset((CHOICE + node.text,))
        if bit := self._bit(group):
            node.group = group
            self._needs.enter_choice(bit, node.need or 0, node.numbered)

    def _gate(self, part: Node, known: Known) -> Gate:
        bits = self._known_bits(wanted(part, known.wanted))
        number = self._needs.number(self._known_bits(needed(part, known)) or bits) if bits else 0
        return Gate(part, reduce(or_, bits), number) if number else Gate(part)

    def _known_bits(self, groups: Sequence[Group]) -> list[int]:
        return [bit for bit in map(self._bit, groups[:LEVELS]) if bit]

    def _bits(self, groups: Iterable[Group]) -> int:
        return reduce(or_, map(self._bit, groups), 0)

    def _bit(self, group: Group) -> int:
        bit = self._groups.get(group, 0)
        if not bit and len(self._groups) < self._most:
            bit = self._groups[group] = 1 << len(self._groups)
            self._surfaces.clear()
            self._needs.forget()
            for word in group:
                if word.endswith("*"):
                    self._prefixes.append((word[:-1], bit))
                else:
                    self._words[word] = self._words.get(word, 0) | bit
        return bit


def _inner_first(node: Node) -> Iterator[Node]:
    """It and everything below it that is not prepared yet, each after its parts."""
    pending, seen = [(node, False)], set[int]()
    while pending:
        part, is_open = pending.pop()
        if is_open:
            yield part
        elif id(part) not in seen and not (isinstance(part, Any) and part.need is not None):
            seen.add(id(part))
            pending += [(part, True), *((inner, False) for inner in part.parts)]


class Sentences:
    """Some sentences of an article: the groups that each has a word of, as bits."""

    __slots__ = ("_blocks", "_each", "has")

    def __init__(self, each: Sequence[int]) -> None:
        self._each, self.has = each, reduce(or_, each, 0)
        self._blocks: list[tuple[int, int]] = []

    def having(self, need: int) -> list[int]:
        """Numbers of the sentences that have all these groups, ascending.

        Few have, and those that follow each other are looked at together first.
        """
        each = self._each
        if not self._blocks:
            self._blocks = [(at, reduce(or_, each[at : at + BLOCK])) for at in range(0, len(each), BLOCK)]
        found: list[int] = []
        for at, has in self._blocks:
            if has & need == need:
                found += [number for number, one in enumerate(each[at : at + BLOCK], at) if one & need == need]
        return found

    def where(self, gate: Gate) -> list[int]:
        """Numbers of the sentences that have all that a gate needs, ascending."""
        return self.having(gate.need)

    def open(self, choice: Any) -> Iterator[Gate]:
        """The gates of a choice whose groups are all there: looked for by the rarest, for there are hundreds."""
        has, gates = self.has, choice.gates
        met = choice.rarest & has
        while met:
            number = met.bit_length()
            for need, gate in gates[number]:
                if need & has == need:
                    yield gate
            met ^= 1 << number - 1

    def between(self, first: int, after: int) -> "Sentences":
        """Some that follow each other; only the first ones keep their numbers."""
        return Sentences(self._each[first:after])


class _Surfaces(dict[str, int]):
    """Words met so far, with their groups; forgotten all at once when full."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self._vocabulary = vocabulary
        self._alike: dict[int, int] = {}

    def clear(self) -> None:
        """Forget all."""
        super().clear()
        self._alike.clear()

    def __missing__(self, surface: str) -> int:
        if len(self) > MOST_WORDS:
            self.clear()
        bits = self._vocabulary.bits_of(surface)
        bits = self[surface] = self._alike.setdefault(bits, bits)
        return bits
