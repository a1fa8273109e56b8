"""Boxes of a page that are not its article and say so by name: comments, newsletters, authors, embedded posts.

The extractor has its own list of such names; here is what it was seen to miss, by whole words of an
element's class or id. A box that holds much of the page's text is left alone, whatever its name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from streams.text.elements import names_of
from streams.text.hygiene import one_line
from streams.text.normal import normalised

MOST, MOST_OF_TEXT = 0.3, 0.15
"""Share of the page's long paragraphs up to which a box goes; of its text where the page has hardly any of them, and up
to which a picture with its caption does."""
MOST_OF_LONG = 0.85
"""The same for comments and lists of sources, of which there may be more than article."""
LONG, FEW = 80, 500
"""Characters from which a paragraph counts as one; in paragraphs, up to which a page has hardly any."""
CELL = 80
"""Characters of a cell from which a table is more than data."""
SHOWN, TOLD = 300, 40
"""Characters of a box that are told of it; and from which it is worth telling."""
MOST_TOLD, PIECES = 20, 200
"""Boxes that are told of; pieces of text that are read of each."""
_TAGS = ("div", "section", "ul", "ol", "li", "article", "blockquote", "p", "figure", "table", "td")
_KINDS = {
    "comments": r"comments?|disqus|comment-?list|comments-?area|kommentare?|kommentarer|commentaires?|comentarios?"
    r"|commenti|komentarze|reacties|reactions?|yorumlar|kommentari[iy]|talk-?backs?|feed-?backs?|guest-?book",
    "newsletter": r"newsletters?|mailing-list",
    "byline": r"(?:author|writer|contrib(?:utor)?)s?-?(?:bio|biography|box|card|info|profile|about|description)"
    r"|biography|about-(?:the-)?author",
    "related": r"related|recirc|recirculation|read-?(?:next|also)|most-?(?:read|popular|viewed)|recommended"
    r"|recommendations?|trending|more-(?:from|stories|on|like)|promos?|(?:also|see)-?(?:read|also)|you-?may-?(?:also-?)?like"
    r"|related-?(?:posts?|articles?|stories|content|links?|news)|yarpp|outbrain|taboola|zergnet|lire-?aussi|mehr-zum-thema"
    r"|weitere-artikel|lesen-sie-auch|relacionad[ao]s|correlat[ei]|leia-?(?:mais|tambem)|lees-?(?:ook|meer)|czytaj-?(?:tez|wiecej)",
    "gallery": r"carousel|slide-?show",
    "caption": r"cutlines?|(?:photo|image|img)-?(?:credits?|captions?|source)|caption-?text|bildunterschrift"
    r"|pie-?(?:de-?)?foto",
    "embed": r"twitter-tweet|instagram-media|tiktok-embed|twitter-video|bluesky-embed|fb-post"
    r"|(?:media|featured)-{0,2}video|video-?(?:captions?|info|meta)",
    "paywall": r"(?:pay-?wall|subscription|subscriber|meter|reg-?wall)-?(?:prompt|gate|offers?|overlay|banner|modal"
    r"|message|barrier|cta|box|notice|wall)|reg-?wall",
    "references": r"sources|references|footnotes|bibliography",
    "promotion": r"modal|pop-?up|disclosure|cta|call-to-action|subscribe|sign-?up|boilerplate"
    r"|polls?|quiz(?:zes)?|umfragen?|sondages?|encuestas?|sondaggio?|enquetes?"
    r"|share-?(?:bar|buttons?|tools|links)|social-?(?:share|sharing|links|buttons)|sharedaddy|addtoany|breadcrumbs?",
}  # fmt: skip
_NAMED = re.compile("(?<![a-z])(?:" + "|".join(f"(?P<{kind}>{names})" for kind, names in _KINDS.items()) + ")(?![a-z])")
_LONG = ("comments", "references")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_DIGITS = re.compile(r"\d+")
MOST_FIELDS, PITCH = 10, 450
"""Fields for mail addresses that are looked at; characters of what a newsletter says of itself, labels included."""
_ROUND_FIELDS = ("form", "fieldset", "label", "span", "p", "div", "section", "aside")
WHOLE = 300
"""Characters of long paragraphs from which a box with a title may be a whole article."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box that was taken out: what it is, and the beginning of its text."""

    kind: str
    text: str


