"""How a hop decides on a batch: by walking it through pure stages, or from a partition's memory."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol, cast

from schemas.base import Message
from streams.changelog import Kept, PartitionState
from streams.pipeline import Hop
from streams.pool import Pool
from streams.process import decoded, remembered, walk
from streams.recent import Recent
from streams.records import Record
from streams.slices import Slicer
from streams.stage import Counting, Drop, Outcome, Reject


@dataclass
class Decided:
    """What a batch comes to: an outcome for each record, and what changelogs must keep, by partition."""

    outcomes: list[Outcome[Any]]
    kept: dict[int, Kept] = field(default_factory=dict)


class Guarding(Protocol):
    """Runs work on records under their positions."""

    async def run(self, positions: Sequence[str], work: Callable[[Sequence[int]], Sequence[Any]]) -> list[Any]: ...


class Held(Protocol):
    """The states of partitions, and the generation that owns them."""

    generation: int

    def __getitem__(self, partition: int) -> PartitionState: ...


class Decider(Protocol):
    """Decides on batches; changes nothing outside its own memory."""

    async def decide(self, records: Sequence[Record]) -> Decided: ...


class Walk:
    """Stages without memory, composed; pages go to the pool meanwhile."""

    def __init__(
        self,
        hop: Hop,
        guard: Guarding,
        pool: Pool,
        overloaded: Callable[[], bool] = lambda: False,
        recent: Recent | None = None,
    ) -> None:
        self._steps, self._recent = hop.steps, recent
        self._guard = guard
        self._pool = pool
        self._overloaded = overloaded
        self._slicer, self._page_slicer = Slicer(), Slicer()

    async def decide(self, records: Sequence[Record]) -> Decided:
        """An outcome for each record."""
        outcomes: dict[int, Outcome[Any]] = {}
        pages: dict[int, asyncio.Future[Outcome[Any]]] = {}
        for part in self._slicer.cut(range(len(records))):
            if outcomes or pages:
                await asyncio.sleep(0)
            started = time.perf_counter()
            light: list[tuple[int, Any]] = []
            for i in part:
                message = decoded(self._steps[0].reads, records[i], self._recent)
                if isinstance(message, Reject):
                    outcomes[i] = message
                elif self._is_heavy(message):
                    pages[i] = self._sent_to_pool(message)
                else:
                    light.append((i, message))
            decoding = time.perf_counter() - started
            outcomes |= await self._walked(records, light, self._steps, self._slicer, decoding)
        outcomes |= await self._pages(records, pages)
        return Decided([outcomes[i] for i in range(len(records))])

    def _is_heavy(self, message: Message) -> bool:
        heavy = self._steps[0].heavy
        return heavy is not None and heavy(message)

    def _sent_to_pool(self, message: Message) -> asyncio.Future[Outcome[Any]]:
        return asyncio.ensure_future(self._pool.run(self._steps[0], message, overload=self._overloaded()))

    async def _walked(
        self,
        records: Sequence[Record],
        messages: Sequence[tuple[int, Any]],
        steps: Sequence[Any],
        slicer: Slicer,
        spent: float = 0.0,
    ) -> dict[int, Outcome[Any]]:
        """What ``steps`` make of messages, by their index in ``records``; ``spent`` seconds belong to their slice."""
        if not messages:
            return {}
        timed = slicer.timed(lambda which: walk(steps, [messages[j][1] for j in which]), spent)
        results = await self._guard.run([records[i].identity for i, _ in messages], timed)
        return {i: outcome for (i, _), outcome in zip(messages, results, strict=True)}

    async def _pages(
        self, records: Sequence[Record], pages: dict[int, asyncio.Future[Outcome[Any]]]
    ) -> dict[int, Outcome[Any]]:
        """What came of pages: their first stage ran in the pool, the others run here."""
        cleaned = dict(zip(pages, await asyncio.gather(*pages.values()), strict=True))
        going = [(i, o[0]) for i, o in cleaned.items() if not isinstance(o, Drop | Reject)]
        if len(self._steps) == 1:
            return cleaned
        for part in self._page_slicer.cut(going):
            cleaned |= await self._walked(records, part, self._steps[1:], self._page_slicer)
            await asyncio.sleep(0)
        return cleaned


class Remember:
    """A stage with a memory of each partition: messages in order, answers kept."""

    def __init__(self, hop: Hop, guard: Guarding, states: Held, recent: Recent | None = None) -> None:
        [self._step], self._recent = hop.steps, recent
        self._guard = guard
        self._states = states
        self._slicer = Slicer()

    async def decide(self, records: Sequence[Record]) -> Decided:
        """An outcome for each record, and what the changelog of its partition must keep."""
        decided = Decided([])
        for part in self._slicer.cut(records):
            if decided.outcomes:
                await asyncio.sleep(0)
            positions = [record.identity for record in part]
            timed = self._slicer.timed(self._work(part, decided.kept))
            decided.outcomes += await self._guard.run(positions, timed)
        return decided

    def _work(self, part: Sequence[Record], kept: dict[int, Kept]) -> Callable[[Sequence[int]], list[Outcome[Any]]]:
        return lambda which: [self._answer(part[i], kept) for i in which]

    def _answer(self, record: Record, kept: dict[int, Kept]) -> Outcome[Any]:
        message = decoded(self._step.reads, record, self._recent)
        if isinstance(message, Reject):
            return message
        mine, state = kept.setdefault(record.partition, Kept()), self._states[record.partition]
        if _counts(type(state.memory)):
            cast(Counting, state.memory).reached(record.offset)
        return remembered(state, message, self._states.generation, mine)


@cache
def _counts(memory: type) -> bool:
    """Whether memories of this type are ``Counting``: to ask that of each record costs as much as to recall one."""
    return issubclass(memory, Counting)
