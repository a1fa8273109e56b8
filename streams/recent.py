"""What this process has just written, so that its next hop need not read it from JSON again."""

from collections.abc import Collection
from typing import Any

from schemas.base import Message
from schemas.topics import Topic

MOST = 500
"""Messages that are kept until their record comes back; about 40 kB each."""
LARGEST = 64 * 1024
"""Bytes of a record above which its message is not kept."""


class Recent:
    """Messages by the bytes they were written as.

    A message and what is read from its bytes are the same, type by type; so whether a record comes back to the
    process that wrote it changes no answer. What does not come back is forgotten behind newer ones.
    """

    def __init__(self, topics: Collection[str], most: int = MOST) -> None:
        """``topics``: those that hops of this process read, by their declared names."""
        self._topics, self._most = topics, most
        self._messages: dict[bytes, Message] = {}

    def note(self, topic: str, value: bytes, message: Message) -> None:
        """Keep ``message``, which is written to ``topic`` as ``value``."""
        if topic not in self._topics or len(value) > LARGEST or not getattr(message, "position", ""):
            return
        self._messages[value] = message
        if len(self._messages) > self._most:
            del self._messages[next(iter(self._messages))]

    def take(self, topic: Topic[Any], value: bytes) -> Message | None:
        """The message that was written as ``value``, if it is of the kind that ``topic`` carries; once."""
        message = self._messages.pop(value, None)
        return message if type(message) is topic.carries else None
