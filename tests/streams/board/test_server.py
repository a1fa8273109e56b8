"""The board over HTTP, as a browser meets it."""

import asyncio
import json
import re
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession, web

from streams.board.board import Board
from streams.board.server import ASSETS, BoardServer, is_known


@asynccontextmanager
async def served(board, **options):
    """The address of a board that is served, and a client."""
    runner = web.AppRunner(BoardServer(board, **options).application(), shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with ClientSession() as session:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}", session
    finally:
        await runner.cleanup()


async def events(response):
    """Events as they come, each as its fields."""
    fields = {}
    async for line in response.content:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name:
            fields[name] = value
        elif fields.keys() & {"data"}:
            yield fields
            fields = {}


async def next_event(response):
    return await asyncio.wait_for(anext(events(response)), 10)


async def test_a_story_comes_without_a_reload(enriched_article):
    board = Board()
    async with served(board) as (address, session):
        seen = await (await session.get(f"{address}/stories")).json()
        async with session.get(f"{address}/events", params={"after": seen["after"]}) as stream:
            board.take(enriched_article(story="s"))
            event = await next_event(stream)

    assert [row["story"] for row in json.loads(event["data"])["rows"]] == ["s"]


async def test_a_browser_that_comes_again_gets_what_it_has_missed(enriched_article):
    board = Board()
    async with served(board) as (address, session):
        seen = (await (await session.get(f"{address}/stories")).json())["after"]
        board.take(enriched_article(story="s"))
        async with session.get(f"{address}/events", headers={"Last-Event-ID": seen}) as stream:
            event = await next_event(stream)
        async with session.get(f"{address}/events", headers={"Last-Event-ID": event["id"]}) as stream:
            board.take(enriched_article(id="later", story="t"))
            later = await next_event(stream)

    assert [row["story"] for row in json.loads(later["data"])["rows"]] == ["t"]


async def test_a_browser_of_an_earlier_run_is_told_to_begin_anew():
    async with (
        served(Board()) as (address, session),
        session.get(f"{address}/events", headers={"Last-Event-ID": "run-7"}) as stream,
    ):
        event = await next_event(stream)

    assert event["event"] == "resync"


async def test_what_the_topics_wait_for_is_told_when_it_changes():
    said = [""]
    async with served(Board(), status=lambda: said[0]) as (address, session):
        seen = (await (await session.get(f"{address}/stories")).json())["after"]
        async with session.get(f"{address}/events", params={"after": seen}) as stream:
            said[0] = "the broker is away"
            event = await next_event(stream)

    assert json.loads(event["data"])["status"] == "the broker is away"


async def test_a_story_is_there_with_all_that_is_known(enriched_article, alert):
    board = Board()
    board.take(enriched_article(story="a-story"))
    board.take(alert())
    async with served(board) as (address, session):
        found = await (await session.get(f"{address}/story", params={"id": "a-story"})).json()
        unknown = await session.get(f"{address}/story", params={"id": "b"})

    assert [shown["rule"] for shown in found["alerts"]] == ["troop-withdrawal"]
    assert unknown.status == 404


async def test_the_page_and_what_it_asks_for_are_served_and_may_run_nothing_else():
    async with served(Board()) as (address, session):
        page = await session.get(f"{address}/")
        text = await page.text()
        asked = re.findall(r'(?:src|href)="([^"]+)"', text)
        for path in asked:
            assert (await session.get(f"{address}/{path}")).status == 200

    assert set(asked) == ASSETS.keys() - {""}
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?! src)|<style|style=|\son\w+=", text)


async def test_the_script_puts_nothing_into_the_page_as_markup():
    async with served(Board()) as (address, session):
        script = await (await session.get(f"{address}/board.js")).text()

    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|setAttribute\(.on", script)


async def test_a_foreign_name_that_leads_here_reads_nothing():
    async with served(Board(), names=("news.example",)) as (address, session):
        strange = await session.get(f"{address}/stories", headers={"Host": "elsewhere.example"})
        known = await session.get(f"{address}/stories", headers={"Host": "news.example"})

    assert (strange.status, known.status) == (403, 200)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8460", "[::1]:8460", "192.0.2.7", "LOCALHOST:1"])
def test_addresses_and_this_machine_are_known(host):
    assert is_known(host, ())


@pytest.mark.parametrize("host", ["", "127.0.0.1.evil.example", "localhost.evil.example", "[::1", "a:b:c"])
def test_other_names_are_not_known(host):
    assert not is_known(host, ())


async def test_browsers_do_not_keep_a_server_that_leaves():
    async with ClientSession() as session:
        async with served(Board()) as (address, _):
            stream = await session.get(f"{address}/events")
            await next_event(stream)
            reading = asyncio.create_task(stream.content.read())

        assert b"data" not in await asyncio.wait_for(reading, 10)
