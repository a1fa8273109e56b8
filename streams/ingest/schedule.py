"""When a feed is asked again: as often as it brings news, as its publisher asks, and less often while it fails."""

import re
from email.utils import parsedate_to_datetime

LEAST = 600.0
MOST = 24 * 3600.0
FIRST = 1800.0
"""Seconds between polls: the least, the most, and before anything is known of a feed."""
UNSAID = 2 * 3600.0
"""The most where the publisher does not say how often it wants to be asked."""
LONGER, SHORTER = 1.5, 0.5
SPREAD = 0.1
"""Share of an interval by which polls are put off at random, so that feeds added together do not stay together."""

_MAX_AGE = re.compile(r"(?:^|[\s,])(?:max-age|s-maxage)\s*=\s*\"?(\d{1,9})", re.I)


def next_interval(interval: float, new: int, asked: float | None) -> tuple[float, str]:
    """Seconds until the next poll after one that succeeded, and where they come from.

    ``interval`` is the last one, 0 at first; ``new`` how many entries were; ``asked`` is the publisher's own word (ttl,
    Cache-Control, ...), which an interval is never longer than. It aims at one new entry a poll: steering by the share
    of entries that are new, as archives do, finds what a feed of twenty brings hours later (docs/quality/ingest.md).
    """
    if not interval:
        chosen, why = FIRST, "the first reading"
    elif new > 1:
        chosen, why = interval * SHORTER, "several were new"
    else:
        chosen, why = (interval, "one was new") if new else (interval * LONGER, "nothing was new")
    most, bound = (min(asked, MOST), "as the publisher asks") if asked else (UNSAID, f"{why}; no longer")
    if chosen > most:
        chosen, why = most, bound
    return (chosen, why) if chosen > LEAST else (LEAST, f"{why}; no shorter")


def pause_after_errors(interval: float, errors: int, asked: float | None = None) -> float:
    """Seconds until the next try after ``errors`` failures in a row: linear, and at least what the server asked for."""
    grown = max(interval or FIRST, LEAST) * max(1, errors)
    return max(min(grown, MOST), min(asked or 0.0, MOST))


def put_off(seconds: float, chance: float) -> float:
    """``seconds`` and a little more; ``chance`` is in [0, 1)."""
    return seconds * (1 + SPREAD * chance)


def fresh_seconds(cache_control: str | None, expires: str | None, date: str | None) -> float | None:
    """For how long an answer says it stays fresh; None where it does not say, or says not at all."""
    if found := _MAX_AGE.search(cache_control or ""):
        return float(found[1]) or None
    if not expires or not date:
        return None
    try:
        seconds = (parsedate_to_datetime(expires) - parsedate_to_datetime(date)).total_seconds()
    except (ValueError, TypeError):
        return None
    return seconds if seconds > 0 else None
