"""When a page was published, by the places that name it: JSON-LD, meta elements, marked elements, its address."""

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lxml.html import HtmlElement

from streams.text.dates import TIME_OF_DAY, Stated, stated
from streams.text.elements import names_of
from streams.text.hygiene import one_line

EARLIEST = "1990"
"""Year before which a date yields to a later one of another place: systems without one print the epoch."""
LONGEST, MOST_TIMES = 160, 6
"""Characters of an element that is read for its date; ``<time>`` elements that may tell the page's zone."""
UPDATE_NAMED = re.compile(
    r"\b(?:updated?|modified|revised|edited|aktualisiert|mis(?:e)? à jour|actualizado|aggiornato|atualizado|bijgewerkt"
    r"|обновлено|uppdaterad|oppdatert|opdateret|aktualizacja"
    r"|zaktualizowano|güncellenme|güncelleme|最終更新|更新|수정)",
    re.I,
)
"""What names a date that is not the first."""
UPDATED = re.compile(
    rf"{UPDATE_NAMED.pattern}"
    r"\W*(?:on|at|as of|am|le|el|il|em|op|date|time|tarihi)?"
    r"\W*(?:\d{1,2}[:.]\d\d(?: ?[ap]\.?m\b\.?)?(?: [A-Z]{2,4}\b)?)?\W*(?:\w+day|mon|tue|wed|thu|fri|sat|sun)?\W*$",
    re.I,
)
"""What stands before such a date."""
_NOT_PUBLISHED = re.compile(
    r"modif|updat|expir|unpub|embargo|last|valid|event|start|book|music|video|comment|product|dcsext"
)
_NAMED = (
    re.compile(r"articlepublishedtime|datepublished"),
    re.compile(r".*(?:publish(?:ed)?(?:time|date|at|on)?|datepublish(?:ed)?|pub(?:lication)?date|dateissued|issued"
               r"|daterelease|(?:post|issue)date|dateposted|posted(?:on|time|date)?)"),
    re.compile(r".*(?:date)?created(?:date|at|time)?|.*creat(?:e|ion)(?:date|time)|sailthrudate|articledateoriginal"
               r"|.*(?:article|story|news|content|display|doc|citation|dc|dcterms)date|p?date|ogregdate|publishedat"),
)  # fmt: skip
"""Names of meta elements without their marks, the surest first."""
_MODIFIED = re.compile(r".*(?:modified(?:time|date|at)?|datemodified|updated(?:time|date|at)?|lastmod|moddate)")
_LETTERS = re.compile(r"[^a-z]+")
_PAGE = re.compile(r"page|article|posting|report|review|creativework", re.I)
_PROPERTY = re.compile(r"\b(?:dc(?:terms)?:(?:date|created|issued)|datePublished)\b")
"""How RDFa names the date of publication."""
_CLASS_DATE = re.compile(
    r"publish|posted|(?:^|[\s_-])(?:pub|entry|article|post)?-?date(?:$|[\s_-])|timestamp|dateline|byline", re.I
)
_OWN_DATE = re.compile(r"(?:post|entry|article|story)[_-]?date|date-header", re.I)
"""Classes of an article's date: others may be of the line at the top of a page that says what day it is."""
_MOMENT = re.compile(r"(?:19|20)\d\d-\d\d-\d\dT\d\d:\d\d")
"""How the title of an ``<abbr>`` begins that was, before there was ``<time>``, when an entry was posted."""
_CLASS_UPDATED = re.compile(r"updat|modif", re.I)
_MONTH_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_URL_DAY = re.compile(
    r"[/-](?P<year>20[0-4]\d|19[89]\d)(?P<mark>[/-])?(?P<month>0[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug"
    r"|sep|oct|nov|dec)(?(mark)[/-])(?P<day>0[1-9]|[12]\d|3[01])(?=[/_.-]|$)",
    re.I,
)
WEEKDAY = re.compile(r"\W*(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.I)
"""How the line at the top of a page begins that says what day it is."""


def named_date(
    tree: HtmlElement, meta: Mapping[str, str], article: Mapping[str, Any], nodes: Sequence[Mapping[str, Any]]
) -> Stated | None:
    """When the page was published, from what names that; ``article`` is the node of its JSON-LD that describes it."""
    sure, published, created = (_named(meta, names) for names in _NAMED)
    pages = [node.get("datePublished") for node in nodes if _PAGE.search(str(node.get("@type")))]
    return first_date(
        [*_texts(article.get("datePublished")), *sure, *published, *itertools.chain.from_iterable(map(_texts, pages)),
         *_texts(article.get("dateCreated")), *created]
    ) or first_date(_marked(tree))  # fmt: skip


def updated_date(
    meta: Mapping[str, str], article: Mapping[str, Any], nodes: Sequence[Mapping[str, Any]]
) -> Stated | None:
    """When the page was last changed, from what names that."""
    dated = article or next((node for node in nodes if node.get("datePublished")), {})
    named = (value for name, value in meta.items() if _MODIFIED.fullmatch(_LETTERS.sub("", name)))
    return first_date([*_texts(dated.get("dateModified")), *named])


def placed_date(tree: HtmlElement) -> Stated | None:
    """The first date in a ``<time>`` or in an element classed as a date line that is not said to be a later one."""
    date = first_date(_places(tree))
    return date if date and date.value >= EARLIEST else None


def times_of(tree: HtmlElement, meta: Mapping[str, str]) -> tuple[str, ...]:
    """Other forms in which the page may state when it was published."""
    given = (value for names in _NAMED for value in _named(meta, names))
    shown = (text for each in tree.iter("time") for text in (each.get("datetime"), one_line(each.text_content())))
    return tuple(text for text in (*given, *itertools.islice(shown, MOST_TIMES)) if text and len(text) < 80)


def url_day(url: str | None) -> Stated | None:
    """The day in an address such as ``/2024/01/05/``; None where it has none."""
    found = _URL_DAY.search(url or "")
    return _day_of(found) if found and found["mark"] else None


def compact_day(url: str | None) -> Stated | None:
    """The day in an address such as ``/20240105-name``, which may be that of its draft; None where it has none."""
    found = _URL_DAY.search(url or "")
    return _day_of(found) if found else None


def _day_of(found: re.Match[str]) -> Stated | None:
    month = found["month"].lower()
    number = _MONTH_NAMES.index(month) + 1 if month in _MONTH_NAMES else int(month)
    return stated(f"{found['year']}-{number:02}-{found['day']}")


def first_date(values: Iterable[str | None]) -> Stated | None:
    """The first of ``values`` that states a day, of a likely year if any does."""
    unlikely: Stated | None = None
    for value in values:
        date = stated(value) if value else None
        if date is None or date.precision == TIME_OF_DAY:
            continue
        if date.value >= EARLIEST:
            return date
        unlikely = unlikely or date
    return unlikely


def _named(meta: Mapping[str, str], names: re.Pattern[str]) -> Iterator[str]:
    plain = ((_LETTERS.sub("", name), value) for name, value in meta.items())
    return (value for name, value in plain if names.fullmatch(name) and not _NOT_PUBLISHED.search(name))


def _texts(value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        text = each.get("@value") if isinstance(each, dict) else each
        if isinstance(text, str | int) and not isinstance(text, bool):
            yield str(text)


def _marked(tree: HtmlElement) -> Iterator[str | None]:
    """Dates in elements marked as the date of publication."""
    for element in tree.iter("time", "span", "div", "p", "li", "abbr", "meta"):
        named = "datePublished" in (element.get("itemprop") or "") or _PROPERTY.search(element.get("property") or "")
        if named or element.get("pubdate") is not None:
            yield element.get("datetime") or element.get("content") or one_line(element.text_content())


def _places(tree: HtmlElement) -> Iterator[str | None]:
    """Dates in ``<time>`` and in elements classed as date lines, in the page's order."""
    for element in tree.iter("time", "abbr"):
        if element.tag == "abbr" and not _MOMENT.match(element.get("title") or ""):
            continue
        if not _is_update(element, text := one_line(element.text_content())[:LONGEST]):
            title = element.get("title")
            yield title if element.tag == "abbr" else element.get("datetime", title)
            yield text
    for element in tree.iter("span", "div", "p", "li", "dd", "h2", "h4", "h5", "h6"):
        if len(element) < 6 and _CLASS_DATE.search(names_of(element)):
            text = one_line(element.text_content())
            today = WEEKDAY.match(text) and not _OWN_DATE.search(element.get("class") or "")
            if 6 <= len(text) <= LONGEST and not today and not _is_update(element, text):
                yield text


def _is_update(element: HtmlElement, text: str) -> bool:
    """Whether an element says, in it or right before it, that its time is that of a change."""
    names = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
    before, parent = element.getprevious(), element.getparent()
    label = (before.tail or before.text_content() if before is not None else parent is not None and parent.text) or ""
    words = text.split(None, 2)
    return bool(_CLASS_UPDATED.search(names) or UPDATED.search(label[-40:]) or UPDATED.search(" ".join(words[:1]))
                or UPDATED.search(" ".join(words[:2])))  # fmt: skip
