"""Authors whom a page names without saying that they are: alone below the title, beside the date or their job."""

import itertools
import re
from collections.abc import Sequence

from streams.text.dateline import dates_in
from streams.text.dates import DAY_PATTERN
from streams.text.names import MOST, is_job, is_person, looks_like_name, names_in
from streams.text.sentences import is_caseless

NEAR = 8
"""Lines below the title of which one may be the byline."""
_MARK = re.compile(r"\s[·•|–—/]\s|,\s")
"""What parts a name from what else stands in its line: a desk, a date, how long reading takes."""

_AGENCY = re.compile(
    r"(Reuters|AFP|Agence France-Presse|(?:The )?Associated Press|Bloomberg|Xinhua|EFE|Europa Press|ANSA|Adnkronos"
    r"|Kyodo(?: News)?|Lusa|Notimex|PTI|ANI|UPI|TT|NTB|Ritzau|APA)\b(?!['’])"
)
"""Agencies whose name a place may follow; those that are words or short for something else are left out."""
_HANDLE = re.compile(r"@\w{2,}")
"""How somebody calls themselves elsewhere."""
_REPORTER = re.compile(r"(\w{2,5})\s?(?:기자|記者|记者)(?!\w)")
"""A name and its job in scripts in which the job stands behind it."""


def authors_alone(lines: Sequence[str], site: str | None = None) -> tuple[str, ...]:
    """Who stands first in a line with a date or a job, or right above one or the name of the page's ``site``; ``lines``
    stand below a title in order.

    For pages that name nobody else: of what stands there in capitals most is the author, the rest a desk or section.
    Not for scripts without capitals, where the source stands in the same place.
    """
    for line, below in itertools.pairwise([*lines[: NEAR + 1], ""]):
        if (agency := _AGENCY.match(line)) and _tells(below):
            return (agency[1],)
        first, *rest = _parted(line)
        names = () if first.endswith(":") else tuple(names_in(first))
        told = any(map(_tells, [*rest, below])) or (site is not None and below.startswith(site) and not rest[0])
        if names and all(map(_is_name, names)) and first.startswith(names[0]) and told:
            return names[:MOST]
        if reporter := _REPORTER.match(line):
            return (reporter[1],)
    return ()


def _parted(line: str) -> list[str]:
    """A line in two, at its first date, handle or mark."""
    found = [pattern.search(line) for pattern in (DAY_PATTERN, _MARK, _HANDLE)]
    places = [each.start() for each in found if each and each.start()]
    place = min(places, default=len(line))
    return [line[:place].rstrip(), _MARK.sub("", line[place:], 1) if _MARK.match(line, place) else line[place:]]


def _tells(text: str) -> bool:
    """Whether a text has a date, or is what somebody does or a handle."""
    return is_job(text) or _HANDLE.match(text) is not None or any(True for _ in dates_in(text))


def _is_name(text: str) -> bool:
    return not is_caseless(text) and looks_like_name(text) and is_person(text)
