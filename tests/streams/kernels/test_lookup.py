"""What is known of words is found alike with and without the compiled kernels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams import kernels
from streams.entities.lookup import looked_up
from streams.entities.tokens import tokenise
from streams.entities.variants import one_spelling, spelling_classes
from streams.entities.vocabulary import Vocabulary

HASHES = st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 40) | st.integers(2**64 - 40, 2**64 - 1), max_size=60)


def vocabulary_of(known, bits):
    hashes = np.unique(np.array(known, np.uint64))
    numbers = np.arange(len(hashes) + 1)
    return Vocabulary(looked_up(hashes, bits), numbers.astype(np.uint8), (numbers * 3).astype(np.uint16))


@given(HASHES, HASHES, st.sampled_from((1, 4, 12)))
def test_the_same_is_known_of_words(both, known, asked, bits):
    vocabulary = vocabulary_of(known, bits)

    compiled, pure = both(vocabulary.of, np.array([*asked, *known], np.uint64))

    assert compiled.level.dtype == pure.level.dtype
    assert compiled.marks.dtype == pure.marks.dtype
    assert compiled.level.tolist() == pure.level.tolist()
    assert compiled.marks.tolist() == pure.marks.tolist()


@given(HASHES)
def test_spellings_have_the_same_classes(both, hashes):
    words = [word for spellings in spelling_classes() for word in spellings]
    asked = np.concatenate((np.array(hashes, np.uint64), tokenise(words).hash))

    compiled, pure = both(one_spelling, asked)

    assert compiled.tolist() == pure.tolist()
    assert compiled.tolist() != asked.tolist()


def test_what_is_known_of_too_few_words_is_refused(both):
    known, native = vocabulary_of(range(9), 4), kernels.load({})[0]
    words, level, marks = known.lookup.hashes, np.zeros(9, np.uint8), np.zeros(9, np.uint16)

    with pytest.raises(ValueError, match="arrays of one item a word"):
        native.known(words, known.lookup.first, words, known.level, known.marks, level[:-1], marks)
    with pytest.raises(ValueError, match="what is known of every hash"):
        native.known(words, known.lookup.first, words, known.level[:-1], known.marks, level, marks)
    with pytest.raises(ValueError, match="a power of two"):
        native.known(words, known.lookup.first[:-2], words, known.level, known.marks, level, marks)


def test_borders_beyond_the_hashes_find_nothing(both):
    words, level, marks = np.arange(3, dtype=np.uint64), np.zeros(3, np.uint8), np.zeros(3, np.uint16)
    first = np.array([-5, 2000, 4000], np.int32)

    kernels.load({})[0].known(
        words, first, words, np.arange(4, dtype=np.uint8), np.arange(4, dtype=np.uint16), level, marks
    )

    assert level.tolist() == [0, 1, 2]
