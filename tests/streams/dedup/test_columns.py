"""Arrays that grow by one or by many and forget their oldest: the same either way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.dedup.columns import Blobs, HashIndex

# few distinct keys, some that claim one slot, and none
keys = st.sampled_from([0, 1, 2, 257, 513, 1 << 40, (1 << 40) + 1, (1 << 64) - 1])
pieces = st.lists(st.lists(keys, max_size=40), max_size=8)


def in_pieces(given_pieces: list[list[int]], *, latest: bool) -> HashIndex:
    index = HashIndex(latest=latest)
    for piece in given_pieces:
        index.extend(np.array(piece, dtype=np.uint64))
    return index


@given(pieces, st.booleans())
def test_an_index_that_grows_by_pieces_finds_what_one_that_grows_by_single_keys_finds(given_pieces, latest):
    one_by_one = HashIndex(latest=latest)
    every = [key for piece in given_pieces for key in piece]
    for key in every:
        one_by_one.append(key)
    index = in_pieces(given_pieces, latest=latest)

    asked = [*every, 3, 0]
    assert [index.get(key) for key in asked] == [one_by_one.get(key) for key in asked]
    assert index.find(np.array(asked, dtype=np.uint64)).tolist() == [index.get(key) for key in asked]


@pytest.mark.parametrize("latest", [False, True])
def test_an_index_of_many_keys_forgets_the_oldest(latest):
    many = np.arange(1, 5001, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    index = in_pieces([many[:3000].tolist(), many[3000:].tolist(), many[:10].tolist()], latest=latest)
    index.drop(3000)

    assert index.get(int(many[3000])) == 0
    assert index.get(int(many[0])) == 2000
    assert index.get(int(many[20])) == -1


@given(st.lists(st.lists(st.binary(max_size=9), max_size=5), max_size=5), st.integers(0, 12))
def test_bytes_added_by_pieces_are_those_added_one_by_one(given_pieces, dropped):
    one_by_one, by_pieces = Blobs(), Blobs()
    every = [value for piece in given_pieces for value in piece]
    for value in every:
        one_by_one.append(value)
    for piece in given_pieces:
        by_pieces.extend(piece)
    for blobs in (one_by_one, by_pieces):
        blobs.drop(dropped)
        assert [blobs[number] for number in range(len(blobs))] == every[dropped:]
