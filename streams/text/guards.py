"""Limits that a page must keep before any parser sees it: hostile pages are refused in one cheap scan.

The parsers themselves have their weak points: libxml2 compares every attribute of an element with
every other, and resiliparse takes time quadratic in how deep elements are nested.
"""

import re
from collections.abc import Iterator

MOST_CHARACTERS = 3_000_000
MOST_TAGS = 60_000
MOST_ATTRIBUTES = 2_000
"""Of one element."""
MOST_DEPTH = 1_500
"""For the overload tier; the other parser stops at 256 by itself."""
LONG_TAG = 20_000
"""Characters between two ``<`` from which attributes are counted."""

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_CLOSED_BY_OTHERS = frozenset(
    "area base br col embed hr img input link meta param source track wbr p li td tr th dt dd option "  # noqa: SIM905
    "path rect circle use line polygon polyline ellipse stop".split()
)
_BINARY = re.compile("[\x00-\x08\x0e-\x1f\ufffd]")
_INSIDE = re.compile(r"(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


def page_problem(html: str) -> str | None:
    """Why ``html`` must not be parsed; None where it may be. Linear in its length, which it checks first."""
    if len(html) > MOST_CHARACTERS:
        return f"{len(html)} characters, at most {MOST_CHARACTERS} are read"
    sample = html[:20_000]
    if len(_BINARY.findall(sample)) > max(50, len(sample) // 20):
        return "binary data, not a page"
    if "<!ENTITY" in html:
        return "declares entities of its own"
    tags = html.count("<")
    if tags > MOST_TAGS:
        return f"{tags} tags, at most {MOST_TAGS} are read"
    most = _most_attributes(html)
    return f"an element with {most} attributes, at most {MOST_ATTRIBUTES} are read" if most > MOST_ATTRIBUTES else None


def _most_attributes(html: str) -> int:
    """Attributes of the element with most of them: words between its ``<`` and its ``>``, quoted values aside."""
    long = (piece for piece in _long_pieces(html) if piece[0].isalpha())
    tags = (found[0] for piece in long if (found := _INSIDE.match(piece)) and len(found[0]) > LONG_TAG)
    return max((len(_QUOTED.sub("", tag).split()) for tag in tags), default=0)


def _long_pieces(html: str) -> Iterator[str]:
    """What stands behind a ``<`` up to the next, where that is long: found from one ``<`` to the last one in reach."""
    place = html.find("<")
    while place >= 0:
        last = html.rfind("<", place + 1, place + LONG_TAG + 2)
        if last < 0:
            last = html.find("<", place + 1)
            piece = html[place + 1 : last if last >= 0 else len(html)]
            if len(piece) > LONG_TAG:
                yield piece
        place = last


def depth_problem(html: str) -> str | None:
    """Why a parser that is slow on nested elements must not see ``html``; None where it may."""
    depth = depth_of(html)
    return f"elements nested {depth} deep, at most {MOST_DEPTH} are read" if depth > MOST_DEPTH else None


def depth_of(html: str) -> int:
    """How deep elements are nested, as their tags stand; elements whose end may be left out do not count."""
    depth = deepest = 0
    for closing, name in _TAG.findall(html):
        if name.lower() in _CLOSED_BY_OTHERS:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest
