"""Numbers that describe the lines of a text, for the line classifier.

Everything is computed from the text alone. A line is described by itself, by its neighbours up to
three lines away, and by what the whole text is about. A feature is a row until all are known: what
is asked of all lines at once costs hardly more than what is asked of one.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from streams import kernels
from streams.text.counting import ROWS, count_lines
from streams.text.cues import KINDS
from streams.text.manner import ROWS as MANNER
from streams.text.manner import describe_manner

Matrix = npt.NDArray[np.float64]
Vector = npt.NDArray[np.float64]

_CUE_INDEX = {kind: index for index, kind in enumerate(KINDS)}
OWN = (*ROWS, *(f"cue_{kind}" for kind in KINDS))
_SHIFTED = ("length", "stop_share", "final_mark", "sentence", "topic", "cue")
_WINDOWED = ("sentence", "cue", "length", "topic", "final_mark")
_OFFSETS, _REACHES = (-3, -2, -1, 1, 2, 3), (2, 5, 15)
CONTEXT = (
    *(f"{name}{offset:+d}" for offset in _OFFSETS for name in _SHIFTED),
    *(f"{name}_near_{reach}" for reach in _REACHES for name in _WINDOWED),
    "prose_before", "prose_after", "position", "from_start", "from_end", "text_prose",
    "since_prose", "until_prose", "since_cue", "until_cue", "before_prose", "after_prose", "before_long", "after_long",
    "step_up", "step_down", "longest_beside", "topical_prose",
)  # fmt: skip
NAMES: tuple[str, ...] = OWN + CONTEXT + MANNER
_ROW = {name: index for index, name in enumerate(NAMES)}
_NEAR = len(OWN) + len(_OFFSETS) * len(_SHIFTED)
_REST, _MANNER = _ROW["prose_before"], len(OWN + CONTEXT)
_DISTANCES = slice(*(_ROW[name] for name in ("since_picture", "comments_above")))
_LONG = np.array([4.8])
"""log(1 + characters) from which a sentence is a long one."""


def described(lines: Sequence[str], cues: Sequence[str | None], title: str | None = None) -> Matrix:
    """One row of ``NAMES`` for each of ``lines`` (tidied, none empty), whose own ``cues`` are known."""
    table = np.zeros((len(NAMES), len(lines)))
    _own(table, lines, cues, title)
    _context(table[:_MANNER], np.array([cue is not None for cue in cues], dtype=float))
    describe_manner(lines, cues, table[_ROW["sentence"]], table[_MANNER:])
    np.log1p(table[_DISTANCES], out=table[_DISTANCES])
    return table.T


def _own(table: Matrix, lines: Sequence[str], cues: Sequence[str | None], title: str | None) -> None:
    count_lines(lines, title, table[: len(ROWS)])
    np.log1p(table[:2], out=table[:2])
    for place, cue in enumerate(cues):
        if cue:
            table[len(ROWS) + _CUE_INDEX[cue], place] = 1


def _context(table: Matrix, cue: Vector) -> None:
    columns = np.array([*(table[_ROW[name]] for name in _SHIFTED[:-1]), cue])
    rest = table[_REST:]
    if kernels.native is None:
        _neighbours(table, columns)
    else:
        kernels.native.describe_neighbours(columns, _LONG, table[len(OWN) :])
    prose = table[_ROW["sentence"]]
    mass = prose * np.expm1(table[_ROW["words"]])
    before, total = np.cumsum(mass) - mass, mass.sum() or 1.0
    rest[0], rest[1] = before / total, (total - before - mass) / total
    rest[2:5] = _places(table.shape[1])
    rest[5] = prose.sum() / len(prose)
    np.log1p(rest[6:14], out=rest[6:14])


def _neighbours(table: Matrix, columns: Matrix) -> None:
    """What the lines round each one have, from ``columns`` in the order of ``_SHIFTED``."""
    known = dict(zip(_SHIFTED, columns, strict=True))
    _shifts(table[len(OWN) : _NEAR], columns)
    _windows(table[_NEAR:_REST], np.array([known[name] for name in _WINDOWED]))
    prose, length, cue = known["sentence"], known["length"], known["cue"]
    rest = table[_REST:]
    since = _since(np.array([prose, prose[::-1], cue, cue[::-1]]))
    rest[6], rest[7], rest[8], rest[9] = since[0], since[1, ::-1], since[2], since[3, ::-1]
    _outside(rest[10:12], prose)
    _outside(rest[12:14], prose * (length > _LONG))
    np.abs(length[1:] - length[:-1], out=rest[14, 1:])
    rest[15, :-1] = rest[14, 1:]
    _longest_beside(rest[16], length)
    np.multiply(known["topic"], prose, out=rest[17])


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
    """Where each line stands in a text of so many lines, in three ways."""
    order = np.arange(count)
    near = [np.exp(-order / 5), np.exp(-(count - 1 - order) / 5)]
    return np.array([order / max(count - 1, 1), *near])


def _since(columns: Matrix) -> npt.NDArray[np.int64]:
    """How many lines ago the last set line was, at most 30."""
    order = np.arange(columns.shape[1])
    last = np.maximum.accumulate(np.where(columns > 0, order, -30), axis=1)
    earlier = np.full(columns.shape, -30)
    earlier[:, 1:] = last[:, :-1]
    return np.asarray(np.minimum(order - earlier, 30))


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
