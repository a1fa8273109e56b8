"""What an article is to those before it: the stage as a fold."""

import random
from collections.abc import Iterable

import pytest

from schemas.article import EnrichedArticle, Story, TaggedArticle, Verdict
from streams.dedup.containment import OF_ALIKE
from streams.dedup.sketch import sketch_of
from streams.stage import Drop, Reject
from streams.stages.dedupe import DedupeMemory

FERRY = (
    "The ferry Aldona ran aground on a sandbank off the harbour of Kettlewick early on Tuesday with 212 people "
    "on board. Two lifeboats took off the passengers within three hours, and nobody was hurt. The harbour master, "
    "Ines Calder, said the channel had been surveyed in March and that the buoys were where the charts put them. "
    "The operator cancelled 14 sailings and promised to pay back every ticket. Divers will look at the hull on "
    "Wednesday, and a tug from Portmarrow will try to pull the ship free with the evening tide."
)
BUDGET = (
    "The city council of Lindholm passed its budget by 31 votes to 28 after a debate that lasted until midnight. "
    "Libraries keep their hours, the swimming pool in Osterfeld closes for 18 months, and parking becomes dearer. "
    "The treasurer, Pavel Brandt, called the plan painful and fair; the opposition called it neither of the two. "
    "Schools get 4.5 million more than last year, most of it for roofs, heating and the long promised gymnasium."
)

NOTICE = (
    "Readers of the Lindholm Courier receive the morning letter of this house before six on working days, with the "
    "weather, the tides, the departures of the harbour line and a crossword that the night desk has solved. "
    "Subscribers may stop it at any time, and whoever brings a friend gets a month of the evening edition at no "
    "charge while copies last."
)


def an_article(name: str, body: str = FERRY, **fields: object) -> TaggedArticle:
    return TaggedArticle.model_validate({"id": name, "title": f"About {name}", "body": body, **fields})


def enriched(memory: DedupeMemory, articles: Iterable[TaggedArticle]) -> list[EnrichedArticle]:
    found = []
    for article in articles:
        position = f"in-0-{len(memory)}"
        decision = memory.decide(article)
        memory.apply(position, decision)
        outcome = memory.outcome(article, decision.answer)
        assert not isinstance(outcome, Drop | Reject)
        [first, *others] = outcome
        assert isinstance(first, EnrichedArticle)
        assert all(isinstance(other, Story) for other in others)
        found.append(first)
    return found


def test_the_first_article_is_new_and_begins_its_own_story():
    [first] = enriched(DedupeMemory(), [an_article("a")])

    assert (first.verdict, first.duplicate_of, first.group, first.story) == (Verdict.NEW, None, "a", "a")


def test_the_same_text_again_is_exact_and_the_same_report_under_another_headline_near():
    _, again, headline = enriched(
        DedupeMemory(),
        [
            an_article("a", title="Ferry aground"),
            an_article("b", title="Ferry aground"),
            an_article("c", title="Aldona"),
        ],
    )

    assert (again.verdict, again.duplicate_of) == (Verdict.EXACT, "a")
    assert (headline.verdict, headline.duplicate_of, headline.story) == (Verdict.NEAR, "a", "a")


@pytest.mark.parametrize(("first", "second"), [(FERRY, FERRY[:240]), (FERRY[:240], FERRY)])
def test_an_excerpt_belongs_to_its_original_whichever_came_first(first, second):
    _, later = enriched(DedupeMemory(), [an_article("a", first), an_article("b", second)])

    assert (later.verdict, later.duplicate_of) == (Verdict.NEAR, "a")


def test_numbers_an_excerpt_left_out_are_those_of_its_group_once_the_full_text_has_joined():
    parts = [made_up(seed, 60) for seed in range(2)]
    told = " ".join(f"{word} {number}" for number, word in enumerate(made_up(9, 40).split(), 100))
    full, edited = f"{parts[0]} {told} {parts[1]}", f"{made_up(5, 10)} {told} {parts[1]}"

    *_, whole, copy = enriched(
        DedupeMemory(), [an_article("excerpt", parts[0]), an_article("full", full), an_article("edited", edited)]
    )

    assert (whole.verdict, whole.group) == (Verdict.NEAR, "excerpt")
    assert (copy.verdict, copy.group) == (Verdict.NEAR, "excerpt")


def test_a_tenth_of_a_long_text_is_an_excerpt_but_what_quotes_as_much_of_it_is_not():
    whole = made_up(3, 2500)
    tenth = " ".join(whole.split()[500:740])

    _, quoting, excerpt = enriched(
        DedupeMemory(),
        [an_article("whole", whole), an_article("quoting", f"{made_up(4)} {tenth}"), an_article("excerpt", tenth)],
    )

    assert (excerpt.verdict, excerpt.group) == (Verdict.NEAR, "whole")
    assert quoting.verdict is Verdict.NEW


def made_up(seed: int, words: int = 300) -> str:
    chance = random.Random(seed)
    return " ".join("".join(chance.choices("abcdefghijklmnop", k=6)) for _ in range(words))


def test_the_full_text_of_two_excerpts_that_came_before_is_no_round_up():
    lead, middle, end = (made_up(seed) for seed in range(3))

    _, second, whole = enriched(
        DedupeMemory(),
        [an_article("lead", lead), an_article("end", end), an_article("whole", f"{lead} {middle[:700]} {end}")],
    )

    assert second.verdict is Verdict.NEW
    assert whole.verdict is Verdict.NEAR
    assert whole.group in ("lead", "end")


