"""A worker: the hops of the pipeline in one process. ``faust -A streams.worker worker`` runs the same."""

import asyncio
import gc
import logging
import os
import signal
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from schemas.article import RawArticle
from schemas.topics import RAW
from streams import kernels, metrics
from streams.agents import end_process
from streams.app import HopApp, Shared, build_app
from streams.health import serve_health
from streams.lag import watch_lag
from streams.logs import start_logging
from streams.memory import keep_small
from streams.pipeline import Hop, hops_of
from streams.recent import Recent
from streams.rulebook import RuleBook, RuleFeed
from streams.settings import Settings, settings
from streams.standby import NOTHING_HELD, Held
from streams.table import build_table
from streams.unread import watch_partitions
from streams.waiting import broker_reached
from streams.watchdog import start_watchdog

log = logging.getLogger(__name__)

GARBAGE = (100_000, 50, 100)
"""Allocations after which the collector looks; the messages of a batch are gone by themselves."""
TRIED = (
    "The ferry was cancelled on Monday because of strong winds, its operator said. Passengers are to wait.",
    "El ayuntamiento aprobó el lunes la construcción de un puente sobre el río. Costará doce millones de euros.",
)
TEND_SECONDS = 10.0
STOP_SECONDS = 8.0
"""How long a stop may take. Faust waits for an absent broker without end; what is unsettled is taken again."""


@dataclass(frozen=True)
class Loaded:
    """What any worker of these settings needs, whatever its slot."""

    settings: Settings
    book: RuleBook
    hops: Sequence[Hop]

    @property
    def rules(self) -> RuleBook | None:
        """The rules, if any of its hops matches them."""
        return self.book if any(map(_uses_rules, self.hops)) else None


def load_hops(configured: Settings, only: Sequence[str] = ()) -> Loaded:
    """Everything that takes its time: code, tables, models, of all hops of the pipeline or those named in ``only``."""
    book = RuleBook()
    table = build_table(configured, lambda: book.rules, book.silences)
    hops = [hop for hop in hops_of(configured.pipeline, table) if not only or hop.name in only]
    return Loaded(configured, book, hops)


def load_worker(configured: Settings, only: Sequence[str] = ()) -> Loaded:
    """The same for a process that is a worker of ours, whose logs and garbage collector we set."""
    start_logging(configured.log_level)
    loaded = load_hops(configured, only)
    _try_stages(loaded.hops)
    _leave_tables_alone()
    return loaded


def _try_stages(hops: Sequence[Hop]) -> None:
    """Have the first stage work on a text in English and on one that is not: patterns are compiled when a text first
    asks for them, and a tenth of a second is long for an event loop."""
    for step in (hop.steps[0] for hop in hops):
        if step.run is not None and step.reads is RAW:
            for text in TRIED:
                step.run(RawArticle(id="tried", text=text))


def build_hop_apps(loaded: Loaded, slot: int, held: Held = NOTHING_HELD) -> list[HopApp]:
    """The apps of this process, one for each hop; ``held`` is what it has followed of their states as a spare."""
    hops = loaded.hops
    names = [hop.name for hop in hops]
    metrics.start_series(names, ((hop.name, topic.name) for hop in hops for topic in hop.steps[-1].writes))
    shared = Shared(Recent({hop.reads.name for hop in hops}))
    return [build_app(hop, loaded.settings, slot, shared, held.get(hop.name, {})) for hop in hops]


def run_worker(loaded: Loaded, slot: int, held: Held = NOTHING_HELD) -> NoReturn:
    """Run until SIGTERM or SIGINT, then leave with 0; leaves with 1 when something breaks."""
    configured = loaded.settings
    hop_apps = build_hop_apps(loaded, slot, held)
    gc.freeze()
    serve_health(configured, slot, hop_apps)
    log.info("starting", extra={"kernels": kernels.state})
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(configured, hop_apps, loaded.book))
    _leave()


