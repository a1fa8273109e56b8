"""Clean: from what a publisher sent to readable text and stated facts."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from schemas.article import CleanArticle, Flag, RawArticle, Removed, instant
from schemas.base import constructed
from streams.stage import Outcome, Reason, Reject
from streams.text.classifier import line_classifier
from streams.text.dates import Stated, stated
from streams.text.found import Line
from streams.text.hygiene import decoded, one_line
from streams.text.language import language_of
from streams.text.normal import revision_of
from streams.text.paragraphs import joined, kind_of
from streams.text.reading import Reading, Refused, read
from streams.text.urls import canonical_url
from streams.text.walls import Evidence, paywalled, wall_of

CLEANER = f"12.{line_classifier().version[:8]}"
"""Changes whenever the same raw article may give another text: rules by hand, weights by their hash."""
HEAVY = 20_000
"""Characters of HTML above which an article is worked on outside the event loop's process."""
MANY_LINES = 500
"""Lines of plain text above which it is, too."""
METERED = 1_500
"""Characters from which a text that is not free is taken to be all of it: most such pages only count their readers."""
IN_FUTURE = timedelta(hours=1)
"""How far a stated time may lie ahead of the record's before it is flagged: clocks differ."""
EARLIEST = 1990
_GIVEN = set(Removed.model_fields)

Tier = Literal["full", "overload"]
Origin = Literal["page", "text", "feed", "url"]


def is_heavy(article: RawArticle) -> bool:
    """Whether cleaning may take longer than the event loop can wait."""
    text = article.text or ""
    return len(article.html or "") > HEAVY or len(text) > 2 * HEAVY or text.count("\n") > MANY_LINES


def clean(article: RawArticle) -> Outcome[CleanArticle]:
    """Reduce an article to its readable text and the facts it states; reject one that has none."""
    return _cleaned(article, "full")


def overload_clean(article: RawArticle) -> Outcome[CleanArticle]:
    """The same by the cheap extractor, for a worker that cannot keep up; marked ``tier="overload"``."""
    return _cleaned(article, "overload")


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """What became of one line of the text (for pages: one block of what the extractor found), and why."""

    line: int
    text: str
    kept: bool
    kind: str
    why: str


def explain(article: RawArticle) -> list[ExplainedLine]:
    """Line by line what ``clean`` keeps and drops, and why; one line of kind ``rejected`` for a wall."""
    reading = _read(article, "full")
    if isinstance(reading, Refused):
        return [ExplainedLine(0, "", False, "rejected", reading.detail)]
    lines = [_explained(line) for line in reading.lines if line.text]
    outcome = _outcome(article, reading, "full")
    if isinstance(outcome, Reject):
        lines.append(ExplainedLine(0, "", False, "rejected", f"{outcome.reason}: {outcome.detail}"))
    return lines


def _explained(line: Line) -> ExplainedLine:
    kind = kind_of(line).value if line.kept else line.kind
    why = f"{line.why}; cut {line.cut!r}" if line.cut else line.why
    return ExplainedLine(line.number, line.text, line.kept, kind, why)


def _cleaned(article: RawArticle, tier: Tier) -> Outcome[CleanArticle]:
    reading = _read(article, tier)
    if isinstance(reading, Refused):
        return Reject(Reason.TOO_LARGE, reading.detail)
    return _outcome(article, reading, tier)


def _read(article: RawArticle, tier: Tier) -> Reading | Refused:
    title = one_line(decoded(article.title)) if article.title else None
    return read(article.html, article.text, title or None, article.language, article.url, tier)


def _outcome(article: RawArticle, reading: Reading, tier: Tier) -> Outcome[CleanArticle]:
    kept = reading.kept
    wall = wall_of(_evidence(article, reading))
    if wall:
        return Reject(Reason(wall.reason), wall.detail)
    if not any(map(str.isalpha, "".join(line.text for line in kept)[:100_000])):
        empty = article.html is not None and len(reading.seen) < 200
        return Reject(Reason.EMPTY_SHELL if empty else Reason.NO_TEXT, "no line of it reads as an article")
    return [_article(article, reading, kept, tier)]


