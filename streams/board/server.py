"""The board over HTTP: a page, the stories as JSON, and their changes as server-sent events."""

import asyncio
import contextlib
import ipaddress
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

import orjson
from aiohttp import web

from streams.board.board import Board
from streams.board.events import Events

TURN_SECONDS = 0.3
"""Changes within so long are one event."""
BEAT_SECONDS = 15.0
"""So often something is written, for what stands between to keep the connection open."""
WRITE_SECONDS = 30.0
"""A browser that takes nothing for so long is let go; it takes up where it left off when it comes again."""
BROWSERS = 100
ASSETS = {
    "": ("board.html", "text/html"),
    "board.js": ("board.js", "text/javascript"),
    "board.css": ("board.css", "text/css"),
    "icon.svg": ("icon.svg", "image/svg+xml"),
}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class BoardServer:
    """Serves one board, to who asks for it as `is_known` says; ``status`` says what its topics wait for."""

    def __init__(self, board: Board, status: Callable[[], str] = lambda: "", names: Collection[str] = ()) -> None:
        self._board, self._status, self._names = board, status, names
        self._events = Events()
        self._said = ""
        self._browsers = 0
        self._leaving = False

    def application(self) -> web.Application:
        """Every path, with its headers; the changes are gathered while it runs."""
        app = web.Application(middlewares=[self._guard])
        for path, (name, kind) in ASSETS.items():
            app.router.add_get(f"/{path}", _asset(name, kind))
        app.router.add_get("/stories", self._stories)
        app.router.add_get("/story", self._story)
        app.router.add_get("/events", self._stream)
        app.router.add_get("/live", _live)
        app.cleanup_ctx.append(self._gathering)
        app.on_shutdown.append(self._leave)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not is_known(request.host, self._names):
            raise web.HTTPForbidden(text="the board is not known by this name; WIREWATCH_BOARD_NAMES says by which\n")
        response = await handler(request)
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    async def _gathering(self, _app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(self._gather())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def _gather(self) -> None:
        while True:
            self._gather_once()
            await asyncio.sleep(TURN_SECONDS)

    def _gather_once(self) -> None:
        """What has changed since the last time becomes an event."""
        changes, said = self._board.changes(), self._status()
        if changes is None and said == self._said:
            return
        self._said = said
        self._events.add(orjson.dumps({**(changes or {"rows": [], "moved": {}}), "status": said}))

    async def _leave(self, _app: web.Application) -> None:
        self._leaving = True
        self._events.wake_all()

    async def _stories(self, _request: web.Request) -> web.Response:
        self._gather_once()  # what is in the lines is in no later event
        found = {"after": self._events.last, "status": self._said, "rows": self._board.lines()}
        response = _json(found)
        response.enable_compression()
        return response

    async def _story(self, request: web.Request) -> web.Response:
        found = self._board.story(request.query.get("id", ""))
        return _json(found) if found else _json({"error": "not among the latest stories"}, 404)

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        if self._browsers >= BROWSERS:
            raise web.HTTPServiceUnavailable(text="too many browsers\n")
        response = web.StreamResponse(
            headers={**HEADERS, "Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
        )
        at = request.headers.get("Last-Event-ID") or request.query.get("after", "")
        self._browsers += 1
        try:
            await response.prepare(request)
            await self._write_events(response, at)
        except (ConnectionError, TimeoutError):
            pass  # it left, or takes nothing
        finally:
            self._browsers -= 1
        return response

    async def _write_events(self, response: web.StreamResponse, at: str) -> None:
        await response.write(b"retry: 2000\n\n")
        while not self._leaving:
            found = self._events.after(at)
            at = self._events.last
            if found is None:
                text = b"event: resync\ndata: {}\nid: %s\n\n" % at.encode()
            else:
                text = b"".join(b"id: %s\ndata: %s\n\n" % (number.encode(), data) for number, data in found)
            async with asyncio.timeout(WRITE_SECONDS):
                await response.write(text or b": still here\n\n")
            await self._events.beyond(at, BEAT_SECONDS)


def is_known(host: str, names: Collection[str]) -> bool:
    """Whether a Host header is an address, ``localhost`` or one of ``names``.

    Any site may let a name of its own lead here, and its pages could then read what this machine's browser may.
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or name in names or bool(ipaddress.ip_address(name))
    except ValueError:
        return False


def _asset(name: str, kind: str) -> Handler:
    content = (files("streams.board") / "static" / name).read_bytes()

    async def asset(_request: web.Request) -> web.Response:
        return web.Response(body=content, content_type=kind, charset="utf-8")

    return asset


async def _live(_request: web.Request) -> web.Response:
    return web.Response(text="yes\n")


def _json(found: dict[str, Any], status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(found), status=status, content_type="application/json")
