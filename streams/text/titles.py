"""The title of a page: the heading that other places of the page agree with."""

import re
from collections.abc import Iterable, Mapping

from lxml.html import HtmlElement

from streams.text.hygiene import one_line
from streams.text.normal import normalised
from streams.text.sentences import is_caseless

LONGEST = 1000
"""Characters of a title."""
_SEPARATORS = re.compile(r"\s+(?:[|·•»/~]|:{1,2}|[–—-]{1,2})\s+|\s*\|\s*|(?<=[^\x00-\x7f])_(?=[^\x00-\x7f])")
_WORD = re.compile(r"[^\W_]+")


def page_title(
    tree: HtmlElement, meta: Mapping[str, str], headline: str | None, site: str | None
) -> tuple[str | None, tuple[str, ...]]:
    """The title, and every form of it on the page.

    A first-level heading that another place (JSON-LD, og:title, ``<title>``) agrees with; else
    the JSON-LD headline; else og:title or ``<title>`` without the name of the site.
    """
    headings = [text for each in tree.iter("h1") if 0 < len(text := one_line(each.text_content())) <= LONGEST]
    declared = [headline, meta.get("og:title"), meta.get("twitter:title"), meta.get("title"), _title_element(tree)]
    others = [without_site(text, site) for text in declared if text and len(text) <= LONGEST]
    for heading in headings:
        if _wordy([heading], 2) and any(_agree(heading, other) for other in others):
            return heading, (heading, *others)
    long = [heading for heading in headings if len(heading.split()) >= 4]
    found = others[0] if others else long[0] if long else None
    if found and headline is None:
        found = _headed(found, tree)
    return found, (*others, *long)


def _headed(title: str, tree: HtmlElement) -> str:
    """The part of ``title`` between its marks that a lower heading of the page is; ``title`` where none is."""
    pieces = [piece for piece in _SEPARATORS.split(title) if _wordy([piece], 3) and len(piece) < len(title)]
    shown = {one_line(each.text_content()) for each in tree.iter("h2", "h3")} if pieces else set()
    return next((piece for piece in pieces if piece in shown), title)


def _title_element(tree: HtmlElement) -> str | None:
    element = tree.find(".//title")
    return one_line(element.text_content()) or None if element is not None else None


def _agree(one: str, other: str) -> bool:
    """Whether two titles share most of their words."""
    left, right = set(_WORD.findall(normalised(one))), set(_WORD.findall(normalised(other)))
    return (
        bool(left and right)
        and len(left & right) >= 0.6 * max(1, min(len(left), len(right)))
        and (len(left & right) >= 0.35 * max(len(left), len(right)))
    )


def without_site(title: str, site: str | None) -> str:
    """``title`` without the site's name behind or before it."""
    pieces = _SEPARATORS.split(title)
    marks = _SEPARATORS.findall(title)
    known = normalised(site) if site else None
    while len(pieces) > 1 and _is_site(pieces[-1], known, len(pieces[-1].split()) <= 4 and _wordy(pieces[:-1])):
        pieces.pop()
        marks.pop()
    if len(pieces) > 1 and known and normalised(pieces[0]) == known:
        pieces, marks = pieces[1:], marks[1:]
    return "".join(piece + mark for piece, mark in zip(pieces, [*marks, ""], strict=True)).strip()


def _wordy(pieces: list[str], least: int = 4) -> bool:
    """Whether ``pieces`` have so many words; of scripts without spaces, twice as many characters."""
    text = " ".join(pieces)
    return len(text.split()) >= least or (is_caseless(text) and len(text) >= 2 * least)


def _is_site(piece: str, known: str | None, may_be: bool) -> bool:
    name = normalised(piece)
    if known and (name == known or (len(name) > 3 and (name in known or known in name))):
        return True
    return may_be and known is None and not piece[:1].islower()


def shown_title(title: str, shown: Iterable[str]) -> str:
    """``title`` without what stands before its colon, where the page shows it so and nowhere in full."""
    rest = title.partition(": ")[2]
    lines = set(map(normalised, shown)) if len(rest.split()) >= 3 else set()
    return rest if normalised(rest) in lines and normalised(title) not in lines else title
