"""The body of a page as lines with their kinds: trafilatura, then rules that are seldom wrong.

Its precise rules without its comparison with other extractors are the cheapest good setting; where
that takes too little of the page, its balanced and its full settings are asked in turn.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import trafilatura
from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from resiliparse.extract.html2text import extract_plain_text

from schemas.article import ParagraphKind
from streams.text.boxes import Box, take_boxes
from streams.text.expressions import asked_once
from streams.text.hygiene import one_line
from streams.text.normal import normalised
from streams.text.prose import DOMINANT, HARDLY, MOST, Prose
from streams.text.runs import HEADINGS

LONG = 80
"""Characters from which a paragraph counts as one."""
SHORT, LEAST = 1500, 300
"""An extraction of fewer characters than ``SHORT`` is believed if it has ``MOST`` of the page's long paragraphs."""
MANY_TAGS = 20_000
"""Above which no second opinion is asked, for its price."""
ENOUGH = 0.4
"""Share of the page's long paragraphs from which an extraction is believed."""
SAMPLE = 4000
AROUND = 0.5
"""Share of the page's paragraphs or text from which a form or an aside is a frame around the page."""
FAR_MORE = 1.5
"""An extraction is not believed that has hardly any of the block with most prose, which has so much more of it."""
_FURNITURE = (
    "script", "style", "svg", "noscript", "iframe", "template", "link", "meta", "canvas", "nav", "footer", "button",
    "form", "select", "menu", "dialog", "input", "aside", "object", "embed", "video", "audio", "map", "amp-ad",
    "amp-consent", "amp-sidebar", "amp-next-page", "amp-twitter", "amp-instagram", "amp-facebook",
)  # fmt: skip
"""What the extractor would take out by slower ways; without it first, a page costs a fifth less."""
_AROUND = frozenset(("list", "table", "row", "quote", "cell", "div", "section", "article", "main"))
_APART = frozenset(("p", "head", "list", "item", "table", "row", "cell", "quote", "div", "section", "article"))
_UNSEEN = ("script", "style", "template", "svg", "head", "title")
_KINDS = {"head": ParagraphKind.HEADING, "item": ParagraphKind.LIST_ITEM, "quote": ParagraphKind.QUOTATION}


@dataclass(frozen=True, slots=True)
class Part:
    """A block of the extracted text."""

    text: str
    kind: ParagraphKind


@dataclass(frozen=True, slots=True)
class Shape:
    """What a page consists of, measured before anything is taken out of it."""

    paragraphs: int
    """Characters in long paragraphs."""
    text: int
    """Characters of visible text, white space too."""
    linked: int
    """Characters of link texts."""
    links: frozenset[str]
    """Texts of links to other pages, normalised."""


def parsed(html: str) -> HtmlElement | None:
    """The tree of a page; None where the parser finds no element."""
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)  # type: ignore[no-untyped-call]
    try:
        tree: HtmlElement = document_fromstring(html.encode("utf-8", "replace"), parser=parser)  # type: ignore[no-untyped-call]
    except (etree.ParserError, ValueError):
        return None
    return tree


def shape_of(tree: HtmlElement) -> Shape:
    """Measure ``tree`` before anything is taken out of it."""
    paragraphs = sum(size for each in tree.iter("p") if (size := len(each.text_content())) >= LONG)
    quoted = (each for each in tree.iter("blockquote") if each.find(".//p") is None)
    paragraphs += sum(size for each in quoted if (size := len(each.text_content())) >= LONG)
    texts = [(each.get("href") or "#", each.text_content()) for each in tree.iter("a")]
    links = frozenset(normalised(text) for href, text in texts if not href.startswith("#") and 8 < len(text) < 300)
    linked = sum(len(" ".join(text.split())) for _, text in texts)
    unseen = sum(len(each.text or "") for each in tree.iter(*_UNSEEN))
    whole: str = tree.text_content()  # type: ignore[no-untyped-call]
    return Shape(paragraphs, len(whole) - unseen, linked, links)


def sample_of(html: str) -> str:
    """The beginning of a page's visible text, for pages without an article."""
    tree = parsed(html)
    visible = (text for text in _visible(tree) if text) if tree is not None else iter(())
    return "\n".join(itertools.islice(visible, 400))[:SAMPLE]


def _visible(tree: HtmlElement) -> Iterator[str]:
    """Texts outside scripts and styles."""
    body = tree.find("body")
    for element in (tree if body is None else body).iter(etree.Element):
        if element.text and element.tag not in _UNSEEN:
            yield element.text.strip()
        if element.tail:
            yield element.tail.strip()


