"""Finding names: against a search that compares every run of words with every name."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from streams.entities.index import LONGEST, build_index
from streams.entities.tokens import tokenise

NAMES = [
    "Bank of Iraq",
    "Iraq",
    "Bank",
    "al-Nujaba",
    "Islamic Resistance in Iraq",
    "IS",
    "المقاومة",
    "真主党",
    "Хезболла",
]


def found(text: str, names: list[str] = NAMES) -> set[tuple[str, str]]:
    """Surface and name of every match whose case fits."""
    index = build_index(names, np.arange(len(names)))
    tokens = tokenise([text])
    matches = index.agreeing(tokens, index.search(tokens))
    rows = zip(matches.start, matches.length, matches.alias, matches.shift, strict=True)
    return {
        (text[tokens.letters.at[tokens.low[start] + shift] : tokens.end[start + length - 1]], names[index.text[alias]])
        for start, length, alias, shift in rows
    }


def test_names_within_names_are_all_found():
    assert found("the Bank of Iraq") == {("Bank of Iraq", "Bank of Iraq"), ("Iraq", "Iraq"), ("Bank", "Bank")}


def test_a_name_is_found_before_a_possessive_and_beside_a_hyphen():
    assert found("Iraq's and Iraq-based") == {("Iraq", "Iraq")}


def test_a_name_is_not_found_inside_a_word_or_across_a_sentence():
    assert found("Iraqis. Bank. Of Iraqi") == {("Bank", "Bank")}


def test_capitals_are_read_as_names_but_small_letters_are_not():
    assert found("IRAQ and iraq, the bank is IS") == {("IRAQ", "Iraq"), ("IS", "IS")}


def test_words_of_a_longer_name_may_be_written_small_inside_it():
    assert found("the Islamic resistance in Iraq") >= {("Islamic resistance in Iraq", "Islamic Resistance in Iraq")}


def test_the_article_of_an_arabic_name_may_be_capital_and_unhyphenated():
    assert found("Al Nujaba and al-Nujaba") == {("Al Nujaba", "al-Nujaba"), ("al-Nujaba", "al-Nujaba")}


def test_particles_written_onto_a_word_are_no_part_of_the_name():
    assert found("والمقاومة بالمقاومة للمقاومة") == {("المقاومة", "المقاومة"), ("لمقاومة", "المقاومة")}


def test_russian_endings_do_not_hide_a_name():
    assert found("с Хезболлой, о Хезболле") == {("Хезболлой", "Хезболла"), ("Хезболле", "Хезболла")}


def test_chinese_names_are_found_without_spaces():
    assert found("伊朗支持真主党的") == {("真主党", "真主党")}


def test_an_empty_index_finds_nothing():
    assert found("Iraq", []) == set()


WORD = st.sampled_from(["Red", "Blue", "Green", "Black"])
PHRASE = st.lists(WORD, min_size=1, max_size=4).map(" ".join)


@given(names=st.lists(PHRASE, min_size=1, max_size=6, unique=True), text=st.lists(WORD, max_size=12).map(" ".join))
def test_the_index_finds_what_comparing_everything_finds(names, text):
    words = text.split()
    runs = {" ".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, min(len(words), i + LONGEST) + 1)}

    assert found(text, names) == {(name, name) for name in names if name in runs}
