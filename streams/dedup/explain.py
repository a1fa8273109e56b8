"""Why two articles were put together, or kept apart: scores, common passages, vetoes, decision."""

from dataclasses import dataclass

import numpy as np

from schemas.article import TaggedArticle, instant
from streams.dedup.containment import Likeness
from streams.dedup.copies import Copies
from streams.dedup.joining import asked_of, least_of
from streams.dedup.judge import TELLING, copied
from streams.dedup.sketch import Sketch, read_sketch
from streams.dedup.stories import Members
from streams.dedup.texts import common_passage

PASSAGES = 5
SHORTEST = 40
"""Code points of a common passage that is shown."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """How two articles compare when the second comes right after the first, and nothing else came before."""

    same_id: bool
    same_text: bool
    same_title: bool
    prints: tuple[int, int, int]
    """Sampled runs of three words in common, in the first, in the second article."""
    shared_of_second: float
    shared_of_first: float
    numbers: tuple[int, int]
    """Of the numbers that stand where the texts agree: common, and all."""
    told: float | None
    """How alike they are by what they tell, where that decides whether one is a copy."""
    vetoes: tuple[str, ...]
    passages: tuple[str, ...]
    """The longest common passages, as they stand in the second article."""
    words: float
    names: float
    figures: float
    """Cosines of the terms of stories: words, names, numbers."""
    story: float
    """Likeness by which a story is joined."""
    joins: float
    """Likeness a story asks for."""
    decision: str

    def lines(self) -> list[str]:
        """The explanation in words, a fact a line."""
        common, first, second = self.prints
        return [
            f"decision: {self.decision}",
            f"same id {_yes(self.same_id)}, same text {_yes(self.same_text)}, same title {_yes(self.same_title)}",
            f"runs of three words: {common} in common of {first} and {second} sampled; "
            f"{self.shared_of_first:.1%} of the first, {self.shared_of_second:.1%} of the second",
            f"numbers where the texts agree: {self.numbers[0]} of {self.numbers[1]} the same",
            *([] if self.told is None else [f"not decided by words alone; told alike: {self.told:.3f}"]),
            *(f"veto: {veto}" for veto in self.vetoes),
            f"story: {self.story:.3f} of {self.joins:.2f} asked "
            f"(words {self.words:.3f}, names {self.names:.3f}, numbers {self.figures:.3f})",
            *(f"common passage: {passage}" for passage in self.passages),
        ]


def explain(first: TaggedArticle, second: TaggedArticle) -> Explanation:
    """Compare two articles as the stage does, the second against the first alone.

    What the stream has taught, such as shingles that no longer count, and other members of a story, takes no part.
    """
    one, other = (read_sketch(article.sketch, article.title, article.body) for article in (first, second))
    same_id, same_title = first.id == second.id, one.title == other.title
    same_text = one.body == other.body != 0 and one.words == other.words
    likeness, enough = _likeness(one, other)
    vetoes = _vetoes(likeness)
    (words, names, figures), story = _told_alike(one, _told(first), other, _told(second))
    joins = asked_of([], least_of(other.terms.sizes[0]))
    return Explanation(
        same_id, same_text, same_title,
        (likeness.shared, len(one.prints), len(other.prints)),
        min(1.0, likeness.of_this), min(1.0, likeness.of_other), likeness.numbers, likeness.told, vetoes,
        passages(second.body, first.body), words, names, figures, story, joins,
        _decision(same_id, same_text, same_title, other.words, enough, bool(vetoes), story >= joins),
    )  # fmt: skip


def passages(this: str, other: str) -> tuple[str, ...]:
    """The longest passages of ``this`` that stand in ``other``, longest first."""
    found: list[str] = []
    rest = this
    while len(found) < PASSAGES:
        span = common_passage(rest, other)
        if span is None or span[1] - span[0] < SHORTEST:
            break
        found.append(rest[span[0] : span[1]])
        rest = rest[: span[0]] + "\0" + rest[span[1] :]
    return tuple(found)


def _likeness(one: Sketch, other: Sketch) -> tuple[Likeness, bool]:
    copies, members = Copies(), Members()
    numbers = one.numbers[:, 0].tobytes()
    copies.start(0, one.reach, numbers)
    copies.post(0, one.prints, np.zeros(0, dtype=np.uint32), one.reach, numbers)
    members.append(0, one.terms, 0)
    found = copies.compare(other, lambda first: members.alike_whenever(first, other.terms))
    none = Likeness(0, int(np.isin(one.prints, other.prints).sum()), 0.0, 0.0, (0, 0), 0, 0)
    return (found.likeness[0] if found.likeness else none), copied(found) is not None


def _told_alike(one: Sketch, told: int, other: Sketch, told_other: int) -> tuple[tuple[float, ...], float]:
    """Cosines of words, names and numbers of two articles told at some times, and the likeness that comes of them."""
    members = Members()
    members.append(0, one.terms, told)
    cosines, story = members.compared(other.terms, told_other)
    return tuple(cosines.tolist()), story


def _vetoes(likeness: Likeness) -> tuple[str, ...]:
    common, placed = likeness.numbers
    vetoes = []
    if likeness.another_item:
        vetoes.append(f"another item of a series: {placed - common} of {placed} numbers differ where the words agree")
    if likeness.gathered:
        vetoes.append("a round-up: it takes from several other articles as well")
    return tuple(vetoes)


def _decision(
    same_id: bool, same_text: bool, same_title: bool, words: int, enough: bool, vetoed: bool, one_story: bool
) -> str:
    if same_id:
        return "exact: delivered again" if same_text and same_title else "revision: another text under the same id"
    if same_text and same_title:
        return "exact: the same text"
    if enough or (same_text and words >= TELLING):
        return "near: a copy"
    kept = "kept apart by a veto" if vetoed else "not a copy: too little in common"
    return f"{kept}; {'one story' if one_story else 'different stories'}"


def _told(article: TaggedArticle) -> int:
    """When an article says it was published, seconds since 1970; 0 where it does not."""
    stated = instant(article.published)
    return int(stated.timestamp()) if stated else 0


def _yes(value: bool) -> str:
    return "yes" if value else "no"
