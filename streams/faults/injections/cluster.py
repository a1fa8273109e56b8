"""Faults of a broker of three nodes: every topic on each, at least two in step."""

import time
from collections.abc import Callable
from typing import Any

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from streams.faults.lab import Lab
from streams.faults.oracle import ENRICHED
from streams.faults.registry import fault
from streams.faults.result import Result
from streams.faults.scene import Scene


def _leader_of(scene: Scene, topic: str) -> int:
    """Number of the node that leads partition 0 of a topic."""
    admin: Any = scene.admin()
    try:
        [described] = admin.describe_topics([topic])
        leader = described["partitions"][0].get("leader_id", described["partitions"][0].get("leader"))
        return int(leader)
    finally:
        admin.close()


def _leads(scene: Scene, number: int) -> bool:
    """Whether a node still counts as the leader of anything; also while nobody says."""
    nodes = (each for i, each in enumerate(scene.client["bootstrap_servers"], 1) if i != number)
    try:
        admin: Any = KafkaAdminClient(bootstrap_servers=list(nodes), bootstrap_timeout_ms=2000)
    except KafkaError:
        return True
    try:
        return any(p.get("leader_id") in (number, -1) for topic in admin.describe_topics() for p in topic["partitions"])
    except KafkaError:
        return True
    finally:
        admin.close()


def _without(scene: Scene, number: int, seconds: float) -> None:
    """Kill a node, see flow resume, start it again; how long the others took to replace it is noted."""
    scene.broker.node(number).kill()
    moment = scene.mark()
    while _leads(scene, number) and time.time() < moment + 60:
        time.sleep(0.1)
    scene.notes.append(f"the other nodes led everything after {time.time() - moment:.1f} s")
    scene.wait_flow(moment)
    time.sleep(seconds)
    scene.broker.start_node(number)
    time.sleep(5)


def _leader_killed(lab: Lab, name: str, topic_of: Callable[[Scene], str]) -> Result:
    """Kill the node that leads a topic, under load; flow has to resume without it."""
    with lab.scene(name, nodes=3) as scene:
        scene.workers()
        with scene.load():
            time.sleep(4)
            for _ in range(lab.size.pick(1, 3)):
                _without(scene, _leader_of(scene, topic_of(scene)), 3)
        return scene.finish(promised=12.0)


@fault("leader-killed", 4, "of three nodes the one that leads the outputs is killed", nodes=3, short=False)
def leader_killed(lab: Lab) -> Result:
    return _leader_killed(lab, "leader-killed", lambda scene: scene.prefix + ENRICHED)


@fault("coordinator-killed", 4, "of three nodes the one that coordinates the groups is killed", nodes=3, short=False)
def coordinator_killed(lab: Lab) -> Result:
    return _leader_killed(lab, "coordinator-killed", lambda scene: "__consumer_offsets")


@fault("two-of-three-down", 4, "two of three nodes are killed for 30 s and come back", nodes=3, short=False)
def two_down(lab: Lab) -> Result:
    with lab.scene("two-of-three-down", nodes=3) as scene:
        scene.workers()
        with scene.load():
            time.sleep(4)
            for number in (1, 2):
                scene.broker.node(number).kill()
            time.sleep(lab.size.pick(10, 30))
            for number in (1, 2):
                scene.broker.start_node(number)
            scene.wait_flow(scene.mark(), 120)
        return scene.finish(promised=40.0, seconds=240)


@fault("rolling-restart", 4, "all three nodes are restarted in turn under load", nodes=3, short=False)
def rolling_restart(lab: Lab) -> Result:
    with lab.scene("rolling-restart", nodes=3) as scene:
        scene.workers()
        with scene.load():
            time.sleep(4)
            for number in (1, 2, 3):
                scene.broker.node(number).stop()
                scene.broker.start_node(number)
                scene.wait_flow(scene.mark())
                time.sleep(5)
        return scene.finish(promised=12.0)
