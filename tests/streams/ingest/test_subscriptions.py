import pytest

from streams.ingest.subscriptions import SubscriptionError, feed_id, feed_of, feeds_of_opml, feeds_of_toml, opml_of

OPML = b"""<?xml version="1.0"?><opml version="1.1"><body>
<outline text="Africa &amp; more"><outline title="Sahel"><outline type="rss" text="A" XMLURL="https://a.example/feed"/>
</outline></outline><outline text="B" xmlUrl="http://b.example/rss?x=1&amp;y=2"/><outline text="none"/></body></opml>"""


def test_opml_gives_its_feeds_with_titles_and_folders():
    found = [(feed.url, feed.title, feed.folder) for feed in feeds_of_opml(OPML)]

    assert found == [
        ("https://a.example/feed", "A", "Africa & more/Sahel"),
        ("http://b.example/rss?x=1&y=2", "B", None),
    ]


def test_opml_that_was_written_is_read_again():
    feeds = [feed_of("https://a.example/<>&\"'", title='"A" & <B>', folder="F & G"), feed_of("https://b.example/")]

    again = {(feed.id, feed.url, feed.folder) for feed in feeds_of_opml(opml_of(feeds).encode())}

    assert again == {(feed.id, feed.url, feed.folder) for feed in feeds}


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"<rss/>", b'<opml><body><outline xmlUrl="file:///etc/passwd"/></body></opml>']
)
def test_what_is_no_opml_is_said(content):
    with pytest.raises(SubscriptionError):
        list(feeds_of_opml(content))


def test_toml_gives_its_feeds():
    content = b'[[feeds]]\nurl = "https://a.example/"\nsource = "agency"\nallow_private = true\n'

    [feed] = feeds_of_toml(content)

    assert (feed.url, feed.source, feed.allow_private) == ("https://a.example/", "agency", True)


@pytest.mark.parametrize(
    "content",
    [b"[[feed]]\nurl='x'", b"[[feeds]]\nurl=1", b"[[feeds]]\nurl='https://a.example'\nname=1", b"x", b"feeds=1"],
)
def test_a_slip_in_toml_is_said(content):
    with pytest.raises(SubscriptionError):
        list(feeds_of_toml(content))


@pytest.mark.parametrize(
    "url", ["", "a.example/feed", "ftp://a.example/", "https://", "https://a.example/" + "x" * 3000]
)
def test_what_no_feed_can_be_at_is_refused(url):
    with pytest.raises(SubscriptionError):
        feed_of(url)


def test_http_and_https_are_one_feed():
    assert feed_id("http://A.example/feed/") == feed_id("https://a.example/feed")