def _leave_tables_alone() -> None:
    """Keep the garbage collector from walking through tables that never change: a sixth of all processor time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


def _loop_factory() -> Any:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _serve(configured: Settings, hop_apps: Sequence[HopApp], book: RuleBook) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _stop_soon, told)
    # waited for here: Faust would give up, and the pauses between starts would delay the flow
    if not await broker_reached(configured, told):
        return
    start_watchdog(configured, hop_apps, loop)
    watch_lag(loop)
    chores = [asyncio.ensure_future(chore) for chore in (keep_small(), watch_partitions(configured, hop_apps))]
    watches = [asyncio.ensure_future(_watch(hop_app)) for hop_app in hop_apps]
    starts = [asyncio.ensure_future(_start(hop_app, _rules(configured, hop_app, book))) for hop_app in hop_apps]
    await asyncio.wait([asyncio.ensure_future(told.wait()), *watches], return_when=asyncio.FIRST_COMPLETED)
    log.info("stopping")
    for chore in chores:
        chore.cancel()
    await asyncio.gather(*starts, return_exceptions=True)
    await asyncio.gather(*(hop_app.app.stop() for hop_app in hop_apps))
    for hop_app in hop_apps:
        hop_app.pool.close()


def _stop_soon(told: asyncio.Event) -> None:
    """Begin to stop; a thread ends the process if that takes too long."""
    told.set()
    timer = threading.Timer(STOP_SECONDS, _leave, ["not everything was settled in time; it is taken again later"])
    timer.daemon = True
    timer.start()


def _leave(why: str = "stopped") -> NoReturn:
    log.info("left", extra={"why": why})
    logging.shutdown()
    os._exit(0)


def _rules(configured: Settings, hop_app: HopApp, book: RuleBook) -> RuleFeed | None:
    """What reads the rules, for the hop that matches them."""
    return RuleFeed(configured, book, hop_app.worker.deliver) if _uses_rules(hop_app.hop) else None


def _uses_rules(hop: Hop) -> bool:
    return any(step.name == "alert" for step in hop.steps)


async def _start(hop_app: HopApp, rules: RuleFeed | None) -> None:
    await _refresh(hop_app)  # a spare may have waited for long since it read its files
    try:
        if rules is not None:
            await rules.start()
        await hop_app.app.start()
        if rules is not None:  # only now can what cannot be used be reported
            hop_app.background.append(asyncio.ensure_future(_follow(rules)))
        hop_app.background.append(asyncio.ensure_future(_tend(hop_app)))
    except Exception as error:
        end_process(f"{hop_app.hop.name} could not start", error)


async def _follow(rules: RuleFeed) -> None:
    try:
        await rules.follow()
    except Exception as error:
        end_process("the rules are not followed any more", error)


async def _tend(hop_app: HopApp) -> None:
    """Now and then: what time alone makes due, and what has changed besides the topics."""
    while True:
        await asyncio.sleep(TEND_SECONDS)
        await _refresh(hop_app)
        if hop_app.ready:
            try:
                await hop_app.worker.tend(datetime.now(UTC))
            except Exception as error:
                end_process(f"{hop_app.hop.name}: what was due could not be settled", error)


async def _refresh(hop_app: HopApp) -> None:
    for step in hop_app.hop.steps:
        if step.refresh is not None:
            try:
                await asyncio.to_thread(step.refresh)
            except Exception as error:  # a file in the middle of a change: the next look may find it whole
                log.error("could not be refreshed", extra={"stage": step.name, "error": repr(error)})


async def _watch(hop_app: HopApp) -> None:
    """End the process when Faust gives an app up."""
    await hop_app.app._crashed.wait()
    end_process(f"{hop_app.hop.name} crashed", hop_app.app.crash_reason)


def __getattr__(name: str) -> Any:
    """``app`` for Faust's own command line, built when it is asked for."""
    if name != "app":
        raise AttributeError(name)
    root, *others = build_hop_apps(load_hops(settings()), 0)

    def together(*_: Any, **__: Any) -> None:
        for other in others:
            root.app.add_dependency(other.app)

    root.app.on_worker_init.connect(together)

    globals()["app"] = root.app
    return root.app
