import gzip
import json
from datetime import datetime
from html import unescape
from pathlib import Path

import pytest

from schemas.article import instant
from streams.ingest.document import (
    MOST_ENTRIES,
    Answer,
    NotAFeedError,
    feeds_named,
    read_document,
    read_quickly,
    read_thoroughly,
)
from streams.stage import Reject

HERE = "https://news.example.org/feed"
FILE = Path(__file__).parent / "data" / "cases.jsonl.gz"
CASES = [json.loads(line) for line in gzip.decompress(FILE.read_bytes()).splitlines()]
FIELDS = {"id": "guid", "link": "url"}


def read(content: bytes, url: str = HERE):
    return read_quickly(content, url) or read_thoroughly(content, url)


def rss(items: str, head: str = "") -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{head}{items}</channel></rss>'.encode()


def folded(text: object) -> str:
    return " ".join(unescape(str(text)).split())


def found(document, at: str, field: str) -> str:
    if at == "feed":
        return getattr(document, field)
    entry = document.entries[int(at.removeprefix("entries[").rstrip("]"))]
    return entry.content or entry.summary if field == "content" else getattr(entry, FIELDS.get(field, field))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_conformance_case_gives_what_it_should(case):
    document = read(case["document"].encode(), "http://example.com/feed")

    for wanted in case["assertions"]:
        if wanted["field"] == "author":  # articles carry none: the cleaner reads it off the text
            continue
        answer = found(document, wanted["at"], wanted["field"])
        if wanted["field"] == "published":
            moment = wanted.get("equals_time") or wanted["equals"]
            assert datetime.fromisoformat(answer) == datetime.fromisoformat(moment)
        else:
            assert folded(answer) == folded(wanted["equals"])


def test_real_feeds_give_every_entry_quickly_and_as_the_thorough_parser_reads_it(development_data):
    for number, line in enumerate((development_data / "feeds" / "real.jsonl").read_text().splitlines()):
        row = json.loads(line)
        content = gzip.decompress((development_data / "feeds" / row["file"]).read_bytes())
        quick = read_quickly(content, HERE)

        assert quick is not None
        assert quick.total == row["entries"]
        if row["kind"] != "json" and number % 5 == 0:  # the thorough one takes its time
            thorough = read_thoroughly(content, HERE)
            same = [a.title == b.title for a, b in zip(quick.entries, thorough.entries, strict=True)]
            assert sum(same) >= 0.9 * len(same)
            assert [instant(a.published) for a in quick.entries] == [instant(b.published) for b in thorough.entries]


def test_a_json_feed_is_read():
    entry = {"id": "1", "url": "https://a.example/1", "title": "Council meets", "content_text": "It met."}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": [entry]}

    [read_entry] = read(json.dumps(feed).encode()).entries

    assert (read_entry.guid, read_entry.url, read_entry.title) == ("1", "https://a.example/1", "Council meets")


def test_links_become_absolute_and_what_is_no_web_address_is_none():
    items = "<item><title>a</title><link>/1</link></item><item><title>b</title><link>javascript:x</link></item>"

    assert [entry.url for entry in read(rss(items)).entries] == ["https://news.example.org/1", None]


def test_a_midnight_in_utc_is_a_day_and_a_year_that_is_none_says_nothing():
    items = "".join(
        f"<item><title>t</title><guid>{n}</guid><pubDate>{when}</pubDate></item>"
        for n, when in enumerate(
            ("Fri, 05 Jan 2024 00:00:00 GMT", "Fri, 05 Jan 2024 09:30:00 +0100", "Mon, 01 Jan 0001 00:00:00 +0000")
        )
    )

    assert [entry.published for entry in read(rss(items)).entries] == ["2024-01-05", "2024-01-05T08:30:00+00:00", None]


@pytest.mark.parametrize(
    ("head", "seconds"),
    [
        ("<ttl>45</ttl>", 2700),
        ("<sy:updatePeriod xmlns:sy='s'>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 21600),
        ("<ttl>0</ttl>", None),
        ("", None),
    ],
)  # fmt: skip
def test_what_a_feed_says_of_how_often_it_changes_is_read(head, seconds):
    assert read(rss("<item><title>t</title><link>/1</link></item>", head)).refresh == seconds


def test_a_charset_that_only_the_header_names_is_believed():
    content = rss("<item><title>Caf\u00e9</title><link>/1</link></item>").decode().encode("latin-1")

    document = read_quickly(content, HERE, "application/xml; charset=ISO-8859-1")

    assert document.entries[0].title == "Caf\u00e9"


def test_a_page_is_refused_with_the_feeds_that_it_names():
    page = b'<!DOCTYPE html><html><link rel=alternate type="application/rss+xml" href="/rss?a=1&amp;b"></html>'

    outcome = read_document(Answer.model_construct(url=HERE, content=page, content_type=""))

    assert isinstance(outcome, Reject)
    assert outcome.detail == "this is a web page, not a feed; it names https://news.example.org/rss?a=1&b"
    assert feeds_named(b"<link rel=stylesheet href=/x.css>", HERE) == []


@pytest.mark.parametrize("content", [b"", b"  \n", b"hello", b"{}", b"\x00\xff" * 100, b"<svg/>"])
def test_what_is_no_feed_is_refused(content):
    with pytest.raises(NotAFeedError):
        read(content)


def test_only_so_many_entries_are_read():
    document = read(rss("<item><title>t</title><link>/1</link></item>" * (MOST_ENTRIES + 5)))

    assert (len(document.entries), document.total) == (MOST_ENTRIES, MOST_ENTRIES + 5)


def test_entities_are_neither_fetched_nor_multiplied():
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    bomb = f'<!DOCTYPE rss [{levels}<!ENTITY file SYSTEM "file:///etc/passwd">]>'
    document = read(bomb.encode() + rss("<item><title>&e9; &file;</title><link>/1</link></item>")[21:])

    assert len(document.entries[0].title) < 100
    assert "root:" not in document.entries[0].title


def test_a_document_that_is_nested_too_deep_is_refused():
    with pytest.raises(NotAFeedError, match="deep"):
        read_thoroughly(b"<rss>" + b"<a>" * 100_000, HERE)


def test_a_short_document_is_never_taken_for_the_name_of_a_file(tmp_path, monkeypatch):
    (tmp_path / "feed.xml").write_bytes(rss("<item><title>secret</title></item>"))
    monkeypatch.chdir(tmp_path)

    with pytest.raises(NotAFeedError):
        read(b"feed.xml")
