"""The index of prints gives back what was posted, however it grew."""

from collections import defaultdict

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.dedup.postings import Postings

Posted = list[tuple[set[int], int]]
POSTED = st.lists(st.sets(st.integers(0, 2**32 - 1) | st.integers(0, 300), max_size=40), max_size=60)


def posted(groups: list[set[int]]) -> tuple[Postings, dict[int, list[int]]]:
    postings, expected = Postings(), defaultdict(list)
    for number, prints in enumerate(groups, 1):
        postings.add(np.array(sorted(prints), dtype=np.uint32), number)
        for single in prints:
            expected[single].append(number)
    return postings, dict(expected)


def found(postings: Postings, prints: list[int]) -> dict[int, list[int]]:
    index, numbers = postings.lookup(np.array(prints, dtype=np.uint32))
    result: dict[int, list[int]] = defaultdict(list)
    for at, number in zip(index.tolist(), numbers.tolist(), strict=True):
        result[prints[at]].append(number)
    return {single: sorted(several) for single, several in result.items()}


@settings(max_examples=60)
@given(POSTED)
def test_every_posting_is_found_again_and_nothing_else(groups):
    postings, expected = posted(groups)

    assert found(postings, [*expected, *(n for n in range(400, 420) if n not in expected)]) == expected


@settings(max_examples=60)
@given(POSTED, st.integers(1, 61))
def test_forgetting_the_oldest_keeps_the_rest_and_counts_from_one(groups, cutoff):
    postings, expected = posted(groups)
    postings.drop_below(cutoff)
    rest = {single: [n - cutoff + 1 for n in several if n >= cutoff] for single, several in expected.items()}

    assert found(postings, list(expected)) == {single: several for single, several in rest.items() if several}


def test_a_table_that_grew_holds_what_one_filled_at_once_holds():
    chance = np.random.default_rng(3)
    groups = [set(chance.integers(0, 2**29, 120).tolist()) for _ in range(900)]
    grown, expected = posted(groups)
    filled = Postings()
    prints = np.concatenate([np.array(sorted(group), dtype=np.uint32) for group in groups])
    filled.add_many(prints, np.repeat(np.arange(1, 901, dtype=np.uint32), [len(group) for group in groups]))
    asked = list(expected)[::50]

    assert found(grown, asked) == found(filled, asked) == {single: expected[single] for single in asked}
    assert grown.size == filled.size
    assert grown.nbytes() < 12 * grown.size


def test_many_at_once_are_found_where_more_share_a_print_than_fit_beside_it():
    groups = [{7, number} for number in range(100, 200)]
    _, expected = posted(groups)
    filled = Postings()
    prints = np.array([single for group in groups for single in sorted(group)], dtype=np.uint32)
    for part in (slice(0, 90), slice(90, None)):
        filled.add_many(prints[part], np.repeat(np.arange(1, 101, dtype=np.uint32), 2)[part])

    assert found(filled, list(expected)) == expected


def test_what_is_forgotten_is_gone_at_once_although_it_leaves_the_table_little_by_little():
    chance = np.random.default_rng(5)
    groups = [set(chance.integers(0, 2**29, 120).tolist()) for _ in range(600)]
    groups[350].update(groups[50])
    postings, expected = posted(groups[:400])
    held = postings.size
    postings.drop_below(201)
    asked = list(dict.fromkeys([*list(expected)[::40], *sorted(groups[50])]))
    sizes = []
    for number in range(400, 600):
        rest = {single: [n - 200 for n in expected.get(single, []) if n > 200] for single in asked}
        if number % 50 == 0 or number < 405:
            assert found(postings, asked) == {single: several for single, several in rest.items() if several}
        sizes.append(postings.size)
        postings.add(np.array(sorted(groups[number]), dtype=np.uint32), number - 199)
        for single in groups[number]:
            expected.setdefault(single, []).append(number + 1)

    assert held > sizes[2] > sizes[50] - 50 * 121
    assert postings.size == sum(len(group) for group in groups[200:])


def test_a_table_grows_while_it_forgets_and_never_all_at_once():
    chance = np.random.default_rng(9)
    postings, expected, forgotten = Postings(), defaultdict(list), 0
    for number in range(1, 1501):
        if number % 700 in (0, 3, 90):
            postings.drop_below(number // 2 - forgotten)
            forgotten += number // 2 - forgotten - 1
        prints = chance.integers(0, 2**29 if number % 3 else 2**16, 60 if number % 5 else 3).astype(np.uint32)
        postings.add(np.unique(prints), number - forgotten)
        for single in set(prints.tolist()):
            expected[single].append(number)
        if number % 300 == 0:
            rest = {p: [n - forgotten for n in several if n > forgotten] for p, several in expected.items()}
            asked = list(dict.fromkeys([*list(rest)[::97], *list(rest)[-50:]]))
            assert found(postings, asked) == {single: rest[single] for single in asked if rest[single]}


@settings(max_examples=30)
@given(st.lists(st.integers(1, 40), min_size=1, max_size=30))
def test_texts_of_a_print_or_two_make_the_numbers_long_and_are_found(sizes):
    postings, number = Postings(), 0
    for size in sizes:
        for _ in range(size):
            number += 1
            postings.add(np.array([number * 7919], dtype=np.uint32), number)
    asked = [n * 7919 for n in range(1, number + 1)]

    assert found(postings, asked) == {single: [n] for n, single in enumerate(asked, 1)}
