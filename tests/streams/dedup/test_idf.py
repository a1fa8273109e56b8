"""How much words weigh: by a background, and by their length where it knows nothing of them."""

import numpy as np

from streams.dedup.idf import Background, background
from streams.dedup.words import words_of


def test_a_word_weighs_the_more_the_rarer_it_is():
    words = words_of("the ship zeppelinmuseum")
    the, ship, museum = background().weights((words.hashes >> np.uint64(40)).astype(np.uint32), words.letters)

    assert the < ship < museum


def test_without_a_background_short_words_weigh_less_than_long_ones():
    nothing = Background(np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.float32), 6.5)
    short, longer, long, very_long = nothing.weights(np.arange(4, dtype=np.uint32), np.array([2, 4, 6, 12]))

    assert short < longer < long == very_long
