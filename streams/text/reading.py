"""Reading an article: from a page, a fragment or plain text to lines with verdicts, and facts."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from schemas.article import ParagraphKind
from streams.text.blocks import page_lines, settle_blocks
from streams.text.boxes import Box
from streams.text.dateline import lines_round_title, settle_date
from streams.text.facts import settle_whole
from streams.text.feeds import cut_tail, flag_button
from streams.text.found import Found, Line, add_once
from streams.text.fragments import fragment_parts, has_tags, is_page
from streams.text.guards import depth_problem, page_problem
from streams.text.language import language_of
from streams.text.metadata import Metadata, metadata_of
from streams.text.names import MOST, names_in
from streams.text.normal import normalised
from streams.text.offers import settle_offers
from streams.text.outline import captions_of, restored, standfirst_of
from streams.text.pages import (
    Part,
    Shape,
    overload_text,
    page_parts,
    parsed,
    prepare,
    sample_of,
    shape_of,
    without_furniture,
)
from streams.text.plain import cleaned_lines
from streams.text.preformatted import preformatted_text
from streams.text.prose import is_listing, prose_of
from streams.text.remarks import remarks_of
from streams.text.runs import key_of, runs_of
from streams.text.scripted import data_of, scripted_authors, scripted_body
from streams.text.shown_authors import settled_authors
from streams.text.spans import credited
from streams.text.stated_head import stated_metadata
from streams.text.structure import keep_brief
from streams.text.titles import shown_title

LONGEST_TEXT, MOST_LINES = 1_000_000, 20_000
"""Characters and lines of plain text, blank ones too."""
TOP = 80
"""Runs of a page among which its title is looked for in another form."""
SHELL, BRIEF = 500, 1500
"""Characters from which the text in JSON-LD stands in for a page whose own text a script would load; up to which the
data of a page's scripts are asked whether the text goes on there."""
LISTED = 0.2
"""Share of a page's text that is links from which it is asked whether it is a list of them."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an article was not read at all."""

    detail: str


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as read: every line with its verdict, the facts of its text, those of its page."""

    lines: tuple[Line, ...]
    found: Found
    metadata: Metadata = field(default_factory=Metadata)
    seen: str = ""
    """The beginning of the visible text; of a page, only where nothing of it is kept."""
    linked: float = 0.0
    """Share of the kept text that is links."""
    listed: bool = False
    """Whether the kept text is links to other articles and what stands right below them."""

    @property
    def around(self) -> list[str]:
        """What was dropped from the text: of a page, not what stands in boxes of their own."""
        return [line.text for line in self.lines if not line.kept and line.text and not line.boxed]

    @property
    def kept(self) -> list[Line]:
        return [line for line in self.lines if line.kept and line.text]


def read(
    html: str | None, text: str | None, title: str | None, language: str | None, url: str | None,
    tier: Literal["full", "overload"],
) -> Reading | Refused:  # fmt: skip
    """Read what a publisher sent; ``title``, ``language`` and ``url`` are what it says beside it."""
    source = html if html is not None else text or ""
    if html is not None or has_tags(source):
        if problem := page_problem(source):
            return Refused(problem)
        if is_page(source):
            return _page(source, title, url) if tier == "full" else _overload(source, title, language, url)
        return _fragment(source, title, language)
    if len(source) > LONGEST_TEXT:
        return Refused(f"{len(source)} characters, at most {LONGEST_TEXT} are read")
    if source.count("\n") > MOST_LINES:
        return Refused(f"more than {MOST_LINES} lines")
    return _text(source, title, language)


def _text(text: str, title: str | None, language: str | None) -> Reading:
    cleaned = cleaned_lines(text, title, lambda: language_of(text[:2000], language).code)
    _settle_end(cleaned.lines, cleaned.found)
    return Reading(cleaned.lines, cleaned.found, seen=text[:4000])


def _settle_end(lines: Sequence[Line], found: Found) -> None:
    """What is looked at last in any form: offers of the rest, whether anything would be left, and how a text ends."""
    settle_offers(lines, found)
    keep_brief(lines, found)
    cut_tail(lines, found)


def _plain_page(text: str, metadata: Metadata, shape: Shape, title: str | None) -> Reading:
    """A page that is plain text, by what it states of itself outside it, too."""
    if metadata.published is None and metadata.by_url:
        metadata.published, metadata.origin = metadata.by_url, "url"
    linked = shape.linked / max(1, shape.text)
    return replace(_text(text, metadata.title or title, metadata.language), metadata=metadata, linked=linked)


def _page(html: str, title: str | None, url: str | None) -> Reading:
    if (tree := parsed(html)) is None:
        return Reading((), Found(title=title))
    elements = list(tree.iter())  # as long as they are held, no pass over the tree makes them again
    metadata, shape = metadata_of(tree, url), shape_of(tree)
    if (text := preformatted_text(tree, shape.text)) is not None:
        return _plain_page(text, metadata, shape, title)
    round_title = lines_round_title(elements, metadata.title)
    metadata.authors = settled_authors(metadata.stated_authors, round_title[0], metadata.publisher)
    found = Found(title=metadata.title or title)
    data = data_of(tree)
    boxes, taken = prepare(tree, shape, metadata.title)
    page = runs_of(without_furniture(tree))
    prose = prose_of(page)
    del elements
    settle_date(metadata, page, html, round_title)
    if found.title:
        found.title = shown_title(found.title, (run.text for run in page.runs[:TOP]))
    parts = _chosen(page_parts(html, tree, shape, prose, taken, metadata.title), metadata.body)
    metadata.authors = metadata.authors or _authors_of_scripts(parts, data, metadata)
    remarks = remarks_of(page)
    parts = restored(_of_scripts(parts, data, metadata), prose)
    parts = [part for part in parts if key_of(part.text) not in remarks]
    found.standfirst = standfirst_of(page, parts, metadata)
    captions = captions_of(page)
    _captions(captions, found)
    lines = page_lines(parts)
    titles = metadata.titles | {normalised(each) for each in (found.title, title) if each}
    settle_blocks(lines, frozenset(titles), shape.links, found)
    settle_whole(lines, found)
    _settle_end(lines, found)
    lines = _with_standfirst(lines, found)
    lines += _boxed([*boxes, *(Box("caption", caption) for caption in captions)], len(lines))
    seen = "" if any(line.kept for line in lines) else sample_of(html)
    listed = shape.linked >= LISTED * shape.text and is_listing(prose, [line.text for line in lines if line.kept])
    return Reading(tuple(lines), found, metadata, seen, _linked(lines, shape), listed)


def _captions(captions: Sequence[str], found: Found) -> None:
    """The captions of a page's figures, and whom its pictures are by."""
    for caption in captions:
        credit = credited(caption)
        add_once(found.captions, credit.caption if credit else caption)
        add_once(found.credits, credit.credit if credit else "")


