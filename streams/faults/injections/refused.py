"""Output refused: a topic's limit below a message, a topic deleted, a full disk, rights withdrawn."""

import json
import resource
import signal
import time

from streams.faults.corpus import Piece, text_of
from streams.faults.lab import Lab
from streams.faults.oracle import ALERTS
from streams.faults.registry import fault
from streams.faults.result import Result
from streams.faults.scene import Scene

LIMIT = 60_000
SENT_SECONDS = 0.5
"""After which the broker has what a process sent before it was stopped."""


def _large(scene: Scene, number: int) -> Piece:
    """An article whose clean form is larger than ``LIMIT``."""
    identity = f"{scene.run}-large-{number:04d}"
    text = "\n\n".join(text_of(identity, 5 * i) for i in range(120))
    value = json.dumps({"id": identity, "text": text, "title": f"Report {identity}"}).encode()
    return Piece(identity, value, "rejected")


@fault("output-too-large", 7, "a topic's limit is lowered below some messages: those become dead letters")
def too_large(lab: Lab) -> Result:
    with lab.scene("output-too-large") as scene:
        scene.workers()
        scene.configure("articles.tagged", "max.message.bytes", str(LIMIT))
        with scene.load():
            time.sleep(1)
            for number in range(lab.size.pick(5, 50)):
                scene.ledger.publish(_large(scene, number))
            scene.wait_flow(scene.mark())
            time.sleep(2)
        return scene.finish(promised=3.0)


@fault(
    "topic-deleted",
    7,
    "the topic of the outputs is deleted under load: it is created again, and flow goes on",
    short=False,
)
def topic_deleted(lab: Lab) -> Result:
    with lab.scene("topic-deleted") as scene:
        workers = scene.workers(STALL_SECONDS="12", ARTICLE_SECONDS="2", PAGE_SECONDS="2")
        with scene.load():
            time.sleep(3)
            scene.wait_outcomes(1)
            workers.signal(signal.SIGSTOP)  # so that all that goes with the topic is known
            time.sleep(SENT_SECONDS)
            scene.oracle.keep(ALERTS)
            admin = scene.admin()
            admin.delete_topics([scene.prefix + ALERTS])
            admin.close()
            workers.signal(signal.SIGCONT)
            scene.wait_flow(scene.mark())
            time.sleep(2)
        return scene.finish(promised=30.0)


@fault("disk-full", 7, "the broker may write no more, dies of it, and is started with room again", short=False)
def disk_full(lab: Lab) -> Result:
    with lab.scene("disk-full") as scene:
        scene.workers()
        with scene.load():
            time.sleep(3)
            node = scene.broker.node(1)
            pid = node.pid
            assert pid is not None
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, hard))
            ended = node.wait_for_end(20)
            scene.notes.append(f"the broker {'died' if ended else 'still ran'}: {node.cause_of_death()}")
            scene.broker.kill()
            time.sleep(3)
            scene.broker.start()
            scene.wait_flow(scene.mark())
        return scene.finish(promised=5.0)
