"""Whom a page shows as its authors below its title, where that differs from whom its data and marks name."""

import itertools
import re
from collections.abc import Iterator, Sequence

from streams.text.authors import Authors
from streams.text.bylines import authors_alone
from streams.text.names import agency_below, authors_below, looks_like_name, names_in
from streams.text.normal import normalised

_ROLE = re.compile(
    r"\b(?:contributions?|contributed|edit(?:ed|ing)|(?:fact.?)?check(?:ed|ing)|reviewed|produced|translated|narrated"
    r"|photo(?:s|graph(?:y|s|ed)?)?|pictures?|illustrat(?:ed|ions?)|video)\s+(?:by|from)\b[\s:]*",
    re.I,
)
"""What stands before names of those who did something else than write."""


def settled_authors(stated: Authors, below: Sequence[str], site: str | None = None) -> tuple[str, ...]:
    """The authors of a page of ``site`` that names ``stated`` and has ``below`` as the lines under its title, in order.

    Data often name the first author only, or everybody who had a hand in the text; the byline says who wrote it. It
    outweighs mere places of the page, and a name that is the site's own; data that name somebody else stand.
    """
    shown = authors_below(below)
    people = _writers(stated.names, below, shown)
    if not any(map(looks_like_name, people)) or stated.is_own:
        return (
            shown
            or agency_below(below)
            or (authors_alone(below, site) if stated.is_own or not people else ())
            or people
        )
    keys, wanted = set(map(normalised, people)), set(map(normalised, shown))
    others = bool(wanted) and not any(_has(key, each) or _has(each, key) for key in keys for each in wanted)
    return shown if keys < wanted or (others and not stated.by_data) else people


def _has(name: str, other: str) -> bool:
    """Whether a name has another as its words."""
    return f" {other} " in f" {name} "


def _writers(names: tuple[str, ...], below: Sequence[str], shown: Sequence[str]) -> tuple[str, ...]:
    """``names`` without those that the page shows as having done something else; all, if nobody is left."""
    others = set(map(normalised, _helpers(below))) - set(map(normalised, shown))
    return tuple(name for name in names if normalised(name) not in others) or names


def _helpers(lines: Sequence[str]) -> Iterator[str]:
    """The names behind what somebody did, in the same line or the next."""
    for line, following in itertools.pairwise([*lines, ""]):
        for role in _ROLE.finditer(line):
            yield from names_in(line[role.end() :].partition("|")[0] or following)
