"""Words of which every match of a pattern has one at least, read off the pattern.

A pattern that is slow to search for need not be where none of them stands. Cases are folded as the patterns ignore
them; which of several such sets is taken is a matter of speed alone.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

MOST, WIDEST, LONGEST = 64, 12, 10
"""Texts that a part of a pattern may be, to be followed into the next one; characters of a class that are followed; of
a word, since more tell hardly more."""
Texts = frozenset[str]
EMPTY: Texts = frozenset([""])
NEVER: Texts = frozenset()


class Part(NamedTuple):
    """What a part of a pattern matches: all its texts, where these are few; texts of which each match has one."""

    all: Texts | None
    among: Texts | None


def required_words(pattern: str) -> Texts | None:
    """The words of ``pattern``, in lower case, none of which has another in it; None where it may match without any."""
    words = _needed(_sequence(parser.parse(pattern)))
    if words is None:
        return None
    short = frozenset(each[:LONGEST] for each in words)
    return frozenset(each for each in short if not _has_other(each, short))


def _has_other(word: str, words: Texts) -> bool:
    return any(other != word and other in word for other in words)


def _best(sets: Iterable[Texts]) -> Texts | None:
    """The set whose shortest word is the longest; none that has an empty one, since that stands everywhere."""
    fit = [words for words in sets if "" not in words]
    return max(fit, key=lambda words: (min(map(len, words), default=MOST), -len(words)), default=None)


def _needed(part: Part) -> Texts | None:
    return _best(each for each in part if each is not None)


def _sequence(nodes: Any) -> Part:
    run, whole = EMPTY, True
    found: list[Texts] = []
    for kind, value in nodes:
        part = _part(kind, value)
        if part.all is not None and len(run) * len(part.all) <= MOST:
            run = frozenset(before + after for before, after in product(run, part.all))
            continue
        whole = False
        found += [run] if part.among is None else [run, part.among]
        run = part.all if part.all is not None else EMPTY
    found.append(run)
    return Part(run if whole else None, _best(found))


def _part(kind: Any, value: Any) -> Part:
    read: Callable[[Any], Part] | None = _READERS.get(kind)
    return read(value) if read else Part(None, None)


def _literal(code: int) -> Part:
    return Part(frozenset([chr(code).lower()]), None)


def _class(items: Any) -> Part:
    characters = list(_characters(items))
    known = len(characters) <= WIDEST and None not in characters
    return Part(frozenset(each.lower() for each in characters if each), None) if known else Part(None, None)


def _characters(items: Any) -> Iterator[str | None]:
    """The characters of a class; None for each part of it that is more than a few."""
    for kind, value in items:
        if kind is op.LITERAL:
            yield chr(value)
        elif kind is op.RANGE and value[1] - value[0] < WIDEST:
            yield from map(chr, range(value[0], value[1] + 1))
        else:
            yield None


def _branch(value: Any) -> Part:
    parts = [_sequence(each) for each in value[1]]
    whole = [part.all for part in parts]
    among = [_needed(part) for part in parts]
    everything = frozenset().union(*whole) if None not in whole else None  # type: ignore[arg-type]
    return Part(everything, frozenset().union(*among) if None not in among else None)  # type: ignore[arg-type]


def _repeat(value: Any) -> Part:
    least, most, inner = value
    part = _sequence(inner)
    if most == 1 and part.all is not None:
        return Part(part.all if least else part.all | EMPTY, None)
    return Part(None, _needed(part) if least else None)


def _nothing(_: Any) -> Part:
    return Part(EMPTY, None)


_READERS: dict[Any, Callable[[Any], Part]] = {
    op.LITERAL: _literal,
    op.IN: _class,
    op.BRANCH: _branch,
    op.SUBPATTERN: lambda value: _sequence(value[3]),
    op.ATOMIC_GROUP: _sequence,
    op.MAX_REPEAT: _repeat,
    op.MIN_REPEAT: _repeat,
    op.POSSESSIVE_REPEAT: _repeat,
    op.AT: _nothing,
    op.ASSERT: _nothing,
    op.ASSERT_NOT: lambda value: Part(EMPTY if len(value[1]) else NEVER, None),
    op.FAILURE: lambda _: Part(NEVER, None),
}
