"""What a stage is, and what can become of a message in it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeAlias, TypeVar, runtime_checkable

from schemas.base import Message
from schemas.topics import Topic

In = TypeVar("In", bound=Message)
Out = TypeVar("Out", bound=Message)
Taken = TypeVar("Taken", contravariant=True)
Given = TypeVar("Given", bound=Message, covariant=True)


class Reason(StrEnum):
    """Why a message did not go on. Closed: it is a metric label."""

    # rejected: not usable, kept with its bytes
    NOT_JSON = "not_json"
    INVALID = "invalid"
    TOMBSTONE = "tombstone"
    TOO_LARGE = "too_large"
    NO_TEXT = "no_text"
    COOKIE_WALL = "cookie_wall"
    PAYWALL = "paywall"
    BOT_CHECK = "bot_check"
    ERROR_PAGE = "error_page"
    AGE_GATE = "age_gate"
    AUTHOR_PAGE = "author_page"
    LINK_LIST = "link_list"
    EMPTY_SHELL = "empty_shell"
    TIMED_OUT = "timed_out"
    CRASHED = "crashed"
    # dropped: not wanted, counted only
    NO_MATCH = "no_match"


@dataclass(frozen=True, slots=True)
class Drop:
    """Not wanted: counted and forgotten."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reject:
    """Not usable: counted, and kept on the dead-letter topic with its bytes."""

    reason: Reason
    detail: str = ""


Outcome: TypeAlias = Sequence[Out] | Drop | Reject


@dataclass(frozen=True, slots=True)
class Decision:
    """What a stage with memory decided on one message.

    ``answer`` is what outputs are rebuilt from, ``learned`` what the memory keeps of the message. An empty
    answer is not stored: the same position is decided anew when it comes again.
    Both are the stage's own encoding; the changelog stores them as they are.
    """

    answer: bytes
    learned: bytes = b""


class Memory(Protocol[Taken, Given]):
    """What a stage remembers of one partition: a fold over its decisions, in order.

    The same decisions applied in the same order give the same memory, live or restored, so a
    verdict depends on the log alone. No method reads a clock.
    """

    def recall(self, position: str) -> bytes | None:
        """The answer given at ``position`` before, or None."""

    def decide(self, message: Taken) -> Decision:
        """What to answer; changes nothing."""

    def apply(self, position: str, decision: Decision) -> None:
        """Take a decision in."""

    def outcome(self, message: Taken, answer: bytes) -> Outcome[Given]:
        """The outcome that ``answer`` means for ``message``; equal bytes however often it is asked."""

    def closing(self) -> tuple[int, bytes] | None:
        """Whether stream time has closed a window: how many of the oldest decisions it drops, and the
        summary of them that later decisions need. Changes nothing."""

    def close(self, dropped: int, summary: bytes) -> None:
        """Forget the ``dropped`` oldest decisions for ``summary``, live or when restoring."""


@dataclass(frozen=True)
class Due:
    """Something to send because time has passed: the message, and the decision to take in and to store."""

    position: str
    decision: Decision
    message: Message


@runtime_checkable
class Tended(Protocol):
    """A memory in which time alone makes something due; the owner of the partition asks it now and then."""

    def due(self, now: datetime) -> Sequence[Due]:
        """What is due at ``now``. Changes nothing."""

    def frequent(self) -> Mapping[str, float]:
        """What fires on so many messages that somebody should know, with the share of them."""


@runtime_checkable
class Counting(Protocol):
    """A memory that goes by how many records its partition has."""

    def reached(self, number: int) -> None:
        """Be told how many records of the partition come before the next message."""


@runtime_checkable
class Bulk(Protocol):
    """A memory that takes many decisions in faster than one by one."""

    def expect(self, decisions: int) -> None:
        """Be told how many decisions are about to be restored; 0 once they are."""

    def apply_many(self, positions: Sequence[str], answers: Sequence[bytes], learned: Sequence[bytes]) -> None:
        """Take decisions in, in order, to the same state as `Memory.apply` of each."""


@dataclass(frozen=True)
class Step(Generic[In]):
    """One row of the pipeline's table: a stage between its topics.

    Exactly one of ``run`` and ``memory`` is set. ``run_many``, where a stage gains from batches,
    gives the same outcomes as ``run`` on each message.
    """

    name: str
    reads: Topic[In]
    writes: tuple[Topic[Any], ...]
    run: Callable[[In], Outcome[Any]] | None = None
    run_many: Callable[[Sequence[In]], Sequence[Outcome[Any]]] | None = None
    memory: Callable[[], Memory[In, Any]] | None = None
    heavy: Callable[[In], bool] | None = None
    """Whether a message is to be worked on outside the event loop's process."""
    overload: Callable[[In], Outcome[Any]] | None = None
    """What to do with heavy messages instead, while too many wait."""
    refresh: Callable[[], None] | None = None
    """Look whether what the stage reads besides its topic has changed; called now and then, from another thread."""
