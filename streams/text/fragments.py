"""Feed fragments: the HTML inside ``content:encoded`` or a summary, already chosen by its publisher.

Its blocks are taken in order; nothing is guessed about what the article is.
"""

import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement, fragment_fromstring

from schemas.article import ParagraphKind
from streams.text.hygiene import one_line
from streams.text.pages import Part

_WHOLE_PAGE = re.compile(r"<(?:!doctype|html|head|body)\b", re.I)
_TAGS = re.compile(r"</?(?:p|br|div|a|span|b|i|em|strong|ul|ol|li|h[1-6]|img|blockquote|figure|table)\b[^<>]*>", re.I)
_BLOCKS = frozenset(
    "p div section article main header footer aside ul ol dl dt dd li table tr td th blockquote pre hr figure".split()  # noqa: SIM905
) | {"h1", "h2", "h3", "h4", "h5", "h6"}
_UNREAD = frozenset(
    "script style template noscript iframe svg figcaption form nav button select object video audio".split()  # noqa: SIM905
)
_KINDS = {
    "li": ParagraphKind.LIST_ITEM,
    "blockquote": ParagraphKind.QUOTATION,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), ParagraphKind.HEADING),
}


def is_page(html: str) -> bool:
    """Whether HTML is a whole page rather than a fragment of one."""
    return bool(_WHOLE_PAGE.search(html[:2000]))


def has_tags(text: str) -> bool:
    """Whether a text is HTML after all, as some feeds deliver it."""
    return "<" in text and bool(_TAGS.search(text))


def fragment_parts(html: str) -> tuple[list[Part], frozenset[str], list[str]]:
    """The blocks of a fragment, the texts of its links, and its captions; nothing where it cannot be parsed."""
    try:
        root = fragment_fromstring(html, create_parent="div")  # type: ignore[no-untyped-call]
    except (etree.ParserError, ValueError):
        return [], frozenset(), []
    captions = [text for each in root.iter("figcaption") if (text := one_line(each.text_content()))]
    links = frozenset(text for each in root.iter("a") if (text := one_line(each.text_content()).casefold()))
    return [part for part in _joined(_pieces(root, ParagraphKind.PARAGRAPH)) if part.text], links, captions


_Piece = tuple[str, ParagraphKind] | None


def _pieces(element: HtmlElement, kind: ParagraphKind) -> Iterator[_Piece]:
    """Runs of text with their kind; None where a block begins or ends. Without recursion: depth is the page's."""
    stack: list[tuple[HtmlElement | None, ParagraphKind, str | None]] = [(element, kind, None)]
    while stack:
        node, kind, text = stack.pop()
        if node is None:
            yield (text, kind) if text is not None else None
            continue
        name = node.tag if isinstance(node.tag, str) else "script"
        inner = _KINDS.get(name, kind)
        block = name in _BLOCKS or name == "br"
        tail: list[tuple[HtmlElement | None, ParagraphKind, str | None]] = [(None, kind, node.tail or "")]
        edge: list[tuple[HtmlElement | None, ParagraphKind, str | None]] = [(None, kind, None)] if block else []
        if name in _UNREAD:
            stack += tail
            continue
        stack += [
            *tail,
            *edge,
            *((child, inner, None) for child in reversed(node)),
            (None, inner, node.text or ""),
            *edge,
        ]


def _joined(pieces: Iterator[_Piece]) -> Iterator[Part]:
    texts: list[str] = []
    kind = ParagraphKind.PARAGRAPH
    for piece in pieces:
        if piece is None:
            yield Part(one_line("".join(texts)), kind)
            texts, kind = [], ParagraphKind.PARAGRAPH
        else:
            texts.append(piece[0])
            kind = piece[1] if piece[0].strip() else kind
    yield Part(one_line("".join(texts)), kind)
