"""A feed document, in whatever format, as its entries: titles, addresses, texts, times, as the publisher states them.

Two parsers, measured in docs/quality/ingest.md: fastfeedparser takes a millisecond and reads what nearly all feeds
hold; feedparser takes fifty and knows what is rare.
"""

import contextlib
import io
import re
from collections.abc import Mapping, Sequence
from html import unescape
from itertools import islice
from typing import Any
from urllib.parse import urljoin

import fastfeedparser
from feedparser.api import parse
from lxml import etree
from pydantic import Base64Bytes

from schemas.base import Message
from schemas.topics import Topic
from streams.stage import Outcome, Reason, Reject, Step
from streams.text.dates import TIME_OF_DAY, stated

MOST_ENTRIES = 2000
"""Entries of a document that are read, from its top."""
LONGEST_URL = 2048
LONGEST_GUID = 2048
MOST_OWN_TITLES = 3
"""Titles of the feed, its picture and its search field, before those of entries."""
HEAD = 32 * 1024
"""Bytes in which a feed says what it is and how often it changes."""
DEEP = "the document is nested more than 250 deep"

_RARE = re.compile(
    rb"""<(?:atom\d*:|a:)?(?:title|subtitle|tagline|summary|content)\s[^<>]{0,200}?\b(?:type\s*=\s*["'](?:xhtml|application/)"""
    rb"""|mode\s*=\s*["'](?:xml|base64))|<!ENTITY|=\s*["']http://purl\.org/atom/ns#|http://my\.netscape\.com/rdf|</media:title>\s*<title"""
)
"""What fastfeedparser reads otherwise than it is meant: markup in place, base64, entities, the oldest formats."""
_FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf|channel)[\s>]", re.I)
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]", re.I)
_LINK = re.compile(r"<link\b[^>]{1,1000}>", re.I)
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""")
_FEED_TYPE = re.compile(r"application/(?:rss|atom|rdf|feed)\+(?:xml|json)", re.I)
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,200}encoding\s*=""")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]+)", re.I)
_NO_YEAR = re.compile(r"(?:^|\s)000[01][\s-]")
_TITLE = re.compile(rb"<title[\s>]|\"title\"\s*:")
_TTL = re.compile(rb"<ttl[^<>]*>\s*(\d{1,6})\s*</ttl>")
_PERIOD = re.compile(rb"<(?:\w+:)?updatePeriod[^<>]*>\s*(hourly|daily|weekly|monthly|yearly)", re.I)
_FREQUENCY = re.compile(rb"<(?:\w+:)?updateFrequency[^<>]*>\s*(\d{1,4})")
_HOURS = {b"hourly": 1, b"daily": 24, b"weekly": 168, b"monthly": 720, b"yearly": 8760}


class NotAFeedError(ValueError):
    """A document that is no feed: what it is instead; ``feeds`` are the addresses of feeds that a page names."""

    def __init__(self, why: str, feeds: Sequence[str] = ()) -> None:
        named = f"; it names {', '.join(feeds[:3])}" if feeds else ""
        super().__init__(why + named)
        self.feeds = tuple(feeds)


class Answer(Message):
    """A document as a server sent it, decompressed; ``url`` is where it was found."""

    url: str
    content: Base64Bytes
    content_type: str = ""


class Entry(Message):
    """One entry, markup and all; ``url`` is absolute, and ``published`` as precise as its source."""

    guid: str | None = None
    url: str | None = None
    title: str = ""
    content: str = ""
    summary: str = ""
    published: str | None = None


class Document(Message):
    """What a feed says of itself, and its entries from the top."""

    title: str = ""
    link: str | None = None
    language: str | None = None
    entries: tuple[Entry, ...] = ()
    refresh: float | None = None
    """Seconds after which the feed asks to be read again (ttl, sy:updatePeriod)."""
    total: int = 0
    """Entries of the document, also those beyond `MOST_ENTRIES`."""


def read_document(answer: Answer) -> Outcome[Document]:
    """The document of an answer, or what it is instead of a feed."""
    given = (answer.content, answer.url, answer.content_type)
    try:
        return [read_quickly(*given) or read_thoroughly(*given)]
    except NotAFeedError as error:
        return Reject(Reason.INVALID, str(error))


def _unkeyed(message: Any) -> str:
    raise TypeError("feed documents travel between processes, not on a topic")


READING = Step(
    "feeds",
    Topic("feeds.answers", Answer, _unkeyed, "nothing", "Between a poller and its pool."),
    (Topic("feeds.documents", Document, _unkeyed, "nothing", "Between a poller and its pool."),),
    read_document,
)
"""How the pool reads documents: where one that takes too long, or too much memory, can be ended."""


def read_quickly(content: bytes, url: str, content_type: str = "") -> Document | None:
    """The document at ``url``; None where only `read_thoroughly` can say. NotAFeedError for pages and nothing."""
    if not content.strip():
        raise NotAFeedError("the answer is empty")
    if _PAGE.search(content[:HEAD]) and not _FEED.search(content[:HEAD]):
        raise NotAFeedError("this is a web page, not a feed", feeds_named(content, url))
    if _RARE.search(content):
        return None
    try:
        found = fastfeedparser.parse(_in_utf8(content, content_type), include_media=False, include_enclosures=False)
    except Exception:  # whatever a document of others brings about: the thorough parser has the last word
        return None
    entries = _entries(found["entries"], url, _of_fastfeedparser)
    if not entries or not _whole(entries, content):
        return None
    return _document(content, url, found["feed"], entries, len(found["entries"]))


