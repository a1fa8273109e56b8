"""Sinks on a real Kafka: killed between delivery and commit, started anew while alerts wait, gone and back."""

import asyncio
import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from schemas.alert import Alert, AlertState
from streams.broker import LocalBroker
from streams.records import described
from streams.settings import Settings
from streams.sinks.replay import enable, replay
from streams.sinks.runner import run_sinks
from streams.topics_admin import create_topics, plan_topics

pytestmark = pytest.mark.kafka

SECRET = "whsec_" + base64.b64encode(b"a key for tests of 24 bytes").decode()
PATIENCE = 60.0
"""Longest a test waits for something that must come, seconds."""


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with LocalBroker(tmp_path_factory.mktemp("kafka")) as started:
        yield started.bootstrap


class Bench:
    """A prefix of its own on the broker, and a file of sinks."""

    def __init__(self, broker: str, name: str, folder: Path) -> None:
        self.broker = broker
        self.prefix = f"{name}."
        self.file = folder / "sinks.yaml"
        self.settings = Settings(broker=broker, prefix=self.prefix, partitions=2, sinks=self.file)
        create_topics(broker, plan_topics(self.prefix, 2))

    def configure(self, **sinks: dict[str, Any]) -> None:
        self.file.write_bytes(orjson.dumps({"sinks": sinks}))

    async def publish(self, *alerts: Alert) -> None:
        async with AIOKafkaProducer(bootstrap_servers=self.broker) as producer:
            for alert in alerts:
                key = alert.dedup_key.encode()
                await producer.send_and_wait(f"{self.prefix}alerts", alert.to_json(), key=key)

    async def records(self, topic: str) -> list[Any]:
        """Everything that stands in a topic."""
        reader = AIOKafkaConsumer(f"{self.prefix}{topic}", bootstrap_servers=self.broker, auto_offset_reset="earliest")
        async with reader:
            ends = await reader.end_offsets(reader.assignment())
            found: list[Any] = []
            for partition, end in ends.items():
                while await reader.position(partition) < end:
                    batches = await reader.getmany(partition, timeout_ms=1000)
                    found += batches.get(partition, [])
            return found

    async def committed(self, group: str) -> int:
        async with AIOKafkaConsumer(bootstrap_servers=self.broker, group_id=f"{self.prefix}{group}") as reader:
            partitions = [TopicPartition(f"{self.prefix}alerts", number) for number in range(2)]
            return sum([await reader.committed(partition) or 0 for partition in partitions])

    def start_process(self, *arguments: str, stdout: int | None = None) -> subprocess.Popen[bytes]:
        names = {"BROKER": self.broker, "PREFIX": self.prefix, "SINKS": str(self.file)}
        ours = {f"WIREWATCH_{name}": value for name, value in names.items()}
        clean = {name: value for name, value in os.environ.items() if not name.startswith("WIREWATCH_")}
        command = [sys.executable, "-m", "streams.cli", "deliver", *arguments]
        return subprocess.Popen(command, env={**clean, **ours}, stdout=stdout, stderr=subprocess.DEVNULL)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The sinks in this process until the block ends."""
        stop = asyncio.Event()
        task = asyncio.create_task(run_sinks(self.settings, (), stop))
        try:
            yield
        finally:
            stop.set()
            await task


@pytest.fixture
def bench(broker: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    return Bench(broker, request.node.name[5:30].rstrip("_").replace("_", "-"), tmp_path)


class Hook:
    """Receives webhooks; what to answer is up to the test."""

    def __init__(self) -> None:
        self.url = ""
        self.ids: list[str] = []
        self.bodies: list[bytes] = []
        self.answer: Callable[[str], Any] = lambda identity: 204
        self.taken: list[str] = []
        """Ids that were answered with success."""
        self.changed = asyncio.Condition()
        self.open = asyncio.Event()
        self.open.set()

    async def handle(self, request: web.Request) -> web.Response:
        body, identity = await request.read(), request.headers.get("webhook-id", "")
        await self.open.wait()
        async with self.changed:
            self.ids.append(identity)
            self.bodies.append(body)
            status = self.answer(identity)
            if status < 300:
                self.taken.append(identity)
            self.changed.notify_all()
        return web.Response(status=status)

    async def has(self, count: int) -> list[str]:
        """The ids received, once there are ``count``."""
        async with asyncio.timeout(PATIENCE), self.changed:
            await self.changed.wait_for(lambda: len(self.ids) >= count)
        return self.ids

    def sink(self, *retries: float) -> dict[str, Any]:
        known = {"type": "webhook", "url": self.url, "secrets": ["env:HOOK_SECRET"], "allow_private": True}
        return known | {"retries": retries or [0.1]}


@asynccontextmanager
async def receiving() -> AsyncIterator[Hook]:
    hook = Hook()
    application = web.Application()
    application.router.add_post("/{path:.*}", hook.handle)
    runner = web.AppRunner(application, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    try:
        yield hook
    finally:
        await runner.cleanup()


async def until(condition: Callable[[], Any]) -> None:
    """Return once the broker shows what it must come to show."""
    async with asyncio.timeout(PATIENCE):
        while not await condition():
            await asyncio.sleep(0.05)


def an_alert(identity: str, story: str | None = None) -> Alert:
    story = story or identity
    return Alert(alert_id=identity, dedup_key=story, story=story, id="article", rule="coup", rule_version="1")


def test_a_process_killed_before_its_commit_repeats_with_the_same_id_and_loses_none(bench: Bench) -> None:
    async def scene() -> None:
        async with receiving() as hook:
            bench.configure(hook=hook.sink())
            process = bench.start_process()

            def kill(identity: str) -> int:
                if identity == "b":
                    os.kill(process.pid, signal.SIGKILL)
                return 204

            hook.answer = kill
            await bench.publish(an_alert("a", story="s"), an_alert("b", story="s"), an_alert("c", story="s"))
            await hook.has(2)
            assert process.wait(PATIENCE) == -signal.SIGKILL
            assert hook.ids == ["a", "b"]

            hook.answer = lambda identity: 204
            async with bench.running():
                await hook.has(5)
                assert hook.ids == ["a", "b", "a", "b", "c"]
                assert hook.bodies[:2] == hook.bodies[2:4]

                async def all_committed() -> bool:
                    return await bench.committed("hook") == 3

                await until(all_committed)

    asyncio.run(scene())


def test_what_waits_survives_a_restart_and_later_alerts_of_its_story_stay_behind(bench: Bench) -> None:
    async def scene() -> None:
        async with receiving() as hook:
            bench.configure(hook=hook.sink(0.2, 3600))
            hook.answer = lambda identity: 500 if identity == "s1" else 204
            async with bench.running():
                await bench.publish(an_alert("s1", story="s"))
                await hook.has(2)
                await bench.publish(an_alert("s2", story="s"), an_alert("other"))
                await hook.has(3)

                async def held() -> bool:
                    return len({record.key for record in await bench.records("alerts.retry.hook")}) == 2

                await until(held)
            assert hook.ids == ["s1", "s1", "other"]

            await _hasten(bench)
            hook.answer = lambda identity: 204
            async with bench.running():
                await hook.has(5)

                async def released() -> bool:
                    last = {record.key: record.value for record in await bench.records("alerts.retry.hook")}
                    return set(last.values()) == {None}

                await until(released)
            assert hook.ids == ["s1", "s1", "other", "s1", "s2"]

    asyncio.run(scene())


async def _hasten(bench: Bench) -> None:
    """What waits for an hour is due: the time before which an alert rests stands in a header."""
    found = await bench.records("alerts.retry.hook")
    async with AIOKafkaProducer(bootstrap_servers=bench.broker) as producer:
        for record in {record.key: record for record in found}.values():
            headers = [(name, b"0" if name == "delivery_not_before" else value) for name, value in record.headers]
            await producer.send_and_wait(record.topic, record.value, key=record.key, headers=headers)


def test_a_receiver_that_is_gone_stays_off_until_it_is_enabled_and_the_undelivered_come_back(bench: Bench) -> None:
    async def scene() -> None:
        async with receiving() as hook:
            bench.configure(hook=hook.sink())
            hook.answer = lambda identity: 410
            async with bench.running():
                await bench.publish(an_alert("a"))
                await hook.has(1)
                await until(lambda: _undelivered(bench, 1))
            async with bench.running():
                await bench.publish(an_alert("b"))
                await until(lambda: _undelivered(bench, 2))
            assert hook.ids == ["a"]
            whys = [described(record.headers) for record in await bench.records("alerts.undelivered")]
            assert {(why.stage, why.reason, why.topic) for why in whys if why} == {("hook", "gone", "alerts")}

            await enable(bench.settings, "hook")
            assert await replay(bench.settings, "hook") == 2
            assert await replay(bench.settings, "hook") == 0
            hook.answer = lambda identity: 204
            async with bench.running():
                assert sorted((await hook.has(3))[1:]) == ["a", "b"]

    asyncio.run(scene())


async def _undelivered(bench: Bench, count: int) -> bool:
    return len(await bench.records("alerts.undelivered")) == count


def test_a_running_sink_takes_what_is_replayed(bench: Bench) -> None:
    async def scene() -> None:
        async with receiving() as hook:
            bench.configure(hook={**hook.sink(), "retries": []})
            hook.answer = lambda identity: 500
            async with bench.running():
                await bench.publish(an_alert("a"))
                await until(lambda: _undelivered(bench, 1))
                hook.answer = lambda identity: 204
                process = bench.start_process("--replay", "hook", stdout=subprocess.DEVNULL)
                assert await asyncio.to_thread(process.wait, PATIENCE) == 0
                assert await hook.has(2) == ["a", "a"]

    asyncio.run(scene())


def test_a_sink_that_hangs_delays_no_other(bench: Bench, tmp_path: Path) -> None:
    async def scene() -> None:
        async with receiving() as hook:
            archive = tmp_path / "alerts.jsonl"
            bench.configure(hook=hook.sink(), archive={"type": "file", "path": str(archive)})
            hook.open.clear()
            async with bench.running():
                await bench.publish(*(an_alert(str(number)) for number in range(20)))

                async def archived() -> bool:
                    return archive.exists() and len(archive.read_bytes().splitlines()) == 20

                await until(archived)
                assert hook.ids == []
                hook.open.set()
                await hook.has(20)
            assert {json.loads(line)["alert_id"] for line in archive.read_bytes().splitlines()} == set(hook.ids)

    asyncio.run(scene())


def test_a_second_process_shares_the_work_and_stories_keep_their_order(bench: Bench) -> None:
    stories = [f"s{number}" for number in range(8)]

    async def scene() -> None:
        async with receiving() as hook:
            bench.configure(hook=hook.sink(*[0.05] * 20))
            failing = iter([500, 204] * 500)
            hook.answer = lambda identity: next(failing)
            async with bench.running():
                await bench.publish(*(an_alert(f"{story}-1", story=story) for story in stories))
                await hook.has(4)
                async with bench.running():
                    await bench.publish(*(an_alert(f"{story}-2", story=story) for story in stories))

                    async def settled() -> bool:
                        last = {record.key: record.value for record in await bench.records("alerts.retry.hook")}
                        return await bench.committed("hook") == 16 and set(last.values()) == {None}

                    await until(settled)

            assert set(hook.ids) == {f"{story}-{number}" for story in stories for number in (1, 2)}
            for story in stories:
                first = [index for index, identity in enumerate(hook.taken) if identity == f"{story}-1"]
                second = [index for index, identity in enumerate(hook.taken) if identity == f"{story}-2"]
                assert first[0] < second[0]

    asyncio.run(scene())


def test_alertmanager_is_told_after_a_restart_of_what_was_open_before(bench: Bench) -> None:
    async def scene() -> None:
        async with receiving() as hook:
            bench.configure(am={"type": "alertmanager", "url": hook.url, "allow_private": True, "resend": 0.1})
            opened, ended = an_alert("open"), an_alert("ended")
            end = ended.model_copy(update={"alert_id": "end", "state": AlertState.RESOLVED})
            async with bench.running():
                await bench.publish(opened, ended, end)
                await until(lambda: _committed(bench, "am", 3))
            before = len(hook.bodies)
            async with bench.running():
                await hook.has(before + 2)

            told = [alert["labels"]["story"] for body in hook.bodies[before:] for alert in json.loads(body)]
            assert set(told) == {"open"}

    asyncio.run(scene())


async def _committed(bench: Bench, group: str, count: int) -> bool:
    return await bench.committed(group) == count


def test_a_sink_that_has_never_run_begins_with_the_last_hour(bench: Bench) -> None:
    async def scene() -> None:
        async with receiving() as hook:
            bench.configure(hook=hook.sink())
            two_hours_ago = int((time.time() - 7200) * 1000)
            async with AIOKafkaProducer(bootstrap_servers=bench.broker) as producer:
                topic = f"{bench.prefix}alerts"
                await producer.send_and_wait(topic, an_alert("old").to_json(), partition=0, timestamp_ms=two_hours_ago)
                await producer.send_and_wait(topic, an_alert("new").to_json(), partition=0)
            async with bench.running():
                await until(lambda: _committed(bench, "hook", 2))
            assert hook.ids == ["new"]

    asyncio.run(scene())


def test_the_command_prints_alerts_and_ends_when_told_to(bench: Bench) -> None:
    async def scene() -> None:
        bench.configure(out={"type": "stdout"})
        process = bench.start_process(stdout=subprocess.PIPE)
        assert process.stdout is not None
        await bench.publish(an_alert("a"))
        line = await asyncio.wait_for(asyncio.to_thread(process.stdout.readline), PATIENCE)
        process.send_signal(signal.SIGTERM)

        assert json.loads(line)["alert_id"] == "a"
        assert await asyncio.to_thread(process.wait, PATIENCE) == 0
        process.stdout.close()

    asyncio.run(scene())
