"""Sketches are the same with and without the compiled kernels."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from streams import kernels
from streams.dedup.sketch import sketches_of
from streams.dedup.words import sequence_hashes, words_of

PIECES = (
    *(
        "Iraq",
        "the",
        "army",
        "Baghdad",
        "said",
        "on",
        "Monday",
        "May",
        "5",
        "2024",
        "1,500",
        "3.14",
        "1,5",
        "12",
        "mai",
    ),
    *("JANUARY", "中文字", "字", "ไทย", "İ", "ﬁ", "é", "\ud800", "\U0001f600", "\u200d", ".", ",", "7,", "\n"),
)
TEXT = st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join) | st.lists(st.sampled_from(PIECES)).map("".join)
TEXTS = st.lists(st.tuples(st.none() | TEXT, TEXT | st.text(max_size=60)), max_size=5)


@given(TEXTS)
def test_any_texts_have_the_same_sketches(both, texts):
    compiled, pure = both(lambda: list(sketches_of(texts)))

    assert compiled == pure


@given(st.integers(0, 999), st.integers(0, 900), st.integers(2, 4000))
def test_texts_of_any_length_and_variety_have_the_same_sketches(both, seed, count, variety):
    chance = np.random.default_rng(seed)
    words = [f"{'Ww'[number % 3 == 0]}{number}" if number % 5 else str(number) for number in range(variety)]
    text = " ".join(words[number] for number in chance.integers(0, variety, count))

    compiled, pure = both(lambda: list(sketches_of([(text[:40], text), (text[:9], ""), (None, text[:300])])))

    assert compiled == pure


@given(st.lists(TEXT | st.text(max_size=40), max_size=4))
@example(["1,5"])
@example([",5", "1."])
def test_any_texts_have_the_same_words_and_sequences(both, texts):
    compiled, pure = both(words_of, *texts)

    for name in compiled.__dataclass_fields__:
        mine, theirs = getattr(compiled, name), getattr(pure, name)
        assert np.array_equal(mine, theirs), name
        assert getattr(mine, "dtype", None) == getattr(theirs, "dtype", None), name
    assert len(set(map(tuple, both(sequence_hashes, pure)))) == 1


@pytest.mark.parametrize("text", ["字" * 250_000, "1," * 150_000, "Word " * 60_000, "\u0301" * 250_000])
def test_a_long_text_has_the_same_sketch(both, text):
    compiled, pure = both(lambda: list(sketches_of([(text, text)])))

    assert compiled == pure


@pytest.mark.parametrize("firsts", [[0, 3, 2], [0, 9], [-1, 2], []])
def test_texts_beyond_the_words_are_refused(both, firsts):
    native = kernels.load({})[0]
    hashes, edges = np.arange(5, dtype=np.uint64), np.array(firsts, np.int64)
    count = max(len(firsts) - 1, 0)
    rooms = [
        (384 * count, np.uint32),
        (count, np.int64),
        (count, np.bool_),
        (144 * count, np.uint16),
        (count, np.int64),
    ]

    with pytest.raises(ValueError, match="first word"):
        native.samples(hashes, np.zeros(5, np.bool_), edges, *(np.zeros(size, kind) for size, kind in rooms))
    with pytest.raises(ValueError, match="first word"):
        native.sequences(hashes, edges, np.zeros(count, np.uint64))
