"""Faults of state: a changelog cut or deleted, of another version, and a worker that sleeps past its session."""

import os
import signal
import time
from typing import Any

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from streams.faults.lab import Lab
from streams.faults.registry import fault
from streams.faults.result import Result
from streams.faults.scene import Scene

CHANGELOG = "dedupe.changelog"


@fault("worker-asleep", 9, "a worker is stopped past its session while another takes over, then woken")
def worker_asleep(lab: Lab) -> Result:
    with lab.scene("worker-asleep") as scene:
        workers = scene.workers(2)
        with scene.load():
            time.sleep(2)
            for number in range(lab.size.pick(1, 4)):
                pid = workers.pid(number % 2)
                os.kill(pid, signal.SIGSTOP)
                scene.wait_flow(scene.mark())
                time.sleep(5)
                os.kill(pid, signal.SIGCONT)
                time.sleep(6)
        return scene.finish(promised=20.0)


@fault(
    "changelog-deleted",
    9,
    "all of a changelog is deleted while no worker runs: the state is made again from the log",
    short=False,
)
def changelog_deleted(lab: Lab) -> Result:
    return _damaged(lab, "changelog-deleted", lambda end: end)


@fault(
    "changelog-truncated",
    9,
    "the older half of a changelog is deleted: the state is made again from the log",
    short=False,
)
def changelog_truncated(lab: Lab) -> Result:
    return _damaged(lab, "changelog-truncated", lambda end: end // 2)


def _damaged(lab: Lab, name: str, upto: Any) -> Result:
    with lab.scene(name) as scene:
        workers = scene.workers()
        with scene.load():
            time.sleep(lab.size.pick(6, 20))
        scene.wait_outcomes()
        workers.stop()
        _delete_records(scene, upto)
        with scene.load():
            workers = scene.workers()
            scene.wait_flow(scene.mark())
            time.sleep(4)
        result = scene.finish()
        said = [line for line in workers.said() if "incomplete" in line or "rebuilt" in line]
        result.notes.append(f"{len(said)} lines said so")
        if not said:
            result.judgement.wrong.append("nothing was said of the damage")
        return result


def _delete_records(scene: Scene, upto: Any) -> None:
    scene.configure(CHANGELOG, "cleanup.policy", "delete")  # a compacted topic refuses to delete records
    admin = scene.admin()
    ends = _ends(scene, scene.prefix + CHANGELOG)
    admin.delete_records({tp: upto(end) for tp, end in ends.items() if upto(end)})
    admin.close()
    scene.configure(CHANGELOG, "cleanup.policy", "compact")


def _ends(scene: Scene, name: str) -> dict[Any, int]:
    consumer: Any = KafkaConsumer(**scene.client)
    try:
        return dict(consumer.end_offsets([TopicPartition(name, p) for p in consumer.partitions_for_topic(name)]))
    finally:
        consumer.close(autocommit=False)


@fault(
    "state-of-other-version",
    9,
    "state of a later version is found: the worker refuses with words, and goes on once it is gone",
    short=False,
)
def other_version(lab: Lab) -> Result:
    with lab.scene("state-of-other-version") as scene:
        workers = scene.workers()
        with scene.load():
            time.sleep(2)
        scene.wait_outcomes()
        workers.stop()
        producer: Any = KafkaProducer(**scene.client)
        key = b"999999:1"
        for partition in _ends(scene, scene.prefix + CHANGELOG):
            producer.send(partition.topic, key=key, value=b"\x63" * 40, partition=partition.partition)
        producer.flush()
        refusing = scene.workers(ready=False)
        time.sleep(lab.size.pick(8, 15))
        said = [line for line in refusing.said() if "expected a changelog of version" in line]
        if not said:
            scene.wrong.append("the worker did not say what it refuses")
        for partition in _ends(scene, scene.prefix + CHANGELOG):
            producer.send(partition.topic, key=key, value=None, partition=partition.partition)
        producer.flush()
        producer.close()
        refusing.stop()
        _delete_records(scene, lambda end: end)  # as compaction would: the workers then find their own state alone
        scene.workers()
        return scene.finish()
