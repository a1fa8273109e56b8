"""The parts of a query that ask for facts of an article, for numbers, and for names."""

import operator as compare
import re
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
_MANY = {"dozen": 12.0, "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
)
_TENS = "thirty forty fifty sixty seventy eighty ninety"
_FEW = {name: float(value) for value, name in enumerate(_UNITS.split())} | {
    name: float(value) for value, name in zip(range(30, 100, 10), _TENS.split(), strict=True)
}
_SEVERAL = {"tens": 20.0} | {f"{name}s": 2 * value for name, value in _MANY.items()}
_SPELLED = _FEW | _SEVERAL | _MANY
_ONE_OF = {"a": 1.0, "several": 2.0, "few": 2.0}
"""How many a hundred, thousand or million stand for that no number precedes."""
_SHORT = {"k": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "bn": 1e9, "tn": 1e12}
_SHORTENED = re.compile(r"([\d.,]+)(k|mn|mln|m|bn|tn)", re.IGNORECASE)
_MONEY = ("$", "€", "£", "¥", "₹")


def number_at(analysis: Analysis, position: int) -> tuple[float, int] | None:
    """The number that begins at a position, and the position of its last word."""
    words = analysis.words
    value, last = _plain(words[position]), position
    if value is None or _refused(analysis, position):
        return None
    if words[position].lower() in _MANY:
        value *= _ONE_OF[words[position - 1].lower()]
        value *= 0.5 if position > 1 and words[position - 2].lower() == "half" else 1.0
    following = words[last + 1 : last + 2]
    if words[position].lower() in _FEW and value >= 20 and following and analysis.between(last) == "-":
        unit = _FEW.get(following[0].lower(), 0.0)
        value, last = (value + unit, last + 1) if 0 < unit < 10 else (value, last)
    return _multiplied(words, value, last)


def _refused(analysis: Analysis, position: int) -> bool:
    """Whether a word that may be a number is none here: part of the one before, ``million`` without ``a``, ``100m``
    that is no money."""
    word = analysis.words[position].lower()
    before, previous = [word.lower() for word in analysis.words[max(0, position - 2) : position]], position - 1
    if word in _MANY:
        return not before or before[-1] not in _ONE_OF
    if word in _SEVERAL:
        return before[1:] == ["of"] and before[0] in _SEVERAL
    if word in _FEW:
        return bool(before) and _FEW.get(before[-1], 0) >= 20 and analysis.between(previous) == "-"
    return word[-1] in "km" and not (before and analysis.between(previous).endswith(_MONEY))


def _multiplied(words: Sequence[str], value: float, last: int) -> tuple[float, int]:
    """``2 million``, ``two dozen``, ``hundreds of thousands``."""
    while True:
        following = [word.lower() for word in words[last + 1 : last + 3]]
        if following and following[0] in _MANY:
            value, last = value * _MANY[following[0]], last + 1
        elif len(following) == 2 and following[0] == "of" and following[1].removesuffix("s") in _MANY:
            value, last = value * _MANY[following[1].removesuffix("s")], last + 2
        else:
            return value, last


def is_number(word: str) -> bool:
    """Whether a number may begin with a word."""
    return _plain(word) is not None


def _plain(word: str) -> float | None:
    if not word[0].isdigit():
        return _SPELLED.get(word.lower())
    short = _SHORTENED.fullmatch(word)
    digits = (short[1] if short else word).replace(",", "")
    if not (digits.replace(".", "", 1).isdecimal() and digits.isascii()):
        return None
    return float(digits) * (_SHORT[short[2].lower()] if short else 1.0)


def numbers_in(analysis: Analysis, start: int, end: int) -> list[tuple[int, int, float]]:
    """First and last position and value of every number that begins in a stretch."""
    found = []
    for position, word in enumerate(analysis.reading.words(start, end), start):
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
    capitals = [
        p for p, word in enumerate(analysis.reading.words(start, end), start) if word[0].isupper() and p not in first
    ]
    return [(p, p, ((p, p, "PROPN"),)) for p in capitals[:MOST]]


class Proper(Node):
    """A word with a capital that does not begin a sentence."""

    __slots__ = ()

    def __init__(self) -> None:
        self.text = "PROPN"

    def find(self, view: View) -> Spans:
        return view.names
