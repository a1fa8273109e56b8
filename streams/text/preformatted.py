"""Pages that are plain text in one ``<pre>``: mails, releases and wires that were put on the web as they were.

Their lines end where a line was full, within sentences; a line of an article is a paragraph everywhere else.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise

from lxml.html import HtmlElement

from streams.text.runs import BLOCKS
from streams.text.sentences import ends_sentence

MOST = 0.8
"""Share of a page's text from which it is that of its ``<pre>``."""
LONGEST, MOST_LINES, TRIED = 300_000, 5_000, 20
"""Characters and lines of a text that is no longer judged line by line; how many are looked at."""
NARROWEST, WIDEST, FEW = 45, 120, 0.1
"""Characters of the longest line of a text whose lines are broken for their length; share of longer ones that it may
have."""
FULL, HALF = 0.9, 0.6
"""Shares of the longest such line: what a line would have with the next word if it was broken for its length; what it
has at least, where only its sentence goes on."""
_ITEM = re.compile(r"[-•*–>·]\s|\d{1,2}[.)]\s|\S+:\s*$")
"""What a line begins with that is never the rest of the one above; or a label."""


def preformatted_text(tree: HtmlElement, size: int) -> str | None:
    """The text of the ``<pre>`` that a page is, of whose text there are ``size`` characters; None for other pages.

    One with blocks in it is markup like any other.
    """
    texts = ((each, str(each.text_content())) for each in islice(tree.iter("pre"), TRIED))
    found = next(((each, text) for each, text in texts if text.strip() and len(text) >= MOST * size), None)
    if found is None or next(found[0].iterdescendants(*BLOCKS), None) is not None:
        return None
    return unwrapped(found[1]) if len(found[1]) <= LONGEST and found[1].count("\n") <= MOST_LINES else None


def unwrapped(text: str) -> str:
    """``text`` with the breaks taken back that its lines have for their length; other breaks stay."""
    lines = [line.rstrip() for line in text.expandtabs(4).splitlines()]
    width = _width_of(lines)
    return "\n".join(_joined(lines, width)) if width else text


def _width_of(lines: Sequence[str]) -> int:
    """The characters of the longest line of a text whose lines are broken for their length; 0 for other texts."""
    sizes = [len(line) for line in lines if line]
    width = max((size for size in sizes if size <= WIDEST), default=0)
    if width < NARROWEST or sum(size > WIDEST for size in sizes) > FEW * len(sizes):
        return 0
    long = [above for above, line in pairwise(lines) if line and len(above) >= HALF * width]
    return width if 2 * sum(map(ends_sentence, long)) < len(long) else 0


def _joined(lines: Iterable[str], width: int) -> Iterator[str]:
    pieces: list[str] = []
    above = ""
    for line in lines:
        if pieces and not _goes_on(above, line, width, hangs=_ITEM.match(pieces[0]) is not None):
            yield " ".join(pieces)
            pieces = []
        pieces.append(line.strip())
        above = line
    yield " ".join(pieces)


def _goes_on(above: str, line: str, width: int, *, hangs: bool) -> bool:
    """Whether ``line`` is the rest of a paragraph, which may hang below the mark of an item: its first word had no room
    in the line above, or its sentence began there."""
    text = line.strip()
    if not above or not text or _ITEM.match(text) or (_indent(line) > _indent(above) and not hangs):
        return False
    full = len(above) + 1 + len(text.split(None, 1)[0]) > FULL * width
    unended = len(above) >= HALF * width and text[0].islower() and not ends_sentence(above)
    return full or unended


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
