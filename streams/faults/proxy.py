"""A TCP proxy between workers and broker, that can be cut, slowed, and made to break connections."""

import asyncio
import contextlib
import random
import threading
from dataclasses import dataclass

CHUNK = 64 * 1024
HOST = "127.0.0.1"


@dataclass
class Weather:
    """How the network is just now."""

    cut: bool = False
    """Refuse and break every connection."""
    silent: bool = False
    """Keep connections open and pass nothing on: half-open, as behind a firewall that forgot them."""
    delay: float = 0.0
    """Seconds that each chunk takes in each direction."""
    resets: float = 0.0
    """Share of chunks at which the connection breaks."""


class Proxy:
    """Listens on a port of its own in a thread of its own; ``weather`` may be changed at any time."""

    def __init__(self, port: int, target: int) -> None:
        self.weather = Weather()
        self._port, self._target = port, target
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._run, name="proxy", daemon=True)
        self._listening = threading.Event()

    def __enter__(self) -> "Proxy":
        self._thread.start()
        self._listening.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, HOST, self._port))
        self._listening.set()
        self._loop.run_forever()
        server.close()
        self._abort_all()
        self._loop.run_until_complete(asyncio.sleep(0.1))
        self._loop.close()

    def cut(self) -> None:
        """Break every connection and refuse new ones."""
        self.weather = Weather(cut=True)
        self._loop.call_soon_threadsafe(self._abort_all)

    def _abort_all(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.weather.cut:
            writer.transport.abort()
            return
        try:
            target_reader, target_writer = await asyncio.open_connection(HOST, self._target)
        except OSError:
            writer.transport.abort()
            return
        pair = {writer, target_writer}
        self._writers |= pair
        try:
            await asyncio.gather(self._pump(reader, target_writer), self._pump(target_reader, writer))
        finally:
            self._writers -= pair
            for each in pair:
                each.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(CHUNK):
                await self._pass_on(data, writer)
        writer.transport.abort()

    async def _pass_on(self, data: bytes, writer: asyncio.StreamWriter) -> None:
        while self.weather.silent:
            await asyncio.sleep(0.1)
        if self.weather.delay:
            await asyncio.sleep(self.weather.delay)
        if random.random() < self.weather.resets:
            raise ConnectionResetError
        writer.write(data)
        await writer.drain()
