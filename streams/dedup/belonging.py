"""Which story each article belongs to, and how joining, merging and a person's correction change it."""

from streams.dedup.ledger import Ledger
from streams.dedup.record import Mark, Record
from streams.dedup.shelf import Joining, Shelf, StoryState, all_united


class Belonging:
    """The stories of the decisions in a ledger."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.stories = Shelf()
        """Stories of two and more articles."""
        self.revised: dict[int, tuple[str, int]] = {}
        """Ids of stories of which there is a revision, and the latest one: it may outlive the story's members."""
        self.apart: dict[tuple[int, int], int] = {}
        """Pairs of stories a person has taken apart, and the decision that did."""
        self.parted: dict[str, tuple[int, int]] = {}
        """Ids of the stories a person split off: the latest member that left, and the decision that did."""

    def story_name(self, story: int) -> str:
        """The id of a story."""
        found = self.stories.get(story, self.ledger.base)
        if found is not None:
            return found.name
        return self.ledger.note(story).id if story >= self.ledger.base else self.revised[story][0]

    def story(self, story: int, name: str | None = None) -> StoryState:
        """The state of a story, made up for one of a single article, by its name if that is known; empty for none."""
        ledger = self.ledger
        found = self.stories.get(story, ledger.base)
        if found is not None:
            return found
        if not ledger.base <= story < ledger.next or ledger.story(story) != story:
            return StoryState(self.revised.get(story, ("", 0))[0], 0, 0, 0, 0)
        publisher, time = ledger.told(story)
        seen = {publisher: story} if publisher else {}
        return StoryState(ledger.note(story).id if name is None else name, 1, len(seen), time, time, [story], seen)

    def are_apart(self, one: int, other: int) -> bool:
        """Whether a person has taken two stories apart."""
        return (min(one, other), max(one, other)) in self.apart

    def outlived(self, name: str) -> int | None:
        """The story now that an article of this id began, or that was split off under it, while articles that joined
        it are remembered; None for none."""
        story = self.ledger.by_story(name)
        latest, _ = self.parted.get(name, (-1, 0))
        return self.ledger.story(latest) if story is None and latest >= self.ledger.base else story

    def join(self, record: Joining, number: int) -> None:
        """Let an article join its story, and stories merge where it shows them to be one."""
        story = record.story if record.story >= 0 else number
        if record.merged:
            self._merge(story, record.merged)
        if story != number:
            state = self.story(story, record.name)
            state.name = record.name
            state.joined(number, record)
            self.stories.put(story, state)

    def _merge(self, story: int, others: list[int]) -> None:
        states = [self.story(other) for other in others]
        self.stories.put(story, all_united(self.story(story), states))
        for other, state in zip(others, states, strict=True):
            self._rename(state.members, story)
            self.stories.pop(other)

    def _rename(self, members: list[int], story: int) -> None:
        for number in members:
            if number >= self.ledger.base:
                self.ledger.rename(number, story)

    def correct(self, record: Record, number: int) -> None:
        """Merge stories into another, or let members leave theirs; nothing where the person was refused."""
        if record.merged and record.marks & Mark.SPLIT:
            self._split(record, number)
        elif record.merged:
            self._merge(record.story, record.merged)
            state = self.story(record.story)
            state.name, state.size = record.name, record.size
            state.publishers, state.first, state.last = record.publishers, record.first, record.last
            self.stories.put(record.story, state)

    def _split(self, record: Record, number: int) -> None:
        old, story, gone = self.story(record.story), record.merged[0], set(record.merged)
        leaving = [number for number in record.merged if number >= self.ledger.base]
        self._rename(leaving, story)
        old.members = [number for number in old.members if number not in gone]
        old.size = record.size
        self.stories.put(record.story, old)
        leaves = self.gathered(record.id, leaving, len(record.merged))
        leaves.publishers, leaves.first, leaves.last = record.publishers, record.first, record.last
        self.stories.put(story, leaves)
        self.apart[min(record.story, story), max(record.story, story)] = number
        self.parted[record.id] = max(record.merged), number

    def gathered(self, name: str, members: list[int], size: int) -> StoryState:
        """A story of these members."""
        ledger = self.ledger
        times = [time for number in members if (time := ledger.time(number))]
        seen = {p: number for number in members if (p := ledger.publisher(number))}
        return StoryState(name, size, len(seen), min(times, default=0), max(times, default=0), list(members), seen)