def take_boxes(tree: HtmlElement, paragraphs: int, text: int, title: str | None) -> tuple[list[Box], int]:
    """Take the boxes out of ``tree``: what they were, and the characters of their long paragraphs.

    ``paragraphs`` and ``text`` are the characters of the page's long paragraphs and of all its text.
    """
    gone = dict.fromkeys(_other_articles(tree, title), "related")
    taken = sum(map(_prose_of, gone))
    named = [(each, kind) for each in tree.iter(*_TAGS) if (kind := kind_of_box(each))]
    for element, kind in named + [(each, "newsletter") for each in _asking_for_mail(tree)]:
        if not gone.keys().isdisjoint(element.iterancestors()):
            continue
        prose, most = _prose_of(element), MOST_OF_LONG if kind in _LONG else MOST
        if prose <= most * paragraphs and (paragraphs >= FEW or _size(element) <= MOST_OF_TEXT * text):
            gone[element] = kind
            taken += prose
    for table in tree.iter("table"):
        if table not in gone and gone.keys().isdisjoint(table.iterancestors()):
            if is_data(table):
                gone[table] = "table"
            elif is_picture(table) and _size(table) <= MOST_OF_TEXT * text:
                gone[table] = "caption"
    boxes = _told(gone)
    for element in gone:
        element.drop_tree()  # type: ignore[no-untyped-call]
    return boxes, taken


def _other_articles(tree: HtmlElement, title: str | None) -> list[HtmlElement]:
    """The articles that a page goes on with: behind the box that has the title and the text, others named as it is,
    each with a heading of the title's level and, unless it is an ``<article>``, a time of its own."""
    wanted = normalised(title or "")
    headings = (each for each in tree.iter("h1", "h2") if wanted and normalised(each.text_content()) == wanted)
    heading = next(headings, None)
    if heading is None:
        return []
    for box in heading.iterancestors("article", "div", "section", "main"):
        alike = [each for each in box.itersiblings(box.tag) if _name_of(each) == _name_of(box)]
        others = [each for each in alike if _has(each, heading.tag) and (each.tag == "article" or _has(each, "time"))]
        if others and _name_of(box) and _prose_of(box) >= WHOLE:
            return others
    return []


def _asking_for_mail(tree: HtmlElement) -> list[HtmlElement]:
    """The boxes round fields for a reader's mail address, as far as they say nothing else."""
    fields = [each for each in tree.iter("input") if (each.get("type") or each.get("name") or "").lower() == "email"]
    boxes = []
    for box in fields[:MOST_FIELDS]:
        while (parent := box.getparent()) is not None and parent.tag in _ROUND_FIELDS and _size(parent) <= PITCH:
            if next(parent.iter("h1"), None) is not None:
                break
            box = parent
        boxes.append(box)
    return boxes


def _has(element: HtmlElement, tag: str) -> bool:
    return next(element.iter(tag), None) is not None


def _name_of(element: HtmlElement) -> str:
    """What elements of one kind have in common: their class, or that they are articles."""
    return _DIGITS.sub("", element.get("class") or "").strip() or ("article" if element.tag == "article" else "")


def _told(gone: Mapping[HtmlElement, str]) -> list[Box]:
    """What is worth telling of the elements that go: each text once, no buttons."""
    texts = ((kind, " ".join(islice(each.itertext(), PIECES))) for each, kind in gone.items())
    shown = (Box(kind, one_line(text[: 4 * SHOWN])[:SHOWN]) for kind, text in texts)
    return list(dict.fromkeys(box for box in shown if len(box.text) >= TOLD or box.kind == "table"))[:MOST_TOLD]


def _size(element: HtmlElement) -> int:
    return len(element.text_content())  # type: ignore[no-untyped-call]


def is_data(table: HtmlElement) -> bool:
    """Whether a table holds figures and labels: no cell of it reads as prose, as cells of a layout do."""
    cells = [one_line(cell.text_content()) for cell in table.iter("td", "th")]
    return len(cells) >= 4 and max(map(len, cells)) < CELL


def is_picture(table: HtmlElement) -> bool:
    """Whether a table holds a picture and what stands below it: so pages were laid out before there were figures."""
    return _has(table, "img") and 0 < _size(table) <= SHOWN and not _has(table, "h1") and not _has(table, "h2")


def kind_of_box(element: HtmlElement) -> str | None:
    """What an element is by the names it bears; None where they do not say."""
    names = names_of(element)
    return _kind_named(names) if len(names) > 3 else None


@lru_cache(maxsize=8192)
def _kind_named(names: str) -> str | None:
    found = _NAMED.search(_CAMEL.sub("-", names[:500]).lower().replace("_", "-"))
    return found.lastgroup if found else None


def _prose_of(element: HtmlElement) -> int:
    return sum(size for each in element.iter("p") if (size := len(each.text_content())) >= LONG)
