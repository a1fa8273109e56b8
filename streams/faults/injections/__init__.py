"""The faults themselves, a module for each kind."""

from streams.faults.injections import brokers, clock, cluster, login, network, poison, refused, sinks, state, workers

__all__ = ["brokers", "clock", "cluster", "login", "network", "poison", "refused", "sinks", "state", "workers"]
