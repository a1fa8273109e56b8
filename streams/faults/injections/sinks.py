"""A receiver of alerts that is slow: what waits for it costs no memory and delays no other sink."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from kafka import KafkaProducer

from streams.broker.process import wait_until
from streams.faults.lab import Lab
from streams.faults.oracle import ALERTS, Judgement
from streams.faults.proxy import HOST
from streams.faults.registry import fault
from streams.faults.result import Result
from streams.faults.scene import Scene
from streams.faults.workers import peak_bytes, resident_bytes

ALERT_BYTES = 4_000
MAY_GROW = 100_000_000
"""Bytes by which the process of the sinks may grow, however many alerts wait: its queues and the clients' buffers."""
SECRET = "whsec_bm90IGEgc2VjcmV0LCBvbmx5IGZvciB0ZXN0cw=="


@contextmanager
def _receiver(seconds: float) -> Iterator[str]:
    """The address of an HTTP server that takes so long over each request."""

    class Slow(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Read, rest, accept."""
            self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(seconds)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer((HOST, 0), Slow)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="receiver", daemon=True).start()
    try:
        yield f"http://{HOST}:{server.server_address[1]}/"
    finally:
        server.shutdown()


@contextmanager
def _delivering(scene: Scene, url: str, taken: Path) -> Iterator[int]:
    """``wirewatch deliver`` with a slow webhook and a file; its process number."""
    secret, sinks = scene.directory / "secret", scene.directory / "sinks.yaml"
    secret.write_text(SECRET)
    slow = {"type": "webhook", "url": url, "secrets": [f"file:{secret}"], "allow_private": True}
    sinks.write_text(json.dumps({"sinks": {"slow": slow, "quick": {"type": "file", "path": str(taken)}}}))
    environment = scene.environment("sinks", SINKS=str(sinks))
    with (scene.directory / "sinks.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streams.cli", "deliver"], env=environment, stdout=log, stderr=log
        )
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def _publish(scene: Scene, numbers: Sequence[int]) -> None:
    producer: Any = KafkaProducer(acks="all", linger_ms=5, **scene.client)
    for number in numbers:
        alert = {
            "alert_id": f"{scene.run}-{number}", "dedup_key": f"{scene.run}-{number}", "id": str(number),
            "rule": "fire", "rule_version": "1", "title": "word " * (ALERT_BYTES // 5),
        }  # fmt: skip
        producer.send(scene.prefix + ALERTS, key=alert["dedup_key"].encode(), value=json.dumps(alert).encode())
    producer.flush(timeout=120)
    producer.close()


def _taken(file: Path) -> set[str]:
    lines = file.read_text().splitlines() if file.exists() else []
    return {json.loads(line)["alert_id"] for line in lines}


@fault(
    "sink-slow", 7, "a receiver takes two seconds over each alert: memory bounded, no other sink delayed", short=False
)
def sink_slow(lab: Lab) -> Result:
    many = lab.size.pick(20_000, 100_000)
    with lab.scene("sink-slow") as scene, _receiver(2.0) as url:
        taken = scene.directory / "taken.jsonl"
        with _delivering(scene, url, taken) as pid:
            _publish(scene, range(1))
            _wait_taken(taken, 1)
            before, moment = resident_bytes(pid), time.monotonic()
            _publish(scene, range(1, many))
            _wait_taken(taken, many)
            took, grown = time.monotonic() - moment, peak_bytes(pid) - before
        lost = {f"{scene.run}-{number}" for number in range(many)} - _taken(taken)
    notes = [f"{many} alerts reached the other sink within {took:.0f} s; the process grew by {grown / 1e6:.0f} MB"]
    wrong = [f"the process grew by {grown / 1e6:.0f} MB"] if grown > MAY_GROW else []
    return Result("sink-slow", Judgement(many, lost=sorted(lost), wrong=wrong), notes=notes)


def _wait_taken(file: Path, count: int, seconds: float = 180.0) -> None:
    if not wait_until(lambda: file.exists() and file.read_bytes().count(b"\n") >= count, seconds, pause=0.3):
        raise TimeoutError(f"the file did not get {count} alerts within {seconds:g} s")
