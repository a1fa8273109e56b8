"""Numbers that describe the lines of a text, for the line classifier.

Everything is computed from the text alone. A line is described by itself, by its neighbours up to
three lines away, and by what the whole text is about. A feature is a row until all are known: what
is asked of all lines at once costs hardly more than what is asked of one.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from streams.text.counts import Words, digits_and_symbols, numbers_of, words_of
from streams.text.cues import KINDS
from streams.text.sentences import ends_sentence

Matrix = npt.NDArray[np.float64]
Vector = npt.NDArray[np.float64]

_CUE_INDEX = {kind: index for index, kind in enumerate(KINDS)}
_PLAIN = (
    "length", "words", "stop_share", "final_mark", "sentence", "capital_share", "digit_share", "commas", "quoted",
    "starts_low", "colon_end", "repeated", "symbols", "telling", "item",
)  # fmt: skip
OWN = (*_PLAIN, "topic", "title_share", "prefix_share", *(f"cue_{kind}" for kind in KINDS))
_SHIFTED = ("length", "stop_share", "final_mark", "sentence", "topic", "cue")
_WINDOWED = ("sentence", "cue", "length", "topic", "final_mark")
_OFFSETS, _REACHES = (-3, -2, -1, 1, 2, 3), (2, 5, 15)
CONTEXT = (
    *(f"{name}{offset:+d}" for offset in _OFFSETS for name in _SHIFTED),
    *(f"{name}_near_{reach}" for reach in _REACHES for name in _WINDOWED),
    "prose_before", "prose_after", "position", "from_start", "from_end", "text_lines", "text_prose", "text_cues",
    "since_prose", "until_prose", "since_cue", "until_cue", "before_prose", "after_prose", "before_long", "after_long",
    "step_up", "step_down", "longest_beside", "topical_prose",
)  # fmt: skip
NAMES: tuple[str, ...] = OWN + CONTEXT
_ROW = {name: index for index, name in enumerate(NAMES)}
_NEAR = len(OWN) + len(_OFFSETS) * len(_SHIFTED)
_REST = _ROW["prose_before"]
_ITEM = re.compile(r"[-•*–]|\d{1,2}[.)]")
_LONG = 4.8
"""log(1 + characters) from which a sentence is a long one."""
_QUOTES = "\"“'‘«„"


def described(lines: Sequence[str], cues: Sequence[str | None], title: str | None = None) -> Matrix:
    """One row of ``NAMES`` for each of ``lines`` (tidied, none empty), whose own ``cues`` are known."""
    table = np.zeros((len(NAMES), len(lines)))
    _own(table, lines, cues, title)
    _context(table, np.array([cue is not None for cue in cues], dtype=float))
    return table.T


def _own(table: Matrix, lines: Sequence[str], cues: Sequence[str | None], title: str | None) -> None:
    lower = [line.lower() for line in lines]
    words = words_of(lines)
    copies = Counter(lower)
    finals = [ends_sentence(line) for line in lines]
    stops = words.stops / words.counts
    sentence = np.array(finals) & (words.counts >= 7) & (stops > 0.15)
    digits, symbols = digits_and_symbols(lines)
    first = [line[0] for line in lines]
    commas = np.array([line.count(",") for line in lines])
    rows = (
        np.log1p([len(line) for line in lines]), np.log1p(words.counts), stops, finals, sentence,
        words.capitals / words.counts, digits, np.minimum(commas / words.counts * 4, 1),
        [mark in _QUOTES or "”" in line or '" ' in line for mark, line in zip(first, lines, strict=True)],
        [mark.islower() for mark in first], [line[-1] == ":" for line in lines],
        [min(copies[each] - 1, 3) / 3 for each in lower], symbols,
        np.minimum(words.telling / words.counts * 4, 1),
        [not mark.isalpha() and bool(_ITEM.match(line)) for mark, line in zip(first, lines, strict=True)],
        *_shared(words, sentence, title), _prefix_shares(lower),
    )  # fmt: skip
    for row, values in zip(table, rows, strict=False):
        row[:] = values
    for place, cue in enumerate(cues):
        if cue:
            table[len(rows) + _CUE_INDEX[cue], place] = 1


def _shared(words: Words, sentence: npt.NDArray[np.bool_], title: str | None) -> tuple[Vector, Vector]:
    """The shares of each line's content words that other sentences have, too, and that the title has."""
    count, told = len(words.counts), sentence[words.line]
    sentences = np.bincount(words.number[told], minlength=len(words.numbers))
    elsewhere = sentences[words.number] > told
    all_of_line = np.maximum(np.bincount(words.line, minlength=count), 1)
    topic = np.bincount(words.line[elsewhere], minlength=count) / all_of_line
    if not title:
        return topic, np.zeros(count)
    headline = np.isin(words.numbers, numbers_of(title))[words.number]
    return topic, np.bincount(words.line[headline], minlength=count) / all_of_line


