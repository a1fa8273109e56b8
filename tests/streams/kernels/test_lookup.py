"""Hashes are found alike with and without the compiled kernels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams import kernels
from streams.entities.lookup import looked_up

HASHES = st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 40) | st.integers(2**64 - 40, 2**64 - 1), max_size=60)


@given(HASHES, HASHES, st.sampled_from((1, 4, 12)))
def test_hashes_are_found_at_the_same_places(both, known, asked, bits):
    lookup = looked_up(np.unique(np.array(known, np.uint64)), bits)

    compiled, pure = both(lookup.find, np.array([*asked, *known], np.uint64))

    assert compiled.dtype == pure.dtype
    assert compiled.tolist() == pure.tolist()


def test_places_that_are_too_few_are_refused(both):
    lookup = looked_up(np.arange(9, dtype=np.uint64), 4)

    with pytest.raises(ValueError, match="a place for every hash"):
        kernels.load({})[0].find(lookup.hashes, lookup.first, lookup.hashes, np.zeros(8, np.int64))
    with pytest.raises(ValueError, match="a power of two"):
        kernels.load({})[0].find(lookup.hashes, lookup.first[:-2], lookup.hashes, np.zeros(9, np.int64))


def test_borders_beyond_the_hashes_find_nothing(both):
    native = kernels.load({})[0]
    found = np.zeros(3, np.int64)

    native.find(
        np.arange(3, dtype=np.uint64), np.array([-5, 2000, 4000], np.int32), np.arange(3, dtype=np.uint64), found
    )

    assert found.tolist() == [0, 1, 2]
