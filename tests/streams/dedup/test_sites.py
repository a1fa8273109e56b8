"""Left-over boilerplate of a site tells no story; what its articles have in common because of an event does."""

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from schemas.article import EnrichedArticle, TaggedArticle
from streams.dedup.sites import FEWEST, LATEST, Sites, weeded
from streams.dedup.stories import Members
from streams.dedup.terms import Terms
from streams.stages.dedupe import DedupeMemory

SYLLABLES = ["ba", "de", "fi", "go", "lu", "ma", "ne", "pi", "ro", "su", "ta", "ve", "wi", "xo", "yu", "za"]
MENU = (
    "Read five striking things that subscribers noticed before breakfast yesterday, chosen for curious evening minds."
)
FOOT = (
    "Gossiping columnists recommend tremendous crossword puzzles, horoscopes, recipes and gardening supplements daily."
)


def coined(chance: random.Random, count: int) -> list[str]:
    """Words that nobody uses."""
    return ["".join(chance.choice(SYLLABLES) for _ in range(4)) for _ in range(count)]


def published(bodies: list[str], sites: list[str]) -> list[str | None]:
    """The story of each text."""
    memory, found = DedupeMemory(), []
    for number, (body, site) in enumerate(zip(bodies, sites, strict=True)):
        article = TaggedArticle(id=f"a{number}", body=body, publisher=site, published="2024-03-01T12:00:00Z")
        decision = memory.decide(article)
        memory.apply(f"in-0-{number}", decision)
        [enriched, *_] = memory.outcome(article, decision.answer)  # type: ignore[misc]
        assert isinstance(enriched, EnrichedArticle)
        found.append(enriched.story)
    return found


def test_articles_of_a_site_are_not_one_story_for_its_boilerplate():
    chance = random.Random(1)
    bodies = [f"{MENU} {' '.join(coined(chance, 40))}. {FOOT}" for _ in range(40)]

    stories = published(bodies, ["site.example"] * 40)

    assert len(set(stories[:5])) < 5, "before it is known for boilerplate, it joins"
    assert len(set(stories[10:])) == 30


def test_an_event_that_fills_a_site_stays_one_story():
    chance = random.Random(2)
    event = coined(chance, 160)
    bodies = [" ".join([*event[:14], *chance.sample(event[14:], 24), *coined(chance, 12)]) for _ in range(40)]

    stories = published(bodies, ["site.example"] * 40)

    assert len(set(stories)) == 1


def test_boilerplate_of_one_site_keeps_its_weight_at_another():
    chance = random.Random(3)
    bodies = [f"{MENU} {' '.join(coined(chance, 40))}. {FOOT}" for _ in range(20)]
    quoting = [f"{MENU} {FOOT} {' '.join(coined(chance, 8))}" for _ in range(2)]

    stories = published([*bodies, *quoting], ["site.example"] * 20 + ["one.example", "other.example"])

    assert stories[-1] == stories[-2]


def a_telling(chance: random.Random) -> Terms:
    """Terms of a made-up article, many of them common."""
    sizes = (chance.randint(1, 20), chance.randint(0, 8), chance.randint(0, 4))
    kinds = [chance.sample(range(40), size) for size in sizes]
    terms = [number << 8 | chance.randint(1, 255) for kind in kinds for number in kind]
    return Terms(np.array(terms, dtype=np.uint32), sizes)


@given(st.integers(0, 2**32), st.integers(0, 60), st.sampled_from([0, 5, 40]))
def test_a_restored_memory_weeds_like_one_that_lived(seed, count, forgotten):
    chance = random.Random(seed)
    tellings = [(a_telling(chance), chance.randint(0, 3)) for _ in range(count)]
    lived, restored = Members(), Members()
    for number, (terms, site) in enumerate(tellings):
        lived.append(number, lived.weeded(terms, site), 0, site)
    kept = [lived.rows.between(number, number + 1) for number in range(count)][forgotten:]
    packed = [_packed(row["terms"][0]) for row in kept]
    lived.forget(forgotten, lived.rings_without(forgotten))
    restored.forget(forgotten, lived.rings_without(forgotten))
    sites = np.array([site for _, site in tellings[forgotten:]], dtype=np.uint64)
    restored.extend(np.arange(forgotten, count), packed, np.zeros(len(kept)), sites, np.zeros(len(kept)))

    for site in range(4):
        asked = a_telling(chance)
        assert restored.weeded(asked, site).packed() == lived.weeded(asked, site).packed()
        one, other = (members.neighbours(asked, 0) for members in (lived, restored))
        assert sorted(zip(one.numbers, one.scores, strict=True)) == sorted(
            zip(other.numbers, other.scores, strict=True)
        )


def _packed(row: np.ndarray) -> bytes:
    parts = [part[part > 0] for part in np.split(row, [64, 88])]
    return bytes(map(len, parts)) + b"".join(part.tobytes() for part in parts)


def test_sites_that_were_forgotten_are_let_go():
    sites = Sites()
    for entry in range(3000):
        sites.add(entry % 500 + entry // 1000 * 1000 + 1, entry, max(0, entry - 600))

    assert sites.of(2001, 2400) == [2500]
    assert sites.of(1, 2400) == []
    assert len(sites) < 1200


def test_of_a_site_the_latest_are_remembered():
    sites = Sites()
    for entry in range(100):
        sites.add(7, entry, 0)

    assert sites.of(7, 90) == list(range(90, 100))
    assert sites.of(7, 0) == list(range(100 - LATEST, 100))


@given(st.lists(st.integers(0, 6), max_size=80), st.integers(1, 30), st.integers(0, 60))
def test_many_at_once_are_remembered_as_one_by_one(sites, size, base):
    single, several = Sites(), Sites()
    for entry, site in enumerate(sites):
        single.add(site, entry, min(base, entry))
    for start in range(0, len(sites), size):
        several.extend(np.array(sites[start : start + size], dtype=np.uint64), start, min(base, start))
    later = len(sites)
    for each in (single, several):
        each.add(9, later, base)

    assert [several.of(site, base) for site in range(10)] == [single.of(site, base) for site in range(10)]


def test_articles_that_share_a_faint_term_besides_the_common_one_are_still_strangers():
    common, faint, own = 1 << 8 | 255, 2 << 8 | 1, [n << 8 | 255 for n in range(3, 43)]
    terms = Terms(np.array([common, *own, faint], dtype=np.uint32), (42, 0, 0))
    found, weights = np.zeros((FEWEST, 12), dtype=np.uint8), np.full((FEWEST, 12), 16, dtype=np.uint8)
    found[:, 0], found[1:, 1] = 1, 42  # which of the terms the first two of each are: all but one have the faint one

    assert weeded(terms, found, weights).every.tolist() == [*own, faint, common & ~255]
