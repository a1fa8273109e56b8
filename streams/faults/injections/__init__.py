"""The faults themselves, a module for each kind."""

from streams.faults.injections import brokers, poison, workers

__all__ = ["brokers", "poison", "workers"]