def _evidence(article: RawArticle, reading: Reading) -> Evidence:
    page = reading.metadata
    return Evidence(
        kept=[line.text for line in reading.kept], around=reading.around, seen=reading.seen,
        title=reading.found.title, kinds=page.kinds, linked=reading.linked, listed=reading.listed,
        dated=bool(page.published or article.published or reading.found.published),
    )  # fmt: skip


def _article(article: RawArticle, reading: Reading, kept: list[Line], tier: Tier) -> CleanArticle:
    found, page = reading.found, reading.metadata
    body, paragraphs = joined((line.text, kind_of(line, last=line is kept[-1])) for line in kept)
    language = language_of(body, article.language or page.language)
    published, origin = _published(article, reading)
    updated, updated_origin = _updated(reading)
    flags = _flags(article, reading, published, body, language.disputed)
    return CleanArticle(
        id=article.id, position=article.position, first_seen=article.first_seen,
        revision=revision_of(found.title, body), title=found.title, body=body, paragraphs=paragraphs,
        standfirst=found.standfirst, url=canonical_url(article.url) or page.url,
        source=found.source or article.source or page.publisher,
        publisher=page.publisher or article.source or found.publisher,
        authors=page.authors or tuple(found.authors), editor=found.editor,
        published=published and published.value, published_precision=published and published.precision,
        published_origin=origin, updated=updated and updated.value, updated_precision=updated and updated.precision,
        updated_origin=updated_origin, section=found.section or page.section,
        language=language.code, language_confidence=language.confidence,
        captions=tuple(found.captions), credits=tuple(found.credits), tags=page.tags, flags=flags,
        feed=article.feed, backlog=article.backlog, cleaner=CLEANER, tier=tier, removed=tuple(_removed(reading.lines)),
    )  # fmt: skip


def _removed(lines: tuple[Line, ...]) -> list[Removed]:
    gone = [(line.kind, line.text, line.number) for line in lines if line.text and not line.kept]
    gone += [("span", line.cut, line.number) for line in lines if line.cut]
    return [constructed(Removed, {"kind": kind, "text": text, "line": line}, _GIVEN) for kind, text, line in gone]


def _published(article: RawArticle, reading: Reading) -> tuple[Stated | None, Origin | None]:
    """The page's own date, else the feed's, else the text's, else the address's."""
    page, found = reading.metadata, reading.found
    given = stated(article.published)
    if page.published and page.origin == "page":
        return page.published, "page"
    if given:
        return given, "feed"
    if found.published:
        return found.published, "text"
    return (page.published, "url") if page.published else (None, None)


def _updated(reading: Reading) -> tuple[Stated | None, Literal["page", "text"] | None]:
    if reading.metadata.updated:
        return reading.metadata.updated, "page"
    return (reading.found.updated, "text") if reading.found.updated else (None, None)


def _flags(
    article: RawArticle, reading: Reading, published: Stated | None, body: str, disputed: bool
) -> tuple[Flag, ...]:
    flags = [*reading.found.flags]
    size = sum(len(line.text) for line in reading.kept)
    if (reading.metadata.free is False and size < METERED) or paywalled(reading.around, body):
        flags.append(Flag.PARTIAL)
    flags += _date_flags(article, published)
    if disputed:
        flags.append(Flag.LANGUAGE_DISPUTED)
    return tuple(dict.fromkeys(flags))


def _date_flags(article: RawArticle, published: Stated | None) -> list[Flag]:
    if published is None:
        return [Flag.PUBLISHED_UNREADABLE] if article.published not in (None, "") else []
    flags = [Flag.PUBLISHED_WITHOUT_ZONE] if "no zone" in published.precision else []
    moment = instant(published.value)
    if moment is None:
        return flags
    if moment.year < EARLIEST:
        flags.append(Flag.PUBLISHED_IMPLAUSIBLE)
    if article.first_seen and moment > article.first_seen + IN_FUTURE:
        flags.append(Flag.PUBLISHED_IN_FUTURE)
    return flags
