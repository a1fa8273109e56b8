"""What can go wrong with a broker, in words for whoever typed the command."""

from streams.errors import WirewatchError


class BrokerError(WirewatchError):
    """One line: what was expected, what was found, what to do."""
