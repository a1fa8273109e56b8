"""Faults of worker processes: killed, told to stop, paused, coming and going."""

import os
import random
import signal
import time

from streams.faults.corpus import article
from streams.faults.lab import Lab
from streams.faults.registry import fault
from streams.faults.result import Result
from streams.faults.scene import Scene
from streams.faults.workers import Workers

STOP_SECONDS = 10.0
SLOWEST = 30.0
"""Articles a second that a worker gets through on the slowest machine."""


@fault("worker-kill", 1, "the only worker is killed with SIGKILL at random moments under load")
def worker_kill(lab: Lab) -> Result:
    with lab.scene("worker-kill") as scene:
        workers = scene.workers()
        with scene.load():
            time.sleep(2)
            for _ in range(lab.size.pick(3, 20)):
                _kill(scene, workers)
        return scene.finish(promised=5.0)


def _kill(scene: Scene, workers: Workers, number: int = 0) -> None:
    pid = workers.pid(number)
    os.kill(pid, signal.SIGKILL)
    scene.wait_flow(scene.mark())
    time.sleep(random.uniform(0.5, 4))


@fault(
    "worker-kill-large", 1, "the only worker is killed while it remembers many articles: 100,000 in full", short=False
)
def worker_kill_large(lab: Lab) -> Result:
    with lab.scene("worker-kill-large") as scene:
        workers = scene.workers()
        remembered = lab.size.pick(5_000, 100_000)
        for number in range(remembered):
            scene.ledger.publish(article(f"{scene.run}-before", number))
        scene.ledger.flush()
        scene.wait_outcomes(remembered / SLOWEST)
        with scene.load():
            time.sleep(2)
            for _ in range(3):
                _kill(scene, workers)
        return scene.finish(promised=5.0, seconds=300)


@fault("worker-stop", 1, "the only worker gets SIGTERM under load: it settles, leaves with 0, and is started again")
def worker_stop(lab: Lab) -> Result:
    with lab.scene("worker-stop") as scene:
        workers = scene.workers()
        with scene.load():
            time.sleep(2)
            for _ in range(lab.size.pick(2, 20)):
                pid = workers.pid()
                moment = workers.signal(signal.SIGTERM)
                took = workers.wait_gone(pid)
                scene.mark(moment + took)
                _expect(scene, took <= STOP_SECONDS, f"SIGTERM took {took:.1f} s")
                scene.wait_flow(moment + took)
                time.sleep(random.uniform(0.5, 4))
        _expect(scene, _ends(workers) <= {"exit code 0"}, f"ended with {_ends(workers)}")
        result = scene.finish(promised=4.0)
        result.notes.append(f"{result.judgement.repeated} repeated over all stops")
        return result


def _ends(workers: Workers) -> set[str]:
    """How workers ended, as their supervisor says."""
    return {line.split("(")[1].split(")")[0] for line in workers.said() if " ended (" in line}


def _expect(scene: Scene, good: bool, otherwise: str) -> None:
    if not good:
        scene.wrong.append(otherwise)


@fault("worker-of-two-killed", 1, "one of two workers is killed with SIGKILL, the other works on", short=False)
def worker_of_two(lab: Lab) -> Result:
    with lab.scene("worker-of-two-killed") as scene:
        workers = scene.workers(2)
        with scene.load():
            time.sleep(2)
            for number in range(lab.size.pick(2, 6)):
                _kill(scene, workers, number % 2)
        return scene.finish(promised=5.0)


@fault(
    "stop-without-broker", 1, "SIGTERM while the broker is away: leaves with 0 within 10 s, nothing lost", short=False
)
def stop_without_broker(lab: Lab) -> Result:
    with lab.scene("stop-without-broker") as scene:
        workers = scene.workers()
        with scene.load():
            time.sleep(3)
            scene.broker.stop()
            time.sleep(2)
            code, took = workers.stop()
            _expect(scene, code == 0 and took <= STOP_SECONDS + 1, f"left with {code} after {took:.1f} s")
            scene.notes.append(f"left with {code} after {took:.1f} s")
            scene.broker.start()
            scene.workers()
            scene.wait_flow(scene.mark())
        return scene.finish()


@fault("kill-while-restoring", 1, "killed again and again while it starts and restores its state", short=False)
def kill_while_restoring(lab: Lab) -> Result:
    with lab.scene("kill-while-restoring") as scene:
        workers = scene.workers()
        with scene.load(lab.size.rate * 2):
            time.sleep(lab.size.pick(4, 15))
            for _ in range(lab.size.pick(3, 12)):
                os.kill(workers.pid(), signal.SIGKILL)
                time.sleep(random.uniform(0.5, 3.5))
            scene.wait_flow(scene.mark())
        return scene.finish()


@fault("kill-while-behind", 1, "killed again and again while it works off what has come at once", short=False)
def kill_while_behind(lab: Lab) -> Result:
    with lab.scene("kill-while-behind") as scene:
        workers = scene.workers()
        for number in range(lab.size.pick(2_000, 8_000)):
            scene.ledger.publish(article(scene.run, number))
        scene.ledger.flush()
        kills = 0
        while scene.oracle.open(list(scene.ledger.owed.values())):
            scene.wait_ready()
            time.sleep(random.uniform(0.1, 3))
            os.kill(workers.pid(), signal.SIGKILL)
            kills += 1
        scene.notes.append(f"{kills} kills")
        return scene.finish()


@fault("rebalance-storm", 2, "workers come and go every few seconds: 1, 3, 1, 4")
def rebalance_storm(lab: Lab) -> Result:
    with lab.scene("rebalance-storm") as scene:
        scene.workers(1, instance="")
        others: list[Workers] = []
        rounds = lab.size.pick((2, 0), (2, 0, 3, 0) * 4)
        with scene.load():
            for wanted in rounds:
                time.sleep(8)
                for workers in others:
                    workers.stop()
                others = [scene.workers(wanted, instance="", ready=False)] if wanted else []
            scene.wait_flow(scene.mark())
        return scene.finish(promised=12.0)
