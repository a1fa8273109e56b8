"""What readers wrote below an article, on pages that do not name its box: by its head and its buttons."""

import itertools
import re
from collections.abc import Iterable, Sequence

from streams.text.cues import cue_of
from streams.text.prose import is_prose
from streams.text.runs import Run, Runs, key_of

BEFORE = 300
"""Characters of prose above the head of comments: at the top of a page, "3 comments" is a link."""
REMARKS, MARKED = 2, 0.6
"""Remarks that there are at least; share of the runs of prose behind their head that have a mark of their own."""
MOST_HEADS = 20
"""Heads that are tried: each costs a pass over the page."""
LONGEST = 60
"""Characters of a mark."""
_HEAD = re.compile(
    r"omm?enta?r|comments?\b|your say|conversation|discussion|commenti|reacties|réagir|yorum|комм?ентар|تعليق|コメント"
    r"|[评評][论論]|댓글", re.I
)  # fmt: skip
AGO = re.compile(r"\b(?:\d+|an?)\s?(?:m(?:in(?:ute)?s?)?|h(?:(?:ou)?rs?)?|d(?:ays?)?|weeks?|months?|years?) ago$")

_SAID = re.compile(
    r"\b(?:said|says|wrote|writes|schrieb|sagt|a écrit|dijo|dice|escribió|ha scritto)\s?(?:\.{3}|…|:)$", re.I
)
"""How the line above a remark ends that says whose it is."""


def is_ago(text: str) -> bool:
    """Whether a text ends in how long ago something was written."""
    return text.endswith("ago") and AGO.search(text) is not None


def remarks_of(page: Runs) -> frozenset[str]:
    """Keys of what stands behind the head of readers' comments alone: nearly each has a button, a date or an age."""
    sizes = itertools.accumulate((len(run.text) * is_prose(run) for run in page.runs), initial=0)
    runs = enumerate(zip(page.runs, sizes, strict=False))
    heads = (place for place, (run, above) in runs if above >= BEFORE and _is_head(run.text))
    for place in itertools.islice(heads, MOST_HEADS):
        if _are_remarks(page.runs[place + 1 :]):
            return _keys(page.runs[place:]) - _keys(page.runs[:place])
    return frozenset()


def _keys(runs: Iterable[Run]) -> frozenset[str]:
    return frozenset(key_of(run.text) for run in runs)


def _is_head(text: str) -> bool:
    return len(text) <= LONGEST and _HEAD.search(text) is not None and cue_of(text) == "comments"


def _are_remarks(runs: Sequence[Run]) -> bool:
    places = [place for place, run in enumerate(runs) if is_prose(run)]
    between = itertools.pairwise([-1, *places, len(runs)])
    above, *below = [any(map(_is_mark, runs[place + 1 : end])) for place, end in between]
    marked = max(sum(below), sum([above, *below[:-1]]))
    return marked >= REMARKS and marked >= MARKED * len(places)


def _is_mark(run: Run) -> bool:
    text = run.text
    if len(text) > LONGEST:
        return False
    return is_ago(text) or bool(_SAID.search(text)) or cue_of(text) in ("comments", "date")
