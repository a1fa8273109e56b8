"""The memory behind dedupe: restored, expired and corrected, it decides as if it had lived through everything."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from schemas.article import EnrichedArticle, Story, StoryCorrection, TaggedArticle
from streams.stage import Decision, Drop, Reject
from streams.stages.dedupe import DedupeMemory

START = datetime(2026, 3, 1, tzinfo=UTC)
PLACES = ("Kettlewick", "Lindholm", "Osterfeld", "Portmarrow", "Veldhaven", "Grimsarn", "Tolmezza", "Ardlish")
DEEDS = (
    "flooded the lower town",
    "struck over pay",
    "opened a bridge",
    "lost its mayor",
    "found old coins",
    "banned cars",
)
WORDS = (
    "harbour", "council", "engine", "market", "river", "teacher", "concert", "storm", "factory", "budget", "library",
    "hospital", "tunnel", "orchard", "festival", "election", "bakery", "railway", "museum", "pension", "warden",
    "glacier", "stadium", "printer", "chapel", "lantern", "meadow", "quarry",
)  # fmt: skip


OTTERS = (
    "Biologists counted nineteen otters along the upper Senne this spring, more than in any year since records began. "
    "Cleaner water and a ban on fish traps let them come back, the regional nature office writes in its report."
)


def a_stream(seed: int, size: int) -> list[TaggedArticle]:
    """Reports of made-up events in order of time, with copies, excerpts, edited copies, redeliveries and revisions."""
    chance = random.Random(seed)
    stream: list[TaggedArticle] = []
    for number in range(size):
        earlier = chance.choice(stream[-12:]) if stream and chance.random() < 0.5 else None
        stream.append(_copied(chance, number, earlier) if earlier else _written(chance, number))
    return stream


def _written(chance: random.Random, number: int) -> TaggedArticle:
    place, deed = chance.choice(PLACES), chance.choice(DEEDS)
    said = " ".join(chance.choice(WORDS) for _ in range(60))
    return TaggedArticle(
        id=f"a{number}",
        title=f"{place} {deed}",
        body=f"On Monday {place} {deed}, said Mr {chance.choice(PLACES)} of {place}. Then {said}. It cost {number}.",
        publisher=f"site{chance.randrange(4)}.example",
        published=(START + timedelta(hours=number)).isoformat(),
        language=chance.choice(("en", "en", "de", None)),
    )


def _copied(chance: random.Random, number: int, earlier: TaggedArticle) -> TaggedArticle:
    published = (START + timedelta(hours=number)).isoformat()
    kind = chance.randrange(6)
    if kind == 0:
        return earlier
    if kind == 1:
        return earlier.model_copy(
            update={"body": earlier.body + f" Added {chance.choice(WORDS)}.", "published": published}
        )
    body = earlier.body[: len(earlier.body) // 2] if kind == 2 else earlier.body
    if kind == 5:
        place = chance.randrange(8)
        body = " ".join("edited" if n % 8 == place else word for n, word in enumerate(body.split()))
    return earlier.model_copy(
        update={"id": f"a{number}", "body": body, "title": f"T{chance.randrange(3)}", "published": published}
    )


def columns(decisions: list[tuple[str, Decision]]) -> tuple[list[str], list[bytes], list[bytes]]:
    """Positions, answers and what was learned."""
    return (
        [position for position, _ in decisions],
        [made.answer for _, made in decisions],
        [made.learned for _, made in decisions],
    )


def lived(memory: DedupeMemory, stream: list[TaggedArticle], start: int = 0) -> list[tuple[str, Decision]]:
    """The decisions on a stream, closing windows as they end."""
    decisions = []
    for number, article in enumerate(stream, start):
        decision = memory.decide(article)
        memory.apply(f"in-0-{number}", decision)
        decisions.append((f"in-0-{number}", decision))
        while (closing := memory.closing()) is not None:
            memory.close(*closing)
    return decisions


@pytest.mark.parametrize("seed", range(6))
def test_a_memory_restored_from_summary_and_rest_decides_as_the_one_that_lived(seed):
    stream = a_stream(seed, 160)
    alive = DedupeMemory(window=24 * 3600, cap=1000)
    kept: list[tuple[str, Decision]] = []
    summary = None
    for number, article in enumerate(stream[:110]):
        decision = alive.decide(article)
        alive.apply(f"in-0-{number}", decision)
        kept.append((f"in-0-{number}", decision))
        if (closing := alive.closing()) is not None:
            dropped, summary = closing
            alive.close(dropped, summary)
            del kept[:dropped]
    assert summary is not None
    one_by_one, in_bulk = DedupeMemory(window=24 * 3600, cap=1000), DedupeMemory(window=24 * 3600, cap=1000)
    for restored in (one_by_one, in_bulk):
        restored.close(0, summary)
    for position, decision in kept:
        one_by_one.apply(position, decision)
    in_bulk.expect(len(kept))
    for start in range(0, len(kept), 7):
        in_bulk.apply_many(*columns(kept[start : start + 7]))

    assert len(alive) == len(one_by_one) == len(in_bulk) == len(kept)
    assert lived(one_by_one, stream[110:], 110) == lived(alive, stream[110:], 110) == lived(in_bulk, stream[110:], 110)


def test_what_a_forgotten_group_took_from_others_is_restored_too():
    chance = random.Random(5)
    common, own = (" ".join(chance.choice(WORDS) + str(n) for n in range(80)) for _ in range(2))
    others = [" ".join(chance.choice(WORDS) + str(1000 * k + n) for n in range(250)) for k in (5, 6)]
    bodies = (("first", 0, own), ("second", 10, f"{others[0]} {common}"), ("third", 10, f"{others[1]} {common}"))
    stream = [
        TaggedArticle(id=name, title=name, body=body, published=(START + timedelta(hours=hours)).isoformat())
        for name, hours, body in (*bodies, ("first", 11, f"{own} {common}"), ("late", 28, OTTERS))
    ]
    alive, restored = DedupeMemory(window=24 * 3600, cap=1000), DedupeMemory(window=24 * 3600, cap=1000)
    in_bulk = DedupeMemory(window=24 * 3600, cap=1000)
    decisions: list[tuple[str, Decision]] = []
    for position, article in zip("abcde", stream, strict=True):
        decisions.append((position, alive.decide(article)))
        alive.apply(*decisions[-1])
    closing = alive.closing()
    assert closing is not None
    assert closing[0] == 1
    for memory in (alive, restored, in_bulk):
        memory.close(*closing)
    for position, decision in decisions[1:]:
        restored.apply(position, decision)
    in_bulk.apply_many(*columns(decisions[1:]))
    excerpt = stream[1].model_copy(update={"id": "excerpt", "body": f"{others[0]} {WORDS[0]}"})

    assert restored.decide(excerpt) == in_bulk.decide(excerpt) == alive.decide(excerpt)


def test_numbers_a_fuller_text_brought_are_restored_too():
    chance = random.Random(7)
    plain, told = (" ".join(chance.choices(WORDS, k=60)) for _ in range(2))
    told = " ".join(f"{word} {number}" for number, word in enumerate(told.split(), 300))
    bodies = (("excerpt", plain), ("full", f"{plain} {told}"))
    stream = [TaggedArticle(id=name, title=name, body=body) for name, body in bodies]
    alive, one_by_one, in_bulk = (DedupeMemory() for _ in range(3))
    decisions = lived(alive, stream)
    for position, decision in decisions:
        one_by_one.apply(position, decision)
    in_bulk.apply_many(*columns(decisions))
    copy = TaggedArticle(id="copy", title="copy", body=f"{' '.join(plain.split()[40:])} {told} {plain[:80]}")

    assert one_by_one.decide(copy) == in_bulk.decide(copy) == alive.decide(copy)
    assert alive.outcome(copy, alive.decide(copy).answer)[0].group == "excerpt"


def test_what_was_answered_is_recalled_until_its_window_closes():
    memory = DedupeMemory(window=24 * 3600)
    stream = [_written(random.Random(n), n) for n in range(60)]
    decisions = dict(lived(memory, stream))

    assert memory.recall("in-0-0") is None
    assert memory.recall("in-0-59") == decisions["in-0-59"].answer
    assert len(memory) < 40


def test_the_cap_forgets_the_oldest_part_whatever_the_time():
    memory = DedupeMemory(window=0, cap=40)
    lived(memory, a_stream(3, 100))

    assert 35 <= len(memory) <= 40


@pytest.mark.parametrize("stated", ["2099-01-01T00:00:00+00:00", "1970-01-01T00:00:00+00:00", "2026-13-45", None])
def test_an_impossible_time_moves_no_window(stated):
    memory = DedupeMemory(window=24 * 3600)
    first, *rest = (_written(random.Random(n), n) for n in range(3))
    lived(memory, [first, *(article.model_copy(update={"published": stated}) for article in rest)])

    assert memory.closing() is None
    assert len(memory) == 3


def test_stop_counts_outlive_the_articles_that_taught_them():
    notice = " Sign up here for the letter of this house and read what our writers found out in the morning."

    def reports(first: int) -> list[TaggedArticle]:
        written = (_written(random.Random(number), number) for number in range(first, first + 5))
        return [a.model_copy(update={"body": a.body + notice, "language": "en"}) for a in written]

    memory = DedupeMemory(window=24 * 3600)
    short = TaggedArticle(id="short", body=notice, language="en")
    lived(memory, reports(0)[:1])
    untaught = _verdict(memory, short)
    lived(memory, reports(0)[1:] + reports(60), 1)

    assert memory.recall("in-0-4") is None
    assert untaught == "near"
    assert _verdict(memory, short) == "new"


def _verdict(memory: DedupeMemory, article: TaggedArticle) -> str:
    outcome = memory.outcome(article, memory.decide(article).answer)
    assert not isinstance(outcome, Drop | Reject)
    assert isinstance(outcome[0], EnrichedArticle)
    return outcome[0].verdict.value


def test_a_damaged_record_or_summary_is_refused_with_words():
    memory = DedupeMemory()
    decision = memory.decide(_written(random.Random(1), 1))

    with pytest.raises(ValueError, match="torn"):
        memory.apply("in-0-0", Decision(decision.answer, decision.learned[:-5]))
    with pytest.raises(ValueError, match="version 5, found 09"):
        memory.apply("in-0-0", Decision(decision.answer, b"\x09" + decision.learned[1:]))
    with pytest.raises(ValueError, match="summary of version 2"):
        memory.close(0, b"\x07rest")
    assert len(memory) == 0


def _story_of_three() -> tuple[DedupeMemory, list[TaggedArticle]]:
    base = _written(random.Random(5), 5)
    stream = [
        base.model_copy(update={"id": f"m{n}", "title": f"Headline {n}", "publisher": f"p{n}.example"})
        for n in range(3)
    ]
    other = TaggedArticle(id="other", title="Otters", body=OTTERS, publisher="q.example", language=base.language)
    memory = DedupeMemory()
    lived(memory, [*stream, other])
    return memory, [*stream, other]


def corrected(memory: DedupeMemory, correction: StoryCorrection) -> list[Story]:
    decision = memory.decide(correction)
    memory.apply(f"in-0-{len(memory)}", decision)
    outcome = memory.outcome(correction, decision.answer)
    assert not isinstance(outcome, Drop | Reject)
    return [story for story in outcome if isinstance(story, Story)]


def test_a_person_can_split_a_story():
    memory, stream = _story_of_three()
    old, new = corrected(memory, StoryCorrection(id="c", action="split", story="m0", members=("m2",)))
    again = stream[2].model_copy(update={"body": stream[2].body + " More came later."})
    [revision, *_] = memory.outcome(again, memory.decide(again).answer)

    assert (old.id, old.size, old.members) == ("m0", 2, ("m0", "m1"))
    assert (new.id, new.size, new.members) == ("m2", 1, ("m2",))
    assert revision.story == "m2"


def test_a_person_can_merge_two_stories_and_the_older_takes_future_articles():
    memory, stream = _story_of_three()
    survivor, gone = corrected(memory, StoryCorrection(id="c", action="merge", story=stream[3].id, into="m0"))
    copy = stream[3].model_copy(update={"id": "later", "title": "Another headline"})
    [later, *_] = memory.outcome(copy, memory.decide(copy).answer)

    assert (survivor.id, survivor.size, survivor.merged_into) == ("m0", 4, None)
    assert (gone.id, gone.merged_into) == (stream[3].id, "m0")
    assert later.story == "m0"


def test_a_correction_that_names_nothing_known_changes_nothing():
    memory, stream = _story_of_three()
    later = stream[0].model_copy(update={"id": "later", "title": "Another headline"})
    before = memory.decide(later).answer

    assert corrected(memory, StoryCorrection(id="c", action="split", story="nobody", members=("m1",))) == []
    assert corrected(memory, StoryCorrection(id="d", action="split", story="m0", members=("m0",))) == []
    assert memory.decide(later).answer == before


def test_the_article_that_began_a_story_stays_in_it_also_as_a_revision():
    memory, stream = _story_of_three()
    revised = stream[0].model_copy(update={"body": f"{stream[0].body} The council meets again on Thursday."})
    memory.apply("in-0-4", memory.decide(revised))

    assert corrected(memory, StoryCorrection(id="c", action="split", story="m0", members=("m0", "m1"))) == []


def test_corrections_are_restored_with_the_rest():
    memory, stream = _story_of_three()
    split = StoryCorrection(id="c", action="split", story="m0", members=("m1", "m2"))
    decisions = lived(DedupeMemory(), stream)
    decisions.append(("in-0-4", memory.decide(split)))
    memory.apply(*decisions[-1])
    restored = DedupeMemory()
    restored.apply_many(*columns(decisions))
    later = stream[1].model_copy(update={"id": "later", "body": stream[1].body[:200]})

    assert restored.decide(later) == memory.decide(later)


def _told(chance: random.Random, words: list[str], names: list[str], numbers: list[str]) -> str:
    parts = [*words, *names, *numbers]
    chance.shuffle(parts)
    return "It " + " ".join(parts)


def _two_stories_and_one_that_joins_them(shared: int = 12) -> list[TaggedArticle]:
    """Two stories that have so many of thirty words in common, and an article that tells of both."""
    chance = random.Random(4)
    common, own = [f"cedar{n}x" for n in range(shared)], range(30 - shared)
    first = (common + [f"alder{n}x" for n in own], ["Kettlewick", "Grimsarn"], ["512", "77"])
    second = (common + [f"birch{n}x" for n in own], ["Lindholm", "Tolmezza"], ["93", "1804"])
    both = tuple(list(dict.fromkeys(one + other)) for one, other in zip(first, second, strict=True))
    tellings = [first, second, first, both, second]
    return [
        TaggedArticle(id=f"t{n}", title=f"Telling {n}", body=_told(chance, *telling), publisher=f"p{n}.example")
        for n, telling in enumerate(tellings)
    ]


def test_an_article_that_tells_of_two_stories_merges_the_younger_into_the_older():
    memory, stream = DedupeMemory(), _two_stories_and_one_that_joins_them()
    lived(memory, stream[:3])
    decision = memory.decide(stream[3])
    outcome = memory.outcome(stream[3], decision.answer)
    memory.apply("in-0-3", decision)
    [later, *_] = memory.outcome(stream[4], memory.decide(stream[4]).answer)

    assert not isinstance(outcome, Drop | Reject)
    joins, survivor, gone = outcome
    assert (joins.story, joins.story_merged, joins.story_size) == ("t0", ("t1",), 4)
    assert (survivor.id, survivor.size, survivor.merged_into) == ("t0", 4, None)
    assert sorted(survivor.members) == ["t0", "t1", "t2", "t3"]
    assert (gone.id, gone.merged_into) == ("t1", "t0")
    assert later.story == "t0"


def test_an_article_that_tells_of_two_events_does_not_make_them_one_story():
    stream = _two_stories_and_one_that_joins_them(shared=0)
    memory = DedupeMemory()
    lived(memory, stream[:3])
    outcome = memory.outcome(stream[3], memory.decide(stream[3]).answer)

    assert not isinstance(outcome, Drop | Reject)
    assert outcome[0].story in {"t0", "t1"}
    assert outcome[0].story_merged == ()


def test_stories_a_person_took_apart_are_not_merged_again():
    memory, stream = DedupeMemory(), _two_stories_and_one_that_joins_them()
    lived(memory, stream[:3])
    corrected(memory, StoryCorrection(id="c", action="merge", story="t0", into="t1"))
    corrected(memory, StoryCorrection(id="d", action="split", story="t0", members=("t1",)))
    [joins, *_] = memory.outcome(stream[3], memory.decide(stream[3]).answer)

    assert joins.story_merged == ()


def test_a_merge_is_restored_with_the_rest():
    stream = _two_stories_and_one_that_joins_them()
    alive, restored = DedupeMemory(), DedupeMemory()
    restored.apply_many(*columns(lived(alive, stream[:4])))

    assert restored.decide(stream[4]) == alive.decide(stream[4])


def test_a_story_outlives_its_first_article_and_can_still_be_corrected():
    chance = random.Random(9)
    telling = ([f"alder{n}x" for n in range(30)], ["Kettlewick", "Grimsarn"], ["512", "77"])
    stream = [
        TaggedArticle(id=f"t{n}", body=_told(chance, *telling), published=(START + timedelta(hours=9 * n)).isoformat())
        for n in range(8)
    ]
    memory = DedupeMemory(window=24 * 3600)
    lived(memory, stream)
    old, new = corrected(memory, StoryCorrection(id="c", action="split", story="t0", members=("t7",)))

    assert memory.recall("in-0-0") is None
    assert (old.id, old.size) == ("t0", 7)
    assert "t0" not in old.members
    assert (new.id, new.members) == ("t7", ("t7",))


def test_an_id_that_comes_again_goes_on_with_the_story_that_was_split_off_under_it():
    _, stream = _story_of_three()
    memory = DedupeMemory(window=0, cap=8)
    lived(memory, stream)
    corrected(memory, StoryCorrection(id="c", action="split", story="m0", members=("m1", "m2")))
    others = [
        TaggedArticle(id=f"f{n}", body=f"cedar{n}x alder{n}x birch{n}x", language=stream[0].language) for n in range(6)
    ]
    lived(memory, others[:5], 10)
    again = others[5].model_copy(update={"id": "m1"})
    [later, *_] = memory.outcome(again, memory.decide(again).answer)

    assert memory.state.ledger.by_id("m1") is None
    assert memory.state.ledger.by_id("m2") is not None
    assert (later.story, later.story_size) == ("m1", 3)


def test_a_revision_keeps_the_story_whose_first_version_is_forgotten():
    memory = DedupeMemory(window=24 * 3600)
    stream = [_written(random.Random(n), n) for n in range(60)]
    first = stream[0].model_copy(update={"id": "first"})
    versions = [
        first.model_copy(update={"body": f"{first.body} Version {n}.", "published": stream[n].published})
        for n in (20, 40)
    ]
    decisions = lived(memory, [first, *stream[1:20], versions[0], *stream[20:40]])
    assert memory.recall("in-0-0") is None
    [revision, *_] = memory.outcome(versions[1], memory.decide(versions[1]).answer)

    assert (revision.verdict.value, revision.story) == ("revision", "first")
    assert memory.recall(decisions[-1][0]) is not None


@pytest.mark.parametrize(("stated", "story"), [(None, "old"), ("2026-11-20", "new")])
def test_being_seen_late_is_no_evidence_against_a_story_but_being_published_late_is(stated, story):
    chance = random.Random(9)
    telling = ([f"alder{n}x" for n in range(30)], ["Kettlewick", "Grimsarn"], ["512", "77"])
    old = TaggedArticle(id="old", body=_told(chance, *telling), published="2026-01-05")
    new = TaggedArticle(
        id="new", body=_told(chance, *telling), published=stated, first_seen=datetime(2026, 11, 21, tzinfo=UTC)
    )
    memory = DedupeMemory()
    lived(memory, [old])
    [found, *_] = memory.outcome(new, memory.decide(new).answer)

    assert found.story == story
