"""The body as delivered: one string, and where its paragraphs stand in it."""

import re
from collections.abc import Iterable

from schemas.article import Paragraph, ParagraphKind
from schemas.base import constructed
from streams.text.found import Line
from streams.text.sentences import ends_open

SEPARATOR = "\n\n"
_FIELDS = set(Paragraph.model_fields)
_ITEM = re.compile(r"(?:[•·▪‣◦*–—-]|\d{1,2}[.)])\s+\S")
_WHOLE_QUOTATION = re.compile(r"(?:“[^“”]+”|\"[^\"]+\"|«[^«»]+»|„[^„“”]+[“”])[.,]?")


def kind_of(line: Line, last: bool = False) -> ParagraphKind:
    """What a kept line is: as the page's markup says, else by its form."""
    text = line.text
    if line.form is not None and line.form is not ParagraphKind.PARAGRAPH:
        return line.form
    if _ITEM.match(text):
        return ParagraphKind.LIST_ITEM
    if line.form is None and not last and _is_heading(text):
        return ParagraphKind.HEADING
    return ParagraphKind.QUOTATION if _WHOLE_QUOTATION.fullmatch(text) else ParagraphKind.PARAGRAPH


def _is_heading(text: str) -> bool:
    if len(text) <= 100 and ends_open(text) and len(text.split()) <= 14:
        return True
    return len(text) <= 80 and text.endswith("?") and '"' not in text and "”" not in text


def joined(parts: Iterable[tuple[str, ParagraphKind]]) -> tuple[str, tuple[Paragraph, ...]]:
    """The body of ``parts`` (none empty, none with a line break) and its paragraphs, offsets in code points."""
    texts: list[str] = []
    paragraphs: list[Paragraph] = []
    start = 0
    for text, kind in parts:
        texts.append(text)
        paragraphs.append(constructed(Paragraph, {"start": start, "end": start + len(text), "kind": kind}, _FIELDS))
        start += len(text) + len(SEPARATOR)
    return SEPARATOR.join(texts), tuple(paragraphs)
