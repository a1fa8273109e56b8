"""When a page says it was published, where no field of it says so: below its title, in a script, in its address.

And in which zone: where the page states the same moment with the publisher's own zone, that form is
the one its readers see.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone

from lxml.html import HtmlElement

from streams.text.dates import DAY_PATTERN, TIME_OF_DAY, Stated, stated
from streams.text.metadata import Metadata
from streams.text.months import days_abroad
from streams.text.names import authors_below
from streams.text.normal import normalised
from streams.text.published import EARLIEST, UPDATED, WEEKDAY, compact_day
from streams.text.runs import BLOCKS, HEADINGS, UNREAD, Runs
from streams.text.sentences import ends_sentence, is_caseless

BEFORE, AFTER = 60, 250
"""Elements above and below the title among which its date is looked for."""
PROSE, MOST_PROSE = 80, 1
"""Characters of a line of prose, and how many of them may stand between the title and its date."""
LONGEST, WORDS = 160, 20
"""Characters and words of a line with a date."""
MOST_HEADINGS = 60
_OLD_TITLES = frozenset(("b", "strong", "font", "big", "span", "div", "td", "p", "center"))
"""What titles stood in before headings were used for them."""
MOST_LINES = 2_000
"""Lines of a page that are searched for the day of its posting."""
READ = 500_000
"""Characters of a page whose scripts are searched."""
BYLINE = 3
"""Lines from the byline on that may have its date."""
LABEL = 40
"""Characters before a date that may say which it is."""
_PUBLISHED = re.compile(
    r"\b(?:publi\w+|posted|veröffentlicht|erstellt|pubblicato|gepubliceerd|опубликовано|opublikowano|yayınlanma|掲載|公開|发布|입력)\b\W*(?:on|at|am|le|el|il|em|op|date"
    r"|time)?\W*(?:\w+day)?\W*$|\b(?:posted|published|submitted|written) by\b.{2,30}\bon\W*(?:\w+day)?\W*$",
    re.I,
)
_OTHERS = re.compile(
    r"\b(?:joined|registered|registriert|inscrit|member since|born|expires|valid (?:until|through))\W*(?:\w{3,9}\W*)?$",
    re.I,
)
"""What stands before the day of something else: forums tell when a writer joined."""
_DATE = re.compile(r"\W*(?:date|datum|fecha|data)\W*", re.I)
_ORIGINALLY = re.compile(r"(?:originally|first) (?:published|posted)\W*(?:on|at)?\W*$", re.I)
_SCRIPTED = re.compile(
    r"(?:date-?_?published|publish(?:ed)?_?(?:date|at|time|on)|pub_?date|publication_?date|first_?published(?:_?at)?"
    r"|data-pub_date)[\"'\\]*\s*[:=]\s*[\"'\\]*(?P<date>\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?"
    r"(?:Z|[+-]\d\d:?\d\d)?)?)",
    re.I,
)
_ENTRY = "This entry was posted on "  # and so on: where a blog's post is filed
_ZONES = {"ET": (-5, -4), "CT": (-6, -5), "MT": (-7, -6), "PT": (-8, -7)}
_ZONE = re.compile(r"\b(ET|CT|MT|PT)\b")


def lines_round_title(elements: Sequence[HtmlElement], title: str | None) -> tuple[list[str], list[str]]:
    """Short lines below the title and above it, the nearest first; ``elements`` are all of the page, in order.

    What stands between two edges of blocks is a line, its inline elements parted by blanks.
    """
    place = _title_place(elements, title)
    if place is None:
        return [], []
    above = list(_lines(map(_read, elements[max(0, place - BEFORE) : place])))
    behind = itertools.islice(_read(elements[place]), 1, None)
    below = _lines([behind, *map(_read, elements[place + 1 : place + 1 + AFTER])])
    return list(_short(below)), list(_short(reversed(above)))


def _title_place(elements: Sequence[HtmlElement], title: str | None) -> int | None:
    """Where the title stands: the heading that is it, else the longest first-level one, else what is as it is."""
    first_ones = itertools.islice((pair for pair in enumerate(elements) if pair[1].tag in HEADINGS), MOST_HEADINGS)
    texts = [(place, each.tag, normalised(each.text_content())) for place, each in first_ones]  # type: ignore[no-untyped-call]
    wanted = normalised(title or "")
    headings = [heading for heading in texts if _is_wordy(heading[2]) or heading[2] == wanted]
    same = [(tag != "h1", place) for place, tag, text in headings if wanted and wanted.startswith(text)]
    first = [(len(text), place) for place, tag, text in headings if tag == "h1"]
    if same or first:
        return min(same)[1] if same else max(first)[1]
    return _unmarked_title(elements, wanted)


def _unmarked_title(elements: Sequence[HtmlElement], wanted: str) -> int | None:
    """Where the title stands on a page without headings: the first element that has it and nothing else."""
    texts = ((place, each.text) for place, each in enumerate(elements) if len(each) == 0 and each.tag in _OLD_TITLES)
    same = (place for place, text in texts if text and len(text) < 2 * LONGEST and normalised(text) == wanted)
    return next(same, None) if wanted else None


def _is_wordy(text: str) -> bool:
    """Whether a heading has three words, or is in a script without spaces."""
    return len(text.split()) >= 3 or (len(text) >= 8 and is_caseless(text))


def _lines(texts: Iterable[Iterable[tuple[str, bool]]]) -> Iterator[str]:
    pieces: list[str] = []
    for text, edge in itertools.chain.from_iterable(texts):
        if edge:
            yield " ".join(pieces)
            pieces = []
        pieces += text.split()
    yield " ".join(pieces)


def _read(element: HtmlElement) -> Iterator[tuple[str, bool]]:
    """The text right behind the beginning of an element, and behind every end that comes before the next
    beginning; with each, whether that is an edge of a block."""
    silent = element.tag in UNREAD or element.tag == "figcaption"
    yield "" if silent else element.text or "", _is_edge(element)
    last: HtmlElement | None = None if len(element) else element
    while last is not None:
        yield last.tail or "", _is_edge(last)
        last = last.getparent() if last.getnext() is None else None


def _is_edge(element: HtmlElement) -> bool:
    return element.tag in BLOCKS or element.tag == "br"


def _short(lines: Iterable[str]) -> Iterator[str]:
    """The lines that may have a date, up to where the text has begun."""
    prose = 0
    for line in lines:
        prose += len(line) >= PROSE and bool(ends_sentence(line))
        if prose > MOST_PROSE:
            return
        if line and len(line) <= LONGEST and len(line.split()) <= WORDS and line[0] not in "-–—":
            yield line


def dates_in(line: str) -> Iterator[tuple[str, Stated]]:
    """The days that a line states, each with its time of day and what stands before it."""
    places = [found.span() for found in DAY_PATTERN.finditer(line)]
    if not places:
        places = [(start, end) for _, start, end in days_abroad(line)]
    ends = [*(start for start, _ in places), len(line)][1:]
    for (start, _), end in zip(places, ends, strict=True):
        date = stated(line[start:end])
        if date and date.precision != TIME_OF_DAY and date.value >= EARLIEST:
            label = line[max(0, start - LABEL) : start]
            if not _OTHERS.search(label):
                yield label, date


def settle_date(
    metadata: Metadata, page: Runs, html: str, round_title: tuple[Sequence[str], Sequence[str]] = ((), ())
) -> None:
    """Give ``metadata`` the date the page shows, where it states none; and the zone that it shows."""
    below, above = round_title
    dated = [pair for line in below for pair in dates_in(line)]
    metadata.updated = metadata.updated or next((date for label, date in dated if UPDATED.search(label)), None)
    if metadata.published is not None:
        metadata.published = localised(metadata.published, [*below, *above, *metadata.times])
        return
    dated = [pair for line in _from_byline(below) for pair in dates_in(line)]
    named = next((date for label, date in dated if _PUBLISHED.search(label)), None) or _originally(page)
    shown = next((date for label, date in dated if not UPDATED.search(label)), None)
    beside = (date for line in above if not WEEKDAY.match(line) for label, date in dates_in(line)
              if not UPDATED.search(label))  # fmt: skip
    placed = metadata.placed if metadata.placed and _not_after(metadata.placed, metadata.updated) else None
    found = named or shown or _scripted(html) or placed or next(beside, None) or _posted(page)
    by_url = metadata.by_url or (None if found else compact_day(metadata.url))
    if by_url and not named and (found is None or found.value[:10] != by_url.value):
        metadata.published, metadata.origin = by_url, "url"
    else:
        metadata.published = found


def _from_byline(lines: Sequence[str]) -> Sequence[str]:
    """``lines`` with the byline first and what stands right below it, if either has a date: boxes may stand before."""
    place = next((place for place, line in enumerate(lines) if authors_below([line])), 0)
    near = lines[place : place + BYLINE]
    return [*near, *lines] if any(True for line in near for _ in dates_in(line)) else lines


def _not_after(date: Stated, updated: Stated | None) -> bool:
    """Whether ``date`` may be that of an article that was ``updated``; a later one is another's."""
    return updated is None or date.value[:10] <= updated.value[:10] or updated.precision == TIME_OF_DAY


