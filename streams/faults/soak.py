"""The soak: hours under load with a kill every few minutes, watched for leaks."""

import os
import signal
import statistics
import time

from streams.faults.lab import Lab
from streams.faults.result import Result
from streams.faults.scene import Scene
from streams.faults.workers import Workers, descriptors, resident_bytes

KILL_SECONDS = 300.0
SAMPLE_SECONDS = 10.0
WARM_SECONDS = 1200.0
WINDOW_ARTICLES = 10_000
"""So few that the memory of dedupe is full in every language before the warm-up is over: what grows then is a leak."""


class Samples:
    """Memory and descriptors of a worker that is not killed, over time."""

    def __init__(self) -> None:
        self._taken: list[tuple[float, float, int]] = []

    def take(self, moment: float, pid: int) -> None:
        self._taken.append((moment, resident_bytes(pid) / 1e6, descriptors(pid)))

    def notes(self, warm: float) -> list[str]:
        """The slope after warm-up, megabytes an hour, and how descriptors moved."""
        late = [each for each in self._taken if each[0] >= min(warm, self._taken[-1][0] / 2)]
        if len(late) < 3:
            return ["too short for a slope"]
        slope = statistics.linear_regression([t / 3600 for t, _, _ in late], [mb for _, mb, _ in late]).slope
        files = [n for _, _, n in late]
        return [
            f"RSS {late[0][1]:.0f} to {late[-1][1]:.0f} MB, slope {slope:+.1f} MB/h over {len(late)} samples",
            f"descriptors {min(files)} to {max(files)}, last {files[-1]}",
        ]


def soak(lab: Lab, hours: float) -> Result:
    """Two workers under load; one of them is killed every five minutes, the other is watched."""
    with lab.scene("soak", WINDOW_ARTICLES=str(WINDOW_ARTICLES)) as scene:
        workers = scene.workers(2)
        samples = Samples()
        with scene.load():
            _endure(scene, workers, samples, hours * 3600)
        result = scene.finish(promised=5.0, seconds=600)
        result.notes += samples.notes(WARM_SECONDS)
        return result


def _endure(scene: Scene, workers: Workers, samples: Samples, seconds: float) -> None:
    started = time.monotonic()
    killed = started
    while (now := time.monotonic()) - started < seconds:
        samples.take(now - started, workers.pid(0))
        if now - killed > KILL_SECONDS and seconds - (now - started) > 30:
            killed = now
            os.kill(workers.pid(1), signal.SIGKILL)
            scene.wait_flow(scene.mark())
        time.sleep(SAMPLE_SECONDS)
