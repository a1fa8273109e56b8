"""Faults of a broker of one node: stopped, killed, and everything at once."""

import time

from streams.faults.corpus import Piece, article
from streams.faults.lab import Lab
from streams.faults.registry import fault
from streams.faults.result import Result
from streams.faults.scene import Scene
from streams.faults.workers import Workers, cpu_seconds, peak_bytes, resident_bytes

CPU_SHARE, LINES_A_MINUTE = 0.05, 10
GROWTH = 20e6
"""Bytes by which a worker may grow while it waits."""
BACKLOG, LARGE = 5000, 100_000
"""Records that wait for a worker, and the bytes of each."""
PEAK = 200e6
"""Bytes by which a worker may grow over a backlog, whatever its length."""


@fault("broker-stop", 3, "the broker is stopped under load and started after a while")
def broker_stop(lab: Lab) -> Result:
    with lab.scene("broker-stop") as scene:
        workers = scene.workers()
        with scene.load():
            for seconds in lab.size.pick((5,), (5, 30, 90)):
                time.sleep(3)
                scene.broker.stop()
                _away(scene, workers, seconds)
        return scene.finish(promised=3.0)


@fault("broker-kill", 3, "the broker is killed with SIGKILL under load and started after a while", short=False)
def broker_kill(lab: Lab) -> Result:
    with lab.scene("broker-kill") as scene:
        workers = scene.workers()
        with scene.load():
            for seconds in lab.size.pick((10,), (5, 30)):
                time.sleep(3)
                scene.broker.kill()
                _away(scene, workers, seconds)
        return scene.finish(promised=3.0)


def _away(scene: Scene, workers: Workers, seconds: float) -> None:
    """The broker stays away, a worker waits for it, then it comes back; what waiting costs is noted."""
    pid, lines, cpu, memory = (
        workers.pid(),
        len(workers.said()),
        cpu_seconds(workers.pid()),
        resident_bytes(workers.pid()),
    )
    time.sleep(seconds)
    if workers.pid() != pid:
        scene.notes.append("the worker was started again meanwhile")
    share = (cpu_seconds(pid) - cpu) / seconds
    said = len(workers.said()) - lines
    grown = resident_bytes(pid) - memory
    scene.notes.append(f"waiting {seconds} s: {share:.1%} CPU, {said} log lines, {grown / 1e6:+.0f} MB")
    if grown > GROWTH:
        scene.wrong.append(f"the worker grew by {grown / 1e6:.0f} MB while it waited")
    if seconds >= 30 and (share > CPU_SHARE or said * 60 / max(seconds, 60) > LINES_A_MINUTE):
        scene.notes.append("waiting costs more than promised")
    scene.broker.start()
    scene.wait_flow(scene.mark())


@fault("backlog", 3, "500 MB wait for one worker, whose broker goes away in the middle: memory is bounded", short=False)
def backlog(lab: Lab) -> Result:
    with lab.scene("backlog") as scene:
        workers = scene.workers()
        scene.ledger.publish_now(article(scene.run, 0))
        before = resident_bytes(workers.pid())
        workers.stop()
        for number in range(BACKLOG):
            scene.ledger.publish(Piece(f"{scene.run}-{number}", b"broken %d " % number + bytes(LARGE), "rejected"))
        scene.ledger.flush()
        workers = scene.workers()
        with scene.load():
            time.sleep(1)
            scene.broker.stop()
            _away(scene, workers, lab.size.pick(10, 60))
        scene.wait_outcomes()
        peak = peak_bytes(workers.pid()) - before
        scene.notes.append(f"{BACKLOG * LARGE / 1e6:.0f} MB waited, the worker grew by {peak / 1e6:.0f} MB at most")
        if peak > PEAK:
            scene.wrong.append(f"the worker grew by {peak / 1e6:.0f} MB")
        return scene.finish()


@fault("everything-restarted", 3, "broker and workers are killed together and started together", short=False)
def everything(lab: Lab) -> Result:
    with lab.scene("everything-restarted") as scene:
        workers = scene.workers()
        for _ in range(lab.size.pick(1, 3)):
            with scene.load():
                time.sleep(4)
                scene.broker.kill()
                workers.kill()
                time.sleep(1)
                workers = scene.workers(ready=False)
                scene.broker.start()
                scene.wait_flow(scene.mark())
        return scene.finish()
