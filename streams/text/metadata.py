"""What a page says of itself: JSON-LD, meta elements, microdata, ``<time>``, headings.

Nothing here guesses: a field is filled from a place that names it, or stays empty. The order of
sources is that of their precision on news pages.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any, Literal

from lxml.html import HtmlElement

from streams.text.authors import Authors, author_names
from streams.text.dates import Stated
from streams.text.hygiene import one_line, tidied
from streams.text.normal import normalised
from streams.text.published import named_date, placed_date, times_of, updated_date, url_day
from streams.text.titles import page_title
from streams.text.urls import canonical_url

_ARTICLE = re.compile(r"article|posting|report|review|recipe|liveblog", re.I)
_WORK = re.compile(r"gallery|creativework|episode|videoobject|webpage", re.I)
"""What may be described where no article is."""
_TAG = re.compile(r"<[^<>]{1,200}>")
_LONGEST_SCRIPT = 400_000


@dataclass(slots=True)
class Metadata:
    """Facts a page states of itself outside its text."""

    title: str | None = None
    titles: frozenset[str] = frozenset()
    """Every form of the title on the page, normalised."""
    authors: tuple[str, ...] = ()
    stated_authors: Authors = field(default_factory=Authors)
    """``authors`` as they were found, and where."""
    published: Stated | None = None
    origin: Literal["page", "url"] = "page"
    placed: Stated | None = None
    """A date of mere place on the page: in a ``<time>``, or in an element classed as a date line."""
    by_url: Stated | None = None
    """The day in the page's address."""
    times: tuple[str, ...] = ()
    """Other forms in which the page may state when it was published."""
    updated: Stated | None = None
    publisher: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    url: str | None = None
    descriptions: tuple[str, ...] = ()
    """What the page says its article is about."""
    kinds: frozenset[str] = frozenset()
    """Types the page gives itself, lower case: newsarticle, profilepage, website, ..."""
    free: bool | None = None
    body: str | None = None
    """The article's text where the page's JSON-LD has it."""
    raw: Mapping[str, str] = field(default_factory=dict)


def metadata_of(tree: HtmlElement, url: str | None = None) -> Metadata:
    """Read ``tree``, the page at ``url``, before anything is taken out of it; its date is to be settled yet."""
    meta = _meta(tree)
    nodes = list(_linked_data(tree))
    article = _with_authors(_article_node(nodes), nodes)
    address = canonical_url(_canonical(tree, meta)) or canonical_url(url)
    stated = author_names(tree, meta, article, _site(meta, article))
    title, forms = page_title(tree, meta, _text(article.get("headline")), site=_site(meta, article))
    return Metadata(
        title=title, titles=frozenset(map(normalised, forms)),
        authors=stated.names, stated_authors=stated,
        published=named_date(tree, meta, article, nodes), placed=placed_date(tree),
        by_url=url_day(address) or url_day(url), times=times_of(tree, meta), updated=updated_date(meta, article, nodes),
        publisher=_site(meta, article),
        section=_first([_text(article.get("articleSection")), meta.get("article:section"), meta.get("section")]),
        tags=_tags(meta, article), language=_language(tree, meta, article),
        url=address,
        descriptions=_descriptions(meta, article),
        kinds=_kinds(meta, nodes), free=_free(article),
        body=_body(article.get("articleBody")),
        raw=meta,
    )  # fmt: skip


def _meta(tree: HtmlElement) -> dict[str, str]:
    """The first content of each meta element by its lower-case name or property; keywords joined."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (element.get("property") or element.get("name") or element.get("itemprop") or "").strip().lower()
        content = one_line(element.get("content") or "")
        if name == "article:tag" and name in found:
            found[name] += f",{content}"
        elif name and content and name not in found:
            found[name] = content
    return found


def _linked_data(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Every object in the page's JSON-LD, broken scripts left out."""
    for script in tree.iter("script"):
        text = script.text
        if text and "ld+json" in (script.get("type") or "") and len(text) <= _LONGEST_SCRIPT:
            try:
                yield from _objects(json.loads(text.strip().rstrip(";"), strict=False), 0)
            except (ValueError, RecursionError):
                continue


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict) and depth < 6:
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "liveBlogUpdate"):
            if key in value and key != "itemListElement":
                yield from _objects(value[key], depth + 1)
    elif isinstance(value, list) and depth < 6:
        for each in value[:50]:
            yield from _objects(each, depth + 1)