def prepare(tree: HtmlElement, shape: Shape, title: str | None) -> tuple[list[Box], int]:
    """Take out of ``tree`` what is not the article of that title by its names; what it was, and its characters in long
    paragraphs."""
    etree.strip_elements(tree, "script", "style", "noscript", "template", with_tail=False)
    for element in tree.iter("form", "aside", "dialog", "menu", "footer", "nav"):
        paragraphs = sum(size for each in element.iter("p") if (size := len(each.text_content())) >= LONG)
        if paragraphs > AROUND * shape.paragraphs or len(element.text_content()) > AROUND * shape.text:
            element.tag = "div"
    return take_boxes(tree, shape.paragraphs, shape.text, title)


def without_furniture(tree: HtmlElement) -> HtmlElement:
    """``tree`` without what its elements' names alone say is no text."""
    etree.strip_elements(tree, *_FURNITURE, with_tail=False)
    return tree


def page_parts(
    html: str, tree: HtmlElement, shape: Shape, prose: Prose, taken: int = 0, title: str | None = None
) -> list[Part]:
    """The main text of the page of that title that has ``prose``; ``tree`` is used up.

    ``taken`` characters of its long paragraphs are out of it.
    """
    paragraphs = shape.paragraphs - taken
    wanted = max(ENOUGH * paragraphs, min(SHORT, MOST * paragraphs), LEAST)
    best = _extracted(tree, fast=True, favor_precision=True)
    texts = [part.text for part in best]
    covered = prose.covered(texts)
    if covered < HARDLY and prose.size > FAR_MORE * prose.told(texts):
        return [Part(run.text, kind_of_tag(run.tag)) for run in prose.text()]
    believed = prose.share >= DOMINANT and covered >= MOST
    if not believed and _size(best) < wanted and html.count("<") <= MANY_TAGS:
        best = _second_opinion(html, shape, best, wanted, title)
    return [part for part in best if not prose.is_teaser(part.text)]


def kind_of_tag(tag: str) -> ParagraphKind:
    """What a block is by the name of its element."""
    if tag in HEADINGS:
        return ParagraphKind.HEADING
    return {"li": ParagraphKind.LIST_ITEM, "blockquote": ParagraphKind.QUOTATION}.get(tag, ParagraphKind.PARAGRAPH)


def _second_opinion(html: str, shape: Shape, best: list[Part], wanted: float, title: str | None) -> list[Part]:
    """What the extractor's other settings find where it is much more than ``best``."""
    for settings in ({"fast": True}, {"favor_precision": True}):
        again = parsed(html)
        if again is None:
            break
        prepare(again, shape, title)
        parts = _extracted(again, **settings)
        if _size(parts) > 1.3 * _size(best) + 100:
            best = parts
        if _size(best) >= wanted:
            break
    return best


def _size(parts: list[Part]) -> int:
    return sum(len(part.text) for part in parts)


def _extracted(tree: HtmlElement, **settings: Any) -> list[Part]:
    with asked_once():
        document = trafilatura.bare_extraction(
            tree, output_format="txt", include_comments=False, with_metadata=False, **settings
        )
    body = getattr(document, "body", None)
    return [] if body is None else [part for part in _parts(body) if part.text]


def _parts(element: Any) -> Iterator[Part]:
    if element.text and element.tag != "body":
        yield Part(one_line(element.text), ParagraphKind.PARAGRAPH)
    for child in element:
        if child.tag in _AROUND and any(each.tag in _APART for each in child):
            yield from _parts(child)
        else:
            for text in "".join(_texts(child)).split("\n"):
                yield Part(one_line(text), _KINDS.get(child.tag, ParagraphKind.PARAGRAPH))


def _texts(element: Any) -> Iterator[str]:
    if element.tag == "lb":
        yield "\n"
    yield " ".join((element.text or "").split("\n"))
    for child in element:
        yield from _texts(child)
        yield " ".join((child.tail or "").split("\n"))


def overload_text(html: str) -> str:
    """The main text of a page by resiliparse: several times faster, with more left-overs."""
    return str(extract_plain_text(html, main_content=True, alt_texts=False, links=False, form_fields=False))


_LABEL = re.compile(
    r"\W{0,3}(?:[A-Z][A-Z !'’-]{2,30}|(?:Also|Related|Read|See|Watch|Listen|More|Opinion|Video|Photos"
    r"|Explainer|Analysis|(?:À )?[Ll]ire|(?:À )?[Vv]oir|Lesen|Mehr|Le(?:i?a|e)|Leggi|Lees|Læs|Läs|Les|Czytaj|Читайте)\b"
    r"[\w ]{0,20})\s?: ?"
)


def is_link_only(text: str, links: frozenset[str]) -> bool:
    """Whether a line is nothing but a link, with or without a label such as "Related:" before it."""
    if normalised(text) in links:
        return True
    label = _LABEL.match(text)
    return label is not None and len(text[label.end() :].split()) >= 4 and normalised(text[label.end() :]) in links
