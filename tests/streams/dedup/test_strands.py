"""Articles that are much more alike among themselves than to the rest of their story."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from schemas.article import EnrichedArticle, TaggedArticle
from streams.dedup.strands import joined
from streams.stages.dedupe import DedupeMemory

START = datetime(2026, 3, 1, tzinfo=UTC)
DAY = 24 * 3600


def words(mark: str, count: int) -> list[str]:
    return [f"{mark}{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(count)]


def a_report(number: int, event: str, **fields) -> TaggedArticle:
    """A report of one of two events that have much in common, in an order of words of its own."""
    chance = random.Random(number)
    told = words("both", 18) + chance.sample(words(event, 24), 22) + words(f"only{chr(97 + number)}", 8)
    chance.shuffle(told)
    stated = {"id": f"{event}{number}", "publisher": f"p{number}.example", "language": "en", **fields}
    return TaggedArticle(body=" ".join(told), **stated)


def answered(memory: DedupeMemory, stream: list[TaggedArticle]) -> list[EnrichedArticle]:
    found = []
    for number, article in enumerate(stream, len(memory)):
        decision = memory.decide(article)
        memory.apply(f"in-0-{number}", decision)
        while (closing := memory.closing()) is not None:
            memory.close(*closing)
        found.append(memory.outcome(article, decision.answer)[0])
    return found


def two_events() -> list[TaggedArticle]:
    return [a_report(number, "one" if number < 4 else "two") for number in range(8)]


def test_the_third_article_that_is_alike_to_only_a_part_of_its_story_shows_a_strand_that_stands_apart():
    found = answered(DedupeMemory(), two_events())

    assert {article.story for article in found} == {"one0"}
    assert [article.story_strand for article in found] == [None] * 4 + ["two4"] * 4
    assert [article.strand_apart for article in found] == [False] * 6 + [True] * 2


@pytest.mark.parametrize("days", [0, 14])
def test_articles_that_are_alike_throughout_are_of_no_strand_however_far_apart(days):
    memory = DedupeMemory(window=60 * DAY)
    times = [START + timedelta(days=days if number >= 4 else 0) for number in range(8)]
    stream = [a_report(number, "one", published=time.isoformat()) for number, time in enumerate(times)]
    found = answered(memory, stream)

    assert {article.story for article in found} == {"one0"}
    assert {(article.story_strand, article.strand_apart) for article in found} == {(None, False)}


def test_what_begins_a_story_is_no_strand_within_one_also_where_that_story_is_merged_later():
    memory = DedupeMemory()
    answered(memory, two_events())

    assert not joined(memory.state, 0)
    assert joined(memory.state, 4)


def test_a_memory_restored_at_once_finds_the_same_strands():
    lived, restored = DedupeMemory(), DedupeMemory()
    *stream, last = two_events()
    decisions = []
    for number, article in enumerate(stream):
        decisions.append(lived.decide(article))
        lived.apply(f"in-0-{number}", decisions[-1])
    positions = [f"in-0-{number}" for number in range(len(stream))]
    restored.apply_many(positions, [made.answer for made in decisions], [made.learned for made in decisions])
    restored.expect(0)

    assert restored.decide(last) == lived.decide(last)
    assert restored.outcome(last, restored.decide(last).answer)[0].strand_apart


def test_a_strand_whose_first_article_is_forgotten_is_told_no_more():
    found = answered(DedupeMemory(window=0, cap=8), [*two_events(), *(a_report(n, "two") for n in range(8, 16))])

    assert found[7].strand_apart
    assert (found[-1].story, found[-1].story_strand, found[-1].strand_apart) == ("one0", None, False)
