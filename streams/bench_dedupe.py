"""Speed, memory and recovery of the memory of copies and stories, on made-up articles."""

import random
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np

from schemas.article import TaggedArticle
from streams.changelog import Entry, PartitionState
from streams.dedup.record import Mark, Record
from streams.dedup.sketch import sketch_of
from streams.restoring import Batch, Restorer, Survey
from streams.stage import Decision
from streams.stages.dedupe import DAY, DedupeMemory

SPAN = timedelta(days=6)
"""Stream time the articles of a run are spread over, less than a window."""
START = datetime(2026, 1, 1, tzinfo=UTC)
MEASURED = 2_000
"""Fresh articles whose cost is measured on top of the memory."""
COPIES = 0.3
"""Share of articles that copy one of the last hundred."""
VOCABULARY = 60_000
_USUAL = (
    "the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which "
    "one you were her all she there would their we him been has when who will more no if out so said what up its about "
    "into than them can only other new some could time these two may then do first any my now such like our over man "
    "even most made after also did many before must through back years where much your way well down should because"
)
USUAL = _USUAL.split()
"""The most frequent words; the rest of the vocabulary is made up."""
BASE = 5_000
"""Articles whose decisions are made in full; larger memories hold variations of them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One size of the benchmark. Times are CPU time."""

    articles: int
    microseconds: float
    """An article, given its sketch: decide, apply and outcome, over ``MEASURED`` fresh ones."""
    per_second: float
    bytes_dedupe: float
    """State an article without what stories need."""
    bytes_total: float
    parts: dict[str, int]
    """Bytes by part of the state."""
    learned_bytes: float
    """Changelog an article."""
    restore_seconds: float
    """To restore all decisions from entries of a changelog, as the engine does, without reading them from Kafka."""
    longest_seconds: float
    """The longest that one of the fresh articles took."""

    def lines(self) -> list[str]:
        """The row in words."""
        parts = ", ".join(f"{part} {held // self.articles}" for part, held in self.parts.items())
        return [
            f"{self.articles:,} articles remembered:",
            f"  {self.microseconds:.0f} us an article = {self.per_second:,.0f}/s a core, stories included; "
            f"longest {self.longest_seconds * 1000:.1f} ms",
            f"  state {self.bytes_dedupe:.0f} bytes an article, {self.bytes_total:.0f} with stories ({parts}); "
            f"changelog {self.learned_bytes:.0f}",
            f"  recovery {self.restore_seconds:.1f} s CPU, without reading from Kafka",
        ]


