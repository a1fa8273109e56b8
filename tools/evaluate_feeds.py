"""Measure the reading of feeds: conformance cases, real feeds against feedparser, delays under the rule for intervals.

evaluate_feeds.py cases FILE.jsonl.gz | real DIRECTORY | intervals
"""

import gzip
import json
import random
import sys
import time
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from schemas.article import instant  # noqa: E402
from streams.ingest.document import Document, NotAFeedError, read_quickly, read_thoroughly  # noqa: E402
from streams.ingest.schedule import next_interval  # noqa: E402

HERE = "http://example.com/feed"
DAY = 86400.0


def cases(path: Path) -> None:
    """How many assertions hold; those about authors are left out, for articles carry none."""
    right = total = quick = 0
    found = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    for case in found:
        content = case["document"].encode()
        document = read_quickly(content, HERE)
        quick += document is not None
        for wanted in case["assertions"]:
            if wanted["field"] != "author":
                total, right = total + 1, right + _holds(document or read_thoroughly(content, HERE), wanted)
    print(f"{right} of {total} assertions hold; {quick} of {len(found)} documents read quickly")


def _holds(document: Document, wanted: dict[str, Any]) -> bool:
    place: Any = document if wanted["at"] == "feed" else document.entries[int(wanted["at"][8:-1])]
    name = wanted["field"]
    if place is not document:
        name = {"id": "guid", "link": "url"}.get(name, name)
    value = place.content or place.summary if name == "content" else getattr(place, name)
    if name == "published":
        return datetime.fromisoformat(value) == datetime.fromisoformat(wanted.get("equals_time") or wanted["equals"])
    return _folded(value) == _folded(wanted["equals"])


def _folded(text: object) -> str:
    return " ".join(unescape(str(text)).split())


def real(folder: Path) -> None:
    """Entries found, agreement with feedparser, CPU time a feed."""
    rows = [json.loads(line) for line in (folder / "real.jsonl").read_text().splitlines()]
    complete = quickly = entries = titles = links = dates = 0
    spent = {read_quickly: 0.0, read_thoroughly: 0.0}
    for row in rows:
        content = gzip.decompress((folder / row["file"]).read_bytes())
        read: dict[Any, Document | None] = {}
        for parser in spent:
            started = time.process_time()
            try:
                read[parser] = parser(content, HERE)
            except NotAFeedError:  # feedparser knows no JSON Feed
                read[parser] = None
            spent[parser] += time.process_time() - started
        fast, slow = read[read_quickly], read[read_thoroughly]
        quickly += fast is not None
        best = fast or slow
        complete += best is not None and best.total == row["entries"]
        for one, other in zip(fast.entries, slow.entries, strict=True) if fast and slow else ():
            entries, titles = entries + 1, titles + (_folded(one.title) == _folded(other.title))
            links, dates = (
                links + (one.url == other.url),
                dates + (instant(one.published) == instant(other.published)),
            )
    print(f"{complete} of {len(rows)} feeds with every entry, {quickly} read quickly")
    print(f"of {entries} entries as feedparser has them: titles {titles}, links {links}, dates {dates}")
    for parser, seconds in spent.items():
        print(f"{parser.__name__}: {1000 * seconds / len(rows):.1f} ms CPU a feed")


def by_share(interval: float, new: int, asked: float | None, window: int) -> float:
    """The rule of archives: longer when over two thirds of the entries were known, shorter when under one third."""
    known = 1 - min(new, window) / window
    chosen = 1800.0 if not interval else interval * (1.5 if known > 2 / 3 else 0.5 if known < 1 / 3 else 1)
    return max(600.0, min(DAY, asked or DAY, chosen))


def by_count(interval: float, new: int, asked: float | None, window: int) -> float:
    """Ours."""
    return next_interval(interval, new, asked)[0]


def intervals() -> None:
    """Polls a day, mean delay in minutes, and entries lost, for feeds that publish at random moments."""
    print("a day  entries  asked |   by share: polls  delay  lost |   by count: polls  delay  lost")
    for daily, window in ((200, 50), (50, 30), (24, 20), (10, 20), (5, 20), (1, 15)):
        for asked in (None, 3600.0, 300.0):
            told = [_played(rule, daily, window, asked) for rule in (by_share, by_count)]
            shown = " | ".join(f"{polls:17.0f}  {delay:5.0f}  {lost:4d}" for polls, delay, lost in told)
            print(f"{daily:5}  {window:7}  {asked or '-':>5} | {shown}")


def _played(rule: Any, daily: float, window: int, asked: float | None, days: int = 60) -> tuple[float, float, int]:
    chance, published = random.Random(1), [0.0]
    while published[-1] < days * DAY:
        published.append(published[-1] + chance.expovariate(daily / DAY))
    now = interval = 0.0
    polls = lost = seen = 0
    delays: list[float] = []
    while now < days * DAY:
        until = next(n for n in range(seen, len(published)) if published[n] > now)
        polls, lost = polls + 1, lost + max(0, until - seen - window)
        delays += [now - moment for moment in published[seen:until]]
        interval = rule(interval, until - seen, asked, window)
        now, seen = now + interval, until
    return polls / days, sum(delays) / len(delays) / 60, lost


def main() -> None:
    """Run what the words ask for."""
    match sys.argv[1:]:
        case ["cases", path]:
            cases(Path(path))
        case ["real", folder]:
            real(Path(folder))
        case ["intervals"]:
            intervals()
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
