"""Whether something speaks Kafka at an address, asked by hand: kafka-python says nothing for 30 seconds."""

import contextlib
import socket
import struct
import time

from streams.broker.errors import BrokerError
from streams.errors import ConfigurationError

API_VERSIONS = 18
CORRELATION = 0x57495245


def wait_for_broker(bootstrap: str, seconds: float = 4.0, *, encrypted: bool = False) -> None:
    """Return once one of the ``bootstrap`` servers answers; raise `BrokerError` after ``seconds``, ConfigurationError
    at once for what is no address.

    ``bootstrap`` is ``host:port[,host:port...]``. With ``encrypted`` an open port is enough, because the
    question cannot be asked before the handshake.
    """
    addresses = [address_of(entry) for entry in bootstrap.split(",") if entry.strip()]
    if not addresses:
        raise ConfigurationError("expected a broker as host:port, found nothing; set WIREWATCH_BROKER or start one")
    deadline = time.monotonic() + seconds
    while True:
        # one that is silent must not take the time of the others
        share = max(0.1, (deadline - time.monotonic()) / len(addresses))
        problems = [_problem(host, port, share, encrypted) for host, port in addresses]
        if None in problems:
            return
        if time.monotonic() + 0.1 >= deadline:
            raise BrokerError(
                f"expected a Kafka broker at {bootstrap}, found {problems[0]}; "
                "start one with `wirewatch broker start`, or set WIREWATCH_BROKER to one that runs"
            )
        time.sleep(0.1)


def address_of(entry: str) -> tuple[str, int]:
    """Host and port of one ``host:port``, ConfigurationError if it is none; an IPv6 host stands in brackets."""
    host, colon, port = entry.strip().rpartition(":")
    if not colon or not port.isdigit() or not 0 < int(port) < 65536:
        raise ConfigurationError(f"expected a broker as host:port, found {entry.strip()!r}; correct WIREWATCH_BROKER")
    return host.strip("[]") or "127.0.0.1", int(port)


def _problem(host: str, port: int, seconds: float, encrypted: bool) -> str | None:
    """What is wrong with an address, None if a broker answers there."""
    try:
        with socket.create_connection((host, port), timeout=seconds) as connection:
            return None if encrypted else _silence(connection)
    except socket.gaierror:
        return f"no host named {host!r}"
    except ConnectionRefusedError:
        return "nothing that listens"
    except TimeoutError:
        return "no answer"
    except OSError as error:
        return error.strerror or type(error).__name__


def _silence(connection: socket.socket) -> str | None:
    """Ask for the API versions, the one question that every broker answers before any login."""
    question = struct.pack(">hhih", API_VERSIONS, 0, CORRELATION, -1)
    connection.sendall(struct.pack(">i", len(question)) + question)
    answer = b""
    with contextlib.suppress(ConnectionResetError):
        while len(answer) < 8 and (part := connection.recv(8 - len(answer))):
            answer += part
    if len(answer) == 8 and struct.unpack(">i", answer[4:])[0] == CORRELATION:
        return None
    return "something else than a Kafka broker (or one that wants TLS)"
