"""Authors whom a page names without saying that they are: alone below the title, beside the date or their job."""

import itertools
import re
from collections.abc import Sequence

from streams.text.dateline import dates_in
from streams.text.names import MOST, is_job, is_person, looks_like_name, names_in
from streams.text.sentences import is_caseless

NEAR = 8
"""Lines below the title of which one may be the byline."""
_MARK = re.compile(r"\s[·•|–—/]\s|,\s")
"""What parts a name from what else stands in its line: a desk, a date, how long reading takes."""

_REPORTER = re.compile(r"(\w{2,5})\s?(?:기자|記者|记者)(?!\w)")
"""A name and its job in scripts in which the job stands behind it."""


def authors_alone(lines: Sequence[str]) -> tuple[str, ...]:
    """Who stands first in a line with a date or a job, or right above one; ``lines`` stand below a title in order.

    For pages that name nobody else: of what stands there in capitals most is the author, the rest a desk or section.
    Not for scripts without capitals, where the source stands in the same place.
    """
    for line, below in itertools.pairwise([*lines[: NEAR + 1], ""]):
        first, *rest = _MARK.split(line, maxsplit=1)
        names = tuple(names_in(first))
        if names and all(map(_is_name, names)) and first.startswith(names[0]) and any(map(_tells, [*rest, below])):
            return names[:MOST]
        if reporter := _REPORTER.match(line):
            return (reporter[1],)
    return ()


def _tells(text: str) -> bool:
    """Whether a text is a date or what somebody does."""
    return is_job(text) or any(True for _ in dates_in(text))


def _is_name(text: str) -> bool:
    return not is_caseless(text) and looks_like_name(text) and is_person(text)
