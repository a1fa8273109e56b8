"""Local servers that answer as they are told, on free ports of the loopback address."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from schemas.alert import Alert
from streams.sinks.sink import DeliveryFailed, Notice

EVIDENCE = {
    "field": "body",
    "start": 0,
    "end": 5,
    "text": "quits",
    "sentence": "The general quits the northern base.",
    "sentence_start": 0,
    "sentence_end": 36,
    "modality": "actual",
}


@dataclass
class Server:
    """What a server is to answer, and what it was sent."""

    url: str = ""
    answers: list[Callable[[web.Request], Any]] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append((request.path, headers, await request.read()))
        if not self.answers:
            return web.Response(status=204)
        answer: web.StreamResponse = await self.answers.pop(0)(request)
        return answer

    def will_answer(self, status: int, text: str = "", **headers: str) -> None:
        async def answer(_: web.Request) -> web.Response:
            return web.Response(status=status, text=text, headers={k.replace("_", "-"): v for k, v in headers.items()})

        self.answers.append(answer)

    def will_hang(self) -> None:
        async def answer(_: web.Request) -> web.Response:
            await self.let_go.wait()
            return web.Response()

        self.answers.append(answer)

    def will_drip(self, status: int) -> None:
        """Headers at once, a body that never ends."""

        async def answer(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(status=status)
            await response.prepare(request)
            await response.write(b".")
            await self.let_go.wait()
            return response

        self.answers.append(answer)

    def will_hang_up(self) -> None:
        async def answer(request: web.Request) -> web.Response:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()

        self.answers.append(answer)


@asynccontextmanager
async def serving() -> AsyncIterator[Server]:
    server = Server()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", server.handle)
    runner = web.AppRunner(application, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        server.let_go.set()
        await runner.cleanup()


@pytest.fixture
def server() -> Callable[[], Any]:
    """A server to be entered in the test's loop."""
    return serving


@pytest.fixture
def free_port() -> Callable[[], int]:
    """Finds a port that nothing listens at."""

    def find() -> int:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port: int = listener.getsockname()[1]
            return port

    return find


@pytest.fixture
def alert() -> Callable[..., Alert]:
    """Builds an alert with one difference."""

    def build(**changes: Any) -> Alert:
        known = {
            "alert_id": "a1",
            "dedup_key": "d1",
            "id": "article-1",
            "rule": "troop-withdrawal",
            "rule_version": "1",
            "severity": "high",
            "labels": {"team": "north"},
            "story": "story-1",
            "title": "General quits base",
            "url": "https://agency.example/a?x=1&y=2",
            "source": "agency.example",
            "published": "2026-01-02",
            "first_seen": "2026-01-02T03:04:05Z",
            "evidence": [EVIDENCE],
        }
        return Alert.model_validate(known | changes)

    return build


@pytest.fixture
def notice(alert: Callable[..., Alert]) -> Callable[..., Notice]:
    def build(**changes: Any) -> Notice:
        built = alert(**changes)
        return Notice(built, built.to_json(), 1_800_000_000.0)

    return build


@pytest.fixture
def sent() -> Callable[..., DeliveryFailed | None]:
    """Starts a sink, lets it send, stops it; the failure, if there was one."""

    async def send(sink: Any, *notices: Notice) -> DeliveryFailed | None:
        await sink.start()
        try:
            await sink.send(notices)
        except DeliveryFailed as failure:
            return failure
        finally:
            await sink.stop()
        return None

    return send  # type: ignore[return-value]
