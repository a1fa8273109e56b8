"""Numbers that describe the lines of a text, for the line classifier.

Everything is computed from the text alone. A line is described by itself, by its neighbours up to
three lines away, and by what the whole text is about.
"""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from streams.text.cues import KINDS
from streams.text.sentences import ends_sentence

Matrix = npt.NDArray[np.float64]

STOP_WORDS = frozenset(
    "a about after all also an and any are as at be been but by can could did do for from had has have he her his "  # noqa: SIM905
    "how i if in into is it its just more most no not of on one or other our out over said she so some such than "
    "that the their them then there these they this to up was we were what when which who will with would you "
    "your".split()
)
HEAD = 120
"""Code points of a line in which digits and symbols are counted."""
_CONTENT = re.compile(r"\w{4,}")
_DIGIT = re.compile(r"\d")
_SYMBOL = re.compile(r"[|/<>{}=_#@*•·→»›]")
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
_ITEM = re.compile(r"[-•*–]|\d{1,2}[.)]")
_LONG = 4.8
"""log(1 + characters) from which a sentence is a long one."""
_TELLING = frozenset(("said says told he she they we i his her was were had has have is are",)[0].split())
"""Words of telling: verbs of speech, pronouns, forms of to be and to have."""


def described(lines: Sequence[str], cues: Sequence[str | None], title: str | None = None) -> Matrix:
    """One row of ``NAMES`` for each of ``lines`` (tidied, none empty), whose own ``cues`` are known."""
    own = _own(lines, cues, title)
    return np.hstack([own, _context(own, cues)])


def _own(lines: Sequence[str], cues: Sequence[str | None], title: str | None) -> Matrix:
    lower = [line.lower() for line in lines]
    counts = Counter(lower)
    content = [set(_CONTENT.findall(line)) - STOP_WORDS for line in lower]
    plain = [_plain_row(line, low, counts[low]) for line, low in zip(lines, lower, strict=True)]
    prose: Counter[str] = Counter()
    for row, found in zip(plain, content, strict=True):
        if row[4]:
            prose.update(found)
    said = prose.get
    headline = set(_CONTENT.findall((title or "").lower())) - STOP_WORDS
    prefixes = [line.split(":", 1)[0] if ":" in line[:30] else line.split(None, 1)[0] for line in lower]
    shared = Counter(prefixes)
    rows = np.zeros((len(lines), len(OWN)))
    size = len(_PLAIN)
    rows[:, :size] = plain
    for index, (row, found, cue) in enumerate(zip(plain, content, cues, strict=True)):
        if found:
            own = 1 if row[4] else 0
            rows[index, size] = len([word for word in found if said(word, 0) > own]) / len(found)
            rows[index, size + 1] = len(found & headline) / len(found)
        rows[index, size + 2] = min(shared[prefixes[index]] - 1, 5) / 5
        if cue:
            rows[index, size + 3 + _CUE_INDEX[cue]] = 1
    rows[:, :2] = np.log1p(rows[:, :2])
    return rows


def _plain_row(line: str, lower: str, copies: int) -> tuple[float, ...]:
    words = lower.split()
    size, count = len(line), len(words)
    stop = sum(map(STOP_WORDS.__contains__, words)) / count
    final = ends_sentence(line)
    head = line[:HEAD]
    return (
        size,
        count,
        stop,
        final,
        final and count >= 7 and stop > 0.15,
        sum(map(str.isupper, [word[0] for word in line.split()])) / count,
        len(_DIGIT.findall(head)) / len(head),
        min(line.count(",") / count * 4, 1),
        line[0] in "\"“'‘«„" or "”" in line or '" ' in line,
        line[0].islower(),
        line[-1] == ":",
        min(copies - 1, 3) / 3,
        len(_SYMBOL.findall(head)) / len(head),
        min(sum(map(_TELLING.__contains__, words)) / count * 4, 1),
        _ITEM.match(line) is not None,
    )


def _context(own: Matrix, cues: Sequence[str | None]) -> Matrix:
    count = len(own)
    columns = {name: own[:, OWN.index(name)] for name in (*_SHIFTED[:-1], "words")}
    columns["cue"] = np.array([1.0 if cue else 0.0 for cue in cues])
    prose, length = columns["sentence"], columns["length"]
    near = _windows(np.column_stack([columns[name] for name in _WINDOWED]))
    order = np.arange(count)
    mass = prose * np.expm1(columns["words"])
    before, total = np.cumsum(mass) - mass, mass.sum() or 1.0
    steps = np.abs(np.diff(length, prepend=length[:1]))
    return np.column_stack(
        [
            _shifts(np.column_stack([columns[name] for name in _SHIFTED])), near,
            before / total, (total - before - mass) / total,
            order / max(count - 1, 1), np.exp(-order / 5), np.exp(-(count - 1 - order) / 5),
            np.full(count, np.log1p(count)), np.full(count, prose.mean()), np.full(count, columns["cue"].mean()),
            _since(prose), _since(prose[::-1])[::-1], _since(columns["cue"]), _since(columns["cue"][::-1])[::-1],
            *_outside(prose, order), *_outside(prose * (length > _LONG), order),
            steps, np.append(steps[1:], 0.0), _longest_beside(length), columns["topic"] * prose,
        ]
    )  # fmt: skip


def _shifts(columns: Matrix) -> Matrix:
    """The values of the lines before and after, at each of the offsets; -1 beyond either end."""
    count, reach = len(columns), max(_OFFSETS)
    padded = np.full((count + 2 * reach, columns.shape[1]), -1.0)
    padded[reach : reach + count] = columns
    return np.hstack([padded[reach + offset : reach + offset + count] for offset in _OFFSETS])


def _windows(columns: Matrix) -> Matrix:
    """Means over the lines up to each reach away, the line itself left out."""
    count = len(columns)
    sums = np.vstack([np.zeros(columns.shape[1]), np.cumsum(columns, axis=0)])
    order = np.arange(count)
    means = [
        (sums[np.minimum(order + reach + 1, count)] - sums[np.maximum(order - reach, 0)] - columns) / (2 * reach)
        for reach in _REACHES
    ]
    return np.hstack(means)


def _since(column: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How many lines ago the last set line was, as log(1 + n), at most 30."""
    order = np.arange(len(column))
    last = np.maximum.accumulate(np.where(column > 0, order, -30))
    earlier = np.concatenate([[-30], last[:-1]])
    return np.asarray(np.log1p(np.minimum(order - earlier, 30)))


def _outside(
    column: npt.NDArray[np.float64], order: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """How many lines before the first set line, and after the last, as log(1 + n)."""
    places = np.flatnonzero(column > 0)
    first, last = (places[0], places[-1]) if len(places) else (0, len(column) - 1)
    return np.log1p(np.maximum(0, first - order)), np.log1p(np.maximum(0, order - last))


def _longest_beside(length: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The longest of the two lines before and the two after."""
    padded = np.concatenate([[0.0, 0.0], length, [0.0, 0.0]])
    return np.asarray(np.maximum.reduce([padded[:-4], padded[1:-3], padded[3:-1], padded[4:]]))
