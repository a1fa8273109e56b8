"""A page as runs of text: what stands between two edges of blocks or two line breaks, in the page's order."""

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml.html import HtmlElement

from streams.text.hygiene import one_line

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
BLOCKS = HEADINGS | frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form "  # noqa: SIM905
    "header hgroup hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
UNREAD = frozenset(
    "script style template noscript iframe svg head title select button textarea canvas object audio video map".split()  # noqa: SIM905
)
NAMING = ("class", "id", "data-testid", "data-component", "data-gu-name")
"""Attributes that say what an element is."""
_KEY = re.compile(r"\W+")
_BLANK_LINE = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text without a break."""

    text: str
    tag: str
    """Of the block it stands in; ``figcaption`` for all blocks within one."""
    block: int
    linked: float
    """Share of its text that is links."""


@dataclass(frozen=True, slots=True)
class Runs:
    """All the runs of a page, in order, and how its blocks are nested and named."""

    runs: tuple[Run, ...]
    parents: tuple[int, ...]
    """Of each block the one around it, which has a smaller number; the first is its own."""
    names: tuple[str, ...]
    """Class and id of each block."""

    def inside(self, block: int) -> list[bool]:
        """Of each block, whether it is ``block`` or stands in it."""
        found = [False] * len(self.parents)
        for each, parent in enumerate(self.parents):
            found[each] = each == block or found[parent]
        return found


def runs_of(tree: HtmlElement) -> Runs:
    """The runs of ``tree``; scripts, styles and controls are not read."""
    walk = _Walk()
    walk.visit(tree)
    walk.end()
    return Runs(tuple(walk.runs), tuple(walk.parents), tuple(walk.names))


@lru_cache(maxsize=4096)
def key_of(text: str) -> str:
    """What two renderings of one text have in common: its letters and digits."""
    return _KEY.sub("", text).casefold()


class _Walk:
    """One pass over a tree, with the run that is being read."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self.parents: list[int] = [0]
        self.names: list[str] = [""]
        self.block, self.tag = 0, "body"
        self.texts: list[str] = []
        self.linked = 0
        self.links = 0

    def visit(self, element: HtmlElement) -> None:
        """Read ``element`` and what is in it, not the text behind it. The parser limits how deep that goes."""
        tag = element.tag
        if tag in BLOCKS:
            self._block(element, tag)
        elif tag == "br":
            self.end()
        elif tag == "a":
            self.links += 1
            self._content(element)
            self.links -= 1
        elif isinstance(tag, str) and tag not in UNREAD:
            self._content(element)

    def _block(self, element: HtmlElement, tag: str) -> None:
        self.end()
        outer = self.block, self.tag
        self.parents.append(self.block)
        self.names.append(" ".join(filter(None, map(element.get, NAMING))))
        self.block = len(self.parents) - 1
        self.tag = tag if self.tag != "figcaption" else self.tag
        self._content(element)
        self.end()
        self.block, self.tag = outer

    def _content(self, element: HtmlElement) -> None:
        if element.text:
            self._read(element.text)
        for child in element:
            self.visit(child)
            if child.tail:
                self._read(child.tail)

    def _read(self, text: str) -> None:
        if self.tag == "pre":
            *whole, text = _BLANK_LINE.split(text)
            for piece in whole:
                self.texts.append(piece)
                self.end()
        self.texts.append(text)
        if self.links:
            self.linked += len(text.strip())

    def end(self) -> None:
        """The run that is being read is complete."""
        if self.texts:
            whole = "".join(self.texts)
            if not whole.isspace() and (text := one_line(whole)):
                self.runs.append(Run(text, self.tag, self.block, min(1.0, self.linked / len(text))))
            self.texts.clear()
            self.linked = 0
