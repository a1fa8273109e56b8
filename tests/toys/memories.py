"""Memories of a stage that several tests need."""

from dataclasses import dataclass, field


@dataclass
class Answers:
    """Keeps the answers it was given, in their order."""

    held: dict[str, bytes] = field(default_factory=dict)
    forgotten: bytes = b""
    version: int = 1

    def recall(self, position):
        return self.held.get(position)

    def apply(self, position, decision):
        self.held.setdefault(position, decision.answer)

    def close(self, dropped, summary):
        self.forgotten = summary
