"""Groups of copies that turn out to be of one text, because its excerpts and edited copies came before it."""

import random
from collections.abc import Iterable
from itertools import chain

import pytest

from schemas.article import EnrichedArticle, StoryCorrection, TaggedArticle, Verdict
from streams.stage import Decision
from streams.stages.dedupe import DedupeMemory

DAY = 24 * 3600
SUBJECTS = (
    ("Kettlewick", "Aldona", "ferry", "sandbank"), ("Lindholm", "Brandt", "budget", "libraries"),
    ("Osterfeld", "Tolmezza", "tunnel", "engineers"), ("Portmarrow", "Veldhaven", "strike", "dockers"),
)  # fmt: skip


def told(subject: int, seed: int, sentences: int = 24) -> list[str]:
    """Sentences of one report: each has a name and a word of its subject, and words of its own."""
    chance = random.Random(f"{subject}-{seed}")
    return [
        f"In {chance.choice(SUBJECTS[subject][:2])} the {chance.choice(SUBJECTS[subject][2:])} "
        + " ".join("".join(chance.choices("abcdefghijklmnop", k=6)) for _ in range(14))
        + "."
        for _ in range(sentences)
    ]


def an_article(name: str, sentences: Iterable[str], **fields: object) -> TaggedArticle:
    return TaggedArticle.model_validate({"id": name, "title": f"T {name}", "body": " ".join(sentences), **fields})


def taken(memory: DedupeMemory, message: TaggedArticle | StoryCorrection, number: int) -> Decision:
    decision = memory.decide(message)
    memory.apply(f"in-0-{number}", decision)
    return decision


def enriched(memory: DedupeMemory, articles: Iterable[TaggedArticle]) -> list[EnrichedArticle]:
    found = []
    for article in articles:
        outcome = memory.outcome(article, taken(memory, article, len(memory)).answer)
        found.append(outcome[0])  # type: ignore[index]
    return found  # type: ignore[return-value]


def two_excerpts_and_their_text(subject: int = 0, seed: int = 0) -> list[TaggedArticle]:
    """The first and the last two fifths of a text, the text, and another copy of its end."""
    whole, own = told(subject, seed), f"{subject}-{seed}"
    return [
        an_article(f"lead-{own}", whole[:10]), an_article(f"end-{own}", whole[14:]), an_article(f"whole-{own}", whole),
        an_article(f"later-{own}", whole[15:]),
    ]  # fmt: skip


def test_a_text_whose_excerpts_came_first_makes_their_groups_one_and_later_copies_join_the_older():
    lead, end, whole, later = enriched(DedupeMemory(), two_excerpts_and_their_text())

    assert (lead.group, end.group, end.verdict) == ("lead-0-0", "end-0-0", Verdict.NEW)
    assert (whole.verdict, whole.group, whole.group_merged) == (Verdict.NEAR, "lead-0-0", ("end-0-0",))
    assert (later.verdict, later.group, later.duplicate_of, later.group_merged) == (
        Verdict.NEAR, "lead-0-0", "lead-0-0", (),
    )  # fmt: skip


def test_stories_of_groups_that_become_one_are_merged():
    stated = {"lead-0-0": "2026-01-01T00:00:00Z", "end-0-0": "2026-02-20T00:00:00Z"}
    articles = [
        article.model_copy(update={"published": stated.get(article.id)}) for article in two_excerpts_and_their_text()
    ]
    lead, end, whole, later = enriched(DedupeMemory(window=0), articles)

    assert (lead.story, end.story) == ("lead-0-0", "end-0-0")
    assert (whole.story, whole.story_merged, whole.story_size) == ("lead-0-0", ("end-0-0",), 3)
    assert (later.story, later.story_size) == ("lead-0-0", 4)


def test_an_exact_copy_or_a_revision_of_what_was_in_the_younger_group_stands_in_the_older():
    memory, articles = DedupeMemory(), two_excerpts_and_their_text()
    enriched(memory, articles)
    again, edited = articles[1].model_copy(update={"id": "again"}), " ".join(told(0, 0)[13:])
    exact, revised = enriched(memory, [again, articles[1].model_copy(update={"body": edited})])

    assert (exact.verdict, exact.group) == (Verdict.EXACT, "lead-0-0")
    assert (revised.verdict, revised.group) == (Verdict.REVISION, "lead-0-0")


def test_an_excerpt_that_stands_in_two_articles_does_not_make_these_one():
    common, own, others = told(0, 1, 4), told(0, 2, 30), told(1, 3, 30)
    *_, excerpt, copy = enriched(
        DedupeMemory(),
        [
            an_article("one", [*own, *common]), an_article("other", [*others, *common]), an_article("both", common),
            an_article("copy", [*others[1:], *common]),
        ],
    )  # fmt: skip

    assert excerpt.group_merged == ()
    assert copy.group == "other"