def read_thoroughly(content: bytes, url: str, content_type: str = "") -> Document:
    """The same by feedparser, which may take long: to be called where it can be ended. NotAFeedError if it is none."""
    if _too_deep(content):
        raise NotAFeedError(DEEP)
    # never the bytes themselves: feedparser would take short ones for the name of a file, or an address
    found = parse(io.BytesIO(content), response_headers={"content-type": content_type})
    if not found.get("version") and not found.entries:
        raise NotAFeedError("this is no feed: expected RSS, Atom, RDF or JSON Feed", feeds_named(content, url))
    entries = _entries(found.entries, url, _of_feedparser)
    return _document(content, url, found.feed, entries, len(found.entries))


def feeds_named(page: bytes, url: str) -> list[str]:
    """The addresses of the feeds that a web page at ``url`` names in its head, at most ten."""
    found: list[str] = []
    for link in islice(_LINK.finditer(page[: 8 * HEAD].decode("utf-8", "replace")), 200):
        said = {name.lower(): unescape(one or two or three) for name, one, two, three in _ATTRIBUTE.findall(link[0])}
        if "alternate" in said.get("rel", "").lower() and _FEED_TYPE.match(said.get("type", "")):
            address = absolute(said.get("href"), url)
            if address and address not in found:
                found.append(address)
    return found[:10]


def absolute(link: object, base: str) -> str | None:
    """``link`` as an absolute address of the web; None for what is none, or is too long."""
    if not isinstance(link, str) or not link.strip():
        return None
    try:
        joined = urljoin(base, link.strip())
    except ValueError:
        return None
    return joined if joined.startswith(("http://", "https://")) and len(joined) <= LONGEST_URL else None


def charset_of(content_type: str) -> str | None:
    """The encoding that the header of an answer names."""
    found = _CHARSET.search(content_type)
    return found[1] if found else None


def _in_utf8(content: bytes, content_type: str) -> bytes:
    """The bytes in UTF-8, where only the header of the answer says that they are in something else."""
    charset = charset_of(content_type)
    if charset is None or _ENCODING.match(content[:1024]):
        return content
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode(charset).encode()
    return content


def _too_deep(content: bytes) -> bool:
    """Whether libxml2 refuses the document as too deep; feedparser would take minutes over it."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    with contextlib.suppress(etree.XMLSyntaxError, ValueError):
        etree.fromstring(content, parser)
    return any("depth" in error.message for error in parser.error_log)


def _whole(entries: Sequence[Entry], content: bytes) -> bool:
    """Whether no title has been lost, and there is anything to tell entries by."""
    titles = sum(bool(entry.title) for entry in entries)
    lost = titles < len(entries) and len(_TITLE.findall(content)) > titles + MOST_OWN_TITLES
    return not lost and any(entry.title or entry.url or entry.guid for entry in entries)


def _document(content: bytes, url: str, feed: Mapping[str, Any], entries: tuple[Entry, ...], total: int) -> Document:
    return Document(
        title=str(feed.get("title") or ""),
        link=absolute(feed.get("link"), url),
        language=str(feed.get("language") or "")[:35] or None,
        entries=entries,
        refresh=_refresh(content[:HEAD]),
        total=total,
    )


def _refresh(head: bytes) -> float | None:
    """The longer one of what ``ttl`` and ``sy:updatePeriod`` say, in seconds."""
    ttl, period, often = _TTL.search(head), _PERIOD.search(head), _FREQUENCY.search(head)
    said = [int(ttl[1]) * 60.0] if ttl else []
    if period:
        said.append(_HOURS[period[1].lower()] * 3600.0 / max(1, int(often[1]) if often else 1))
    return max(said, default=0.0) or None


def _entries(found: Sequence[Any], base: str, read: Any) -> tuple[Entry, ...]:
    return tuple(read(entry, base) for entry in found[:MOST_ENTRIES])


def _of_fastfeedparser(entry: Mapping[str, Any], base: str) -> Entry:
    return _entry(entry, base, entry.get("description"), entry.get("published") or entry.get("updated"))


def _of_feedparser(entry: Mapping[str, Any], base: str) -> Entry:
    when = next((entry[name] for name in ("published", "updated", "created") if name in entry), None)
    return _entry(entry, base, entry.get("summary"), when)


def _entry(entry: Mapping[str, Any], base: str, summary: object, when: object) -> Entry:
    content = max((str(part.get("value") or "") for part in entry.get("content") or ()), key=len, default="")
    guid = str(entry.get("id") or "").strip()
    links = [entry.get("link"), *(link.get("href") for link in entry.get("links") or () if _alternate(link))]
    return Entry(
        guid=guid[:LONGEST_GUID] or None,
        url=next((found for found in (absolute(link, base) for link in links) if found), None),
        title=str(entry.get("title") or "").strip(),
        content=content,
        summary=str(summary or ""),
        published=_published(when),
    )


def _alternate(link: Mapping[str, Any]) -> bool:
    return link.get("rel") in (None, "", "alternate")


def _published(when: object) -> str | None:
    """A time with a day in it, in ISO 8601; None for any other. Midnight in UTC is how a day without a time is told."""
    found = stated(when) if isinstance(when, str) and not _NO_YEAR.search(when) else None
    return found.value.removesuffix("T00:00:00+00:00") if found and found.precision != TIME_OF_DAY else None
