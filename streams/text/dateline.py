"""When a page says it was published, where no field of it says so: below its title, in a script, in its address.

And in which zone: where the page states the same moment with the publisher's own zone, that form is
the one its readers see.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone

from streams.text.dates import TIME_OF_DAY, Stated, stated
from streams.text.metadata import Metadata
from streams.text.prose import is_prose
from streams.text.runs import Runs, key_of

BEFORE, AFTER = 4, 12
"""Runs above and below the title among which its date is looked for."""
LONGEST = 120
"""Characters of a line with a date."""
WORDS = 16
_UPDATED = re.compile(r"\W*(?:last )?(?:updated|modified|revised)\b", re.I)
_SCRIPTED = re.compile(
    r"(?:date-?_?published|publish(?:ed)?_?(?:date|at|time|on)|pub_?date|publication_?date|first_?published(?:_?at)?"
    r"|data-pub_date)[\"'\\]*\s*[:=]\s*[\"'\\]*(?P<date>\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?"
    r"(?:Z|[+-]\d\d:?\d\d)?)?)",
    re.I,
)
_ZONES = {"ET": (-5, -4), "CT": (-6, -5), "MT": (-7, -6), "PT": (-8, -7)}
_ZONE = re.compile(r"\b(ET|CT|MT|PT)\b")


def settle_date(metadata: Metadata, page: Runs, html: str) -> None:
    """Give ``metadata`` the date the page shows, where it states none; and the zone that it shows."""
    near = list(_near_title(page, metadata.title))
    if metadata.published is not None:
        metadata.published = localised(metadata.published, [*near, *metadata.times])
        return
    shown = (date for text in near if not _UPDATED.match(text) and (date := _day_of(text)))
    candidates: Iterable[Stated | None] = (next(shown, None), metadata.placed, _scripted(html))
    found = next((date for date in candidates if date), None)
    if metadata.by_url and (found is None or found.value[:10] != metadata.by_url.value):
        metadata.published, metadata.origin = metadata.by_url, "url"
    else:
        metadata.published = found


def _near_title(page: Runs, title: str | None) -> Iterator[str]:
    """Short lines round the title, those below it first; none for a page without one."""
    wanted = key_of(title or "")
    places = [place for place, run in enumerate(page.runs) if run.tag == "h1" and key_of(run.text) == wanted]
    if not places or not wanted:
        return
    below = page.runs[places[-1] + 1 : places[-1] + 1 + AFTER]
    first = next((place for place, run in enumerate(below) if is_prose(run) and run.tag == "p"), len(below))
    for run in (*below[:first], *reversed(page.runs[max(0, places[0] - BEFORE) : places[0]])):
        if len(run.text) <= LONGEST and run.tag != "figcaption" and len(run.text.split()) <= WORDS:
            yield run.text


def _day_of(text: str) -> Stated | None:
    date = stated(text)
    return date if date and date.precision != TIME_OF_DAY else None


def _scripted(html: str) -> Stated | None:
    """The day that the page's scripts and attributes name as that of publication, if they name one only."""
    found = [date for match in _SCRIPTED.finditer(html.replace("&quot;", '"')) if (date := stated(match["date"]))]
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
