"""Articles that came too early for their story: looked at again once it has grown."""

import random
from collections.abc import Iterable

from schemas.article import EnrichedArticle, Story, StoryCorrection, TaggedArticle
from streams.stages.dedupe import DedupeMemory

CHANCE = random.Random(7)
WORDS = ["".join(CHANCE.choices("abcdefghijklmnop", k=7)) for _ in range(400)]


def an_article(name: str, parts: dict[str, int]) -> TaggedArticle:
    """An article of so many words of each of some subjects, in an order of its own."""
    words = [WORDS[ord(subject) - 97 + 26 * n] for subject, count in parts.items() for n in range(count)]
    random.Random(name).shuffle(words)
    return TaggedArticle(id=name, body=" ".join(words))


def enriched(memory: DedupeMemory, articles: Iterable[TaggedArticle]) -> list[tuple[EnrichedArticle, list[Story]]]:
    found = []
    for article in articles:
        decision = memory.decide(article)
        memory.apply(f"in-0-{len(memory)}", decision)
        [first, *told] = memory.outcome(article, decision.answer)  # type: ignore[misc]
        found.append((first, told))
    return found  # type: ignore[return-value]


def a_story_and_a_stray() -> list[TaggedArticle]:
    """Two reports, one that shares little with them, and a third that shares much with all."""
    return [
        an_article("one", {"a": 11, "b": 4, "c": 9}), an_article("two", {"a": 11, "b": 4, "d": 9}),
        an_article("stray", {"b": 11, "e": 13}), an_article("three", {"a": 8, "b": 11, "f": 5}),
    ]  # fmt: skip


def test_an_article_that_would_join_the_story_now_is_merged_into_it():
    *_, (stray, _), (last, [survivor, gone]) = enriched(DedupeMemory(), a_story_and_a_stray())

    assert (stray.story, stray.story_merged) == ("stray", ())
    assert (last.story, last.story_merged, last.story_size) == ("one", ("stray",), 4)
    assert sorted(survivor.members) == ["one", "stray", "three", "two"]
    assert (gone.id, gone.merged_into) == ("stray", "one")


def test_copies_of_the_article_come_with_it():
    *reports, stray, last = a_story_and_a_stray()
    copy = stray.model_copy(update={"id": "copy", "title": "Another headline"})
    *_, (end, _) = enriched(DedupeMemory(), [*reports, stray, copy, last])

    assert (end.story, end.story_merged, end.story_size) == ("one", ("stray",), 5)


def test_a_story_of_two_reports_is_not_looked_at_again():
    *reports, stray, last = a_story_and_a_stray()
    other = an_article("other", {"b": 8, "e": 12, "g": 4})
    found = enriched(DedupeMemory(), [*reports, stray, other, last])

    assert found[3][0].story == "stray"
    assert found[-1][0].story_merged == ()


def test_an_older_article_is_not_merged_since_the_stories_of_most_would_get_another_id():
    one, two, stray, last = a_story_and_a_stray()
    *_, (end, _) = enriched(DedupeMemory(), [stray, one, two, last])

    assert (end.story, end.story_merged) == ("one", ())


def test_what_a_person_took_from_a_story_is_not_merged_into_it_again():
    memory, [*reports, last] = DedupeMemory(), a_story_and_a_stray()
    enriched(memory, reports)
    for number, action in enumerate(("merge", "split")):
        asked = StoryCorrection(id=action, action=action, story="one", into="stray", members=("stray",))
        memory.apply(f"in-1-{number}", memory.decide(asked))
    [(end, _)] = enriched(memory, [last])

    assert (end.story, end.story_merged) == ("one", ())
