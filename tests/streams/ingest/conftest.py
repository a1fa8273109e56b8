"""Builders: a feed, an entry, a document of entries."""

import pytest

from schemas.feed import Feed
from streams.ingest.document import Document, Entry


@pytest.fixture
def feed():
    return Feed(id="a-feed", url="https://feeds.example.org/news")


@pytest.fixture
def entry():
    def build(number=1, **changes):
        fields = {"guid": f"g{number}", "url": f"https://example.org/{number}", "title": f"Title {number}"}
        return Entry(**{**fields, "summary": f"Text {number}.", **changes})

    return build


@pytest.fixture
def document():
    def build(*entries, **changes):
        return Document(**{"title": "News", "link": "https://example.org/", "entries": entries, **changes})

    return build
