"""What tests of several modules need of a worker."""

import json
import os
from dataclasses import asdict

import pytest
from aiokafka.client import AIOKafkaClient
from aiokafka.conn import OAuthAuthenticator
from faust.tables.manager import TableManager
from faust.transport.consumer import Consumer
from faust.transport.drivers import aiokafka as driver

from streams import health
from streams.broker.process import Identity, remember, start_of
from streams.broker.properties import Ports
from streams.engine import mend
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


@pytest.fixture
def demo_home(tmp_path, monkeypatch):
    """The folder of a demo that runs: its Kafka is this process, as commands see it, and answers nothing."""
    monkeypatch.setenv("WIREWATCH_HOME", str(tmp_path))
    monkeypatch.delenv("WIREWATCH_BROKER", raising=False)
    node = tmp_path / "demo" / "broker" / "one" / "node-1"
    node.mkdir(parents=True)
    remember(Identity(os.getpid(), start_of(os.getpid())), node / "node.pid")
    (node.parent / "ports.json").write_text(json.dumps([asdict(Ports(1, 2, 3))]))
    return tmp_path / "demo"


@pytest.fixture
def mended(monkeypatch):
    """The mends of the engine, for one test only."""
    for owner, name in (
        (Consumer, "_new_offset"),
        (Consumer, "_wait_next_records"),
        (Consumer, "_drain_messages"),
        (AIOKafkaClient, "_metadata_update"),
        (OAuthAuthenticator, "step"),
        (TableManager, "on_start"),
        (driver.Consumer, "_new_consumer_thread"),
    ):
        monkeypatch.setattr(owner, name, getattr(owner, name))  # put back as it was afterwards
    mend()
