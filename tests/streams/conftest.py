"""What tests of several modules need of a worker."""

import pytest

from streams import health
from streams.health import serve_health
from streams.settings import Settings


@pytest.fixture
def serve(tmp_path, monkeypatch):
    """Serves the health of hop apps as worker 0 whose home is ``tmp_path``: the address. It ends with the test."""
    made, servers = health.make_server, []

    def make(*arguments):
        servers.append(made(*arguments))
        return servers[-1]

    monkeypatch.setattr(health, "make_server", make)
    yield lambda hop_apps: f"http://127.0.0.1:{serve_health(Settings(home=tmp_path, metrics_port=0), 0, hop_apps)}"
    for server in servers:
        server.shutdown()
        server.server_close()
