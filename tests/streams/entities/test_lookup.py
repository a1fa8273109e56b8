"""Sorted hashes are found where they are, and nothing else is found."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from streams.entities.lookup import looked_up

HASHES = st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 40) | st.integers(2**64 - 40, 2**64 - 1), max_size=60)


@given(HASHES, HASHES, st.sampled_from((1, 4, 12)))
def test_a_hash_is_found_at_its_place_or_nowhere(known, asked, bits):
    hashes = np.unique(np.array(known, np.uint64))
    place = {value: number for number, value in enumerate(hashes.tolist())}

    found = looked_up(hashes, bits).find(np.array([*asked, *known], np.uint64))

    assert found.tolist() == [place.get(value, -1) for value in (*asked, *known)]