def _originally(page: Runs) -> Stated | None:
    """The date in a line of the text that says when it was first published, and nothing more."""
    lines = (run.text for run in page.runs if len(run.text) <= LONGEST and "published" in run.text)
    return next((date for line in lines for label, date in dates_in(line) if _ORIGINALLY.search(label)), None)


def _posted(page: Runs) -> Stated | None:
    """The day that lines anywhere on the page name as that of publication, if they name one only."""
    told = (run.text[:LONGEST] if run.text.startswith(_ENTRY) else run.text for run in page.runs)
    short = (text for text in told if len(text) <= LONGEST and any(map(str.isdecimal, text)))
    lines = itertools.islice(short, MOST_LINES)
    dated = itertools.chain.from_iterable(map(dates_in, lines))
    found = [date for label, date in dated if _PUBLISHED.search(label) or _DATE.fullmatch(label)]
    return found[0] if len({date.value[:10] for date in found}) == 1 else None


def _scripted(html: str) -> Stated | None:
    """The day that the page's scripts and attributes name as that of publication, if they name one only."""
    text = html[:READ].replace("&quot;", '"')
    found = [date for match in _SCRIPTED.finditer(text) if (date := stated(match["date"]))]
    return found[0] if len({date.value[:10] for date in found}) == 1 else None


