"""Times as a page or text states them: value, precision, and nothing that was not said."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime

from streams.text.months import day_abroad

TIME_OF_DAY = "time-of-day, no date, no zone"
NO_YEARS = ("0000-", "0001-")
"""What some systems print where they know no time."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "bst": 60, "ist": 330, "cet": 60, "cest": 120, "eet": 120, "eest": 180, "msk": 180,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
    "akst": -540, "akdt": -480, "hst": -600, "hkt": 480, "sgt": 480, "jst": 540, "kst": 540, "aest": 600, "aedt": 660,
    "nzst": 720, "nzdt": 780,
}  # fmt: skip
_MONTH = r"(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
DAY_PATTERN = re.compile(
    rf"\b(?:{_MONTH}\s+{_DAY}\s*,?\s+{_YEAR}|{_DAY.replace('day', 'day2')}(?:\.?\s+(?:of\s+)?|-)"
    rf"{_MONTH.replace('month', 'month2')}(?:,?\s+|-){_YEAR.replace('year', 'year2')}"
    r"|(?P<year3>(?:19|20)\d\d)[-/.](?P<month3>\d{1,2})[-/.](?P<day3>\d{1,2})"
    r"|(?P<one>\d{1,2})(?P<mark>[/-]|\.\s?)(?P<two>\d{1,2})(?P=mark)(?P<year4>(?:19|20)\d\d)"
    r"|(?P<one5>\d{1,2})/(?P<two5>\d{1,2})/(?P<year5>\d\d)(?![/%]))(?!\d)",
    re.I,
)
_OFFSET = r"[+-](?:0\d|1[0-4])(?:[03]0|45)"
"""Of a zone, in hours and minutes: four digits, since ``10:30-11:30`` is from one hour to another."""
TIME_PATTERN = re.compile(
    r"(?<![\d:.])(?P<hour>\d{1,2})(?:(?::|\."
    r"|h|[時时시]\s?)(?P<minute>[0-5]\d)[分분]?(?::(?P<second>[0-5]\d))?)?\s*(?P<half>[ap]\.?\s?m\b\.?)?"
    rf"(?:\s*\(?(?P<zone>(?:UTC|GMT)\s?[+-]\d\d?(?::?[0-5]\d)?|{_OFFSET}|{'|'.join(_ZONES)}|ET|CT|MT|PT)\b\)?)?",
    re.I,
)
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?)?", re.I
)
_ISO_MONTH = re.compile(r"(\d{4})-(\d\d)")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{4})?)?", re.I)
_NUMBER = re.compile(r"-?\d{1,17}(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Stated:
    """A time as ISO 8601 and how precisely its source gives it."""

    value: str
    precision: str


def stated(source: str | int | float | None) -> Stated | None:
    """The time that ``source`` states (ISO 8601, epoch, RFC 822, or written out in English); None if it states none.

    Nothing is filled in: a day without a time stays a day, a time without a zone gets none, a time of
    day without a date stays one, and words such as "yesterday" are no date.
    """
    if source is None or isinstance(source, bool):
        return None
    if isinstance(source, int | float):
        return _epoch(source)
    text = source.strip()[:200]
    if text.startswith(NO_YEARS):
        return None
    figures = text[:1].isdecimal() or text[:1] == "-"
    readers = (_compact, _number, _iso, _rfc822, _written) if figures else (_rfc822, _written)
    return next((found for read in readers if (found := read(text))), None)


def _compact(text: str) -> Stated | None:
    """A day, with or without its time, as digits: ``20240105``, ``20240105T093000Z``."""
    found = _COMPACT.fullmatch(text)
    return _civil(found) if found else None


def _number(text: str) -> Stated | None:
    return _epoch(float(text)) if _NUMBER.fullmatch(text) and len(text) != 4 else None


def _epoch(seconds: int | float) -> Stated | None:
    if not abs(seconds) < 1e16:  # an int of JSON may be too large for a float
        return None
    while abs(seconds) > 1e11:
        seconds /= 1000
    try:
        return Stated((datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(seconds))).isoformat(), "second")
    except OverflowError:
        return None