def _with_standfirst(lines: list[Line], found: Found) -> list[Line]:
    """The standfirst of a page before its text."""
    opening = key_of(" ".join([line.text for line in lines if line.kept][:3]))
    if not found.standfirst or not opening or key_of(found.standfirst) in opening:
        return lines
    for line in lines:
        line.number += 1
    return [Line(1, found.standfirst, 0, why="the standfirst below the title", form=ParagraphKind.PARAGRAPH), *lines]


def _boxed(boxes: list[Box], last: int) -> list[Line]:
    """The boxes of a page as lines that were dropped, after its text; offers to pay for the rest are part of that."""
    why = {"table": "a table of figures", "caption": "stands below a picture"}
    named = "in a box that the page names so"
    return [
        Line(number, box.text, number, False, box.kind, why.get(box.kind, named), boxed=box.kind != "paywall")
        for number, box in enumerate(boxes, start=last + 1)
    ]


def _chosen(parts: list[Part], body: str | None) -> list[Part]:
    """The extracted parts; the text in the page's JSON-LD where they are hardly any of it."""
    if body is None or len(body) < SHELL:
        return parts
    size = sum(len(part.text) for part in parts)
    unbroken = len(parts) == 1 and "\n" in body and abs(size - len(body)) < size / 10
    if size > len(body) / 4 and not unbroken:
        return parts
    return [Part(line, ParagraphKind.PARAGRAPH) for line in body.split("\n") if line]


def _of_scripts(parts: list[Part], data: list[str], metadata: Metadata) -> list[Part]:
    """``parts``; the text in the data of the page's scripts where they are the beginning of it and less than half."""
    size = sum(len(part.text) for part in parts)
    if size > BRIEF or not data:
        return parts
    titles = {metadata.title or "", *metadata.titles}
    body = scripted_body(data, titles, [part.text for part in parts])
    if body is None or len(body) < 2 * size:
        return parts
    return [Part(line, ParagraphKind.PARAGRAPH) for line in body.split("\n") if line]


def _authors_of_scripts(parts: list[Part], data: list[str], metadata: Metadata) -> tuple[str, ...]:
    """Whom the data of a page's scripts name beside its title; only of a page that shows hardly any text itself."""
    if sum(len(part.text) for part in parts) > BRIEF:
        return ()
    names = scripted_authors(data, {metadata.title or "", *metadata.titles})
    return tuple(dict.fromkeys(name for each in names for name in names_in(each)))[:MOST]


def _overload(html: str, title: str | None, language: str | None, url: str | None) -> Reading | Refused:
    if problem := depth_problem(html):
        return Refused(problem)
    html = html.encode("utf-8", "replace").decode("utf-8")
    metadata = stated_metadata(html, url)
    reading = _text(overload_text(html), metadata.title or title, language or metadata.language)
    return replace(reading, metadata=metadata)


def _fragment(html: str, title: str | None, language: str | None) -> Reading:
    parts, links, captions = fragment_parts(html)
    found = Found(title=title)
    lines = page_lines(parts)
    settle_blocks(lines, frozenset([normalised(title)] if title else []), links, found)
    for caption in captions:
        add_once(found.captions, caption)
    settle_whole(lines, found)
    _settle_end(lines, found)
    flag_button(lines, found)
    seen = "\n".join(part.text for part in parts)
    linked = sum(len(part.text) for part in parts if normalised(part.text) in links)
    shape = Shape(len(seen), len(seen), linked, links)
    return Reading(tuple(lines), found, seen=seen[:4000], linked=_linked(lines, shape))


def _linked(lines: list[Line], shape: Shape) -> float:
    """Share of the kept text that is links; of the whole page where nothing was kept."""
    kept = [line.text for line in lines if line.kept]
    if not kept:
        return shape.linked / max(1, shape.text)
    return sum(len(text) for text in kept if normalised(text) in shape.links) / sum(map(len, kept))
