"""Who wrote a page: the people that its data, its marked elements, its links and its bylines name."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from streams.text.elements import names_of
from streams.text.hygiene import one_line
from streams.text.names import MOST, is_byline, is_company, looks_like_name, names_in, without_desk
from streams.text.normal import normalised
from streams.text.runs import BLOCKS
from streams.text.titles import site_in_title

_PICTURED = re.compile(r"photo|image|picture|caption|credit|foto|media|comment", re.I)
"""Names of elements in which an author is a picture's or a comment's."""
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:by-?lines?|authors?|author-?names?|article-?authors?|post-?author"
    r"|entry-?author|contributors?|writers?|autor(?:a|es)?|auteurs?|autore|verfasser"
    r"|autorzeile|firma|signature|redact(?:eur|or|rice)|periodista|journaliste?|giornalista|avtor|muhabir|yazar)(?:$|[\s_-])",
    re.I,
)
_PROFILE = re.compile(
    r"/(?:authors?|writers?|staff|profiles?|contributors?|people|journalists?|reporters?|by|correspondents?)/[^/]"
    r"|^(?:https?://(?:[\w-]+\.)?medium\.com)?/@\w",
    re.I,
)

DATA = 2
"""How many of the sources of names are data."""
_GLUED = re.compile(r"[^\W\d_A-ZÀ-Þ]{2}[A-ZÀ-Þ]|By[A-ZÀ-Þ]")
"""The end of a word and the capital of the next; "Mc" and initials are beginnings of one."""


@dataclass(frozen=True, slots=True)
class Authors:
    """Whom a page names as its authors."""

    names: tuple[str, ...] = ()
    by_data: bool = False
    """Whether its JSON-LD or meta elements name them; else some place of the page does."""
    is_own: bool = False
    """Whether nobody is named but the site itself."""


def author_names(tree: HtmlElement, meta: Mapping[str, str], article: Mapping[str, Any], site: str | None) -> Authors:
    """The authors that the page states, from the first source that names people; else organisations it names.

    A name that is the site's own says nothing and is left out where any other is found; a single word, as of a system's
    users and of places, where another source has a whole name.
    """
    site = site or site_in_title(tree)
    words: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    sources: Sequence[Callable[[], Iterable[str]]] = (
        lambda: _linked(article.get("author")),
        lambda: _meta_names(meta),
        lambda: _marked(tree),
        lambda: _profile_links(tree),
        lambda: _by_lines(tree),
    )
    for place, source in enumerate(sources):
        names = tuple(dict.fromkeys(name for text in source() for name in names_in(text)))
        people = _people(names, site, tree)
        if any(map(looks_like_name, people)):
            return Authors(people[:MOST], place < DATA)
        words, organisations = words or people, organisations or names
    own = normalised(site) if site else ""
    is_own = not words and all(_is_own(normalised(name), own) for name in organisations)
    return Authors((words or organisations)[:MOST], is_own=is_own and bool(organisations))


def _people(names: Sequence[str], site: str | None, tree: HtmlElement) -> tuple[str, ...]:
    """Those of ``names`` that are people's: whole ones, if any is, without the site's that ``<title>`` ends with."""
    own = normalised(site) if site else ""
    people = [name for name in names if not is_company(name) and not _is_own(normalised(name), own)]
    if len(people) > 1 and any(map(looks_like_name, people)):
        last = site_in_title(tree)
        people = [name for name in people if (" " in name or not name.isascii()) and name != last]
    return tuple(name for name in people if not any(name != other and name.endswith(f" {other}") for other in people))


def _is_own(name: str, site: str) -> bool:
    return bool(site) and (name == site or name in site or site in name)


def _linked(value: Any) -> Iterator[str]:
    nodes = value if isinstance(value, list) else [value]
    people = [each for each in nodes if isinstance(each, dict) and "Person" in str(each.get("@type"))]
    for each in people or nodes:
        name = each.get("name") if isinstance(each, dict) else each
        for text in name if isinstance(name, list) else [name]:
            if isinstance(text, str) and text.strip():
                yield text


def _meta_names(meta: Mapping[str, str]) -> Iterator[str]:
    names = (
        "author",
        "parsely-author",
        "sailthru.author",
        "article:author_name",
        "article:author",
        "dc.creator",
        "byl",
        "authors",
        "dcsext.author",
    )
    yield from (meta[name] for name in names if name in meta)
    if meta.get("twitter:label1", "").lower() == "written by":
        yield meta.get("twitter:data1", "")


def _marked(tree: HtmlElement) -> list[str]:
    """Texts of elements marked as author or byline above the first long paragraph that follows one."""
    strict: list[str] = []
    loose: list[str] = []
    for element in tree.iter("a", "span", "div", "p", "address", "li", "strong", "h3", "h4"):
        if element.tag == "p" and (strict or loose) and len(element.text_content()) > 250:
            break
        marked = element.get("rel") == "author" or element.get("itemprop") == "author"
        names = names_of(element)
        if marked or (_BYLINE.search(names) and not _PICTURED.search(names)):
            text = _shown(element)
            if 3 <= len(text) <= 140:
                (strict if marked else loose).append(text)
        elif element.tag == "address" and looks_like_name(next(names_in(element.text_content()[:140]), "")):
            loose.append(one_line(element.text_content()))
    return [without_desk(text) for text in strict or loose[:1]]


def _profile_links(tree: HtmlElement) -> list[str]:
    """Texts of the first links to a person's page, those side by side."""
    for element in tree.iter("a"):
        if _PROFILE.search(element.get("href") or "") and looks_like_name(one_line(element.text_content())):
            parent = element.getparent()
            links = [element] if parent is None else parent.iter("a")
            texts = (one_line(link.text_content()) for link in links if _PROFILE.search(link.get("href") or ""))
            return [text for text in texts if looks_like_name(text)][:4]
    return []


def _by_lines(tree: HtmlElement) -> Iterator[str]:
    """The first short text of the page that begins with "By" and goes on as a name."""
    tags = ("p", "span", "div", "small", "li", "em", "strong", "h4", "h5", "cite", "font", "b", "i", "td", "center")
    for element in tree.iter(*tags):
        if is_byline(element.text or ""):
            text = _shown(element)
            if len(text) <= 140 and looks_like_name(next(names_in(text), "")):
                yield without_desk(text)
                return


def _shown(element: HtmlElement) -> str:
    """The text of an element, a bar for every break in it, and where the end of a word meets a capital between two
    elements; its own bars part names from outlets, as dashes do."""
    pieces = [_dashed(element.text)]
    for event, each in etree.iterwalk(element, events=("start", "end")):
        if each is not element:
            text = _dashed(each.text if event == "start" else each.tail)
            broken = each.tag in BLOCKS or each.tag == "br" or _GLUED.fullmatch(pieces[-1][-2:] + text[:1])
            pieces += ["|", text] if broken else [text] if text else []
    return one_line("".join(pieces))


def _dashed(text: str | None) -> str:
    return (text or "").replace("|", " – ")
