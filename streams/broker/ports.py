"""Which ports a local broker takes."""

import socket
from collections.abc import Iterable, Iterator
from itertools import count

from streams.broker.errors import BrokerError
from streams.broker.properties import HOST, Ports

USUAL = 29092
BETWEEN = 100
"""Ports for the nodes among themselves are looked for this far above the first one for clients."""
SPREAD = 1000
"""How far above the usual ports somebody looks who has lost one: brokers that start together must not meet again."""


def is_free(port: int) -> bool:
    """Whether a server could listen on a loopback port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def choose_ports(wanted: int | None, nodes: int, above: int = 0) -> tuple[Ports, ...]:
    """Free ports for each node: from ``wanted``, which must be free, or from the usual one or the next free.

    ``above`` is how far above those to look, except for one that is ``wanted``.
    """
    if wanted is not None and not is_free(wanted):
        raise BrokerError(
            f"expected port {wanted} of {HOST} to be free for the broker, found it taken; "
            "name another port, or end what listens there"
        )
    clients = _free(count(wanted or USUAL + above))
    taken = [next(clients) for _ in range(nodes)]
    inside = _free(count((wanted or USUAL) + BETWEEN + above), besides=taken)
    return tuple(Ports(client, next(inside), next(inside)) for client in taken)


def _free(candidates: Iterable[int], besides: Iterable[int] = ()) -> Iterator[int]:
    reserved = set(besides)
    for port in candidates:
        if port > 65535:
            raise BrokerError(f"expected a free port of {HOST} for the broker, found none; end what holds them")
        if port not in reserved and is_free(port):
            yield port
