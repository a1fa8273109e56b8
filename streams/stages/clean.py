"""Clean: from what a publisher sent to readable text and stated facts."""

from dataclasses import dataclass
from typing import Literal

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from schemas.article import CleanArticle, Flag, RawArticle, Removed
from streams.stage import Outcome, Reason, Reject
from streams.text.dates import Stated, stated
from streams.text.found import Found, Line
from streams.text.guards import page_problem
from streams.text.hygiene import decoded, one_line
from streams.text.language import language_of
from streams.text.normal import revision_of
from streams.text.pages import overload_text, page_parts
from streams.text.paragraphs import joined, kind_of
from streams.text.plain import CleanedText, cleaned_lines
from streams.text.urls import canonical_url

CLEANER = "1"
"""Changes whenever the same raw article may give another text."""
HEAVY = 20_000
"""Characters of HTML above which an article is worked on outside the event loop's process."""
LONGEST_TEXT = 1_000_000

Tier = Literal["full", "overload"]
Origin = Literal["page", "text", "feed", "url"]


def is_heavy(article: RawArticle) -> bool:
    """Whether cleaning may take longer than the event loop can wait."""
    return len(article.html or "") > HEAVY or len(article.text or "") > 10 * HEAVY


def clean(article: RawArticle) -> Outcome[CleanArticle]:
    """Reduce an article to its readable text and the facts it states; reject one that has none."""
    return _cleaned(article, "full")


def overload_clean(article: RawArticle) -> Outcome[CleanArticle]:
    """The same by the cheap extractor, for a worker that cannot keep up."""
    return _cleaned(article, "overload")


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """What became of one line, and why."""

    line: int
    text: str
    kept: bool
    kind: str
    why: str


def explain(article: RawArticle) -> list[ExplainedLine]:
    """Line by line what ``clean`` keeps and drops."""
    text = _text_of(article, "full")
    if isinstance(text, Reject):
        return []
    return [ExplainedLine(line.number, line.text, line.kept, line.kind, line.why) for line in text.lines if line.text]


def _cleaned(article: RawArticle, tier: Tier) -> Outcome[CleanArticle]:
    text = _text_of(article, tier)
    if isinstance(text, Reject):
        return text
    kept = [line for line in text.lines if line.kept and line.text]
    if not kept:
        return Reject(Reason.NO_TEXT, "no line of it reads as an article")
    return [_article(article, text, kept, tier)]


def _text_of(article: RawArticle, tier: Tier) -> CleanedText | Reject:
    title = one_line(decoded(article.title)) if article.title else None
    if article.html is not None:
        if problem := page_problem(article.html):
            return Reject(Reason.TOO_LARGE, problem)
        source = _page_text(article.html, tier)
    else:
        source = article.text or ""
        if len(source) > LONGEST_TEXT:
            return Reject(Reason.TOO_LARGE, f"{len(source)} characters, at most {LONGEST_TEXT} are read")
    language = language_of(source[:4000], article.language).code
    return cleaned_lines(source, title, language)


def _page_text(html: str, tier: Tier) -> str:
    if tier == "overload":
        return overload_text(html)
    try:
        parser = HTMLParser(remove_comments=True, remove_pis=True)  # type: ignore[no-untyped-call]
        tree: HtmlElement = document_fromstring(html, parser=parser)  # type: ignore[no-untyped-call]
    except (etree.ParserError, ValueError):
        return ""
    return "\n\n".join(text for text, _ in page_parts(tree))


def _article(article: RawArticle, text: CleanedText, kept: list[Line], tier: Tier) -> CleanArticle:
    found = text.found
    body, paragraphs = joined((line.text, kind_of(line.text, line is kept[-1])) for line in kept)
    language = language_of(body, article.language)
    published, origin = _published(article, found)
    flags = [*found.flags, *([Flag.LANGUAGE_DISPUTED] if language.disputed else [])]
    return CleanArticle(
        id=article.id, position=article.position, first_seen=article.first_seen,
        revision=revision_of(found.title, body), title=found.title, body=body, paragraphs=paragraphs,
        standfirst=found.standfirst, url=canonical_url(article.url),
        source=found.source or article.source, publisher=article.source or found.publisher,
        authors=tuple(found.authors), editor=found.editor,
        published=published and published.value, published_precision=published and published.precision,
        published_origin=origin, updated=found.updated and found.updated.value,
        updated_precision=found.updated and found.updated.precision,
        updated_origin="text" if found.updated else None, section=found.section,
        language=language.code, language_confidence=language.confidence,
        captions=tuple(found.captions), credits=tuple(found.credits), flags=tuple(flags),
        feed=article.feed, backlog=article.backlog, cleaner=CLEANER, tier=tier,
        removed=tuple(_removed(text.lines)),
    )  # fmt: skip


def _removed(lines: tuple[Line, ...]) -> list[Removed]:
    gone = [Removed(kind=line.kind, text=line.text, line=line.number) for line in lines if line.text and not line.kept]
    return gone + [Removed(kind="date", text=line.cut, line=line.number) for line in lines if line.cut]


def _published(article: RawArticle, found: Found) -> tuple[Stated | None, Origin | None]:
    if article.published is not None and (date := stated(article.published)):
        return date, "feed"
    return (found.published, "text") if found.published else (None, None)
