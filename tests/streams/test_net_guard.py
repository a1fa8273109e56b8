"""No connection to a private address, whatever the name says and wherever a redirect leads."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver
from hypothesis import given
from hypothesis import strategies as st

from streams.net_guard import PrivateAddressError, guarded_connection, guarded_connector, guarded_socket, is_public

PRIVATE = [
    "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.2.1", "198.18.0.1",
    "::1", "::", "fe80::1", "fe80::1%lo", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
    "2002:a00:1::", "2001:0:a00:1::1", "localhost", "", "2130706433", "0x7f.1",
]  # fmt: skip
PUBLIC = [
    "9.9.9.9",
    "1.1.1.1",
    "172.15.0.1",
    "172.32.0.1",
    "2606:4700::1111",
    "2620:fe::fe",
    "::ffff:9.9.9.9",
    "64:ff9b::9.9.9.9",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_public_are_known(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_known(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_is_as_public_when_ipv6_wraps_it(address: Any) -> None:
    assert is_public(f"::ffff:{address}") == is_public(f"64:ff9b::{address}") == is_public(str(address))


class Changing(AbstractResolver):
    """Names a public address when asked first and a private one from then on."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses)
        self.asked = 0

    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_INET) -> Any:
        self.asked += 1
        address = self.addresses.pop(0) if len(self.addresses) > 1 else self.addresses[0]
        return [{"hostname": host, "host": address, "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}]

    async def close(self) -> None:
        return


@asynccontextmanager
async def serving(location: str = "") -> AsyncIterator[tuple[int, list[str]]]:
    """A server on the loopback address that answers with a redirect, or 200; its port and what it was asked."""
    asked: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=302, headers={"Location": location}) if location else web.Response()

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1], asked
    finally:
        await runner.cleanup()


async def refusal(url: str, connector: aiohttp.TCPConnector) -> BaseException | None:
    async with aiohttp.ClientSession(connector=connector) as session:
        try:
            async with session.get(url):
                return None
        except aiohttp.ClientConnectorError as error:
            return error.os_error


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
def test_a_private_host_is_never_connected_to(host: str) -> None:
    async def scene() -> None:
        async with serving() as (port, asked):
            assert isinstance(await refusal(f"http://{host}:{port}/", guarded_connector(False)), PrivateAddressError)
            assert asked == []

    asyncio.run(scene())


def test_a_private_host_may_be_allowed() -> None:
    async def scene() -> None:
        async with serving() as (port, asked):
            assert await refusal(f"http://127.0.0.1:{port}/", guarded_connector(True)) is None
            assert asked == ["/"]

    asyncio.run(scene())


def test_a_name_that_changes_its_address_after_a_look_is_refused_at_the_connection() -> None:
    async def scene() -> None:
        async with serving() as (port, asked):
            resolver = Changing("9.9.9.9", "127.0.0.1")
            looked_up = await resolver.resolve("hook.example", port)
            assert is_public(looked_up[0]["host"])

            connector = guarded_connector(False, resolver=resolver)
            assert isinstance(await refusal(f"http://hook.example:{port}/", connector), PrivateAddressError)
            assert asked == []

    asyncio.run(scene())


def test_a_redirect_into_private_space_is_refused_at_its_hop(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        async with serving() as (inner, inner_asked), serving(f"http://127.0.0.2:{inner}/metadata") as (outer, asked):
            # the first hop stands for a public server: only its address is let through
            monkeypatch.setattr("streams.net_guard.is_public", lambda address: address == "127.0.0.1")
            error = await refusal(f"http://127.0.0.1:{outer}/hook", guarded_connector(False))

        assert isinstance(error, PrivateAddressError)
        assert (asked, inner_asked) == (["/hook"], [])

    asyncio.run(scene())


def test_clients_that_block_are_guarded_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(PrivateAddressError):
            guarded_connection("localhost", port, 1.0, allow_private=False)
        guarded_connection("127.0.0.1", port, 1.0, allow_private=True).close()


def test_a_refusal_opens_no_socket() -> None:
    with pytest.raises(PrivateAddressError, match="allow_private"):
        guarded_socket((socket.AF_INET, socket.SOCK_STREAM, 0, "", ("10.0.0.1", 80)))
