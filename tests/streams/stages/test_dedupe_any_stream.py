"""Whatever order, repetition and languages a stream has: answers are those of its log, and stories keep their ids."""

import random
import zlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.article import StoryCorrection, TaggedArticle
from streams.stage import Decision
from streams.stages.dedupe import DedupeMemory

Message = TaggedArticle | StoryCorrection

START = datetime(2026, 3, 1, tzinfo=UTC)
LANGUAGES = ("en", "en", "en", "de", "ja", None, "x-none")
PLACES = ("Kettlewick", "Lindholm", "Osterfeld", "Portmarrow", "Veldhaven", "Grimsarn", "Tolmezza", "Ardlish")
WORDS = (
    "harbour", "council", "engine", "market", "river", "teacher", "concert", "storm", "factory", "budget", "library",
    "hospital", "tunnel", "orchard", "festival", "election", "bakery", "railway", "museum", "pension", "glacier",
)  # fmt: skip
SIGNS = "港町の市場で火事があり消防隊が朝まで水をかけたと役所が知らせた駅前の通りは閉じ人は学校に集まった"
ODD = ("", ".", "a", "\x00 \x01", "🙂" * 50, " \n\n ", "1 2 3 4 5 6 7 8 9 10", "word " * 300)
WINDOWS = ((24 * 3600, 1000), (7 * 24 * 3600, 1000), (0, 40), (48 * 3600, 60))
"""Windows and caps, of which all but the second forget much of a stream."""


