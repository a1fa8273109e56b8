"""How long an alert takes from its topic to a receiver, and what a delivery costs: ``python -m streams.sinks.bench``.

Needs a broker in WIREWATCH_BROKER; uses topics of its own (prefix ``bench-sinks.``) and a receiver on this machine.
"""

import asyncio
import base64
import json
import os
import tempfile
import time
from pathlib import Path

from aiohttp import web
from aiokafka import AIOKafkaProducer

from schemas.alert import Alert
from schemas.topics import ALERTS
from streams.connection import client_options
from streams.settings import Settings
from streams.sinks.runner import run_sinks
from streams.topics_admin import create_topics, plan_topics

ALERTS_SENT, EVERY_SECONDS = 500, 0.02
BURST = 2000


class Receiver:
    """Notes when each alert came."""

    def __init__(self) -> None:
        self.came: dict[str, float] = {}
        self.expected = 0
        self.all = asyncio.Event()

    async def handle(self, request: web.Request) -> web.Response:
        self.came[request.headers["webhook-id"]] = time.monotonic()
        if len(self.came) >= self.expected:
            self.all.set()
        return web.Response(status=204)

    def expect(self, count: int) -> None:
        self.came.clear()
        self.expected = count
        self.all.clear()


def an_alert(identity: str) -> Alert:
    return Alert(alert_id=identity, dedup_key=identity, id="article", rule="bench", rule_version="1")


async def main() -> None:
    """Print latencies at 50 alerts a second, and processor time an alert in a burst."""
    receiver, settings = Receiver(), Settings(prefix="bench-sinks.")
    options = client_options(settings)
    create_topics(",".join(options["bootstrap_servers"]), plan_topics(settings.prefix))
    application = web.Application()
    application.router.add_post("/", receiver.handle)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sinks.json.yaml"
        os.environ["BENCH_SECRET"] = "whsec_" + base64.b64encode(os.urandom(24)).decode()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        sink = {"type": "webhook", "url": url, "secrets": ["env:BENCH_SECRET"], "allow_private": True}
        file.write_text(json.dumps({"sinks": {f"bench-{os.getpid()}": {**sink, "start": 0}}}))
        stop = asyncio.Event()
        task = asyncio.create_task(run_sinks(settings.model_copy(update={"sinks": file}), (), stop))
        async with AIOKafkaProducer(**options, acks="all") as producer:
            await asyncio.sleep(5)  # assigned by then
            await _steady(receiver, producer, settings)
            await _burst(receiver, producer, settings)
        stop.set()
        await task
    await runner.cleanup()


async def _steady(receiver: Receiver, producer: AIOKafkaProducer, settings: Settings) -> None:
    receiver.expect(ALERTS_SENT)
    given: dict[str, float] = {}
    for number in range(ALERTS_SENT):
        identity = f"steady-{os.getpid()}-{number}"
        given[identity] = time.monotonic()
        await producer.send_and_wait(settings.named(ALERTS.name), an_alert(identity).to_json(), key=identity.encode())
        await asyncio.sleep(EVERY_SECONDS)
    await receiver.all.wait()
    took = sorted(1000 * (receiver.came[identity] - moment) for identity, moment in given.items())
    print(f"published to received at 50/s: p50 {took[len(took) // 2]:.1f} ms, p99 {took[len(took) * 99 // 100]:.1f} ms")


async def _burst(receiver: Receiver, producer: AIOKafkaProducer, settings: Settings) -> None:
    receiver.expect(BURST)
    futures = []
    used, started = time.process_time(), time.monotonic()
    for number in range(BURST):
        identity = f"burst-{os.getpid()}-{number}"
        value = an_alert(identity).to_json()
        futures.append(await producer.send(settings.named(ALERTS.name), value, key=identity.encode()))
    await asyncio.gather(*futures)
    await receiver.all.wait()
    used, took = time.process_time() - used, time.monotonic() - started
    cost = f"{1e6 * used / BURST:.0f} us CPU"
    print(f"a burst of {BURST}: {BURST / took:.0f}/s; {cost} an alert, publishing and receiving included")


if __name__ == "__main__":
    asyncio.run(main())
