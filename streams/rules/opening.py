"""Rules that are a choice of many alternatives, picked out by what these need instead of by the words of all.

Nearly every article has a word of each group that such a rule is filed under; few have a sentence with all that one of
its alternatives needs.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from streams.rules.combining import Any, Gate, Shared
from streams.rules.entries import Entry
from streams.rules.meeting import Met
from streams.rules.narrowing import Early
from streams.rules.nodes import Node
from streams.rules.recency import Recent
from streams.rules.view import ArticleView


class Opening(NamedTuple):
    """The choice that a condition is, and how many of the body's first words its spans begin among; 0 for all."""

    choice: Any
    first: int = 0


def opening_of(node: Node) -> Opening | None:
    """The choice without which a condition does not hold, if each of its alternatives is known by what it needs."""
    first = node.count if isinstance(node, Early) else 0
    inner = node.part if isinstance(node, Early) else node
    while isinstance(inner, Recent | Shared):
        inner = inner.parts[0]
    known = isinstance(inner, Any) and not inner.always and not inner.words
    return Opening(inner, first) if known else None  # type: ignore[arg-type]


class Openings:
    """The rules of a set that are such a choice."""

    def __init__(self) -> None:
        self._by_need: dict[int, list[tuple[Entry, int]]] = {}
        self._spread: list[tuple[int, Sequence[Gate], Entry]] = []

    def __bool__(self) -> bool:
        return bool(self._by_need or self._spread)

    def add(self, entry: Entry, opening: Opening) -> None:
        """File a rule."""
        for number in opening.choice.numbered:
            self._by_need.setdefault(number, []).append((entry, opening.first))
        self._spread += [(need, gates, entry) for need, gates, _ in opening.choice.spread]

    def remove(self, entry: Entry, opening: Opening) -> None:
        """Take a rule out."""
        for number in opening.choice.numbered:
            there = self._by_need[number]
            there.remove((entry, opening.first))
            if not there:
                del self._by_need[number]
        self._spread = [one for one in self._spread if one[2] is not entry]

    def find(self, view: ArticleView, met: Met, found: set[Entry]) -> None:
        """Add the rules of which some alternative has what it needs in a sentence where it may begin."""
        rules, masks, early = self._by_need, met.masks, dict[int, int]()
        for number in masks.keys() & rules.keys():
            mask = masks[number]
            for entry, first in rules[number]:
                if first and first not in early:
                    analysis = view.analysis
                    early[first] = (1 << bisect_left(analysis.firsts, analysis.split + first)) - 1
                if not first or mask & early[first]:
                    found.add(entry)
        if self._spread:
            has = met.has
            for need, gates, entry in self._spread:
                if need & has == need and all(gate.open(view) for gate in gates):
                    found.add(entry)
