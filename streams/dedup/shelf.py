"""The stories that have more than one article: members, publishers, times."""

import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from typing import Protocol

OPEN = 64
"""Members from which a story is kept as it is: packing it for each further article would cost too much."""
_HEAD = struct.Struct("<IIqqHI")
"""size, publishers, first, last, length of the name, publishers seen"""
_LAST = struct.Struct("<I")


class Joining(Protocol):
    """What a record says of the story its article joins."""

    @property
    def story(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def merged(self) -> list[int]: ...
    @property
    def publisher(self) -> int: ...
    @property
    def time(self) -> int: ...
    @property
    def size(self) -> int: ...
    @property
    def publishers(self) -> int: ...
    @property
    def first(self) -> int: ...
    @property
    def last(self) -> int: ...


@dataclass(slots=True)
class StoryState:
    """A story as its remembered members make it; sizes count the forgotten ones, too."""

    name: str
    size: int
    publishers: int
    first: int
    last: int
    members: list[int] = field(default_factory=list)
    """Decisions of its articles, by absolute number, ascending."""
    seen: dict[int, int] = field(default_factory=dict)
    """Publishers by hash, and the latest decision of each."""

    def joined(self, number: int, record: Joining) -> None:
        """One more article."""
        self.members.append(number)
        if record.publisher:
            self.seen[record.publisher] = number
        self.size, self.publishers = record.size, record.publishers
        self.first, self.last = record.first, record.last

    def forget(self, base: int) -> None:
        """Forget the decisions below ``base``."""
        self.members = [number for number in self.members if number >= base]
        self.seen = {publisher: number for publisher, number in self.seen.items() if number >= base}


class Shelf:
    """Stories by the decision that began them, packed while they are small: so that they take little memory, and
    no time of the garbage collector."""

    def __init__(self) -> None:
        self._packed: dict[int, bytes] = {}
        self._open: dict[int, StoryState] = {}
        self._waiting: dict[int, None] | None = None
        """Stories that are to be packed, those that changed last behind; None where each is packed as it is put."""

    def __len__(self) -> int:
        return len(self._packed) + len(self._open)

    def get(self, story: int, base: int) -> StoryState | None:
        """A story without its members below ``base``; None where none is left. To be put back where it is changed."""
        state = self._open.get(story)
        if state is None:
            packed = self._packed.get(story)
            if packed is None:
                return None
            state = _unpacked(packed, story)
        if state.members and state.members[0] < base:
            state.forget(base)
        return state if state.members else None

    def put(self, story: int, state: StoryState) -> None:
        """Keep a story, unless it has no members."""
        if self._waiting is not None and state.members:
            self._packed.pop(story, None)
            self._waiting.pop(story, None)
            self._open[story], self._waiting[story] = state, None
            return
        self.pop(story)
        if len(state.members) > OPEN:
            self._open[story] = state
        elif state.members:
            self._packed[story] = _packed(state, story)

    def pop(self, story: int) -> None:
        """Keep a story no longer."""
        self._packed.pop(story, None)
        self._open.pop(story, None)
        if self._waiting is not None:
            self._waiting.pop(story, None)

    def wait(self) -> None:
        """Pack nothing until ``pack``: of many changes to come some are to one story."""
        self._waiting = {}

    def pack(self) -> None:
        """Pack what waits."""
        waiting, self._waiting = self._waiting or {}, None
        for story in waiting:
            state = self._open.pop(story)
            if len(state.members) > OPEN:
                self._open[story] = state
            elif state.members:
                self._packed[story] = _packed(state, story)

    def sweep(self, story: int, number: int) -> None:
        """Let go of a story none of whose members is later than the decision ``number``."""
        packed = self._packed.get(story)
        if packed is not None:
            if story + _LAST.unpack(packed[-4:])[0] <= number:
                del self._packed[story]
        elif story in self._open and self._open[story].members[-1:] <= [number]:
            del self._open[story]

    def stories(self, base: int) -> Iterator[tuple[int, StoryState]]:
        """All stories with members from ``base`` on."""
        for story in [*self._packed, *self._open]:
            state = self.get(story, base)
            if state is not None:
                yield story, state

    def nbytes(self) -> int:
        """Bytes held."""
        opened = sum(500 + 36 * len(state.members) + 100 * len(state.seen) for state in self._open.values())
        return opened + sum(map(len, self._packed.values())) + 140 * len(self._packed)


def united(one: StoryState, other: StoryState) -> StoryState:
    """Both stories under the first one's name."""
    seen = {publisher: max(one.seen.get(publisher, 0), n) for publisher, n in other.seen.items()}
    both = one.seen | seen
    firsts = [time for time in (one.first, other.first) if time]
    return StoryState(
        one.name,
        one.size + other.size,
        max(one.publishers, other.publishers, len(both)),
        min(firsts, default=0),
        max(one.last, other.last),
        sorted(one.members + other.members),
        both,
    )


def all_united(first: StoryState, others: list[StoryState]) -> StoryState:
    """All stories under the first one's name."""
    return reduce(united, others, first)


def _packed(state: StoryState, story: int) -> bytes:
    name, seen = state.name.encode(), state.seen
    head = _HEAD.pack(state.size, state.publishers, state.first, state.last, len(name), len(seen))
    numbers = array("I", [number - story for number in (*seen.values(), *state.members)])
    return b"".join((head, name, array("Q", seen), numbers))


def _unpacked(packed: bytes, story: int) -> StoryState:
    size, publishers, first, last, length, seen = _HEAD.unpack_from(packed)
    at = _HEAD.size + length
    keys, numbers = array("Q", packed[at : at + 8 * seen]), array("I", packed[at + 8 * seen :])
    every = [number + story for number in numbers]
    name = packed[_HEAD.size : at].decode()
    return StoryState(name, size, publishers, first, last, every[seen:], dict(zip(keys, every[:seen], strict=True)))
