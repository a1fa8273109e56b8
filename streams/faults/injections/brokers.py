"""Faults of a broker of one node: stopped, killed, and everything at once."""

import time

from streams.faults.lab import Lab, Result, Scene
from streams.faults.registry import fault
from streams.faults.workers import Workers, cpu_seconds

CPU_SHARE, LINES_A_MINUTE = 0.05, 10


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
    pid, lines, cpu = workers.pid(), len(workers.said()), cpu_seconds(workers.pid())
    time.sleep(seconds)
    share = (cpu_seconds(pid) - cpu) / seconds
    rate = (len(workers.said()) - lines) * 60 / max(seconds, 60)
    scene.notes.append(f"waiting {seconds} s: {share:.1%} CPU, {len(workers.said()) - lines} log lines")
    if workers.pid() != pid:
        scene.notes.append("the worker was started again meanwhile")
    if seconds >= 30 and (share > CPU_SHARE or rate > LINES_A_MINUTE):
        scene.notes.append("waiting costs more than promised")
    scene.broker.start()
    scene.wait_flow(scene.mark())


@fault("everything-restarted", 3, "broker and workers are killed together and started together", short=False)
def everything(lab: Lab) -> Result:
    with lab.scene("everything-restarted") as scene:
        for _ in range(lab.size.pick(1, 3)):
            workers = scene.workers()
            with scene.load():
                time.sleep(4)
                scene.broker.kill()
                workers.kill()
                time.sleep(1)
                scene.workers(ready=False)
                scene.broker.start()
                scene.wait_flow(scene.mark())
        return scene.finish()
