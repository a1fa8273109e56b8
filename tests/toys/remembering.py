"""A made-up stream, and what the memory of copies and stories makes of it."""

import random

from schemas.article import TaggedArticle
from streams.stages.dedupe import DAY, DedupeMemory

FOOT = "Read five striking things that subscribers noticed before breakfast yesterday in Ostmark."


def made(seed: int, size: int) -> list[TaggedArticle]:
    """Articles of few sites with boilerplate of these, excerpts and edited copies, texts of several others, numbers."""
    chance = random.Random(seed)
    bodies: list[str] = []
    for number in range(size):
        if bodies and chance.random() < 0.4:
            body = " ".join(_part(chance, chance.choice(bodies[-30:])) for _ in range(chance.choice((1, 1, 1, 3))))
        else:
            words = [
                f"{'Nw'[chance.random() < 0.8]}{int(3000 ** chance.random())}" for _ in range(chance.randint(1, 300))
            ]
            body = " ".join([*words, str(number), str(chance.randint(1, 2000))])
        bodies.append(body)
    return [
        TaggedArticle(
            id=f"a{number if chance.random() < 0.97 else number // 2}",
            title=f"N{int(3000 ** chance.random())} w{number % 40}",
            body=f"{body} {FOOT}" if number % 3 else body,
            publisher=f"site{number % 5}.example",
            published=f"2026-03-{1 + number * 27 // size:02d}T12:00:00Z" if number % 7 else None,
            language="en" if number % 11 else "de",
        )
        for number, body in enumerate(bodies)
    ]


def _part(chance: random.Random, body: str) -> str:
    words = body.split()
    start = chance.randrange(len(words))
    return " ".join(words[start : start + max(3, chance.randrange(len(words)))])


def remembered(articles: list[TaggedArticle], cap: int, window: int = 7 * DAY) -> list[bytes]:
    """Answers and records of all decisions, and the summaries of what is forgotten meanwhile."""
    memory, kept = DedupeMemory(window, cap), []
    for number, article in enumerate(articles):
        if closing := memory.closing():
            memory.close(*closing)
            kept.append(closing[1])
        decision = memory.decide(article)
        memory.apply(f"in-0-{number}", decision)
        kept += [decision.answer, decision.learned]
    return kept


def restored(kept: list[bytes]) -> DedupeMemory:
    """A memory of answers and records of decisions."""
    memory, answers, learned = DedupeMemory(90 * DAY), kept[::2], kept[1::2]
    memory.expect(len(answers))
    memory.apply_many([f"in-0-{number}" for number in range(len(answers))], answers, learned)
    memory.expect(0)
    return memory
