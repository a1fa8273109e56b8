"""The stories that have more than one article: members, publishers, times."""

from dataclasses import dataclass, field
from functools import reduce
from typing import Protocol


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
        self.size, self.publishers, self.first = record.size, record.publishers, record.first
        self.last = max(self.last, record.time)

    def forget(self, base: int) -> None:
        """Forget the decisions below ``base``."""
        self.members = [number for number in self.members if number >= base]
        self.seen = {publisher: number for publisher, number in self.seen.items() if number >= base}


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
