"""What can go wrong with a broker, in words for whoever typed the command."""


class BrokerError(Exception):
    """One line: what was expected, what was found, what to do."""