def measured(size: int, clock: Callable[[], float]) -> Row:
    """Restore ``size`` decisions, those of ``BASE`` articles over and over with other prints and ids; then
    measure fresh articles on top of them. ``clock`` gives CPU seconds."""
    base = _decided(_empty(size), articles(min(size, BASE)))
    memory = _empty(size)
    survey, surveyed = _surveyed(base, size, clock)
    restorer = Restorer(PartitionState(memory), survey)
    spent = learned = 0.0
    for start in range(0, size, len(base)):
        again = _varied(base[: size - start], start // len(base))
        stored = [_stored(start + number, *each) for number, each in enumerate(again)]
        learned += sum(len(value) for _, value in stored)
        begun = clock()
        restorer.take(Batch(stored, DedupeMemory.version))
        spent += clock() - begun
    begun = clock()
    restorer.finish()
    spent += surveyed + clock() - begun
    parts = memory.nbytes()
    cost, longest = _cost(memory, clock)
    stories = parts["members"] + parts["stories"]
    total = sum(parts.values())
    return Row(
        size, cost * 1e6, 1 / cost, (total - stories) / size, total / size, parts, learned / size, spent, longest
    )


def _empty(size: int) -> DedupeMemory:
    return DedupeMemory(7 * DAY, 2 * size)


def _surveyed(base: list[tuple[str, Decision]], size: int, clock: Callable[[], float]) -> tuple[Survey, float]:
    """The first reading of a changelog of ``size`` decisions, and the seconds it took."""
    survey, spent = Survey(), 0.0
    for start in range(0, size, len(base)):
        stored = [_stored(start + number, f"{start}-{p}", d) for number, (p, d) in enumerate(base[: size - start])]
        begun = clock()
        survey.see(Batch(stored, DedupeMemory.version))
        spent += clock() - begun
    return survey, spent


def _stored(number: int, position: str, decision: Decision) -> tuple[bytes, bytes]:
    """The record of a changelog."""
    entry = Entry(number, 1, position, decision, DedupeMemory.version)
    return entry.key, entry.value


def _decided(memory: DedupeMemory, stream: Iterable[TaggedArticle]) -> list[tuple[str, Decision]]:
    decisions = []
    for number, article in enumerate(stream):
        decision = memory.decide(article)
        memory.apply(f"bench-0-{number}", decision)
        decisions.append((f"bench-0-{number}", decision))
    return decisions


def _cost(memory: DedupeMemory, clock: Callable[[], float]) -> tuple[float, float]:
    """Seconds an article and the most that one took: decide, apply and outcome, given its sketch."""
    fresh = list(articles(MEASURED, seed=23))
    times = [clock()]
    for number, article in enumerate(fresh):
        decision = memory.decide(article)
        memory.apply(f"fresh-0-{number}", decision)
        memory.outcome(article, decision.answer)
        times.append(clock())
    return (times[-1] - times[0]) / MEASURED, max(after - before for before, after in pairwise(times))


def _varied(base: list[tuple[str, Decision]], round_: int) -> list[tuple[str, Decision]]:
    """The decisions as other articles would have brought them, further on in the log."""
    records = [Record.from_bytes(decision.learned) for _, decision in base]
    groups = sum(bool(record.marks & Mark.BEGINS) for record in records)
    varied = []
    for (position, decision), record in zip(base, records, strict=True):
        if round_:
            record.id, record.name = f"{round_}-{record.id}", f"{round_}-{record.name}"
            record.body, record.title = record.body ^ round_ << 8, record.title ^ round_ << 8
            record.group += round_ * groups
            record.story += round_ * len(base)
            record.strand += round_ * len(base)
            record.added = (np.frombuffer(record.added, np.uint32) * np.uint32(2 * round_ + 1)).tobytes()
            record.stopped = (np.frombuffer(record.stopped, np.uint32) + np.uint32(round_ * groups)).tobytes()
        varied.append((f"{round_ * len(base)}-{position}", Decision(decision.answer, record.to_bytes())))
    return varied


def articles(size: int, seed: int = 7) -> Iterator[TaggedArticle]:
    """Made-up articles of news length, of which some copy a recent one, with their sketches."""
    chance = random.Random(seed)
    recent: deque[str] = deque(maxlen=100)
    for number in range(size):
        copy = bool(recent) and chance.random() < COPIES
        body = _excerpt(chance, chance.choice(recent)) if copy else _written(chance)
        if not copy:
            recent.append(body)
        title = f"{_name(chance)} and {_name(chance)} {number % 97}"
        yield TaggedArticle(
            id=f"{seed:04x}{number:012x}",
            title=title,
            body=body,
            publisher=f"site{number % 300}.example",
            published=(START + SPAN * number / size).isoformat(),
            language="en",
            sketch=sketch_of(title, body),
        )


def _written(chance: random.Random) -> str:
    # a few hundred words do most of the work of a text, the rest are rare
    names = [_name(chance) for _ in range(6)]
    words = [_word(int(VOCABULARY ** chance.random())) for _ in range(chance.randrange(150, 650))]
    for at in range(5, len(words), 17):
        words[at] = chance.choice(names)
    for at in range(9, len(words), 40):
        words[at] = str(chance.randrange(1, 5000))
    return " ".join(words)


def _word(rank: int) -> str:
    return USUAL[rank] if rank < len(USUAL) else f"word{rank}"


def _name(chance: random.Random) -> str:
    return f"N{chance.randrange(30_000)}"


def _excerpt(chance: random.Random, body: str) -> str:
    return body if chance.random() < 0.5 else body[: len(body) // 2]