@pytest.mark.parametrize("count", [2, 3])
def test_articles_that_one_text_puts_one_after_the_other_stay_apart(count):
    articles = [told(subject, subject, 24) for subject in range(count)]
    *_, together = enriched(
        DedupeMemory(),
        [
            *(an_article(f"a{number}", article) for number, article in enumerate(articles)),
            an_article("together", chain(*articles)),
        ],
    )

    assert together.group_merged == ()


def test_halves_of_articles_that_one_text_puts_one_after_the_other_leave_these_apart():
    articles = [told(subject, subject, 12) for subject in range(2)]
    *_, together = enriched(
        DedupeMemory(),
        [
            *(an_article(f"a{number}", article) for number, article in enumerate(articles)),
            an_article("together", chain(*(article[:7] for article in articles))),
        ],
    )

    assert (together.verdict, together.group_merged) == (Verdict.NEW, ())


def test_a_text_of_which_two_edited_copies_came_first_makes_their_groups_one():
    whole = told(0, 5, 40)
    chance = random.Random(2)
    edited = [
        [" ".join("so" if chance.random() < 0.3 else word for word in sentence.split()) for sentence in whole]
        for _ in range(2)
    ]
    *_, text = enriched(
        DedupeMemory(),
        [*(an_article(f"e{number}", each) for number, each in enumerate(edited)), an_article("t", whole)],
    )

    assert (text.group, text.group_merged) == ("e0", ("e1",))


def test_groups_whose_stories_a_person_took_apart_stay_two():
    memory, [lead, end, whole, _] = DedupeMemory(), two_excerpts_and_their_text()
    enriched(memory, [lead, end])
    taken(memory, StoryCorrection(id="m", action="merge", story=lead.id, into=end.id), 2)
    taken(memory, StoryCorrection(id="s", action="split", story=lead.id, members=(end.id,)), 3)
    [last] = enriched(memory, [whole])

    assert (last.verdict, last.group_merged, last.story_merged) == (Verdict.NEAR, (), ())


def at_hour(article: TaggedArticle, hour: int) -> TaggedArticle:
    return article.model_copy(update={"published": f"2026-03-{1 + hour // 24:02d}T{hour % 24:02d}:00:00Z"})


def test_a_group_stands_for_itself_again_once_the_older_one_is_forgotten():
    memory, articles = DedupeMemory(window=DAY), two_excerpts_and_their_text()
    unrelated = an_article("unrelated", told(1, 1))
    for hour, article in zip((1, 8, 9, 28), [*articles[:3], unrelated], strict=True):
        taken(memory, at_hour(article, hour), hour)
    united = memory.decide(articles[3])
    closing = memory.closing()
    assert closing is not None
    memory.close(*closing)
    before, *_ = memory.outcome(articles[3], united.answer)  # type: ignore[misc]
    [after] = enriched(memory, [articles[3]])

    assert closing[0] == 1
    assert (before.group, after.group, after.duplicate_of) == ("lead-0-0", "end-0-0", "end-0-0")


def a_stream(seed: int) -> list[TaggedArticle]:
    """Excerpts, full texts and edited copies of reports in changing order, an hour between any two."""
    chance = random.Random(seed)
    families = [two_excerpts_and_their_text(number % 4, number) for number in range(12)]
    moments = {article.id: at + 4 * chance.random() for at, family in enumerate(families) for article in family}
    articles = sorted((article for family in families for article in family), key=lambda article: moments[article.id])
    return [at_hour(article, hour) for hour, article in enumerate(articles)]


def restored(summary: bytes | None, kept: list[tuple[str, Decision]], many: int) -> DedupeMemory:
    memory = DedupeMemory(window=DAY)
    if summary is not None:
        memory.close(0, summary)
    for start in range(0, len(kept), many):
        part = kept[start : start + many]
        memory.apply_many([p for p, _ in part], [d.answer for _, d in part], [d.learned for _, d in part])
    memory.expect(0)
    return memory


@pytest.mark.parametrize("many", [1, 1000])
@pytest.mark.parametrize("seed", range(4))
def test_groups_made_one_are_restored_and_forgotten_with_the_rest(seed, many):
    alive, kept, summary, stream = DedupeMemory(window=DAY), [], None, a_stream(seed)
    for number, article in enumerate(stream):
        again = restored(summary, kept, many)
        assert again.decide(article) == alive.decide(article)
        kept.append((f"in-0-{number}", taken(alive, article, number)))
        while (closing := alive.closing()) is not None:
            alive.close(*closing)
            del kept[: closing[0]]
            summary = closing[1]

    assert summary is not None
    assert sum(bool(article.group_merged) for article in enriched(DedupeMemory(), stream)) > 1
