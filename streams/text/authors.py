"""Who wrote a page: names from where it names them, cleaned of jobs, handles and prepositions."""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from lxml import etree
from lxml.html import HtmlElement

from streams.text.dates import DAY_PATTERN
from streams.text.hygiene import one_line
from streams.text.normal import normalised
from streams.text.runs import BLOCKS
from streams.text.sentences import is_caseless

MOST = 12
"""Authors of one article."""
CASELESS = 30
"""Most characters of a name in a script without capitals."""
_BY = re.compile(
    r"^\W*(?:(?:(?:written|reported|words|posted|published|submitted|story|reporting|analysis|interview|text) )?"
    r"by\b[:\s]*"
    r"|(?:von|par|por|di|door|av|af)\b(?::\s*|\s+(?-i:(?=[A-ZÀ-Þ]\S*\s\S))))",
    re.I,
)
_LABEL = re.compile(
    r"(?:^|(?<=[\W\d]))(?:autor(?:a|es|in|ka)?|auteure?s?|autore|texto|texte?|tekst|автор(?:ы|ка)?|текст|كتبت?|بقلم|الكاتبة?|作者"
    r"|(?:本报)?记者|(?:取材・)?文|記者|기자|yazar|penulis|מאת|by|par|por|von)\s?[:：=/]\s*(?=\S)",
    re.I,
)
"""What stands before an author's name, with a mark between them, wherever it stands in a line."""
_NEXT_LABEL = re.compile(r"\s+[^\s:：]{1,12}[:：]|[()（）]")
_BIOGRAPHY = re.compile(r"\s(?:is|was)\s")
_PLACE = re.compile(r"\s+(?:in|at|from|for|reports|reporting)\s.*$")
_PARTICLES = frozenset("da das de del della der den di do dos du el la le ten ter van von bin ibn al y".split())  # noqa: SIM905
_DATED = re.compile(
    rf"{DAY_PATTERN.pattern}|(?:\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\.?\s+)?\d", re.I
)
BESIDE = 60
"""Characters before a date in which the words for when may stand."""
_HANDLE = re.compile(r"\S{1,80}@[\w-]+(?:\.[\w-]+)+|@\w{2,}")
"""Addresses and handles behind a name."""
_BEFORE_DATE = re.compile(
    r"(?:(?:^|[\s|,·•–—-])(?:posted|published|updated|on|at|am|le|el|il|em|den|dnia|(?:mon|tue|wed|thu|fri|sat|sun)\w*)"
    r"|[\s|,·•/(–—-])+$",
    re.I,
)
"""What stands between a name and a date."""
_DAY_ENDING = re.compile(r"^(?:st|nd|rd|th)?[\W\d]+")
_SPLIT = re.compile(r"\s*(?:[;|\n•·,、，]|\band\b|&|\b(?:und|et|og|och|en)\b| [ye] | [–—-] )\s*")
_PICTURES = re.compile(r"\W*(?:photo|pictures?|images?|illustration|video|foto)\w*\b", re.I)
_DASH = re.compile(r"\s+[–—-]+\s+")
_JOB = re.compile(
    r"(?:^|\s)(?:(?:staff|senior|chief|contributing|guest|special to|published|updated|posted|follow|email|twitter"
    r"|facebook|share|comments?|sponsored)\b"
    r"|\S*(?:writer|reporter|editor|correspondent|journalist|columnist|contributor|producer|bureau"
    r"|photographer|analyst|officer|head of)\b"
    r"|min read).*$|\s*(?:기자|記者|记者)$",
    re.I,
)
_POST_NOMINAL = re.compile(r"(?<=\w)(?:,? (?:[A-Z]{2,4}|Ph\.?D|M\.?D)\.?)+$")
_INITIAL = re.compile(r"\b(?:\w|[JS]r|St)\.$")
_LETTERS = re.compile(r"[A-Z]{2,4}|Ph\.?D\.?|M\.?D\.?|M\.?P\.?H\.?")
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:by-?lines?|authors?|author-?names?|article-?authors?|post-?author"
    r"|entry-?author|contributors?|writers?|autor(?:a|es)?|auteurs?|autore|verfasser)(?:$|[\s_-])",
    re.I,
)
_PROFILE = re.compile(
    r"/(?:authors?|writers?|staff|profiles?|contributors?|people|journalists?|reporters?|by|correspondents?)/[^/]"
    r"|^(?:https?://(?:[\w-]+\.)?medium\.com)?/@\w",
    re.I,
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
            text = _shown(element)
            if 3 <= len(text) <= 140:
                (strict if marked else loose).append(text)
        elif element.tag == "address" and _looks_like_name(next(names_in(element.text_content()[:140]), "")):
            loose.append(one_line(element.text_content()))
    return [_without_desk(text) for text in strict or loose[:1]]


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
    if is_caseless(text):
        return 2 <= len(text) <= CASELESS and len(words) <= 4
    return 2 <= len(words) <= 4 and all(word[:1].isupper() or word in _PARTICLES for word in words)


def _by_lines(tree: HtmlElement) -> Iterator[str]:
    """The first short text of the page that begins with "By" and goes on as a name."""
    for element in tree.iter("p", "span", "div", "small", "li", "em", "strong", "h4", "h5", "cite"):
        if _BY.match(element.text or ""):
            text = _shown(element)
            if len(text) <= 140 and _looks_like_name(next(names_in(text), "")):
                yield text
                return


def _shown(element: HtmlElement) -> str:
    """The text of an element, a bar for every break in it."""
    pieces = [element.text or ""]
    for event, each in etree.iterwalk(element, events=("start", "end")):
        if each is not element:
            pieces.append("|" if each.tag in BLOCKS or each.tag == "br" else "")
            pieces.append((each.text if event == "start" else each.tail) or "")
    return one_line("".join(pieces))


def authors_below(lines: Iterable[str]) -> tuple[str, ...]:
    """The people that the first of some short lines below a title names which has "By" or its like before names.

    Behind the names of a line with a date may stand sections; any other line has nothing but names.
    """
    for whole in lines:
        line = _undated(whole, _DATED)
        by = _LABEL.search(line) or _BY.match(line)
        found = names_in(_without_desk(_NEXT_LABEL.split(line[by.end() :])[0])) if by else ()
        names = tuple(itertools.takewhile(_is_somebody, found) if line != whole else found)
        if names and all(map(_is_somebody, names)):
            return names[:MOST]
    return ()


def _is_somebody(name: str) -> bool:
    return _looks_like_name(name) and not _COMPANY.search(name)


def _undated(line: str, date: re.Pattern[str]) -> str:
    """What stands before the first date of a line; behind it where that is nothing but the words for when."""
    dated = date.search(line)
    if dated is None:
        return line
    place = max(0, dated.start() - BESIDE)
    before = line[:place] + _BEFORE_DATE.sub("", line[place : dated.start()])
    return before or _DAY_ENDING.sub("", line[dated.end() :])


def is_person(name: str) -> bool:
    """Whether a capitalised text is somebody's name, not what they do or whom they work for."""
    return next(names_in(name), None) == name and not _COMPANY.search(name)


def names_in(text: str) -> Iterator[str]:
    """The names in a byline."""
    line = _undated(_HANDLE.sub("|", one_line(text)), DAY_PATTERN)
    pieces = _SPLIT.split(_BIOGRAPHY.split(_LABEL.sub("", _BY.sub("", line), 1))[0])
    for piece in pieces:
        name = _bare(piece)
        job = _JOB.search(piece) and (name.islower() or (" " not in name and name.isascii()))
        label = len(pieces) > 1 and name.islower()
        if _may_be_name(name) and not (job or label or _PICTURES.match(piece)):
            yield name


def _bare(piece: str) -> str:
    """A name without what stands before and behind it."""
    name = _PLACE.sub("", _JOB.sub("", _BY.sub("", piece))).strip(" :/–—-()\"'[]")
    name = _POST_NOMINAL.sub("", name) if len(name.split()) > 2 else name
    return name if _INITIAL.search(name) else name.rstrip(".")


def _may_be_name(name: str) -> bool:
    if not 1 < len(name) <= 60 or len(name.split()) > 6 or not normalised(name):
        return False
    return not _BAD.search(name) and not _LETTERS.fullmatch(name)


def _without_desk(text: str) -> str:
    """A byline without the place or desk that a dash parts from its names."""
    pieces = _DASH.split(text)
    return next((piece for piece in pieces if not _COMPANY.search(piece)), text)
