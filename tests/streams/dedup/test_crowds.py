"""Prints of crowds are named when the oldest of their groups is forgotten, not before."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from streams.dedup.crowds import Crowds

pairs = st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, (1 << 32) - 1)), max_size=30)


@given(pairs, st.integers(0, 20_000), st.integers(0, 20_000))
def test_prints_are_named_by_the_groups_that_go(given_pairs, gone, base):
    one_by_one, at_once = Crowds(), Crowds()
    for group, single in given_pairs:
        one_by_one.add(group, single, gone)
    groups, prints = (np.array([pair[n] for pair in given_pairs], dtype=np.int64) for n in (0, 1))
    at_once.extend(groups, prints.astype(np.uint32), gone)
    named = sorted(single for group, single in given_pairs if gone <= group < base)
    later = sorted(single for group, single in given_pairs if gone <= group and base <= group)

    for crowds in (one_by_one, at_once):
        assert sorted(crowds.below(base).tolist()) == named
        crowds.forget(base)
        assert sorted(crowds.below(1 << 30).tolist()) == later
