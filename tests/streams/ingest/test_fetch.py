"""Against a server on the loopback address that does everything wrong."""

import asyncio
import gzip
import zlib

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from schemas.feed import Feed
from streams.ingest.fetch import MOST_HOPS, Fetcher, FetchError, _next_hop
from streams.ingest.progress import Failure, Reply

RSS = b"<rss><channel><item><title>t</title></item></channel></rss>"
MANY = 200_000


async def hang_at_header(request):
    await asyncio.sleep(60)


async def hang_at_body(request):
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(RSS[:5])
    await asyncio.sleep(60)


async def drip(request):
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"<")
        await asyncio.sleep(0.02)


async def conditional(request):
    if request.headers.get("If-None-Match") == 'W/"1"':
        return web.Response(status=304, headers={"ETag": 'W/"2"'})
    return web.Response(body=RSS, headers={"ETag": 'W/"1"', "Last-Modified": "x", "Cache-Control": "max-age=60"})


async def hop(request):
    left = int(request.match_info["left"])
    raise web.HTTPMovedPermanently(f"/hops/{left - 1}" if left else "/feed")


async def cut(request):
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(RSS)
    request.transport.close()
    return response


def said(status=200, body=b"", **headers):
    async def handler(request):
        return web.Response(status=status, body=body, headers={k.replace("_", "-"): v for k, v in headers.items()})

    return handler


PACKED = gzip.compress(RSS)
PAGES = {
    "/header": hang_at_header,
    "/body": hang_at_body,
    "/drip": drip,
    "/conditional": conditional,
    "/hops/{left}": hop,
    "/cut": cut,
    "/feed": said(body=RSS),
    "/circle": said(301, Location="/circle2"),
    "/circle2": said(302, Location="/circle"),
    "/file": said(301, Location="file:///etc/passwd"),
    "/long": said(301, Location="/" + "x" * 3000),
    "/found": said(302, Location="/hops/0"),
    "/seconds": said(429, Retry_After="120"),
    "/date": said(503, Retry_After="Fri, 01 Jan 2100 00:00:00 GMT"),
    "/gone": said(410),
    "/missing": said(404),
    "/broken": said(500),
    "/nowhere": said(301),
    "/gzip": said(body=PACKED, Content_Encoding="gzip"),
    "/truncated": said(body=PACKED[:-12], Content_Encoding="gzip"),
    "/lie": said(body=RSS, Content_Encoding="gzip"),
    "/deflate": said(body=zlib.compress(RSS), Content_Encoding="deflate"),
    "/raw": said(body=zlib.compress(RSS, wbits=-15), Content_Encoding="deflate"),
    "/brotli": said(body=RSS, Content_Encoding="br"),
    "/bomb": said(body=gzip.compress(b" " * 50 * MANY), Content_Encoding="gzip"),
    "/large": said(body=b" " * (MANY + 1)),
}


@pytest.fixture
async def server():
    application = web.Application()
    application.add_routes([web.get(path, handler) for path, handler in PAGES.items()])
    async with TestServer(application, host="127.0.0.1") as running:
        yield running


@pytest.fixture
def fetch(server):
    async def fetched(path, conditions=None, *, private=True, seconds=5.0):
        feed = Feed(id="a", url=str(server.make_url(path)), allow_private=private)
        async with Fetcher(seconds, MANY) as fetcher:
            return await fetcher.fetch(feed, feed.url, conditions)

    return fetched


@pytest.mark.parametrize("path", ["/header", "/body", "/drip"])
async def test_one_deadline_covers_header_and_body(fetch, path):
    assert await fetch(path, seconds=0.3) == Failure("no whole answer within 0.3 s")


async def test_a_connection_that_does_not_come_about_is_covered_too(monkeypatch):
    async def resolve(*_, **__):
        await asyncio.sleep(60)

    async with Fetcher(0.2) as fetcher:
        monkeypatch.setattr(fetcher._sessions[True].connector, "_resolve_host", resolve)
        feed = Feed(id="a", url="http://feeds.example.org/", allow_private=True)
        assert await fetcher.fetch(feed, feed.url) == Failure("no whole answer within 0.2 s")


async def test_a_server_that_hangs_holds_up_no_other(fetch):
    slow = asyncio.create_task(fetch("/header", seconds=3))

    assert isinstance(await fetch("/feed"), Reply)
    assert not slow.done()
    slow.cancel()


async def test_validators_and_freshness_are_told_as_they_came(fetch):
    reply = await fetch("/conditional")

    assert (reply.etag, reply.last_modified, reply.fresh, reply.content) == ('W/"1"', "x", 60, RSS)
    unchanged = await fetch("/conditional", {"If-None-Match": reply.etag})
    assert (unchanged.unchanged, unchanged.etag, unchanged.content) == (True, 'W/"2"', b"")


async def test_permanent_redirects_are_followed_and_told(fetch, server):
    reply = await fetch("/hops/2")

    assert reply.url == reply.moved == str(server.make_url("/feed"))
    assert (await fetch("/found")).moved is None
    assert (await fetch("/feed")).moved is None


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (f"/hops/{MOST_HOPS}", "more than 6 redirects"),
        ("/circle", "go round in a circle"),
        ("/file", "redirected to file:"),
        ("/long", "address of 30"),
        ("/nowhere", "answered 301"),
        ("/missing", "no such feed (404)"),
        ("/broken", "answered 500"),
        ("/cut", "cut short"),
        ("/truncated", "cut short"),
        ("/lie", "not the gzip that it says"),
        ("/brotli", "packed as br"),
        ("/bomb", "larger than"),
        ("/large", "larger than"),
    ],
)
async def test_what_a_server_does_wrong_is_told_in_words(fetch, path, words):
    failure = await fetch(path)

    assert isinstance(failure, Failure)
    assert words in failure.words
    assert not failure.gone


async def test_only_a_410_says_that_a_feed_is_gone(fetch):
    assert (await fetch("/gone")).gone


async def test_retry_after_is_seconds_or_a_date_and_at_most_a_day(fetch):
    assert (await fetch("/seconds")).after == 120
    assert (await fetch("/date")).after == 24 * 3600


@pytest.mark.parametrize("path", ["/gzip", "/deflate", "/raw"])
async def test_what_is_packed_is_unpacked(fetch, path):
    assert (await fetch(path)).content == RSS


async def test_a_private_address_is_refused_on_every_hop(fetch, server, monkeypatch):
    assert "private address" in (await fetch("/feed", private=False)).words
    monkeypatch.setattr("streams.net_guard.is_public", lambda address: address == "127.0.0.1")
    there = f"http://127.0.0.2:{server.port}/feed"
    async with Fetcher(5.0) as fetcher:
        monkeypatch.setattr("streams.ingest.fetch._next_hop", lambda url, location: there)
        feed = Feed(id="a", url=str(server.make_url("/circle")))
        assert "private address" in (await fetcher.fetch(feed, feed.url)).words


def test_https_never_leads_to_http():
    assert _next_hop("https://a.example/x", "/y") == "https://a.example/y"
    assert _next_hop("http://a.example/x", "https://a.example/y") == "https://a.example/y"
    with pytest.raises(FetchError):
        _next_hop("https://a.example/x", "http://a.example/y")


async def test_nobody_listening_is_told(fetch, unused_tcp_port_factory):
    feed = Feed(id="a", url=f"http://127.0.0.1:{unused_tcp_port_factory()}/", allow_private=True)
    async with Fetcher(5.0) as fetcher:
        assert "no connection" in (await fetcher.fetch(feed, feed.url)).words
