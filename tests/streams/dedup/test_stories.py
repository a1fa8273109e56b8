"""What is remembered of stories' articles is found alike by a memory that lived and by one that was restored."""

import random

import numpy as np
import pytest

from streams.dedup.stories import Members
from streams.dedup.terms import Terms


def a_telling(chance: random.Random) -> Terms:
    """Terms of a made-up article: few are rare, so that articles and rings have some in common."""
    sizes = (chance.randint(1, 20), chance.randint(0, 8), chance.randint(0, 4))
    terms = [int(400 * chance.random() ** 2) << 8 | chance.randint(1, 255) for _ in range(sum(sizes))]
    return Terms(np.array(terms, dtype=np.uint32), sizes)


def remembered(tellings: list[Terms], first: int, rings: int) -> Members:
    members = Members()
    members.forget(first, rings)
    numbers = np.arange(first, first + len(tellings))
    members.extend(
        numbers,
        [terms.packed() for terms in tellings],
        numbers * 3600,
        np.zeros(len(numbers), dtype=np.uint64),
        numbers,
    )
    return members


def answers(members: Members, asked: list[Terms]) -> list[tuple[list[int], list[float]]]:
    found = [members.neighbours(terms, 900 * 3600) for terms in asked]
    pairs = [sorted(zip(each.numbers.tolist(), each.scores.tolist(), strict=True)) for each in found]
    return [([number for number, _ in each], [score for _, score in each]) for each in pairs]


@pytest.mark.parametrize("forgotten", [0, 10, 100, 700, 900])
def test_a_memory_that_forgot_finds_what_one_restored_without_the_forgotten_finds(forgotten):
    chance = random.Random(forgotten)
    tellings = [a_telling(chance) for _ in range(900)]
    lived = Members()
    for number, terms in enumerate(tellings[:800]):
        lived.append(number, terms, number * 3600)
    lived.forget(min(forgotten, 800), lived.rings_without(min(forgotten, 800)))
    for number, terms in enumerate(tellings[800:], 800):
        lived.append(number, terms, number * 3600)
    rings = lived.rings_without(forgotten)
    lived.forget(forgotten, rings)

    asked = [a_telling(chance) for _ in range(30)]
    assert answers(lived, asked) == answers(remembered(tellings[forgotten:], forgotten, rings), asked)


def test_pieces_of_any_size_are_taken_in_as_one_by_one():
    chance = random.Random(5)
    tellings = [a_telling(chance) for _ in range(300)]
    one_by_one, by_pieces = Members(), Members()
    for number, terms in enumerate(tellings):
        one_by_one.append(number, terms, 0)
    for start in range(0, 300, 37):
        numbers = np.arange(start, min(start + 37, 300))
        by_pieces.extend(
            numbers,
            [tellings[n].packed() for n in numbers],
            0 * numbers,
            np.zeros(len(numbers), dtype=np.uint64),
            numbers,
        )

    asked = [a_telling(chance) for _ in range(30)]
    assert answers(by_pieces, asked) == answers(one_by_one, asked)


def test_two_stories_are_linked_by_how_alike_their_articles_are_on_average():
    chance = random.Random(8)
    words = [chance.sample(range(1, 25), 12) for _ in range(7)]
    terms = [Terms(np.array([word << 8 | 100 for word in each], dtype=np.uint32), (8, 4, 0)) for each in words]
    members = Members()
    for number, each in enumerate(terms[:6]):
        members.append(number, each, 3600 * number)
    found = members.neighbours(terms[6], 7 * 3600)
    ones, others = [0, 2, 3], [1, 4]
    pairs = [members.neighbours(terms[number], 3600 * number) for number in found.numbers[ones].tolist()]
    scores = [dict(zip(each.numbers.tolist(), each.scores.tolist(), strict=True)) for each in (found, *pairs)]
    between = [each[number] for each in scores for number in found.numbers[others].tolist()]

    assert members.linked(found, ones, others) == pytest.approx(sum(between) / len(between))
