"""Words of a text in whatever script, and their hashes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.dedup.words import LONG, folded, sequence_hashes, shingles, words_of


def spelled(text: str) -> list[str]:
    words = words_of(folded(text))
    return [words.spelled(at) for at in range(len(words))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don’t pay 4.9bn, 1,000 or 3.", ["don", "t", "pay", "4.9bn", "1,000", "or", "3"]),
        ("a soft\u00adhyphen and\u200b zero", ["a", "softhyphen", "and", "zero"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("東京 5人 x", ["東京", "5", "人", "x"]),
        ("สวัส", ["สว", "วั", "ัส"]),
        ("ﬁne ＡＢＣ", ["fine", "abc"]),
        ("…—!", []),
    ],
)
def test_words_follow_the_script(text, words):
    assert spelled(text) == words


def test_quotes_case_dashes_and_space_do_not_count():
    one, other = (words_of(folded(text)) for text in ("“It’s — over”\n\nHe SAID", '"it\'s - over" he said'))

    assert sequence_hashes(one) == sequence_hashes(other)
    assert shingles(one)[0].tolist() == shingles(other)[0].tolist()


@given(st.text(max_size=200), st.text(alphabet="ab \n", max_size=30))
def test_a_word_hashes_alike_wherever_it_stands(text, before):
    alone, later = words_of(folded(text)), words_of(folded(before + " " + text))

    assert later.hashes.tolist()[len(later) - len(alone) :] == alone.hashes.tolist()


@given(st.lists(st.sampled_from(["ab", "ba", "a", "b", "c1", "1c"]), max_size=12))
def test_words_that_differ_hash_differently(words):
    hashed = words_of(" ".join(words)).hashes.tolist()

    assert len(set(hashed)) == len(set(words))


def test_a_pair_of_characters_is_as_long_as_a_word_that_tells_something():
    assert words_of("ab 2013 dampfschiff").letters.tolist() == [2, 4, 11]
    assert words_of("東京都").letters.tolist() == [LONG, LONG]