def _types(node: Mapping[str, Any]) -> list[str]:
    kinds = node.get("@type")
    return [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]


def _article_node(nodes: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The node that describes the article: of a type for articles, with most of the facts."""
    wanted = ("headline", "datePublished", "author", "articleBody", "dateModified")
    known = list(nodes)
    found = ([node for node in known if any(of.search(kind) for kind in _types(node))] for of in (_ARTICLE, _WORK))
    return max(next(filter(None, found), []), key=lambda node: sum(bool(node.get(name)) for name in wanted), default={})


def _with_authors(article: dict[str, Any], nodes: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """``article`` with its authors in full, where it only points at other nodes of the page."""
    authors = article.get("author")
    given = authors if isinstance(authors, list) else [authors]
    pointers = [each.get("@id") if isinstance(each, dict) and "name" not in each else None for each in given]
    if not any(isinstance(pointer, str) for pointer in pointers):
        return article
    known = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and "name" in node}
    return {**article, "author": [known.get(str(to), each) for each, to in zip(given, pointers, strict=True)]}


def _text(value: Any) -> str | None:
    """A JSON-LD value as one line of text."""
    if isinstance(value, list):
        return _text(value[0]) if value else None
    if isinstance(value, dict):
        return _text(value.get("name") or value.get("@value"))
    return one_line(unescape(_TAG.sub("", value))) or None if isinstance(value, str) else None


def _body(value: Any) -> str | None:
    """A text in JSON-LD, its lines kept; markup that some sites leave in it taken out."""
    if not isinstance(value, str):
        return None
    return tidied(unescape(_TAG.sub("\n", value))) or None


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)


def _site(meta: Mapping[str, str], article: Mapping[str, Any]) -> str | None:
    return _first([_text(article.get("publisher")), meta.get("og:site_name"), meta.get("application-name")])


def _tags(meta: Mapping[str, str], article: Mapping[str, Any]) -> tuple[str, ...]:
    keywords = article.get("keywords")
    stated_tags = keywords if isinstance(keywords, list) else str(keywords or "").split(",")
    values: list[str | None] = [
        *map(_text, stated_tags),
        *re.split(r"[,;]", meta.get("article:tag") or meta.get("news_keywords") or ""),
    ]
    given = values if any(values) else meta.get("keywords", "").split(",")
    return tuple(dict.fromkeys(one_line(value) for value in given if value and value.strip() and len(value) < 80))[:30]


def _language(tree: HtmlElement, meta: Mapping[str, str], article: Mapping[str, Any]) -> str | None:
    return _first([_text(article.get("inLanguage")), tree.get("lang"), meta.get("og:locale"), meta.get("language")])


def _canonical(tree: HtmlElement, meta: Mapping[str, str]) -> str | None:
    links = (link.get("href") for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical")
    return _first([next(links, None), meta.get("og:url")])


def _kinds(meta: Mapping[str, str], nodes: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    kinds = {kind.lower() for node in nodes for kind in _types(node)}
    return frozenset(kinds | ({f"og:{meta['og:type'].lower()}"} if "og:type" in meta else set()))


def _free(article: Mapping[str, Any]) -> bool | None:
    value = article.get("isAccessibleForFree")
    return None if value is None else str(value).lower() not in ("false", "0", "http://schema.org/false")


def _descriptions(meta: Mapping[str, str], article: Mapping[str, Any]) -> tuple[str, ...]:
    stated_ones = (_text(article.get(name)) for name in ("description", "alternativeHeadline", "alternateName"))
    named = (meta.get(name) for name in ("og:description", "description", "twitter:description"))
    return tuple(dict.fromkeys(text for text in (*stated_ones, *named) if text))
