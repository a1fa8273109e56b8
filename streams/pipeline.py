"""The table of stages, and the walk of a message through them without a broker."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from typing import Any

from schemas.base import Message
from streams.changelog import Kept, PartitionState
from streams.errors import ConfigurationError
from streams.process import remembered, run
from streams.stage import Drop, Memory, Outcome, Reject, Step

Table = Mapping[str, Step[Any]]


@dataclass(frozen=True)
class Hop:
    """Stages composed in one agent: from one topic to the next."""

    steps: tuple[Step[Any], ...]

    @cached_property
    def name(self) -> str:
        """The stage names, ``clean-tag``: also the consumer group's name."""
        return "-".join(step.name for step in self.steps)

    @property
    def reads(self) -> Any:
        return self.steps[0].reads

    @property
    def memory(self) -> Callable[[], Memory[Any, Any]] | None:
        """What makes this hop's memory of a partition, if it has one."""
        return self.steps[0].memory


def hops_of(layout: str, table: Table) -> tuple[Hop, ...]:
    """The hops that ``clean+tag | dedupe | alert`` means; ConfigurationError where it means none.

    A stage with memory starts a hop and ends it: its topic's key is what its state is kept by.
    """
    hops = tuple(_hop(names, table) for names in stages_of(layout, table))
    for before, after in pairwise(hops):
        _check_follows(before.steps[-1], after.steps[0], "|")
    return hops


def stages_of(layout: str, known: Collection[str]) -> list[list[str]]:
    """The names of each hop's stages; ConfigurationError for one that is not ``known``."""
    hops = [[name.strip() for name in part.split("+")] for part in layout.split("|")]
    for name in chain.from_iterable(hops):
        if name not in known:
            raise ConfigurationError(f"the pipeline names `{name}`; known stages are {', '.join(known)}")
    return hops


def _hop(names: Sequence[str], table: Table) -> Hop:
    steps = tuple(table[name] for name in names)
    for before, after in pairwise(steps):
        _check_follows(before, after, "+")
        if before.memory or after.memory:
            keeper = after if after.memory else before
            raise ConfigurationError(
                f"`{before.name}+{after.name}`: `{keeper.name}` keeps state by its topic's key; write `|`"
            )
    return Hop(steps)


def _check_follows(before: Step[Any], after: Step[Any], sign: str) -> None:
    if after.reads not in before.writes:
        given = ", ".join(topic.name for topic in before.writes)
        pair = f"`{before.name} {sign} {after.name}`"
        raise ConfigurationError(f"{pair}: {after.name} reads {after.reads.name}, {before.name} gives {given}")


def run_through(
    steps: Sequence[Step[Any]], message: Message, states: Mapping[str, PartitionState]
) -> Iterator[Outcome[Any]]:
    """Walk ``message`` through ``steps`` without a broker; yields the outcome of each stage it reaches."""
    for step in steps:
        state = states.get(step.name)
        outcome = run(step, message) if state is None else remembered(state, message, 0, Kept())
        yield outcome
        if isinstance(outcome, Drop | Reject):
            return
        following = [m for m in outcome if isinstance(m, step.writes[0].carries)]
        if not following:
            return
        message = following[0]


def new_states(steps: Sequence[Step[Any]]) -> dict[str, PartitionState]:
    """Empty states for the steps that have memory, by name."""
    return {step.name: PartitionState(step.memory()) for step in steps if step.memory}
