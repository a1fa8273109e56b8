"""Lists of feeds: OPML as every reader writes it, TOML for a repository, one address."""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

from lxml import etree
from pydantic import ValidationError

from schemas.feed import Feed
from streams.ingest.document import LONGEST_URL
from streams.text.urls import canonical_url

MOST_BYTES = 16 * 1024 * 1024
FIELDS = {"url", "title", "source", "folder", "allow_private", "full"}


class SubscriptionError(ValueError):
    """A list of feeds that cannot be read, or an address that is none."""


def feed_of(url: str, **fields: Any) -> Feed:
    """The feed at an address; SubscriptionError for what no feed can be at."""
    url = url.strip()
    parts = urlsplit(url) if len(url) <= LONGEST_URL else None
    if parts is None or parts.scheme not in ("http", "https") or not canonical_url(url):
        raise SubscriptionError(f"expected an address that begins with http:// or https://, found {url[:200]!r}")
    try:
        return Feed(id=feed_id(url), url=url, **fields)
    except ValidationError as error:
        raise SubscriptionError(f"{url}: {error.errors()[0]['msg']}") from None


def feed_id(url: str) -> str:
    """Hash of the canonical address, whichever of http and https it says: 12 hex digits."""
    name = (canonical_url(url) or url).partition("://")[2]
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def feeds_of_opml(content: bytes) -> Iterator[Feed]:
    """The feeds of an OPML document, each with the folder it stands in."""
    if len(content) > MOST_BYTES:
        raise SubscriptionError(f"expected at most {MOST_BYTES} bytes, found {len(content)}")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise SubscriptionError(f"this is not OPML: {error.msg}") from None
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise SubscriptionError("this is not OPML: expected an element `opml` around it")
    for outline in root.iter("outline"):
        names = {name.lower(): value for name, value in outline.items()}
        if url := names.get("xmlurl"):
            title = names.get("title") or names.get("text")
            yield feed_of(url, title=title, folder=_folder(outline))


def _folder(outline: Any) -> str | None:
    above = [each.get("title") or each.get("text") for each in outline.iterancestors("outline")]
    return "/".join(filter(None, reversed(above))) or None


def feeds_of_toml(content: bytes) -> Iterator[Feed]:
    """The feeds of a TOML document: a table ``[[feeds]]`` each, with `url` and what else is to be said."""
    try:
        found = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SubscriptionError(f"this is not TOML: {error}") from None
    tables = found.get("feeds")
    if not isinstance(tables, list) or found.keys() != {"feeds"}:
        raise SubscriptionError(f"expected tables [[feeds]] and nothing else, found {', '.join(found) or 'none'}")
    for number, table in enumerate(tables, start=1):
        if not isinstance(table, dict) or not isinstance(table.get("url"), str) or table.keys() - FIELDS:
            raise SubscriptionError(f"[[feeds]] number {number}: expected `url` and any of {', '.join(sorted(FIELDS))}")
        yield feed_of(**table)


def opml_of(feeds: Iterable[Feed]) -> str:
    """The feeds as OPML 2.0, in their folders."""
    folders: dict[str, list[Feed]] = {}
    for feed in sorted(feeds, key=lambda feed: (feed.folder or "", feed.title or feed.url)):
        folders.setdefault(feed.folder or "", []).append(feed)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += ["<head><title>wirewatch</title></head>", "<body>"]
    for folder, members in folders.items():
        lines += [f"<outline text={quoteattr(folder)}>"] if folder else []
        lines += [_outline(feed) for feed in members]
        lines += ["</outline>"] if folder else []
    return "\n".join([*lines, "</body>", "</opml>", ""])


def _outline(feed: Feed) -> str:
    title = quoteattr(feed.title or feed.url)
    return f"<outline type={quoteattr('rss')} text={title} title={title} xmlUrl={quoteattr(feed.url)}/>"
