"""Common passages and changed words."""

from hypothesis import given
from hypothesis import strategies as st

from streams.dedup.texts import changed_words, common_passage, packed, unpacked

WORDS = st.lists(st.sampled_from(["storm", "bridge", "council", "of", "the", "“new”", "1,200", "votes"]), max_size=40)


@given(st.text(max_size=300))
def test_a_packed_text_comes_back(text):
    assert unpacked(packed(text)) == text


@given(WORDS, WORDS, st.permutations([f"word{number}" for number in range(14)]))
def test_a_common_passage_is_found_and_stands_in_both(before, after, shared):
    passage = " ".join(shared)
    this = " ".join([*before, passage, *after])
    other = " ".join([*after, "|", passage, "|", *before])
    span = common_passage(this, other)

    assert span is not None
    assert span[1] - span[0] >= len(passage)
    assert " ".join(this[span[0] : span[1]].split()) in other


def test_quotes_and_spaces_do_not_break_a_passage_and_words_are_not_cut():
    this = "Xx “The bridge” opened on\nMonday, said the mayor of Lindholm. Yy"
    other = 'Zz "the bridge" opened on Monday, said the mayor of Lindholmen.'
    start, end = common_passage(this, other) or (0, 0)

    assert this[start:end] == "“The bridge” opened on\nMonday, said the mayor of"


def test_texts_without_anything_in_common_have_no_passage():
    assert common_passage("Snow closed the pass on Tuesday night.", "A choir lost its rehearsal hall to rain.") is None


def test_changed_words_are_those_of_one_text_beyond_the_other():
    assert changed_words("five men were hurt, five fled", "six men were hurt, five fled today") == (
        ("six", "today"),
        ("five",),
    )
