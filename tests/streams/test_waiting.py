"""Processes that stay wait for a broker that is away; what waiting cannot mend is said at once."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys

import pytest

from streams import waiting
from streams.broker import BrokerError
from streams.errors import ConfigurationError
from streams.settings import Settings
from streams.waiting import broker_reached

AWAY = BrokerError("expected a broker, found none")


@pytest.fixture
def looks(monkeypatch):
    """Give what each look at the broker is to find: an error, or None for a broker; what is left was not looked for."""

    def look_for(*findings):
        left = list(findings)

        def look(*_):
            if found := left.pop(0):
                raise found

        monkeypatch.setattr(waiting, "reach", look)
        monkeypatch.setattr(waiting, "REACH_PAUSE", 0.0)
        return left

    return look_for


async def test_a_broker_that_is_away_is_waited_for(looks):
    left = looks(AWAY, AWAY, None)

    assert await broker_reached(Settings(), asyncio.Event())
    assert left == []


async def test_who_is_told_to_stop_waits_no_longer(looks, monkeypatch):
    looks(AWAY)
    monkeypatch.setattr(waiting, "REACH_PAUSE", 3600.0)
    stop = asyncio.Event()
    stop.set()

    assert not await broker_reached(Settings(), stop)


async def test_what_waiting_cannot_mend_is_not_waited_for(looks):
    looks(AWAY, ConfigurationError("no address"))

    with pytest.raises(ConfigurationError, match="no address"):
        await broker_reached(Settings(), asyncio.Event())


@pytest.mark.parametrize("words", [("deliver", "stdout"), ("ingest",)])
def test_what_runs_beside_the_workers_waits_says_so_and_leaves_when_told(words, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
        ours = {"BROKER": address, "HOME": str(tmp_path), "METRICS_PORT": "0"}
        process = subprocess.Popen(
            [sys.executable, "-m", "streams.cli", *words], stderr=subprocess.PIPE,
            env={**os.environ, **{f"WIREWATCH_{name}": value for name, value in ours.items()}},
        )  # fmt: skip
        try:
            told = next((line for line in process.stderr if b"waiting" in line or line.startswith(b"Error")), b"{}")
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)
        finally:
            process.kill()
            process.communicate()

    assert f"expected a Kafka broker at {address}, found nothing that listens" in json.loads(told)["error"]
    assert process.returncode == 0


@pytest.mark.parametrize("words", [("deliver", "stdout"), ("ingest",), ("ingest", "--once"), ("broker", "status")])
def test_an_address_that_is_none_is_one_line(words, tmp_path):
    ours = {"BROKER": "kafka", "HOME": str(tmp_path), "METRICS_PORT": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "streams.cli", *words], capture_output=True, timeout=60, check=False,
        env={**os.environ, **{f"WIREWATCH_{name}": value for name, value in ours.items()}},
    )  # fmt: skip

    assert done.returncode == 1
    said = [line for line in done.stderr.decode().splitlines() if not line.startswith("{")]
    assert said == ["Error: expected a broker as host:port, found 'kafka'; correct WIREWATCH_BROKER"]
