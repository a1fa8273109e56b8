"""The body of a page or feed fragment as paragraphs with their kinds."""

from collections.abc import Iterator
from typing import Any

import trafilatura
from lxml.html import HtmlElement
from resiliparse.extract.html2text import extract_plain_text

from schemas.article import ParagraphKind
from streams.text.hygiene import one_line

Parts = list[tuple[str, ParagraphKind]]
_KINDS = {"head": ParagraphKind.HEADING, "item": ParagraphKind.LIST_ITEM, "quote": ParagraphKind.QUOTATION}


def page_parts(tree: HtmlElement) -> Parts:
    """The main text of a parsed page, by trafilatura; empty where it finds none."""
    document = trafilatura.bare_extraction(
        tree, fast=True, include_comments=False, include_tables=True, with_metadata=False
    )
    body = getattr(document, "body", None)
    return [] if body is None else [part for part in _parts(body) if part[0]]


def _parts(element: Any) -> Iterator[tuple[str, ParagraphKind]]:
    for child in element:
        if child.tag in ("list", "table", "row", "quote") and len(child):
            yield from _parts(child)
        else:
            for text in "".join(_texts(child)).split("\n"):
                yield one_line(text), _KINDS.get(child.tag, ParagraphKind.PARAGRAPH)


def _texts(element: Any) -> Iterator[str]:
    if element.tag == "lb":
        yield "\n"
    yield element.text or ""
    for child in element:
        yield from _texts(child)
        yield child.tail or ""


def overload_text(html: str) -> str:
    """The main text of a page by resiliparse: several times faster, with more left-overs."""
    return str(extract_plain_text(html, main_content=True, alt_texts=False, links=False, form_fields=False))