def _iso(text: str) -> Stated | None:
    if month := _ISO_MONTH.fullmatch(text):
        return Stated(text, "month") if 1 <= int(month[2]) <= 12 else None
    found = _ISO.fullmatch(text)
    return _civil(found) if found else None


def _civil(found: re.Match[str]) -> Stated | None:
    """The time of a match that has year, month, day, hour, minute, second and zone."""
    year, month, day, hour, minute, second, zone = found.groups()
    try:
        if hour is None:
            return Stated(date(int(year), int(month), int(day)).isoformat(), "day")
        moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0))
        return _moment(moment, "second" if second else "minute", _offset(zone))
    except ValueError:
        return None


def _offset(zone: str | None) -> timezone | None:
    if zone is None:
        return None
    if zone[0] not in "+-":
        return UTC
    digits = zone[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return timezone(timedelta(minutes=-minutes if zone[0] == "-" else minutes)) if minutes else UTC


def _rfc822(text: str) -> Stated | None:
    if "," not in text[:5] or ":" not in text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return _moment(moment.replace(tzinfo=None), "second", moment.tzinfo)


def _moment(moment: datetime, precision: str, zone: object) -> Stated:
    if isinstance(zone, timezone):
        return Stated(moment.replace(tzinfo=zone).isoformat(), precision)
    return Stated(moment.isoformat(), f"{precision}, no zone")


def _written(text: str) -> Stated | None:
    day = DAY_PATTERN.search(text)
    abroad = None if day else day_abroad(text)
    if day is None and abroad is None:
        clock = _clock(text)
        return Stated(clock[0].strftime("%H:%M"), TIME_OF_DAY) if clock else None
    written, start, end = abroad or (day and _day(day), *(day.span() if day else (0, 0)))
    clock = _clock(text[:start] + " | " + text[end:])
    if written is None:
        return None
    if clock is None:
        return Stated(written.isoformat(), "day")
    return _moment(datetime.combine(written, clock[0]), "minute", clock[1])


def _day(found: re.Match[str]) -> date | None:
    part = found.groupdict()
    try:
        if part["year3"]:
            return date(int(part["year3"]), int(part["month3"]), int(part["day3"]))
        if part["year4"]:
            return _numeric_day(int(part["one"]), int(part["two"]), int(part["year4"]), dotted="." in found[0])
        if part["year5"]:
            return _numeric_day(int(part["one5"]), int(part["two5"]), 2000 + int(part["year5"]), dotted=False)
        month = _MONTHS[(part["month"] or part["month2"]).lower()]
        return date(int(part["year"] or part["year2"]), month, int(part["day"] or part["day2"]))
    except ValueError:
        return None


def _numeric_day(one: int, two: int, year: int, *, dotted: bool) -> date | None:
    """Day and month in figures only where their order cannot be mistaken: with dots, the day comes first."""
    if one > 12 or dotted:
        return date(year, two, one)
    if two > 12 or one == two:
        return date(year, one, two)
    return None


def _clock(text: str) -> tuple[time, timezone | None] | None:
    for found in TIME_PATTERN.finditer(text):
        half = (found["half"] or "").lower().replace(".", "").replace(" ", "")
        if not half and not found["minute"]:
            continue
        hour = int(found["hour"])
        if (half and not 1 <= hour <= 12) or hour > 23:
            continue
        if half:
            hour = hour % 12 + (12 if half == "pm" else 0)
        return time(hour, int(found["minute"] or 0)), _zone((found["zone"] or "").lower())
    return None


def _zone(name: str) -> timezone | None:
    """A zone by its name or its offset; None for names that stand for two offsets, by the season."""
    if sign := re.search("[+-]", name):
        hours, _, minutes = name[sign.end() :].partition(":")
        return _offset(sign[0] + hours.rjust(2, "0") + minutes)
    known = _ZONES.get(name)
    return None if known is None else timezone(timedelta(minutes=known)) if known else UTC
