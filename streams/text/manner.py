"""How a line speaks, for the line classifier: of what, to whom, and what furniture stands round it.

What a site says of itself, commands its reader to do or writes below pictures is said in few words, the same on sites
that were never seen. Rows are written by a compiled kernel where there is one.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from streams import kernels
from streams.text.cues import KINDS

Matrix = npt.NDArray[np.float64]
Vector = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

WORDS: dict[str, str] = {
    "site": "account ad ads advertisement advertising affiliate app article articles author click comment comments"
    " commission content contributor cookies copyright correspondent coverage editor editorial editors email facebook"
    " follow inbox independently instagram journalist latest link links magazine media news newsletter newsletters page"
    " policy privacy products published read reporter reserved rights sign site social stories story subscribe"
    " subscriber subscribers subscription terms twitter updates website writer",
    "picture": "above arrives attend attends below center centre courtesy during file footage image images left photo"
    " photograph photos picture pictured poses posing right screenshot seen shown video",
    "third": "he her him his it its she their them they",
    "speech": "according added asked said saying says told",
    "you": "you your yours yourself",
    "we": "i m me my our ours us we",
}
"""Words of a kind, whose share in a line is told, from general knowledge of English news sites."""
COMMANDS = (
    "add browse buy check choose click compare contact create discover donate download enter explore find follow get"
    " join learn listen log login need play read register save scroll see select send share shop sign start stay submit"
    " subscribe support swipe tap try view visit want watch"
)
"""With which a line begins that has its reader do something."""
GROUPS: tuple[frozenset[str], ...] = (
    frozenset({"credit"}),
    frozenset({"related", "promotion", "newsletter"}),
    frozenset({"date", "byline", "updated"}),
    frozenset({"menu", "share", "skip", "advertisement", "comments"}),
)
"""Kinds of cues that stand for a picture, a way to other pages, the head of an article, buttons."""
_GROUP_NAMES = ("picture", "link", "head", "button")
OWN = (*(f"{name}_words" for name in WORDS), "command", "title_case", "label", "address", "trailing")
CONTEXT = (
    "title_case-1", "title_case+1", "site_words_near_5", "picture_words_near_5", "third_words_near_5",
    *(f"{side}_{name}" for name in _GROUP_NAMES for side in ("since", "until")), "comments_above", "related_above",
)  # fmt: skip
ROWS = OWN + CONTEXT
"""The rows of the table, in the order in which ``manner.c`` has them.

For every four words of a line, how many are of each kind, at most 1; whether it begins with a command; which share of
its longer words but the first has a capital, -1 where it has none; whether it is a label of at most four words with a
colon (1), or has one before other words (2); whether it has an address, a handle or a tag; whether it trails off. Then
title case of the lines beside it (-1 beyond either end), means over the five lines before and after, how many lines ago
the last cue of each group was and how many ahead the next, at most 30; how many cues of comments and of other articles
stand between the first sentence and the line, at most three: above a text they say nothing of it.
"""
NEAR, FAR, MOST = 5, 30, 3
LABEL, LABEL_WORDS, LONG_WORD = 40, 4, 4
_CLASSES = "\n".join((*WORDS.values(), COMMANDS))
_KIND = {word: place for place, words in enumerate(WORDS.values()) for word in words.split()}
_COMMANDS = frozenset(COMMANDS.split())
_RUN = re.compile(r"[A-Za-z]+")
_ADDRESS = re.compile(r"://|(?<![A-Za-z])www\.|\.com|[@#][A-Za-z0-9_]")
_TRAILING = re.compile(r"(?:\.\.\.|…)[\"”’') ]*\Z")
_ABOVE = ("comments", "related")
_BITS: dict[str | None, int] = {None: 0} | {
    kind: sum((kind in group) << place for place, group in enumerate((*GROUPS, *({each} for each in _ABOVE))))
    for kind in KINDS
}
"""The groups of each cue as bits, then one bit for comments and one for other articles."""


def describe_manner(lines: Sequence[str], cues: Sequence[str | None], prose: Vector, table: Matrix) -> None:
    """Write a row of each of ``ROWS``, a column of each of ``lines``, none of which is empty or has a line break.

    ``prose`` is 1 for each line that is a sentence.
    """
    groups = np.fromiter(map(_BITS.__getitem__, cues), dtype=np.int64, count=len(cues))
    if kernels.native is None:
        for row, values in zip(table, _rows(lines, groups, prose), strict=True):
            row[:] = values
    else:
        kernels.native.describe_manner("\n".join(lines), _CLASSES, groups, prose, table)


def _rows(lines: Sequence[str], groups: Integers, prose: Vector) -> Iterator[npt.ArrayLike]:
    own = np.array([_of_line(line) for line in lines], dtype=float).T
    yield from own
    title_case, site, picture, third = (own[OWN.index(n)] for n in ("title_case", *_SHARES))
    yield np.concatenate([[-1.0], title_case[:-1]])
    yield np.concatenate([title_case[1:], [-1.0]])
    yield from (_near(column) for column in (site, picture, third))
    for place in range(len(GROUPS)):
        marks = groups >> place & 1
        yield _since(marks)
        yield _since(marks[::-1])[::-1]
    told = np.logical_or.accumulate(prose > 0)
    for place in range(len(GROUPS), len(GROUPS) + len(_ABOVE)):
        marks = (groups >> place & 1) * told
        yield np.minimum(np.cumsum(marks) - marks, MOST)


_SHARES = ("site_words", "picture_words", "third_words")


def _of_line(line: str) -> list[float]:
    runs = list(_RUN.finditer(line))
    words = [run[0].lower() for run in runs]
    kinds = [_KIND.get(word) for word in words]
    long = [run[0][0].isupper() for run in runs[1:] if len(run[0]) >= LONG_WORD]
    return [
        *(min(1.0, 4 * kinds.count(place) / (len(words) or 1)) for place in range(len(WORDS))),
        bool(words) and words[0] in _COMMANDS,
        sum(long) / len(long) if long else -1.0,
        _label(line, [run.start() for run in runs]),
        bool(_ADDRESS.search(line)),
        bool(_TRAILING.search(line)),
    ]


def _label(line: str, starts: Sequence[int]) -> int:
    colon = line.find(":", 1, LABEL)
    if colon < 0 or sum(start < colon for start in starts) > LABEL_WORDS:
        return 0
    return 1 if colon == len(line) - 1 else 2


def _near(column: Vector) -> Vector:
    """Means over the lines before and after, the line itself left out."""
    sums = np.concatenate([[0.0], np.cumsum(column)])
    order = np.arange(len(column))
    within = sums[np.minimum(order + NEAR + 1, len(column))] - sums[np.maximum(order - NEAR, 0)]
    return np.asarray((within - column) / (2 * NEAR))


def _since(marks: Integers) -> Integers:
    """How many lines ago the last marked line was."""
    order = np.arange(len(marks))
    last = np.maximum.accumulate(np.where(marks > 0, order, -FAR))
    earlier = np.concatenate([[-FAR], last[:-1]])
    return np.asarray(np.minimum(order - earlier, FAR))
