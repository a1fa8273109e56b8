"""How a hop decides on a batch: by walking it through pure stages, or from a partition's memory."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from schemas.base import Message
from streams.changelog import Kept, PartitionState
from streams.pipeline import Hop
from streams.pool import Pool
from streams.process import decoded, remembered, walk
from streams.records import Record
from streams.slices import Slicer
from streams.stage import Drop, Outcome, Reject


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

    def __init__(self, hop: Hop, guard: Guarding, pool: Pool, overloaded: Callable[[], bool] = lambda: False) -> None:
        self._steps = hop.steps
        self._guard = guard
        self._pool = pool
        self._overloaded = overloaded
        self._slicer = Slicer()

    async def decide(self, records: Sequence[Record]) -> Decided:
        """An outcome for each record."""
        messages = [decoded(self._steps[0].reads, record) for record in records]
        outcomes: list[Any] = list(messages)
        good = {i: message for i, message in enumerate(messages) if not isinstance(message, Reject)}
        heavy = [i for i, message in good.items() if self._is_heavy(message)]
        overload = bool(heavy) and self._overloaded()
        pages = asyncio.gather(*(self._pool.run(self._steps[0], good.pop(i), overload=overload) for i in heavy))
        light = list(good)
        for part in self._slicer.cut(light):
            results = await self._walked([records[i] for i in part], [messages[i] for i in part], self._steps)
            for i, outcome in zip(part, results, strict=True):
                outcomes[i] = outcome
            await asyncio.sleep(0)
        for i, outcome in zip(heavy, await pages, strict=True):
            outcomes[i] = await self._rest(records[i], outcome)
        return Decided(outcomes)

    def _is_heavy(self, message: Message) -> bool:
        heavy = self._steps[0].heavy
        return heavy is not None and heavy(message)

    async def _walked(self, records: Sequence[Record], messages: Sequence[Any], steps: Sequence[Any]) -> list[Any]:
        started = time.perf_counter()
        results = await self._guard.run(
            [r.identity for r in records], lambda which: walk(steps, [messages[i] for i in which])
        )
        self._slicer.learn(len(records), time.perf_counter() - started)
        return results

    async def _rest(self, record: Record, outcome: Outcome[Any]) -> Outcome[Any]:
        """The other stages, for a message whose first one ran in the pool."""
        if isinstance(outcome, Drop | Reject) or len(self._steps) == 1:
            return outcome
        [rest] = await self._walked([record], outcome, self._steps[1:])
        return cast(Outcome[Any], rest)


class Remember:
    """A stage with a memory of each partition: messages in order, answers kept."""

    def __init__(self, hop: Hop, guard: Guarding, states: Held) -> None:
        [self._step] = hop.steps
        self._guard = guard
        self._states = states
        self._slicer = Slicer()

    async def decide(self, records: Sequence[Record]) -> Decided:
        """An outcome for each record, and what the changelog of its partition must keep."""
        decided = Decided([])
        for part in self._slicer.cut(records):
            started = time.perf_counter()
            positions = [record.identity for record in part]
            decided.outcomes += await self._guard.run(positions, self._work(part, decided.kept))
            self._slicer.learn(len(part), time.perf_counter() - started)
            await asyncio.sleep(0)
        return decided

    def _work(self, part: Sequence[Record], kept: dict[int, Kept]) -> Callable[[Sequence[int]], list[Outcome[Any]]]:
        return lambda which: [self._answer(part[i], kept) for i in which]

    def _answer(self, record: Record, kept: dict[int, Kept]) -> Outcome[Any]:
        message = decoded(self._step.reads, record)
        if isinstance(message, Reject):
            return message
        mine = kept.setdefault(record.partition, Kept())
        return remembered(self._states[record.partition], message, self._states.generation, mine)
