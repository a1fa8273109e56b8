"""Poison: records no stage can use, and articles that make a stage raise, crash or hang."""

import json
import statistics
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType

from streams.broker.process import wait_until
from streams.faults.corpus import Piece, article, poison, text_of
from streams.faults.lab import Lab
from streams.faults.load import Owed
from streams.faults.odd import odd, publish_odd
from streams.faults.oracle import TAGGED
from streams.faults.registry import fault
from streams.faults.result import Result
from streams.faults.scene import Scene
from streams.faults.workers import Workers, cpu_seconds

MISBEHAVING = ("streams.faults.run",)
STAGES = ("clean", "tag", "dedupe", "alert")


@fault("poison-corpus", 6, "records that are broken in every way, and 300 broken ones in a row, under load")
def poison_corpus(lab: Lab) -> Result:
    with lab.scene("poison-corpus") as scene:
        scene.workers()
        with scene.load():
            time.sleep(2)
            for piece in poison(scene.run):
                scene.ledger.publish(piece)
            scene.ledger.publish_odd(odd(scene.run))
            publish_odd(scene.client, scene.prefix + TAGGED, [Piece("none", b"{}", headers=[("ce_id", None)])])
            for number in range(300):
                scene.ledger.publish(Piece(f"{scene.run}-burst-{number}", b"broken %d" % number, "rejected"))
            scene.wait_flow(scene.mark())
            time.sleep(2)
        return scene.finish(promised=3.0)


@fault("stage-raises", 6, "every stage made to raise on some articles", short=False)
def stage_raises(lab: Lab) -> Result:
    with lab.scene("stage-raises") as scene:
        scene.workers(module=MISBEHAVING)
        with scene.load():
            for number in range(lab.size.pick(4, 40)):
                for stage in STAGES:
                    scene.ledger.publish(bad(scene, "raise", stage, number))
                time.sleep(0.2)
        return scene.finish()


def bad(scene: Scene, deed: str, stage: str, number: int) -> Piece:
    """An article that asks a stage to misbehave. The alert stage comes after the article was sent."""
    identity = f"{scene.run}-{deed}-{stage}-{number:06d}"
    text = text_of(identity, number * 5)
    value = json.dumps({"id": identity, "text": text, "title": f"Report {identity}"}).encode()
    return Piece(identity, value, "sent" if stage == "alert" else "rejected")


@fault("stage-crashes", 6, "every stage made to kill its process: a dead letter on the second attempt, no crash loop")
def stage_crashes(lab: Lab) -> Result:
    return _ended(lab, "stage-crashes", lab.size.pick(("crash",), ("crash", "abort", "exit")), 3)


@fault(
    "stage-hangs",
    6,
    "every stage made to hang, with and without the interpreter lock: a dead letter likewise",
    short=False,
)
def stage_hangs(lab: Lab) -> Result:
    return _ended(lab, "stage-hangs", lab.size.pick(("spin",), ("hang", "spin")), 12)


def _ended(lab: Lab, name: str, deeds: tuple[str, ...], seconds: float) -> Result:
    with lab.scene(name) as scene:
        workers = scene.workers(module=MISBEHAVING, ARTICLE_SECONDS="2", STALL_SECONDS="12")
        chosen = lab.size.pick(("tag", "dedupe"), STAGES)
        with scene.load(lab.size.rate / 3):
            time.sleep(2)
            for number, (deed, stage) in enumerate((d, s) for d in deeds for s in chosen):
                owed = scene.ledger.publish_now(bad(scene, deed, stage, number))
                scene.wait_flow(scene.mark())
                _wait_outcome(scene, owed, 60)
        result = scene.finish(promised=seconds * 3, seconds=180)
        _count_ends(workers, len(deeds) * len(chosen), result)
        return result


def _wait_outcome(scene: Scene, owed: Owed, seconds: float) -> None:
    wait_until(lambda: not scene.oracle.open([owed]), seconds, pause=0.2)


def _count_ends(workers: Workers, asked: int, result: Result) -> None:
    """One end for each article that asked for it: more would be a crash loop."""
    ends = sum(" ended (" in line for line in workers.said())
    result.notes.append(f"{asked} articles ended a worker {ends} times")
    if ends > 2 * asked + 1:  # an article that was tagged twice is met twice
        result.judgement.wrong.append(f"{asked} articles ended a worker {ends} times: a crash loop")


@fault("poison-rate", 6, "one in a hundred broken: throughput against a clean run", short=False)
def poison_rate(lab: Lab) -> Result:
    with lab.scene("poison-rate") as scene:
        return _compared(scene, "1 % bad", lambda name: _cost(scene, name, 0), lambda name: _cost(scene, name, 100))


@fault("cost-of-safety", 6, "worker CPU an article with the guards and checks, and without", short=False)
def cost_of_safety(lab: Lab) -> Result:
    """Without: no journal, no confirmation awaited, no watchdog, no commit guard."""
    with lab.scene("cost-of-safety") as scene:
        careless = {"FAULT_CARELESS": "1"}
        return _compared(
            scene, "safety", lambda name: _cost(scene, name, 0, careless), lambda name: _cost(scene, name, 0)
        )


def _compared(scene: Scene, what: str, plain: Callable[[str], float], other: Callable[[str], float]) -> Result:
    """Run both ways in turn, so that a machine that slows down slows both; the medians are compared."""
    rounds = scene.size.pick(3, 5)
    costs = [(plain(f"plain-{i}"), other(f"other-{i}")) for i in range(rounds)]
    base, with_it = (statistics.median(each) * 1e6 for each in zip(*costs, strict=True))
    scene.workers()
    result = scene.finish(compare=50)
    result.notes.append(
        f"worker CPU an article: {base:.0f} us, with {what} {with_it:.0f} us ({with_it / base - 1:+.1%})"
    )
    return result


def _cost(scene: Scene, name: str, every: int, outside: Mapping[str, str] = MappingProxyType({})) -> float:
    """Seconds of worker CPU time an article, with one in ``every`` broken; a backlog is worked off.

    The worker is ready and has worked before it is measured: a start costs more than a thousand articles.
    """
    workers = scene.workers(module=MISBEHAVING, outside=outside)
    _work_off(scene, f"{name}-first", 300, every)
    before = cpu_seconds(workers.pid())
    count: int = scene.size.pick(1500, 6000)
    _work_off(scene, name, count, every)
    used = cpu_seconds(workers.pid()) - before
    workers.stop()
    return used / count


def _work_off(scene: Scene, name: str, count: int, every: int) -> None:
    """Publish so many articles at once, with one in ``every`` broken, and wait until the last stage is at rest."""
    for number in range(count):
        broken = every and number % every == 0
        piece = article(f"{scene.run}-{name}", number)
        scene.ledger.publish(Piece(piece.id + "-bad", b"broken", "rejected") if broken else piece)
    scene.ledger.flush()
    scene.wait_outcomes(180)
    scene.wait_rest()
