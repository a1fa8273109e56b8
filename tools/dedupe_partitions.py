"""Orders in which more raw partitions and workers would bring a stream into one log, and how alike its groups are then.

Of the pairs that stand in one group in either of two runs, how many do so in both: on arrival, and as a consumer has
them who follows ``group_merged``.
"""

import random
import zlib
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from schemas.article import EnrichedArticle, TaggedArticle


@dataclass(frozen=True)
class Grouping:
    """The group of each id."""

    arrived: dict[str, str]
    merged: dict[str, str]
    """After all that later articles made one."""
    united: int
    """Articles that made groups one."""
    wrongly: int
    """Of these, those whose groups are of different originals."""

    @classmethod
    def of(cls, answered: Iterable[EnrichedArticle], original: Mapping[str, str]) -> Self:
        """The groups of a stream, given what each article was copied from."""
        arrived: dict[str, str] = {}
        into: dict[str, str] = {}
        united = wrongly = 0
        for article in answered:
            group = arrived[article.id] = article.group or article.id
            into.update(dict.fromkeys(article.group_merged, group))
            united += bool(article.group_merged)
            wrongly += len({original[name] for name in (group, *article.group_merged)}) > 1
        return cls(arrived, {name: _survivor(group, into) for name, group in arrived.items()}, united, wrongly)


def arrived(articles: list[TaggedArticle], count: int, most: int, chance: random.Random) -> list[TaggedArticle]:
    """The articles in the order in which workers of ``count`` partitions may hand them on: in the order of each
    partition, in batches of up to ``most`` of a random one."""
    waiting = [deque(a for a in articles if zlib.crc32(a.id.encode()) % count == part) for part in range(count)]
    order: list[TaggedArticle] = []
    while left := [queue for queue in waiting if queue]:
        queue = chance.choice(left)
        order += [queue.popleft() for _ in range(min(len(queue), chance.randint(1, most)))]
    return order


def put_together(rows: list[dict[str, Any]], chance: random.Random, count: int = 500) -> Iterator[dict[str, Any]]:
    """Texts that put two or three of some articles one after the other, whole or their first halves or two thirds."""
    for number in range(count):
        chosen = chance.sample(rows, 2 if number % 3 else 3)
        first, *rest = ((0.5, 0.5), (1, 0.5), (0.67, 0.67), (1, 0.67), (0.5, 1))[number % 5]
        parts = [row["text"].split() for row in chosen]
        shares = [first, *rest, *rest][: len(parts)]
        text = "\n\n".join(" ".join(part[: int(len(part) * share)]) for part, share in zip(parts, shares, strict=True))
        yield {"id": f"together-{number}", "title": chosen[0]["title"], "text": text, "lang": chosen[0]["lang"]}


def compared(first: Grouping, others: list[Grouping]) -> str:
    """How alike other groupings are to the first, on average and each."""
    on_arrival = [same_pairs(first.arrived, other.arrived) for other in others]
    merged = [same_pairs(first.merged, other.merged) for other in others]
    united, wrongly = sum(other.united for other in others), sum(other.wrongly for other in others)
    told = f"{_means(on_arrival)} on arrival, {_means(merged)} merged; {united} merges, {wrongly} wrong"
    return f"pairs grouped as with 1: {told}"


def same_pairs(one: Mapping[str, str], other: Mapping[str, str]) -> float:
    """Of the pairs together in either grouping, how many are in both."""
    sizes, others = Counter(one.values()), Counter(other.values())
    both = Counter((one[name], other[name]) for name in one)
    together, first, second = (sum(n * (n - 1) // 2 for n in counted.values()) for counted in (both, sizes, others))
    return together / max(1, first + second - together)


def _means(values: list[float]) -> str:
    return f"{sum(values) / len(values):.4f} ({' '.join(f'{value:.4f}' for value in values)})"


def _survivor(group: str, into: Mapping[str, str]) -> str:
    while group in into:
        group = into[group]
    return group
