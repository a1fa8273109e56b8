"""Rules for the blocks that an extractor found on a page. It has chosen well: only the sure goes."""

import itertools
import re
from collections.abc import Sequence

from schemas.article import ParagraphKind
from streams.text.cues import cue_of
from streams.text.facts import state
from streams.text.found import Found, Line, add_once
from streams.text.normal import normalised
from streams.text.pages import Part, is_link_only
from streams.text.runs import key_of
from streams.text.sentences import ends_open
from streams.text.spans import author_and_role, credited, is_biography
from streams.text.structure import promotion_headings

_LINK_SENTENCE = re.compile(r"[.…][\"'”’»)\]]*$")
_MARKUP = re.compile(r"</?(?:a|p|div|span|img|iframe|script|blockquote)\b[^<>]*>|=\"https?://[^\"]*\">")
BULLETS = "•·▪►»>*-–— "
"""What stands before the items of lists that are none to their page."""
PULLED, SIGNATURE = 25, 60
"""Letters from which a quotation may be pulled out of the text; characters of the line below that says whose it is."""
TRAILING = 0.15
"""Largest share of the text that is taken for its tail."""
_KINDS = {"skip": "menu", "updated": "date", "source": "credit"}


def page_lines(parts: Sequence[Part]) -> list[Line]:
    """The parts of a page as lines, numbered from 1, each a block of its own."""
    return [Line(number, part.text, number, form=part.kind) for number, part in enumerate(parts, start=1)]


def settle_blocks(lines: list[Line], titles: frozenset[str], links: frozenset[str], found: Found) -> None:
    """Give every block its verdict; ``titles`` and ``links`` are the page's, normalised."""
    days = _days(lines)
    for line in lines:
        line.why = "in the main text of the page"
        if id(line) not in days:
            _by_itself(line, titles, links, found)
    _below_heads(lines, links)
    _repeated(lines)
    _pulled([line for line in lines if line.kept])
    _leading([line for line in lines if line.kept])
    _trailing([line for line in lines if line.kept], links)
    promotion_headings(lines)
    _biographies([line for line in lines if line.kept], found)


def _days(lines: Sequence[Line]) -> set[int]:
    """The headings of a chronicle: several of them are nothing but a date, each with a text below it."""
    below = itertools.pairwise(lines)
    heads = [line for line, text in below if line.form is ParagraphKind.HEADING and text.form is not line.form]
    days = {id(line) for line in heads if cue_of(line.text) == "date"}
    return days if len(days) > 1 else set()


def _by_itself(line: Line, titles: frozenset[str], links: frozenset[str], found: Found) -> None:
    if normalised(line.text) in titles:
        line.drop("title", "is the title")
    elif credit := credited(line.text):
        line.drop("caption" if credit.caption else "credit", "ends in a picture's credit")
        add_once(found.captions, credit.caption)
        add_once(found.credits, credit.credit)
    elif cue := cue_of(line.text):
        line.drop(_KINDS.get(cue, cue), f"reads as {cue}")
        state(line.text, cue, found)
    elif _MARKUP.search(line.text):
        line.drop("embed", "is markup that the page shows as text")
    elif _is_related(line, links):
        line.drop("related", "is nothing but a link")


def _below_heads(lines: Sequence[Line], links: frozenset[str]) -> None:
    """The links right below the head of a list of them, however short they are."""
    heads = False
    for line in lines:
        if line.kept and heads and normalised(line.text.lstrip(BULLETS)) in links:
            line.drop("related", "is a link below the head of others")
        elif line.kept or line.kind != "related":
            heads = False
        else:
            heads = heads or line.text[-1] == ":"


def _is_related(line: Line, links: frozenset[str]) -> bool:
    if line.form is ParagraphKind.HEADING or len(line.text.split()) < 5 or _LINK_SENTENCE.search(line.text):
        return False
    return is_link_only(line.text, links)


def _repeated(lines: Sequence[Line]) -> None:
    """A block that says what the kept one before it said."""
    above = ""
    for line in lines:
        if not line.kept:
            continue
        key = normalised(line.text)
        if key == above:
            line.drop("repeated", "repeats the block above")
        else:
            above = key


def _pulled(lines: Sequence[Line]) -> None:
    """Quotations pulled out of a paragraph to be shown large, and whose they are, where that stands below."""
    keys = [key_of(line.text) for line in lines]
    whole = "\n".join(keys)
    for place, (line, key) in enumerate(zip(lines, keys, strict=True)):
        if len(key) >= PULLED and line.text[0] in '"“„«' and whole.count(key) > keys.count(key):
            line.drop("repeated", "is pulled out of a paragraph")
            below = lines[place + 1] if place + 1 < len(lines) else None
            if below and below.text[0] in "—–-" and len(below.text) <= SIGNATURE and ends_open(below.text):
                below.drop("repeated", "says whose words are pulled out")


def _leading(lines: Sequence[Line]) -> None:
    """Labels of up to four words before the first paragraph."""
    for line in lines[:-3]:
        if not ends_open(line.text) or len(line.text.split()) > 4:
            break
        line.drop("menu", "a label before the text")


def _trailing(lines: Sequence[Line], links: frozenset[str]) -> None:
    """Headings, labels, links and their teasers after the last paragraph, unless they are a good part of the text."""
    most = TRAILING * sum(len(line.text) for line in lines)
    tail: list[Line] = []
    for place in range(len(lines) - 1, -1, -1):
        line, above = lines[place], lines[place - 1] if place else None
        if not (
            _is_loose(line, links)
            or (tail and _heads_list(line))
            or _is_teaser(line, above, links)
            or (not tail and _is_fragment(line))
        ):
            break
        tail.append(line)
    if len(lines) - len(tail) >= 3 and sum(len(line.text) for line in tail) <= most:
        for line in tail:
            line.drop("related", "a heading or link with nothing below it")


def _is_loose(line: Line, links: frozenset[str]) -> bool:
    """A heading, label or link; no item of a list."""
    item = (line.form is ParagraphKind.LIST_ITEM or line.text[0] in "•-*") and normalised(line.text) not in links
    return not item and len(line.text) < 160 and ends_open(line.text)


def _heads_list(line: Line) -> bool:
    return line.text[-1] == ":" and len(line.text) < 60


def _is_teaser(line: Line, above: Line | None, links: frozenset[str]) -> bool:
    return above is not None and len(line.text) < 300 and normalised(above.text) in links


def _is_fragment(line: Line) -> bool:
    return line.text[0].islower() and len(line.text) < 60


def _biographies(lines: Sequence[Line], found: Found) -> None:
    """Who the author is and where to reach them, near either end."""
    if len(lines) <= 4:
        return
    for line in {id(line): line for line in [*lines[:2], *lines[-4:]]}.values():
        if is_biography(line.text):
            line.drop("byline", "says who an author is")
            if name := author_and_role(line.text):
                add_once(found.authors, name)
