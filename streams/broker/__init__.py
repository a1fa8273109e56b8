"""The local broker: Apache Kafka from package registries, and waiting for any broker."""

from streams.broker.errors import BrokerError
from streams.broker.local import LocalBroker, running_broker
from streams.broker.properties import Listening
from streams.broker.reach import wait_for_broker

__all__ = ["BrokerError", "Listening", "LocalBroker", "running_broker", "wait_for_broker"]
