"""Speed, memory and recovery of the memory of copies and stories, on made-up articles."""

import random
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeAlias

from schemas.article import TaggedArticle
from streams.dedup.sketch import sketch_of
from streams.stage import Decision, Memory

SPAN = timedelta(days=6)
"""Stream time the articles of a run are spread over, less than a window."""
START = datetime(2026, 1, 1, tzinfo=UTC)
MEASURED = 2_000
"""Articles at the end of a run whose cost is measured."""
COPIES = 0.3
"""Share of articles that copy one of the last hundred."""
VOCABULARY, COMMON = 60_000, 400
RESTORED = 20_000
"""Decisions kept of a run to measure taking them in again."""


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
    """An article, given its sketch: decide, apply and outcome, over the last ``MEASURED``."""
    per_second: float
    bytes_dedupe: float
    """State an article without what stories need."""
    bytes_total: float
    parts: dict[str, int]
    """Bytes by part of the state."""
    learned_bytes: float
    """Changelog an article."""
    restore_seconds: float
    """To take all decisions in, from those of the last ``RESTORED``."""


def bench(sizes: Iterable[int], clock: Callable[[], float], made: Made) -> Iterator[Row]:
    """A row for each size; ``clock`` gives CPU seconds."""
    for size in sizes:
        yield measured(size, clock, made)


def measured(size: int, clock: Callable[[], float], made: Made) -> Row:
    """Run ``size`` articles through a memory; measure the last of them, its bytes, and taking them in again."""
    memory = made(size)
    kept: deque[tuple[str, Decision]] = deque(maxlen=RESTORED)
    spent, learned = 0.0, 0
    for number, article in enumerate(articles(size)):
        begun = clock()
        decision = memory.decide(article)
        memory.apply(f"bench-0-{number}", decision)
        memory.outcome(article, decision.answer)
        if size - number <= MEASURED:
            spent += clock() - begun
        learned += len(decision.learned) + len(decision.answer)
        kept.append((f"bench-0-{number}", decision))
    parts = memory.nbytes()
    cost = spent / min(MEASURED, size)
    stories = parts["members"] + parts["stories"]
    return Row(
        size,
        cost * 1e6,
        1 / cost,
        (sum(parts.values()) - stories) / size,
        sum(parts.values()) / size,
        parts,
        learned / size,
        _restoring(list(kept), clock, made(size)) * size,
    )


def _restoring(kept: list[tuple[str, Decision]], clock: Callable[[], float], restored: Measurable) -> float:
    begun = clock()
    restored.apply_many(kept)
    return (clock() - begun) / len(kept)


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
            id=f"{number:016x}",
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
