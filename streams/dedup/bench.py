"""Speed, memory and recovery of the memory of copies and stories, on made-up articles."""

import random
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeAlias

import numpy as np

from schemas.article import TaggedArticle
from streams.dedup.record import Mark, Record
from streams.dedup.sketch import sketch_of
from streams.stage import Decision, Memory

SPAN = timedelta(days=6)
"""Stream time the articles of a run are spread over, less than a window."""
START = datetime(2026, 1, 1, tzinfo=UTC)
MEASURED = 2_000
"""Fresh articles whose cost is measured on top of the memory."""
COPIES = 0.3
"""Share of articles that copy one of the last hundred."""
VOCABULARY, COMMON = 60_000, 400
BASE = 5_000
"""Articles whose decisions are made in full; larger memories hold variations of them."""


class Measurable(Memory[TaggedArticle, Any], Protocol):
    """A memory that can be taken in again in bulk and says what it holds."""

    def apply_many(self, decisions: Iterable[tuple[str, Decision]]) -> None:
        """Take many decisions in."""

    def nbytes(self) -> dict[str, int]:
        """Bytes held, by part."""


Made: TypeAlias = Callable[[int], Measurable]
"""Makes an empty memory for so many articles."""


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
    """To take all decisions in again."""


def bench(sizes: Iterable[int], clock: Callable[[], float], made: Made) -> Iterator[Row]:
    """A row for each size; ``clock`` gives CPU seconds."""
    for size in sizes:
        yield measured(size, clock, made)


def measured(size: int, clock: Callable[[], float], made: Made) -> Row:
    """Restore ``size`` decisions, those of ``BASE`` articles over and over with other prints and ids; then
    measure fresh articles on top of them."""
    base = _decided(made(size), articles(min(size, BASE)))
    memory = made(size)
    spent = learned = 0.0
    for round_, start in enumerate(range(0, size, len(base))):
        again = _varied(base[: size - start], round_)
        learned += sum(len(decision.learned) + len(decision.answer) for _, decision in again)
        begun = clock()
        memory.apply_many(again)
        spent += clock() - begun
    parts = memory.nbytes()
    cost = _cost(memory, clock)
    stories = parts["members"] + parts["stories"]
    total = sum(parts.values())
    return Row(size, cost * 1e6, 1 / cost, (total - stories) / size, total / size, parts, learned / size, spent)


def _decided(memory: Measurable, stream: Iterable[TaggedArticle]) -> list[tuple[str, Decision]]:
    decisions = []
    for number, article in enumerate(stream):
        decision = memory.decide(article)
        memory.apply(f"bench-0-{number}", decision)
        decisions.append((f"bench-0-{number}", decision))
    return decisions


def _cost(memory: Measurable, clock: Callable[[], float]) -> float:
    """Seconds an article: decide, apply and outcome, given its sketch."""
    fresh = list(articles(MEASURED, seed=23))
    begun = clock()
    for number, article in enumerate(fresh):
        decision = memory.decide(article)
        memory.apply(f"fresh-0-{number}", decision)
        memory.outcome(article, decision.answer)
    return (clock() - begun) / MEASURED


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
            record.added = (np.frombuffer(record.added, np.uint32) * np.uint32(2 * round_ + 1)).tobytes()
            record.stopped = (np.frombuffer(record.stopped, np.uint32) + np.uint32(round_ * groups)).tobytes()
        varied.append((f"{position}-{round_}", Decision(decision.answer, record.to_bytes())))
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
    words = [f"w{int(VOCABULARY ** chance.random())}" for _ in range(chance.randrange(150, 650))]
    for at in range(5, len(words), 17):
        words[at] = chance.choice(names)
    for at in range(9, len(words), 40):
        words[at] = str(chance.randrange(1, 5000))
    return " ".join(words)


def _name(chance: random.Random) -> str:
    return f"N{chance.randrange(30_000)}"


def _excerpt(chance: random.Random, body: str) -> str:
    return body if chance.random() < 0.5 else body[: len(body) // 2]
