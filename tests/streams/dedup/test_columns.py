"""Entries kept in parts are those kept one by one, and the oldest are forgotten."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.dedup import blobs, columns
from streams.dedup.blobs import Blobs
from streams.dedup.columns import Column, Packed


@pytest.fixture(autouse=True, scope="module")
def small_parts():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columns, "PART", 4)
        for module in (columns, blobs):
            patch.setattr(module, "BITS", 2)
            patch.setattr(module, "WITHIN", 3)
        yield


@given(st.lists(st.lists(st.binary(max_size=9), max_size=5), max_size=5), st.integers(0, 12), st.integers(0, 9))
def test_bytes_added_by_pieces_are_those_added_one_by_one(given_pieces, forgotten, first):
    one_by_one, by_pieces, joined = Blobs(), Blobs(), Blobs()
    every = [value for piece in given_pieces for value in piece]
    for held in (one_by_one, by_pieces, joined):
        held.forget(first)
    for value in every:
        one_by_one.append(value)
    for piece in given_pieces:
        by_pieces.extend(piece)
        joined.extend_joined(b"".join(piece), np.cumsum([len(value) for value in piece], dtype=np.int64))
    for held in (one_by_one, by_pieces, joined):
        held.forget(first + min(forgotten, len(every)))
        held.append(b"later")
        assert [held[number] for number in range(held.base, held.next)] == [*every[forgotten:], b"later"]


@given(st.lists(st.lists(st.integers(0, 99), max_size=6), max_size=6), st.integers(0, 20), st.integers(0, 9))
def test_numbers_added_by_pieces_are_those_added_one_by_one(given_pieces, forgotten, first):
    column, every = Column(np.int32), [value for piece in given_pieces for value in piece]
    column.forget(first)
    for piece in given_pieces:
        column.extend(np.array(piece, dtype=np.int32))
        column.append(len(piece))
    every = [value for piece in given_pieces for value in (*piece, len(piece))]
    forgotten = min(forgotten, len(every))
    column.forget(first + forgotten)
    numbers = np.arange(column.base, column.next)

    assert column.all().tolist() == column.many(numbers).tolist() == every[forgotten:]
    column.change(np.add, np.concatenate((numbers, numbers)), np.ones(2 * len(numbers)))
    assert column.all().tolist() == [value + 2 for value in every[forgotten:]]


def test_a_row_comes_back_as_it_was_put():
    rows = Packed(np.dtype([("one", "<u8"), ("other", "<i4")]))
    for number in range(11):
        rows.append(number, -number)
    rows.forget(6)

    assert [rows[number] for number in range(6, 11)] == [(number, -number) for number in range(6, 11)]
    assert rows.many(np.array([7, 10]))["other"].tolist() == [-7, -10]
