"""The faults by name: what each does, and within which time flow has to resume."""

from collections.abc import Callable
from dataclasses import dataclass

from streams.faults.lab import Lab
from streams.faults.result import Result

Inject = Callable[[Lab], Result]


@dataclass(frozen=True)
class Fault:
    """A fault that can be injected."""

    name: str
    group: int
    says: str
    inject: Inject
    nodes: int = 1
    short: bool = True
    """Whether it belongs to the short selection."""


FAULTS: dict[str, Fault] = {}


def fault(name: str, group: int, says: str, *, nodes: int = 1, short: bool = True) -> Callable[[Inject], Inject]:
    """Register a function as the fault ``name``."""

    def register(inject: Inject) -> Inject:
        FAULTS[name] = Fault(name, group, says, inject, nodes, short)
        return inject

    return register
