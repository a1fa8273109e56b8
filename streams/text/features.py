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

Matrix = npt.NDArray[np.float64]

STOP_WORDS = frozenset(
    [
        "a",
        "about",
        "after",
        "all",
        "also",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
        "her",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "just",
        "more",
        "most",
        "no",
        "not",
        "of",
        "on",
        "one",
        "or",
        "other",
        "our",
        "out",
        "over",
        "said",
        "she",
        "so",
        "some",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "to",
        "up",
        "was",
        "we",
        "were",
        "what",
        "when",
        "which",
        "who",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)
_FINAL = re.compile(r"[.!?…][\"'”’»)\]]*$")
_CUE_INDEX = {kind: index for index, kind in enumerate(KINDS)}
OWN = (
    "length", "words", "stop_share", "final_mark", "sentence", "capital_share", "digit_share", "commas", "quoted",
    "starts_low", "colon_end", "repeated", "symbols", "past_or_person", "topic",
    "title_share", *(f"cue_{kind}" for kind in KINDS),
)  # fmt: skip
_SHIFTED = ("length", "stop_share", "final_mark", "sentence", "topic", "cue")
CONTEXT = (
    *(f"{name}{offset:+d}" for offset in (-3, -2, -1, 1, 2, 3) for name in _SHIFTED),
    "prose_5", "prose_15", "prose_before", "prose_after", "position", "from_start", "from_end", "text_lines",
    "text_prose", "gap_before", "gap_after",
)  # fmt: skip
NAMES: tuple[str, ...] = OWN + CONTEXT
_PERSON = re.compile(r"\b(?:said|says|told|he|she|they|we|i|his|her|was|were|had|has|have|is|are)\b", re.I)


def described(lines: Sequence[str], cues: Sequence[str | None], title: str | None = None) -> Matrix:
    """One row of ``NAMES`` for each of ``lines`` (tidied, none empty), whose own ``cues`` are known."""
    own = _own(lines, cues, title)
    return np.hstack([own, _context(own, cues)])


def _own(lines: Sequence[str], cues: Sequence[str | None], title: str | None) -> Matrix:
    counts = Counter(line.casefold() for line in lines)
    words = [line.split() for line in lines]
    content = [
        {word.strip(".,:;!?\"'“”‘’()[]").casefold() for word in row if len(word) > 3} - STOP_WORDS for row in words
    ]
    plain = [_own_row(line, row, counts[line.casefold()]) for line, row in zip(lines, words, strict=True)]
    prose = Counter(word for row, found in zip(plain, content, strict=True) if row[4] for word in found)
    headline = {word.casefold() for word in (title or "").split() if len(word) > 3} - STOP_WORDS
    rows = np.zeros((len(lines), len(OWN)))
    for index, (row, found, cue) in enumerate(zip(plain, content, cues, strict=True)):
        rows[index, :14] = row
        own = 1 if row[4] else 0
        rows[index, 14] = sum(prose[word] > own for word in found) / len(found) if found else 0.0
        rows[index, 15] = sum(word in headline for word in found) / len(found) if found and headline else 0.0
        if cue:
            rows[index, 16 + _CUE_INDEX[cue]] = 1
    return rows


def _own_row(line: str, words: Sequence[str], copies: int) -> tuple[float, ...]:
    size, count = len(line), len(words)
    stop = sum(word.lower() in STOP_WORDS for word in words) / count
    final = bool(_FINAL.search(line))
    return (
        np.log1p(size),
        np.log1p(count),
        stop,
        final,
        final and count >= 7 and stop > 0.15,
        sum(word[0].isupper() for word in words) / count,
        sum(map(str.isdigit, line)) / size,
        min(line.count(",") / count * 4, 1),
        line[0] in "\"“'‘«„" or "”" in line or '" ' in line,
        line[0].islower(),
        line[-1] == ":",
        min(copies - 1, 3) / 3,
        sum(character in "|/<>{}=_#@*•·→»›" for character in line) / size,
        min(len(_PERSON.findall(line)) / count * 4, 1),
    )


def _shifted(column: npt.NDArray[np.float64], offset: int) -> npt.NDArray[np.float64]:
    """The value ``offset`` lines further on; -1 beyond either end."""
    moved = np.full_like(column, -1.0)
    if abs(offset) < len(column):
        if offset > 0:
            moved[:-offset] = column[offset:]
        else:
            moved[-offset:] = column[:offset]
    return moved


def _context(own: Matrix, cues: Sequence[str | None]) -> Matrix:
    count = len(own)
    index = {name: position for position, name in enumerate(OWN)}
    cue = np.array([1.0 if found else 0.0 for found in cues])
    columns = {name: own[:, index[name]] for name in _SHIFTED[:-1]} | {"cue": cue}
    shifted = [_shifted(columns[name], offset) for offset in (-3, -2, -1, 1, 2, 3) for name in _SHIFTED]
    prose = columns["sentence"]
    mass = prose * np.expm1(own[:, index["words"]])
    total = mass.sum() or 1.0
    before = np.cumsum(mass) - mass
    order = np.arange(count)
    return np.column_stack(
        [
            *shifted, _window(prose, 5), _window(prose, 15), before / total, (total - before - mass) / total,
            order / max(count - 1, 1), np.exp(-order / 5), np.exp(-(count - 1 - order) / 5),
            np.full(count, np.log1p(count)), np.full(count, prose.mean()),
            _since(prose), _since(prose[::-1])[::-1],
        ]
    )  # fmt: skip


def _window(column: npt.NDArray[np.float64], reach: int) -> npt.NDArray[np.float64]:
    """Share of set lines up to ``reach`` lines away, the line itself left out."""
    sums = np.concatenate([[0.0], np.cumsum(column)])
    order = np.arange(len(column))
    low, high = np.maximum(order - reach, 0), np.minimum(order + reach + 1, len(column))
    return np.asarray((sums[high] - sums[low] - column) / (2 * reach))


def _since(column: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """How many lines ago the last set line was, as log(1 + n), at most 30."""
    order = np.arange(len(column))
    last = np.maximum.accumulate(np.where(column > 0, order, -30))
    earlier = np.concatenate([[-30], last[:-1]]) if len(column) else last
    return np.asarray(np.log1p(np.minimum(order - earlier, 30)))
