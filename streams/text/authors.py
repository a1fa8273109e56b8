"""Who wrote a page: names from where it names them, cleaned of jobs, handles and prepositions."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from lxml.html import HtmlElement

from streams.text.dates import DAY_PATTERN
from streams.text.hygiene import one_line
from streams.text.normal import normalised

MOST = 12
"""Authors of one article."""
_BY = re.compile(r"^\W*(?:(?:written|reported|words|posted|published|story|reporting|analysis|text) )?by\b[:\s]*", re.I)
_BY_ABROAD = re.compile(
    r"(?:(?:(?:written|posted|published|reported)\s+)?by|von|par|por|di|door|av|af)\s+(?-i:(?=[A-ZÀ-Þ]))", re.I
)
_PARTICLES = frozenset("da das de del della der den di do dos du el la le ten ter van von bin ibn al y".split())  # noqa: SIM905
_DATED = re.compile(
    rf"{DAY_PATTERN.pattern}|(?:\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.?\s+)?\d", re.I
)
_SPLIT = re.compile(r"\s*(?:[;|\n•·,]|\band\b|&|\b(?:und|et|og|och|en)\b| [ye] | [–—-] )\s*")
_JOB = re.compile(
    r"(?:^|\s)(?:(?:staff|senior|chief|special to|published|updated|posted|follow|email|twitter"
    r"|facebook|share|comments?|sponsored)\b"
    r"|\S*(?:writer|reporter|editor|correspondent|journalist|columnist|contributor|producer|bureau"
    r"|photographer|analyst|officer|head of)\b"
    r"|min read).*$",
    re.I,
)
_POST_NOMINAL = re.compile(r"(?<=\w)(?:,? (?:[A-Z]{2,4}|Ph\.?D|M\.?D)\.?)+$")
_LETTERS = re.compile(r"[A-Z]{2,4}|Ph\.?D\.?|M\.?D\.?|M\.?P\.?H\.?")
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:by-?lines?|authors?|author-?names?|article-?authors?|post-?author"
    r"|entry-?author|contributors?)(?:$|[\s_-])",
    re.I,
)
_PROFILE = re.compile(
    r"/(?:authors?|writers?|staff|profiles?|contributors?|people|journalists?|reporters?|by|correspondents?)/[^/]", re.I
)
_BAD = re.compile(
    r"https?:|www\.|@|\d|\.(?:com|org|net|co|tv)\b|^(?:admin|editors?|staff|guest|unknown|none"
    r"|null|authors?|news|web ?desk|by|last|about|more)$",
    re.I,
)
_COMPANY = re.compile(
    r"\b(?:press|news|times|post|team|staff|channel|magazine|media|agency|network|today|gazette"
    r"|telegram|herald|tribune|guardian|journal|report|"
    r"university|school|editors?|desk|board|service|reuters|afp|bloomberg|wire|inc|llc|ltd|group|company)\b",
    re.I,
)


def author_names(
    tree: HtmlElement, meta: Mapping[str, str], article: Mapping[str, Any], site: str | None
) -> tuple[str, ...]:
    """The authors that the page states, from the first source that names people; else organisations it names.

    A name that is the site's own says nothing and is left out where any other is found.
    """
    organisations: tuple[str, ...] = ()
    sources: Sequence[Callable[[], Iterable[str]]] = (
        lambda: _linked(article.get("author")),
        lambda: _meta_names(meta),
        lambda: _marked(tree),
        lambda: _profile_links(tree),
        lambda: _by_lines(tree),
    )
    for source in sources:
        names = tuple(dict.fromkeys(name for text in source() for name in names_in(text)))
        people = _people(names, site)
        if people:
            return people[:MOST]
        organisations = organisations or names
    return organisations[:MOST]


def _people(names: Sequence[str], site: str | None) -> tuple[str, ...]:
    own = normalised(site) if site else ""
    people = [name for name in names if not _COMPANY.search(name) and not _is_own(normalised(name), own)]
    return tuple(name for name in people if not any(name != other and name.endswith(f" {other}") for other in people))


def _is_own(name: str, site: str) -> bool:
    return bool(site) and (name == site or name in site or site in name)


def _linked(value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
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
        if marked or _BYLINE.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
            text = one_line(element.text_content())
            if 3 <= len(text) <= 140:
                (strict if marked else loose).append(text)
    return strict or loose[:1]


def _profile_links(tree: HtmlElement) -> list[str]:
    """Texts of the first links to a person's page, those side by side."""
    for element in tree.iter("a"):
        if _PROFILE.search(element.get("href") or "") and _looks_like_name(one_line(element.text_content())):
            parent = element.getparent()
            links = [element] if parent is None else parent.iter("a")
            texts = (one_line(link.text_content()) for link in links if _PROFILE.search(link.get("href") or ""))
            return [text for text in texts if _looks_like_name(text)][:4]
    return []


def _looks_like_name(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 4 and all(word[:1].isupper() or word in _PARTICLES for word in words)


def _by_lines(tree: HtmlElement) -> Iterator[str]:
    """The first short text of the page that begins with "By" and goes on as a name."""
    for element in tree.iter("p", "span", "div", "small", "li", "em", "strong", "h4", "h5", "cite"):
        if (element.text and element.text.lstrip()[:3].lower().rstrip() == "by") or _reports(element.text):
            text = one_line(element.text_content())
            if len(text) <= 140 and _looks_like_name(next(names_in(text), "")):
                yield text
                return


def _reports(text: str | None) -> bool:
    return bool(text) and str(text).lstrip()[:12].lower() == "reporting by"


def authors_below(lines: Iterable[str]) -> tuple[str, ...]:
    """The people named by the first of some short lines, those below a title, that is "By" with names behind it."""
    for line in lines:
        by = _BY_ABROAD.match(line)
        names = tuple(names_in(_DATED.split(line[by.end() :])[0])) if by else ()
        if names and all(_looks_like_name(name) and not _COMPANY.search(name) for name in names):
            return names[:MOST]
    return ()


def names_in(text: str) -> Iterator[str]:
    """The names in a byline."""
    for piece in _SPLIT.split(_BY.sub("", one_line(text))):
        name = _JOB.sub("", _BY.sub("", piece)).strip(" :/–—-()\"'[]")
        name = _POST_NOMINAL.sub("", name) if len(name.split()) > 2 else name
        if not re.search(r"\b(?:\w|[JS]r|St)\.$", name):
            name = name.rstrip(".")
        known = 1 < len(name) <= 60 and len(name.split()) <= 6 and normalised(name)
        role = name.islower() and _JOB.search(piece)
        if known and not role and not _BAD.search(name) and not _LETTERS.fullmatch(name):
            yield name
