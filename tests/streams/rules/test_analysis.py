"""Words, their places, and sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.rules.analysis import Analysis
from streams.rules.splitting import parts_of
from streams.rules.words import Lexicon, fold, key_of, keys_of


@given(st.text(max_size=200))
def test_parts_join_to_the_text_again(text):
    assert "".join(parts_of(text)) == text


@given(st.text(max_size=60), st.text(max_size=200))
def test_every_word_stands_where_its_offset_says(title, body):
    analysis = Analysis(title, body, Lexicon())

    for position, word in enumerate(analysis.words):
        text = title if position < analysis.split else body
        assert text[analysis.starts[position] : analysis.end(position)] == word
        low, high = analysis.bounds(analysis.sentence(position))
        assert low <= position < high


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("He came. She left.", 2),
        ("Mr. Smith met Gen. Jones on Jan. 5 there.", 1),
        ("The U.S. Senate met.", 1),
        ("He is in the U.S. The visit ends today.", 2),
        ("It cost 9,500.50 dollars. “Why?” he asked.", 2),
        ("One paragraph\n\nanother", 2),
        ("Is it over? Yes.", 2),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text, sentences):
    assert len(Analysis(None, text, Lexicon()).firsts) == sentences


@pytest.mark.parametrize(
    ("form", "base"),
    [
        ("withdrew", "withdraw"),
        ("withdrawal", "withdraw"),
        ("left", "leave"),
        ("drove", "drive"),
        ("fell", "fall"),
        ("soldiers", "soldier"),
        ("servicemen", "serviceman"),
        ("riflemen", "rifleman"),
        ("spokeswomen", "spokeswoman"),
    ],
)
def test_forms_of_a_word_share_a_key(form, base):
    assert key_of(base) in keys_of(fold(form))


def test_a_lexicon_that_is_full_forgets_and_answers_the_same():
    lexicon = Lexicon(limit=3)
    first = Analysis(None, "troops left the base", lexicon)
    second = Analysis(None, "troops left the camp", lexicon)

    assert list(first.places.positions("troop")) == list(second.places.positions("troop")) == [0]
