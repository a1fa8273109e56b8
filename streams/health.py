"""What a worker says of itself over HTTP: /metrics, /live and /ready, from a thread of their own."""

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import make_wsgi_app

from streams.app import HopApp
from streams.errors import ConfigurationError
from streams.scrape import announce
from streams.settings import Settings
from streams.watchdog import alive

log = logging.getLogger(__name__)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        return


def serve_health(settings: Settings, slot: int, hop_apps: Sequence[HopApp]) -> int:
    """Listen on the metrics port, one higher for each slot, or any free one when it is taken; the port.

    ConfigurationError where the metrics host is no address of this machine.
    """
    server = _server(settings, slot, _site(hop_apps))
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    url = f"http://{settings.metrics_host}:{server.server_port}/metrics"
    announce(settings.directory, settings.prefix, slot, url)
    log.info("metrics", extra={"url": url})
    return server.server_port


def _server(settings: Settings, slot: int, site: Callable[[dict[str, Any], Any], Iterable[bytes]]) -> WSGIServer:
    wanted = settings.metrics_port + slot if settings.metrics_port else 0
    for port in (wanted, 0):
        try:
            return make_server(settings.metrics_host, port, site, _Server, _Quiet)
        except (OSError, OverflowError) as error:  # there is no port beyond 65535
            problem = error
    raise ConfigurationError(
        f"WIREWATCH_METRICS_HOST: expected an address of this machine, found {settings.metrics_host} ({problem})"
    )


def _site(hop_apps: Sequence[HopApp]) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    metrics = make_wsgi_app()
    checks = {
        "/live": lambda: alive(),
        "/ready": lambda: all(hop_app.ready for hop_app in hop_apps),
    }

    def site(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/metrics":
            answer: Iterable[bytes] = metrics(environ, start_response)
            return answer
        check = checks.get(path)
        if check is None:
            start_response("404 Not Found", [("content-type", "text/plain")])
            return [b"known are /metrics, /live, /ready\n"]
        good = check()
        start_response("200 OK" if good else "503 Service Unavailable", [("content-type", "text/plain")])
        return [b"yes\n" if good else b"no\n"]

    return site