def a_stream(seed: int, size: int = 120) -> list[Message]:
    """Articles in several languages, of few ids that come again with the same or other texts, copies and odd texts
    among them, at times that are missing or absurd, and corrections of stories."""
    chance = random.Random(seed)
    stream: list[Message] = []
    articles: list[TaggedArticle] = []
    ids = chance.randrange(size // 3, size * 2)
    for number in range(size):
        kind = chance.random()
        if articles and kind < 0.1:
            stream.append(chance.choice(articles))
        elif articles and kind < 0.14:
            stream.append(_correction(chance, number, articles))
        else:
            articles.append(_article(chance, number, articles[-20:], f"a{chance.randrange(ids)}"))
            stream.append(articles[-1])
    return stream


def _article(chance: random.Random, number: int, latest: list[TaggedArticle], name: str) -> TaggedArticle:
    copied = chance.choice(latest).body if latest and chance.random() < 0.5 else None
    moment = (START + timedelta(hours=number)).isoformat()
    stated = chance.choice((moment, moment, moment, None, "1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z"))
    return TaggedArticle.model_validate({
        "id": name,
        "title": chance.choice((None, "", "T1", "T2")),
        "body": _told(chance) if copied is None else _edited(chance, copied),
        "publisher": chance.choice((None, "x.example", "y.example")),
        "published": stated,
        "first_seen": chance.choice((None, moment)),
        "language": chance.choice(LANGUAGES),
    })  # fmt: skip


def _told(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.05:
        return chance.choice(ODD)
    if kind < 0.15:
        return "".join(chance.choice(SIGNS) for _ in range(80))
    said = " ".join(chance.choice(WORDS) for _ in range(chance.randrange(5, 60)))
    return f"On Friday {chance.choice(PLACES)} lost a {chance.choice(WORDS)}, said {chance.choice(PLACES)}. {said}."


def _edited(chance: random.Random, body: str) -> str:
    words = body.split()
    return chance.choice((
        body, body[: len(body) // 2], f"{body} {_told(chance)}", " ".join(w for w in words if chance.random() < 0.8),
    ))  # fmt: skip


def _correction(chance: random.Random, number: int, articles: list[TaggedArticle]) -> StoryCorrection:
    one, other = chance.choice(articles), chance.choice(articles)
    leaving = tuple(article.id for article in articles[-30:] if chance.random() < 0.3)
    return StoryCorrection(
        id=f"c{number}", action=chance.choice(("split", "merge")), story=one.id, into=other.id, members=leaving,
        language=one.language,
    )  # fmt: skip


def taken(memory: DedupeMemory, message: Message, position: str) -> tuple[Decision, list[tuple[int, bytes]]]:
    """The decision on a message and the windows that ended after it."""
    decision, closed = memory.decide(message), []
    memory.apply(position, decision)
    while (closing := memory.closing()) is not None:
        memory.close(*closing)
        closed.append(closing)
    return decision, closed


def answers(stream: Iterable[Message]) -> list[bytes]:
    memory = DedupeMemory()
    return [taken(memory, message, f"in-0-{number}")[0].answer for number, message in enumerate(stream)]


def restored(
    window: tuple[int, int], summary: bytes | None, kept: list[tuple[str, Decision]], many: int
) -> DedupeMemory:
    """A memory made of a summary and the decisions after it, so many at a time."""
    memory = DedupeMemory(*window)
    if summary is not None:
        memory.close(0, summary)
    memory.expect(len(kept))
    for start in range(0, len(kept), many):
        part = kept[start : start + many]
        memory.apply_many(
            [position for position, _ in part], [made.answer for _, made in part], [made.learned for _, made in part]
        )
    memory.expect(0)
    return memory


seeds, windows = st.integers(0, 10_000), st.sampled_from(WINDOWS)


@settings(max_examples=25, deadline=None)
@given(seeds, windows, st.integers(1, 119), st.sampled_from((1, 3, 1000)))
def test_a_memory_restored_at_any_moment_decides_and_closes_as_the_one_that_lived(seed, window, cut, many):
    stream, lived = a_stream(seed), DedupeMemory(*window)
    kept, summary = [], None
    for number, message in enumerate(stream[:cut]):
        decision, closed = taken(lived, message, f"in-0-{number}")
        kept.append((f"in-0-{number}", decision))
        for dropped, left in closed:
            del kept[:dropped]
            summary = left
    again = restored(window, summary, kept, many)

    for number, message in enumerate(stream[cut:], cut):
        assert taken(again, message, f"in-0-{number}") == taken(lived, message, f"in-0-{number}")


@settings(max_examples=15, deadline=None)
@given(seeds, st.integers(2, 8))
def test_which_languages_share_a_partition_changes_no_answer(seed, partitions):
    stream = [
        message.model_copy(update={"id": f"{message.id}-{message.language}"})
        for message in a_stream(seed)
        if isinstance(message, TaggedArticle)
    ]
    parts = [zlib.crc32(str(article.language).encode()) % partitions for article in stream]
    apart = {
        part: iter(answers(article for article, own in zip(stream, parts, strict=True) if own == part))
        for part in set(parts)
    }

    assert answers(stream) == [next(apart[part]) for part in parts]


@settings(max_examples=25, deadline=None)
@given(seeds, windows)
def test_no_two_stories_remembered_have_one_id_whatever_ids_come_again(seed, window):
    memory = DedupeMemory(*window)
    for number, message in enumerate(a_stream(seed)):
        taken(memory, message, f"in-0-{number}")
        state, named = memory.state, defaultdict(set)
        for kept in range(state.ledger.base, state.ledger.next):
            if state.ledger.notes[kept]:  # neither a correction nor a repetition
                story = state.ledger.story(kept)
                named[state.story_name(story)].add(story)
        assert {name: stories for name, stories in named.items() if len(stories) > 1} == {}


@pytest.mark.parametrize("second", ["ja", None])
def test_one_text_in_two_languages_is_no_copy_and_can_be_revised_in_either(second):
    memory = DedupeMemory()
    body = "The ferry ran aground off Kettlewick on Friday with two hundred people on board, and nobody was hurt."
    first = [TaggedArticle(id=f"e{n}", title=f"T{n}", body=body + " More." * n, language="en") for n in range(3)]
    other = TaggedArticle(id="o", title="T0", body=body, language=second)
    stream = [*first, other, other.model_copy(update={"body": body + " Divers came."})]
    [*_, apart, revised] = [taken(memory, message, f"in-0-{n}")[0].answer for n, message in enumerate(stream)]

    assert apart.startswith(b'["new",null,1')
    assert revised.startswith(b'["revision",null,"o"')


def test_languages_that_are_forgotten_take_no_memory():
    memory = DedupeMemory(window=0, cap=40)
    held = []
    for number in range(400):
        article = TaggedArticle(id=f"a{number}", body=f"The {number}th ferry ran aground.", language=f"x{number}")
        taken(memory, article, f"in-0-{number}")
        held.append(len(memory.state.languages))

    assert max(held) <= 41
    assert len({language.number for language in memory.state.languages.values()}) == held[-1]


def test_an_id_that_is_forgotten_and_comes_again_goes_on_with_the_story_it_began():
    memory = DedupeMemory(window=24 * 3600)
    told = "The ferry Aldona ran aground off the harbour of Kettlewick; lifeboats took 212 passengers off. "
    for day, name in enumerate(("first", "second", "third")):
        body = told + " ".join(WORDS[5 * day : 5 * day + 5])
        seen = START + timedelta(hours=20 * day)
        article = TaggedArticle(id=name, title="Ferry Aldona aground off Kettlewick", body=body, first_seen=seen)
        taken(memory, article, f"in-0-{day}")
    assert memory.state.ledger.by_id("first") is None
    again = TaggedArticle(id="first", title="Correction", body="This page moved to another address for good.")
    decision, _ = taken(memory, again.model_copy(update={"first_seen": seen}), "in-0-3")

    [enriched, *_] = memory.outcome(again, decision.answer)  # type: ignore[misc]
    assert (enriched.story, enriched.story_size) == ("first", 4)
