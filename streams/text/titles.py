"""The title of a page: the heading that other places of the page agree with."""

import re
from collections.abc import Iterable, Mapping

from lxml.html import HtmlElement

from streams.text.counts import STOP_WORDS
from streams.text.elements import names_of
from streams.text.hygiene import one_line
from streams.text.normal import normalised
from streams.text.sentences import is_caseless

LONGEST = 1000
"""Characters of a title."""
_SEPARATORS = re.compile(r"\s+(?:[|·•»/~]|:{1,2}|[–—-]{1,2})\s+|\s*\|\s*|(?<=[^\x00-\x7f])_(?=[^\x00-\x7f])")
_WORD = re.compile(r"[^\W_]+")
_KIND = r"(?:opinion|editorial|analysis|comment(?:ary)?|column|letters?|review|interview|explainer|podcast|video|watch)"
_LABELLED = re.compile(rf"{_KIND}\s*\|\s*(?=\S+\s\S+\s)|(?<=\w)\s*\|\s*{_KIND}$", re.I)
"""What kind of article it is, before or behind a title with a bar between them."""
_ALONE = ("b", "strong", "font", "big", "div", "td", "p")
"""What headings stood in before there were headings."""
_TITLE_NAME = re.compile(
    r"(?:^|[\s_-])(?:headline|ueberschrift|überschrift|titular|zagolovok|content-?heading"
    r"|(?:article|story|news|post|entry)-?title)(?:$|[\s_-])",
    re.I,
)
LONGEST_NAMED = 200
"""Characters of a title that only its element's name says to be one."""
_HOME = re.compile(r"(?:https?:)?(?://[^/?#]+)?/?(?:(?:index|home)\.\w+)?", re.I)
"""Addresses of a site's first page."""


def page_title(
    tree: HtmlElement, meta: Mapping[str, str], headline: str | None, site: str | None
) -> tuple[str | None, tuple[str, ...]]:
    """The title, and every form of it on the page.

    A first-level heading that another place (JSON-LD, og:title, ``<title>``) agrees with; else
    the JSON-LD headline; else og:title or ``<title>`` without the name of the site. A heading that leads to the first
    page of the site is that name. The only one of four words is the title, too, where it stands in the page's article
    or shares a word with what other places say: those are written for search engines and for other sites.
    """
    shown = ((one_line(each.text_content()), each) for each in tree.iter("h1"))
    first = [(text, each, _leads_home(each)) for text, each in shown if 0 < len(text) <= LONGEST]
    headings = [text for text, _, home in first if not home]
    site = site or next((text for text, _, home in first if home), None)
    declared = [headline, meta.get("og:title"), meta.get("twitter:title"), meta.get("title"), _title_element(tree)]
    others = [without_site(text, site) for text in declared if text and len(text) <= LONGEST]
    if len(headings) < len(first) and {normalised(other) for other in others} == {normalised(site or "")}:
        return _first_below(tree), tuple(others)
    for heading in headings:
        if _wordy([heading], 2) and any(_agree(heading, other) for other in others):
            bare = next((other for other in others if _is_labelled(heading, other)), heading)
            return _LABELLED.sub("", bare), (bare, heading, *others)
    places = [(text, each) for text, each, home in first if not home and len(text.split()) >= 4]
    long = [text for text, _ in places]
    only = len(long) == 1 and (_is_inside(places[0][1]) or any(_share_a_word(long[0], other) for other in others))
    found = long[0] if only or (long and not others) else others[0] if others else None
    if found and headline is None:
        named = None if first or "og:title" in meta else _named_title(tree)
        found = named or _last_headed(tree) or _headed(found, tree)
    return found and _LABELLED.sub("", found), (*others, *long)


def _named_title(tree: HtmlElement) -> str | None:
    """The first text that its element's name calls the title: on pages without a first-level heading."""
    named = (each for each in tree.iter(*_ALONE, "span") if len(each) < 3 and _TITLE_NAME.search(names_of(each)))
    texts = (one_line(each.text_content()) for each in named)
    return next((text for text in texts if _wordy([text]) and len(text) <= LONGEST_NAMED), None)


def _first_below(tree: HtmlElement) -> str | None:
    """The first second-level heading of four words, on a page whose only other title is its site's name."""
    texts = (one_line(each.text_content()) for each in tree.iter("h2"))
    return next((text for text in texts if _wordy([text]) and len(text) <= LONGEST), None)


def _is_inside(heading: HtmlElement) -> bool:
    """Whether a heading stands in what the page marks as its article."""
    return next(heading.iterancestors("article", "main"), None) is not None


def _share_a_word(one: str, other: str) -> bool:
    shared = set(_WORD.findall(normalised(one))) & set(_WORD.findall(normalised(other)))
    return any(len(word) > 3 for word in shared - STOP_WORDS)


def _is_labelled(heading: str, title: str) -> bool:
    """Whether ``heading`` is ``title`` with a label of up to three words before it, as of a section."""
    label = heading.removesuffix(title)
    return label != heading and 0 < len(label.split()) <= 3 and _wordy([title], 3)


def _leads_home(heading: HtmlElement) -> bool:
    links = list(heading.iter("a"))
    return len(links) == 1 and _HOME.fullmatch(links[0].get("href") or "#") is not None


def _headed(title: str, tree: HtmlElement) -> str:
    """The part of ``title`` between its marks that a lower heading of the page is; ``title`` where none is."""
    pieces = [piece for piece in _SEPARATORS.split(title) if _wordy([piece], 3) and len(piece) < len(title)]
    shown = {one_line(each.text_content()) for each in tree.iter("h2", "h3")} if pieces else set()
    return next((piece for piece in pieces if piece in shown), title)


def _last_headed(tree: HtmlElement) -> str | None:
    """The last of three parts of ``<title>``, behind site and section, where it has the most words and stands alone in
    an element of the page."""
    *before, last = _SEPARATORS.split(_title_element(tree) or "")
    if len(before) < 2 or not _wordy([last], 1 + max(len(piece.split()) for piece in before)):
        return None
    headings = (one_line(each.text_content()) for each in tree.iter("h1", "h2", "h3"))
    others = (one_line(each.text) for each in tree.iter(*_ALONE) if each.text and len(each) == 0)
    return last if any(text == last for text in (*headings, *others)) else None


def site_in_title(tree: HtmlElement) -> str | None:
    """What stands behind the last mark of ``<title>``, if it is short: mostly the name of the site."""
    *before, last = _SEPARATORS.split(_title_element(tree) or "")
    return last if before and len(last.split()) <= 4 else None


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
    if "»" not in title:
        title = title.replace(" « ", " | ")
    pieces = _SEPARATORS.split(title)
    marks = _SEPARATORS.findall(title)
    known = normalised(site) if site else None
    while len(pieces) > 1 and _is_site(pieces[-1], known, len(pieces[-1].split()) <= 4 and _wordy(pieces[:-1])):
        pieces.pop()
        marks.pop()
    if len(pieces) > 1 and known and normalised(pieces[0]) == known:
        pieces, marks = pieces[1:], marks[1:]
    if site and pieces[0].startswith(f"{site}: "):
        pieces[0] = pieces[0].removeprefix(f"{site}: ")
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
    """``title`` without what stands before its colon or mark, where the page shows it so and nowhere in full."""
    rests = [rest for rest in (title.partition(": ")[2], _SEPARATORS.split(title, 1)[-1]) if len(rest.split()) >= 3]
    lines = set(map(normalised, shown)) if rests else set()
    if normalised(title) in lines:
        return title
    return next((rest for rest in rests if normalised(rest) in lines), title)
