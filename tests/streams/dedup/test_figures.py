"""The numbers of a group are those of all its texts, and go with the group."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from streams.dedup.columns import PART
from streams.dedup.figures import LATER, Figures

numbers = st.lists(st.integers(0, (1 << 16) - 1), max_size=6)


def packed(values: list[int]) -> bytes:
    return np.array(values, dtype=np.uint16).tobytes()


@given(st.lists(numbers, min_size=1, max_size=4), st.lists(st.tuples(st.integers(0, 3), numbers), max_size=12))
def test_a_group_has_the_numbers_of_all_its_texts(firsts, later):
    figures, wanted = Figures(), [set(values) for values in firsts]
    figures.extend_joined(
        b"".join(map(packed, firsts)), np.cumsum([2 * len(values) for values in firsts], dtype=np.int64)
    )
    for group, values in later:
        figures.add(group % len(firsts), packed(values))
        wanted[group % len(firsts)] |= set(values)

    assert [figures.of(group) for group in range(len(firsts))] == wanted


def test_a_group_that_has_very_many_numbers_takes_no_more():
    figures = Figures()
    figures.append(packed([1]))
    for number in range(2, 10 * LATER):
        figures.add(0, packed([number]))

    assert len(figures.of(0)) == 1 + LATER


def test_what_a_forgotten_part_had_is_forgotten():
    figures = Figures()
    figures.extend_joined(packed([1]) * (PART + 1), 2 * np.arange(1, PART + 2))
    figures.add(0, packed([2]))
    figures.add(PART, packed([3]))
    held = figures.nbytes()
    figures.forget(PART)

    assert figures.of(PART) == {1, 3}
    assert figures.nbytes() < held
