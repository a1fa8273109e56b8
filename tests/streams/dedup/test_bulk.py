"""Records opened many at once say what they say one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.dedup.bulk import Records, hashes_of, unpacked_terms
from streams.dedup.ledger import hashed
from streams.dedup.record import SECTIONS, Mark, Record
from streams.dedup.terms import Terms
from streams.dedup.words import combined, combined_many

hashes = st.integers(0, (1 << 64) - 1)
short = st.text(st.characters(codec="utf-8"), max_size=8)


@st.composite
def records(draw: st.DrawFn) -> Record:
    return Record(
        marks=draw(st.sampled_from([0, Mark.BEGINS, Mark.REPEATED, Mark.CORRECTION, Mark.REVISION])),
        time=draw(st.integers(0, 1 << 40)),
        body=draw(hashes),
        publisher=draw(hashes),
        group=draw(st.integers(-1, 1 << 20)),
        story=draw(st.integers(-1, 1 << 20)),
        language=draw(st.sampled_from(["en", "de", "und"])),
        id=draw(short),
        added=np.array(draw(st.lists(st.integers(0, 9), max_size=4)), dtype=np.uint32).tobytes(),
        name=draw(short),
        merged=draw(st.lists(st.integers(0, 99), max_size=3)),
        text=draw(st.binary(max_size=9)),
    )


@given(st.lists(records(), min_size=1, max_size=6))
def test_columns_and_sections_are_those_of_each_record(given_records):
    opened = Records([record.to_bytes() for record in given_records])
    every = np.arange(len(given_records))
    names, at = opened.languages

    assert opened.column("body").tolist() == [record.body for record in given_records]
    assert opened.section("text") == [record.text for record in given_records]
    assert opened.lengths("added").tolist() == [len(record.added) for record in given_records]
    assert [names[number] for number in at.tolist()] == [record.language for record in given_records]
    assert [(join.story, join.name, join.merged) for join in opened.joins(every)] == [
        (record.story, record.name, record.merged) for record in given_records
    ]
    assert [opened.opened(number) for number in every.tolist()] == given_records


@pytest.mark.parametrize("harm", [lambda packed: packed[:-1], lambda packed: b"\x09" + packed[1:], lambda _: b""])
def test_one_record_that_is_torn_or_of_another_version_is_refused_with_words(harm):
    packed = Record(id="a", text=b"text").to_bytes()

    with pytest.raises(ValueError, match=r"torn|version"):
        Records([packed, harm(packed), packed])


def test_sections_are_named_as_the_fields_of_a_record():
    assert set(SECTIONS) <= set(Record.__slots__)


@given(st.lists(short, max_size=5), st.lists(st.tuples(hashes, hashes), max_size=5))
def test_hashes_of_many_are_those_of_each(texts, pairs):
    first, second = (np.array([pair[side] for pair in pairs], dtype=np.uint64) for side in (0, 1))

    encoded = [text.encode() for text in texts]
    ends = np.cumsum([len(text) for text in encoded], dtype=np.int64)

    assert hashes_of(b"".join(encoded), ends).tolist() == [hashed(text) for text in texts]
    assert combined_many(first, second).tolist() == [combined(*pair) for pair in pairs]


def test_terms_stand_in_the_columns_of_their_kind():
    terms = Terms(np.array([7 << 8 | 255, 9 << 8 | 3, 5 << 8 | 255], dtype=np.uint32), (2, 0, 1))
    rows, norms = unpacked_terms([terms.packed(), Terms(np.zeros(0, dtype=np.uint32), (0, 0, 0)).packed()])

    assert [rows[0, 0] >> 8, rows[0, 1] >> 8, rows[0, 88] >> 8] == [7, 9, 5]
    assert np.count_nonzero(rows) == 3
    assert norms.tolist() == [[255 * 255 + 9, 0, 255 * 255], [0, 0, 0]]