def localised(published: Stated, shown: Iterable[str]) -> Stated:
    """``published`` in the zone in which ``shown`` state the same moment; as it is where none of them does.

    >>> localised(Stated("2023-12-22T18:30:00+00:00", "second"), ["December 23, 2023, 5:30 AEDT"]).value
    '2023-12-23T05:30:00+11:00'
    """
    moment = _moment(published.value)
    if moment is None or moment.utcoffset() != timedelta(0):
        return published
    for text in shown:
        other = stated(text)
        if other is not None and (zone := _zone_of(moment, other, text)):
            return Stated(moment.astimezone(zone).isoformat(), published.precision)
    return published


def _moment(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _zone_of(moment: datetime, other: Stated, text: str) -> timezone | None:
    """The zone in which ``other`` is the same minute as ``moment``."""
    if len(other.value) < 16:
        return None
    local = datetime.fromisoformat(other.value)
    if local.tzinfo is not None:
        offset = local.utcoffset() or timedelta(0)
        same = abs(local - moment) < timedelta(minutes=1)
        return timezone(offset) if same and offset else None
    offset = local.replace(second=0) - moment.astimezone(UTC).replace(tzinfo=None, second=0, microsecond=0)
    named = _ZONE.search(text)
    known = [timedelta(hours=hours) for hours in _ZONES[named[1]]] if named else []
    exact = local.second == moment.second != 0 and offset % timedelta(minutes=30) == timedelta(0)
    near = timedelta(hours=-12) <= offset <= timedelta(hours=14)
    return timezone(offset) if offset and (offset in known or (exact and near)) else None
