"""Clocks: a worker's is off by an hour, and articles claim to be from 1970 and 2099."""

import time

from streams.faults.corpus import Piece, article
from streams.faults.injections.poison import MISBEHAVING
from streams.faults.lab import Lab
from streams.faults.registry import fault
from streams.faults.result import Result

TIMES = ("1970-01-01T00:00:00Z", "2099-12-31T23:59:59Z", 0, 4102444799, -1, "1969-12-31", "9999-12-31T23:59:59+14:00")


@fault("clock", 8, "worker clocks an hour ahead and an hour behind, articles from 1970 and 2099")
def clock(lab: Lab) -> Result:
    with lab.scene("clock") as scene:

        def odd(number: int) -> Piece:
            changed = {"published": TIMES[number // 10 % len(TIMES)]} if number % 10 == 9 else {}
            return article(scene.run, number, **changed)

        environment = {"FAULT_CLOCK": "3600"}
        with scene.load(pieces=odd):
            for ahead in ("3600", "-3600"):
                environment["FAULT_CLOCK"] = ahead
                workers = scene.workers(module=MISBEHAVING, outside=environment)
                scene.wait_flow(scene.mark())
                time.sleep(lab.size.pick(4, 20))
                workers.stop()
            scene.workers()
            scene.wait_flow(scene.mark())
        return scene.finish()
