"""Which entries of a document are new, whatever a publisher does to guids and links."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import unescape

from schemas.article import RawArticle
from schemas.feed import Feed, FeedState
from streams.ingest.document import Document, Entry
from streams.text.identity import article_id
from streams.text.urls import canonical_url, site_of

MOST_SEEN = 2000
"""Identities that are remembered of entries that have left a feed: some come back."""
MOST_CHANGED = 0.5
FEW = 4
"""When more than this share of the entries that were known, and more than a few, changed at once, it was not the news:
a template, a counter or a tracker has."""

_MARKUP = re.compile(r"<[^<>]*>")
_STYLE = re.compile(r"</?(?:a|abbr|b|big|br|cite|code|em|font|i|mark|p|q|s|small|span|strong|sub|sup|u)\b[^<>]*>", re.I)


@dataclass(frozen=True, slots=True)
class News:
    """What a document brought."""

    fresh: tuple[Entry, ...] = ()
    """New, or with another text than before; the oldest, that is the last of the document, first."""
    new: int = 0
    """How many had not been seen before."""
    seen: Mapping[str, str] = field(default_factory=dict)
    """What is to be remembered: `FeedState.seen`."""
    by_link: bool = False
    shared: frozenset[str] = frozenset()
    """Links that several entries have, so that they name none."""


def news(document: Document, state: FeedState) -> News:
    """What is new in ``document`` for one who has seen what ``state`` says.

    An entry is known by its guid, or by its link where no other entry has the same; a guid that names two entries is
    believed no more, in this feed for good. Law: what has been seen is not new again, in whatever order it comes.
    """
    entries = _distinct(document.entries)
    by_link = state.by_link or _repeated(entry.guid for entry in entries)
    shared = _shared(entries, document.link)
    now: dict[str, str] = {}
    found: list[tuple[Entry, bool]] = []
    known = 0
    for entry in entries:
        keys, text = _identities(entry, by_link, shared), _hash(text_of(entry))[:8]
        if any(key in now for key in keys):
            continue
        before = next((state.seen[key] for key in keys if key in state.seen), None)
        now.update(dict.fromkeys(keys, text))
        known += before is not None
        if before != text:
            found.append((entry, before is None))
    restless = sum(not new for _, new in found) > max(FEW, MOST_CHANGED * known)
    fresh = tuple(entry for entry, new in reversed(found) if new or not restless)
    return News(fresh, sum(new for _, new in found), _remembered(state.seen, now), by_link, shared)


def text_of(entry: Entry) -> str:
    """Title and text without markup, folded: what makes an entry another version."""
    return " ".join(_MARKUP.sub(" ", f"{entry.title}\n{entry.content or entry.summary}").split())


def article_of(entry: Entry, feed: Feed, document: Document, *, backlog: bool, shared: frozenset[str]) -> RawArticle:
    """The article of an entry, as it goes to ``articles.raw``; a headline alone is its own text."""
    source = feed.source or site_of(document.link) or site_of(feed.url)
    html = entry.content or entry.summary
    title = plain_title(entry.title)
    own_link = None if (canonical_url(entry.url) or "") in shared else entry.url
    identity = {"url": own_link, "guid": entry.guid, "source": source, "title": title, "html": html}
    return RawArticle(
        id=article_id(identity),
        html=html or None,
        text=None if html else title,
        url=entry.url,
        guid=entry.guid,
        source=source,
        title=title,
        language=document.language,
        published=entry.published,
        feed=feed.id,
        backlog=backlog,
    )


def plain_title(title: str) -> str:
    """A title as it is read: without references and marks of style.

    >>> plain_title("Troops &amp; tanks <b>leave</b>")
    'Troops & tanks leave'
    """
    return " ".join(_STYLE.sub("", unescape(title)).split())


def _distinct(entries: Iterable[Entry]) -> list[Entry]:
    """Entries that say something, without those that say the same as one before."""
    named: dict[tuple[str | None, ...], Entry] = {}
    for entry in entries:
        if entry.title or entry.content or entry.summary:
            text = None if entry.guid or entry.url else text_of(entry)
            named.setdefault((entry.guid, entry.url, text), entry)
    return list(named.values())


def _repeated(values: Iterable[str | None]) -> bool:
    return any(count > 1 for value, count in Counter(values).items() if value)


def _shared(entries: Iterable[Entry], home: str | None) -> frozenset[str]:
    """Links that name no entry: those of several, and the feed's own site."""
    links = Counter(filter(None, (canonical_url(entry.url) for entry in entries)))
    several = {link for link, count in links.items() if count > 1}
    return frozenset(several | {link for link in (canonical_url(home),) if link})


def _identities(entry: Entry, by_link: bool, shared: frozenset[str]) -> tuple[str, ...]:
    """The names an entry goes by in its feed, each of which is enough."""
    link = canonical_url(entry.url)
    found = [f"g{_hash(entry.guid)}"] if entry.guid and not by_link else []
    if link and link not in shared:
        found.append(f"l{_hash(link)}")
    return tuple(found) or (f"t{_hash(text_of(entry))}",)


def _remembered(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """What is in the document now, and as much of what was before."""
    gone = [(key, text) for key, text in before.items() if key not in now]
    return {**dict(gone[-MOST_SEEN:]), **now}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
