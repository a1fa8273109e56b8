"""The faults themselves, a module for each kind."""

from streams.faults.injections import brokers, workers

__all__ = ["brokers", "workers"]
