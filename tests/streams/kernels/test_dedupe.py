"""Copies and stories are the same with and without the compiled kernels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from remembering import made, remembered, restored

from streams.dedup.alike import ROW, Comparing
from streams.dedup.bulk import hashes_of
from streams.dedup.columns import PART, Column
from streams.dedup.postings import Postings
from streams.dedup.rings import Rings
from streams.dedup.terms import MOST, Terms
from streams.stage import Decision
from streams.stages.dedupe import DAY

IDS = st.integers(0, 40) | st.integers(0, (1 << 24) - 1)


@st.composite
def tellings(draw):
    """Terms of few ids, so that articles have some in common; also without weight, and alike in their low bits."""
    sizes = tuple(draw(st.integers(0, most)) for most in MOST)
    several = draw(st.lists(st.tuples(IDS, st.integers(0, 255)), min_size=sum(sizes), max_size=sum(sizes)))
    return Terms(np.array([number << 8 | weight for number, weight in several], np.uint32), sizes)


def rows_of(several: list[Terms], times: list[int]) -> np.ndarray:
    rows = np.zeros(len(several), dtype=ROW)
    for row, terms, time in zip(rows, several, times, strict=True):
        begins = np.repeat((0, MOST[0], MOST[0] + MOST[1]), terms.sizes)
        within = np.concatenate([np.arange(size) for size in terms.sizes])
        row["terms"][begins + within] = terms.every
        weights = terms.every & 255
        row["norms"] = np.bincount(terms.kinds, weights * weights, 3)
        row["time"] = time
    return rows


@settings(max_examples=12)
@given(st.integers(0, 999), st.sampled_from((60, 150, 10_000)))
def test_any_stream_has_the_same_decisions_whatever_is_forgotten_meanwhile(both, seed, cap):
    compiled, pure = both(remembered, made(seed, 220), cap)

    assert compiled == pure


def test_a_restored_memory_decides_the_same(both):
    articles = made(3, 300)
    lived = remembered(articles[:250], 10_000, 90 * DAY)

    def decided() -> list[bytes]:
        memory, kept = restored(lived), []
        for number, article in enumerate(articles[250:], 250):
            decision: Decision = memory.decide(article)
            memory.apply(f"in-0-{number}", decision)
            kept += [decision.answer, decision.learned]
        return kept

    compiled, pure = both(decided)

    assert compiled == pure == remembered(articles, 10_000, 90 * DAY)[500:]


@given(
    tellings(),
    st.lists(st.tuples(tellings(), st.integers(0, 1 << 32)), min_size=1, max_size=20),
    st.integers(0, 1 << 32),
)
def test_any_articles_are_alike_by_as_much_and_have_the_same_boilerplate(both, terms, others, time):
    rows = rows_of([other for other, _ in others], [told for _, told in others])
    copies = rows_of([terms] * 5 + [other for other, _ in others], [0] * (5 + len(others)))

    compiled, pure = both(lambda: [each.tolist() for each in Comparing().alike_and_whenever(terms, time, rows)])
    weeded, expected = both(lambda: [Comparing().weeded(terms, of).packed() for of in (rows, copies)])

    assert compiled == pure
    assert weeded == expected


@settings(max_examples=40)
@given(st.integers(0, 999), st.integers(1, 400), st.sampled_from((1 << 8, 1 << 20, 1 << 32)))
def test_any_prints_have_the_same_postings_while_the_table_grows_and_forgets(both, seed, groups, space):
    def found() -> list[list[tuple[int, int]]]:
        chance, postings, answers = np.random.default_rng(seed), Postings(), []
        for number in range(1, groups + 1):
            prints = np.unique(chance.integers(0, space, chance.integers(1, 200), dtype=np.uint64)).astype(np.uint32)
            postings.add(prints, number - 50 * (number // 100))
            if number % 100 == 99:
                postings.drop_below(51)
            answers.append(sorted(zip(*(each.tolist() for each in postings.lookup(prints)), strict=True)))
        return [*answers, [(postings.size, postings.nbytes() > 0)]]

    compiled, pure = both(found)

    assert compiled == pure


@given(st.integers(0, 999), st.integers(1, 60), st.sampled_from((20, 3000)))
def test_any_terms_have_the_same_latest_entries(both, seed, entries, variety):
    def found() -> list[list[int]]:
        chance, rings, answers = np.random.default_rng(seed), Rings(), []
        terms = [np.unique(chance.integers(0, variety, 28)).astype(np.uint32) for _ in range(entries)]

        def told(first: int, end: int):
            sizes = [len(each) for each in terms[first:end]]
            return np.repeat(np.arange(first, end), sizes), np.concatenate(terms[first:end])

        for entry, asked in enumerate(terms):
            answers.append(rings.latest(asked, entry // 2, 12).tolist())
            rings.add(asked, entry, entry // 2, told)
        again = Rings()
        again.extend(0, 0, entries, told)
        return [*answers, *(again.latest(asked, 3, 36).tolist() for asked in terms)]

    compiled, pure = both(found)

    assert compiled == pure


def test_entries_of_several_parts_are_gathered_in_the_order_asked_for(both):
    column = Column(np.int64)
    column.extend(np.arange(3 * PART))
    column.forget(PART + 5)
    asked = np.array([2 * PART + 7, PART + 5, 3 * PART - 1, 2 * PART + 7])

    compiled, pure = both(lambda: column.many(asked).tolist())

    assert compiled == pure == asked.tolist()


@given(st.lists(st.binary(max_size=300) | st.sampled_from((b"", b"a" * 128, b"b" * 129, b"c" * 256)), max_size=6))
def test_any_texts_have_the_same_digests(both, texts):
    ends = np.cumsum([len(text) for text in texts], dtype=np.int64)

    compiled, pure = both(lambda: hashes_of(b"".join(texts), ends).tolist())

    assert compiled == pure


@pytest.mark.parametrize("number", [PART - 1, 2 * PART, -1, 1 << 60])
def test_entries_that_no_part_has_are_refused(both, number):
    column = Column(np.int64)
    column.extend(np.arange(2 * PART))
    column.forget(PART)

    with pytest.raises((ValueError, IndexError)):
        both(lambda: column.many(np.array([number])))
