"""The faults themselves, a module for each kind."""

from streams.faults.injections import brokers, clock, cluster, login, network, poison, refused, sinks, state, workers
from streams.faults.registry import FAULTS, Fault

__all__ = ["brokers", "clock", "cluster", "known", "login", "network", "poison", "refused", "sinks", "state", "workers"]


def known() -> dict[str, Fault]:
    """Every fault there is, in order of the groups."""
    return dict(sorted(FAULTS.items(), key=lambda item: item[1].group))