def _prefix_shares(lower: Sequence[str]) -> list[float]:
    """How many lines begin as each does, up to a colon or with its first word."""
    prefixes = [line.split(":", 1)[0] if ":" in line[:30] else line.partition(" ")[0] for line in lower]
    shared = Counter(prefixes)
    return [min(shared[prefix] - 1, 5) / 5 for prefix in prefixes]


def _context(table: Matrix, cue: Vector) -> None:
    count = table.shape[1]
    known = {name: table[_ROW[name]] for name in _SHIFTED[:-1]} | {"cue": cue}
    _shifts(table[len(OWN) : _NEAR], np.array([known[name] for name in _SHIFTED]))
    _windows(table[_NEAR:_REST], np.array([known[name] for name in _WINDOWED]))
    prose, length = known["sentence"], known["length"]
    rest = table[_REST:]
    mass = prose * np.expm1(table[_ROW["words"]])
    before, total = np.cumsum(mass) - mass, mass.sum() or 1.0
    rest[0], rest[1] = before / total, (total - before - mass) / total
    rest[2:6] = _places(count)
    rest[6], rest[7] = prose.mean(), cue.mean()
    since = _since(np.array([prose, prose[::-1], cue, cue[::-1]]))
    rest[8], rest[9], rest[10], rest[11] = since[0], since[1, ::-1], since[2], since[3, ::-1]
    _outside(rest[12:14], prose)
    _outside(rest[14:16], prose * (length > _LONG))
    np.log1p(rest[12:16], out=rest[12:16])
    np.abs(length[1:] - length[:-1], out=rest[16, 1:])
    rest[17, :-1] = rest[16, 1:]
    _longest_beside(rest[18], length)
    np.multiply(known["topic"], prose, out=rest[19])


def _shifts(shifted: Matrix, columns: Matrix) -> None:
    """The values of the lines before and after, at each of the offsets; -1 beyond either end."""
    size, count = columns.shape
    reach = max(_OFFSETS)
    padded = np.full((size, count + 2 * reach), -1.0)
    padded[:, reach : reach + count] = columns
    for place, offset in enumerate(_OFFSETS):
        shifted[place * size : (place + 1) * size] = padded[:, reach + offset : reach + offset + count]


def _windows(means: Matrix, columns: Matrix) -> None:
    """Means over the lines up to each reach away, the line itself left out."""
    size, count = columns.shape
    edge = max(_REACHES)
    sums = np.zeros((size, count + 2 * edge + 1))
    np.cumsum(columns, axis=1, out=sums[:, edge + 1 : edge + 1 + count])
    sums[:, edge + 1 + count :] = sums[:, edge + count : edge + count + 1]
    for place, reach in enumerate(_REACHES):
        after, before = edge + reach + 1, edge - reach
        within = sums[:, after : after + count] - sums[:, before : before + count]
        means[place * size : (place + 1) * size] = (within - columns) / (2 * reach)


@lru_cache(maxsize=256)
def _places(count: int) -> Matrix:
    """Where each line stands in a text of so many lines, in four ways."""
    order = np.arange(count)
    near = [np.exp(-order / 5), np.exp(-(count - 1 - order) / 5)]
    return np.array([order / max(count - 1, 1), *near, np.full(count, np.log1p(count))])


def _since(columns: Matrix) -> Matrix:
    """How many lines ago the last set line was, as log(1 + n), at most 30."""
    order = np.arange(columns.shape[1])
    last = np.maximum.accumulate(np.where(columns > 0, order, -30), axis=1)
    earlier = np.full(columns.shape, -30)
    earlier[:, 1:] = last[:, :-1]
    return np.asarray(np.log1p(np.minimum(order - earlier, 30)))


def _outside(distances: Matrix, column: Vector) -> None:
    """How many lines before the first set line, and after the last."""
    count = len(column)
    places = np.flatnonzero(column > 0)
    first, last = (int(places[0]), int(places[-1])) if len(places) else (0, count - 1)
    distances[0, :first] = np.arange(first, 0, -1)
    distances[1, last + 1 :] = np.arange(1, count - last)


def _longest_beside(longest: Vector, length: Vector) -> None:
    """The longest of the two lines before and the two after."""
    for offset in (1, 2):
        np.maximum(longest[offset:], length[:-offset], out=longest[offset:])
        np.maximum(longest[:-offset], length[offset:], out=longest[:-offset])