def test_a_text_that_takes_its_parts_from_several_articles_is_new():
    parts = [made_up(seed) for seed in range(4)]
    articles = [an_article(f"part{n}", part) for n, part in enumerate(parts)]

    for some in (" ".join(part[:900] for part in parts), " ".join(parts)):
        *_, gathered = enriched(DedupeMemory(), [*articles, an_article("gathered", some)])

        assert gathered.verdict is Verdict.NEW


def reworded(text: str, first: int, every: int) -> str:
    """The text with every so-manieth word another one, but no name, number or end of a sentence."""
    words = text.split()
    return " ".join(f"so{n}" if n % every == first and word.islower() else word for n, word in enumerate(words))


def test_two_edited_copies_are_copies_of_one_another_although_few_runs_of_words_are_left():
    one, other = reworded(FERRY, 0, 8), reworded(FERRY, 4, 8)

    _, second = enriched(DedupeMemory(), [an_article("a", one), an_article("b", other)])

    assert (second.verdict, second.duplicate_of) == (Verdict.NEAR, "a")
    assert second.shared is not None
    assert max(second.shared.of_this, second.shared.of_other) < OF_ALIKE


def test_reports_of_two_events_that_end_in_one_long_notice_are_no_copies():
    ferry, budget = (an_article(name, f"{text} {NOTICE}") for name, text in (("ferry", FERRY), ("budget", BUDGET)))

    _, second = enriched(DedupeMemory(), [ferry, budget])

    assert second.verdict is Verdict.NEW


def test_another_event_is_new_and_another_story():
    _, other = enriched(DedupeMemory(), [an_article("a"), an_article("b", BUDGET)])

    assert (other.verdict, other.story) == (Verdict.NEW, "b")


def test_another_text_under_the_same_id_is_a_revision_and_stays_in_its_story():
    _, changed = enriched(DedupeMemory(), [an_article("a"), an_article("a", FERRY + " It came free at 9 p.m.")])

    assert (changed.verdict, changed.story, changed.story_size) == (Verdict.REVISION, "a", 1)


def test_a_sketch_that_travels_gives_the_same_answer_as_the_text():
    articles = [an_article("a"), an_article("b", FERRY[:300])]
    carried = [a.model_copy(update={"sketch": sketch_of(a.title, a.body)}) for a in articles]

    assert enriched(DedupeMemory(), carried) == enriched(DedupeMemory(), articles)


def test_a_memory_restored_from_its_decisions_decides_alike():
    lived, restored = DedupeMemory(), DedupeMemory()
    for position, article in enumerate([an_article("a"), an_article("b", BUDGET), an_article("c", FERRY[:300])]):
        decision = lived.decide(article)
        lived.apply(f"in-0-{position}", decision)
        restored.apply(f"in-0-{position}", decision)
    later = an_article("d", FERRY[100:])

    assert restored.decide(later) == lived.decide(later)
    assert restored.recall("in-0-2") == lived.recall("in-0-2") is not None


def test_outputs_are_whole_messages_and_equal_bytes_however_often_they_are_rebuilt():
    memory = DedupeMemory()
    articles = [
        an_article("a", published="2026-01-05", publisher="p.example"),
        an_article("b", FERRY[:300], tags=["x"]),
    ]
    enriched(memory, articles[:1])
    answer = memory.decide(articles[1]).answer
    once, again = memory.outcome(articles[1], answer), memory.outcome(articles[1].model_copy(), answer)

    assert not isinstance(once, Drop | Reject)
    assert not isinstance(again, Drop | Reject)
    assert [message.to_json() for message in once] == [message.to_json() for message in again]
    assert [type(message).model_validate_json(message.to_json()) for message in once] == list(once)
    assert [type(message) for message in once] == [EnrichedArticle, Story]
    assert set(once[0].model_dump()) == set(EnrichedArticle.model_fields)


def _pair(first: str | None, second: str | None) -> list[str]:
    """Stories of two reports that have little in common, published at these times."""
    said = (
        "The river rose over the quay of Ardlish at dawn. Firemen carried forty guests out of a hotel and closed the "
        "bridge to the station. The mayor spoke of the worst water in a lifetime.",
        "Trains to Ardlish stay cancelled. The bridge was closed when the river came over the bank, a railway "
        "spokeswoman said; buses run from the coast instead, every hour, and tickets are good for both.",
    )
    reports = [
        TaggedArticle(id=f"r{number}", body=body, published=published, language="en")
        for number, (body, published) in enumerate(zip(said, (first, second), strict=True))
    ]
    return [article.story for article in enriched(DedupeMemory(), reports)]


def test_reports_that_have_little_in_common_are_one_story_only_when_published_together():
    assert _pair("2026-03-01T08:00:00Z", "2026-03-01T18:00:00Z") == ["r0", "r0"]
    assert _pair("2026-03-01T08:00:00Z", "2026-04-01T18:00:00Z") == ["r0", "r1"]
    assert _pair("2026-04-01T08:00:00Z", "2026-03-01T18:00:00Z") == ["r0", "r1"]


def test_headlines_alone_come_together():
    said = ("Flood closes the Ardlish bridge", "Hundreds flee Ardlish flood", "Budget talks stall in Grimsarn")
    headlines = [
        TaggedArticle(id=f"h{number}", title=title, body="", published="2026-03-01T08:00:00Z", language="en")
        for number, title in enumerate(said)
    ]

    assert [article.story for article in enriched(DedupeMemory(), headlines)] == ["h0", "h0", "h2"]
