"""Connections that other people's URLs ask for never reach private addresses, unless that is allowed.

The address is checked where the socket is made, so it is the one that is connected to: names that resolve
to something else the second time, and every hop of a redirect, meet the same check.
"""

import ipaddress
import socket
from typing import Any

import aiohttp

NAT64 = ipaddress.ip_network("64:ff9b::/96")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class PrivateAddressError(OSError):
    """The host is at an address that is not public; says none, so that equal refusals are one."""

    def __init__(self) -> None:
        super().__init__("the host has a private address; `allow_private: true` permits it")


def is_public(address: str) -> bool:
    """Whether an IP address is reachable over the public internet; what an IPv6 address embeds counts, too.

    >>> [is_public(a) for a in ("9.9.9.9", "127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "fe80::1%eth0")]
    [True, False, False, False, False]
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return all(map(_is_public, _meant(found)))


def _is_public(address: Address) -> bool:
    local = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    return address.is_global and not (address.is_multicast or address.is_reserved or local)


def _meant(address: Address) -> list[Address]:
    """Where a packet ends up: the IPv4 address that an IPv6 one maps or translates; what a tunnel embeds besides."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address in NAT64:
        return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    return [address, *(each for each in (address.sixtofour, *(address.teredo or ())) if each is not None)]


def guarded_socket(info: Any) -> socket.socket:
    """A socket for one result of ``getaddrinfo``; PrivateAddressError where that is not public."""
    family, kind, protocol, _, address = info
    if not is_public(address[0]):
        raise PrivateAddressError
    return socket.socket(family, kind, protocol)


def plain_socket(info: Any) -> socket.socket:
    """The same without the check."""
    family, kind, protocol, _, _ = info
    return socket.socket(family, kind, protocol)


def guarded_connector(allow_private: bool, **options: Any) -> aiohttp.TCPConnector:
    """A connector whose every connection, also one that a redirect asks for, passes the check."""
    return aiohttp.TCPConnector(socket_factory=plain_socket if allow_private else guarded_socket, **options)


def guarded_connection(host: str, port: int, seconds: float, allow_private: bool) -> socket.socket:
    """A connected socket for clients that are not asynchronous; OSError where no address answers."""
    factory = plain_socket if allow_private else guarded_socket
    refused: OSError = OSError(f"no address for {host}")
    for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        try:
            made = factory(info)
        except PrivateAddressError as error:
            refused = error
            continue
        try:
            made.settimeout(seconds)
            made.connect(info[4])
        except OSError as error:
            made.close()
            refused = error
        else:
            return made
    raise refused
