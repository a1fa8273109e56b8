"""The parts of a query that ask for facts of an article, for numbers, and for names."""

import operator as compare
from collections.abc import Callable, Sequence

from streams.rules.analysis import Analysis
from streams.rules.nodes import MOST, Group, Node, Spans, View


class Fact(Node):
    """A fact of the article: ``lang:en``, ``source:reuters.com``, ``category:sport``, ``country:iraq``."""

    __slots__ = ("key",)

    def __init__(self, key: str) -> None:
        self.key = self.text = key

    def find(self, view: View) -> Spans:
        return view.fact(self.key)

    def groups(self) -> Sequence[Group]:
        return [frozenset((self.key,))]


class EntityFound(Node):
    """Mentions of an entity: by id, by type, or both."""

    __slots__ = ("keys",)

    def __init__(self, keys: tuple[str, ...]) -> None:
        self.keys = keys
        self.text = f"entity({','.join(keys)})"

    @property
    def crosses(self) -> bool:
        return True

    def find(self, view: View) -> Spans:
        found = [view.fact(key) for key in self.keys]
        wanted = set(found[0]).intersection(*found[1:])
        return sorted(wanted)

    def groups(self) -> Sequence[Group]:
        return [frozenset((key,)) for key in self.keys]


COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">": compare.gt, ">=": compare.ge, "<": compare.lt, "<=": compare.le, "=": compare.eq,
}  # fmt: skip
_MANY = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
)
_TENS = "thirty forty fifty sixty seventy eighty ninety"
_FEW = {name: float(value) for value, name in enumerate(_UNITS.split())} | {
    name: float(value) for value, name in zip(range(30, 100, 10), _TENS.split(), strict=True)
}
_SEVERAL = {"dozens": 24.0, "hundreds": 200.0, "thousands": 2000.0, "dozen": 12.0}
_SPELLED = _FEW.keys() | _SEVERAL.keys()


def number_at(analysis: Analysis, position: int) -> tuple[float, int] | None:
    """The number that begins at a position, and the position of its last word."""
    word = analysis.words[position]
    value = _plain(word)
    last = position
    while value is not None and last + 1 < len(analysis.words):
        times = _MANY.get(analysis.words[last + 1].lower())
        if times is None:
            break
        value, last = value * times, last + 1
    return None if value is None else (value, last)


def is_number(word: str) -> bool:
    """Whether a number may begin with a word."""
    return _plain(word) is not None


def _plain(word: str) -> float | None:
    if word[0].isdigit():
        digits = word.replace(",", "")
        return float(digits) if digits.replace(".", "", 1).isdecimal() and digits.isascii() else None
    lowered = word.lower()
    return _FEW.get(lowered, _SEVERAL.get(lowered))


def numbers_in(analysis: Analysis, start: int, end: int) -> list[tuple[int, int, float]]:
    """First and last position and value of every number that begins in a stretch."""
    found = []
    for position, word in enumerate(analysis.words[start:end], start):
        if word[0].isdigit() or word.lower() in _SPELLED:
            number = number_at(analysis, position)
            if number:
                found.append((position, number[1], number[0]))
    return found


class Number(Node):
    """A number for which every comparison holds."""

    __slots__ = ("tests",)

    def __init__(self, tests: tuple[tuple[str, float], ...]) -> None:
        self.tests = tests
        self.text = f"NUM({', '.join(f'{sign}{value:g}' for sign, value in tests)})"

    @property
    def crosses(self) -> bool:
        return True  # "It cost 5. Million-dollar prizes": what follows the full stop is read as part of the number

    def find(self, view: View) -> Spans:
        return [
            (first, last, ((first, last, "NUM"),))
            for first, last, number in view.numbers[:MOST]
            if all(COMPARISONS[sign](number, value) for sign, value in self.tests)
        ]


def names_in(analysis: Analysis, start: int, end: int) -> Spans:
    """Capitalised words of a stretch that do not begin a sentence."""
    first = set(analysis.firsts)
    capitals = [p for p, word in enumerate(analysis.words[start:end], start) if word[0].isupper() and p not in first]
    return [(p, p, ((p, p, "PROPN"),)) for p in capitals[:MOST]]


class Proper(Node):
    """A word with a capital that does not begin a sentence."""

    __slots__ = ()

    def __init__(self) -> None:
        self.text = "PROPN"

    def find(self, view: View) -> Spans:
        return view.names
