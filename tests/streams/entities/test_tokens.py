"""Words of a text: where they are, and what they read like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.entities.tokens import CAPITALS, INITIAL, LOWER, tokenise


def words(text: str, *, split: bool = False) -> list[str]:
    tokens = tokenise([text], [split])
    return [text[start:end] for start, end in zip(tokens.start, tokens.end, strict=True)]


def hashes(text: str) -> list[int]:
    return tokenise([text]).hash.tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kata'ib", "Kataib"),
        ("Sana’a", "Sanaa"),
        ("U.S", "US"),
        ("Erdoğan", "erdogan"),
        ("Zürich", "ZURICH"),
        ("Москва", "МОСКВА"),
        ("أربيل", "اربيل"),
        ("العـــراق", "العراق"),
        ("Cafe\u0301", "café"),
        ("Ain al-Asad", "Ain\u00a0al\u2013Asad"),
    ],
)
def test_spellings_of_a_word_read_alike(one, other):
    assert hashes(one) == hashes(other)


@pytest.mark.parametrize(("one", "other"), [("Iran", "Iraq"), ("ab", "ba"), ("us", "uss"), ("伊拉克", "伊朗")])
def test_different_words_read_differently(one, other):
    assert hashes(one) != hashes(other)


def test_a_possessive_is_not_part_of_the_word():
    assert words("Iraq's border, Lebanon’s port") == ["Iraq", "s", "border", "Lebanon", "s", "port"]


def test_an_ending_after_an_apostrophe_is_cut_only_where_the_language_writes_it_so():
    assert words("Irak'ta", split=True) == ["Irak", "ta"]
    assert words("Kata'ib") == ["Kata'ib"]


def test_initials_end_with_their_period():
    assert words("the U.S. fleet") == ["the", "U.S.", "fleet"]


def test_ideographs_are_words_by_themselves():
    assert words("伊拉克 army") == ["伊", "拉", "克", "army"]


def test_case_tells_words_names_and_shouting_apart():
    assert tokenise(["war War WAR A"]).case.tolist() == [LOWER, INITIAL, CAPITALS, INITIAL]


def test_a_sentence_opens_after_a_stop_a_quotation_mark_or_a_line():
    assert tokenise(['He left. She "came" back\nAgain']).opens.tolist() == [True, False, True, True, True, True]


@given(st.lists(st.text(), max_size=5))
def test_words_of_many_texts_are_those_of_each(texts):
    together = tokenise(texts)
    for number, text in enumerate(texts):
        low, high = together.first[number], together.first[number + 1]
        alone = tokenise([text])
        assert together.hash[low:high].tolist() == alone.hash.tolist()
        assert (together.start[low:high] - together.text_start[number]).tolist() == alone.start.tolist()
        assert together.opens[low:high].tolist() == alone.opens.tolist()
        assert together.gap[low:high].tolist() == alone.gap.tolist()


@given(st.text())
def test_words_lie_in_their_text_in_order(text):
    tokens = tokenise([text])

    assert all(0 <= start < end <= len(text) for start, end in zip(tokens.start, tokens.end, strict=True))
    assert (tokens.start[1:] >= tokens.end[:-1]).all()
