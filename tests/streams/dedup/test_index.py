"""An index finds the first or the latest entry of a key, however its entries came and went."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.dedup.index import HashIndex

# few distinct keys, some that claim one slot, and none
keys = st.sampled_from([0, 1, 2, 257, 513, 1 << 40, (1 << 40) + 1, 1 << 56, (1 << 64) - 1])
pieces = st.lists(st.lists(keys, max_size=40), max_size=8)


def expected(every: list[int], key: int, base: int, *, latest: bool) -> int:
    entries = [number for number, other in enumerate(every) if other == key and number >= base]
    return -1 if not key or not entries else entries[-1 if latest else 0]


@given(pieces, st.booleans(), st.integers(0, 8), st.booleans())
def test_the_first_or_latest_entry_is_found_also_once_generations_are_forgotten(given_pieces, latest, gone, bulk):
    index, every, starts = HashIndex(latest=latest), [], [0]
    for piece in given_pieces:
        start = len(every)
        if bulk:
            index.extend(np.array(piece, dtype=np.uint64), np.full(len(piece), start))
        else:
            for key in piece:
                index.append(key, start)
        every += piece
        starts.append(len(every))
    asked = [*every, 3, 0]
    assert [index.get(key) for key in asked] == [expected(every, key, 0, latest=latest) for key in asked]

    base = starts[min(gone, len(starts) - 1)]
    index.forget(base)
    index.append(7, base)
    every.append(7)
    assert [index.get(key) for key in [*asked, 7]] == [expected(every, key, base, latest=latest) for key in [*asked, 7]]


@pytest.mark.parametrize("latest", [False, True])
def test_an_index_of_many_keys_forgets_the_oldest(latest):
    many = np.arange(1, 5001, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    index = HashIndex(latest=latest)
    for start in (0, 3000):
        index.extend(many[start : start + 3000], np.full(len(many[start : start + 3000]), start))
    for key in many[:10].tolist():
        index.append(key, 5000)
    assert index.get(int(many[4])) == (5004 if latest else 4)
    index.forget(3000)

    assert index.get(int(many[3000])) == 3000
    assert index.get(int(many[0])) == 5000
    assert index.get(int(many[20])) == -1
    assert index.nbytes() < 5010 * 32


def test_many_entries_of_one_key_take_one_slot_a_generation():
    index = HashIndex()
    for _ in range(3000):
        index.append(5, 0)
    for _ in range(3000):
        index.append(5, 3000)

    assert index.get(5) == 0
    assert index.nbytes() < 8192 * 8 + 256 * 40
    index.forget(3000)
    assert index.get(5) == 3000
