import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.text.classifier import line_classifier
from streams.text.counts import HEAD, STOP_WORDS, digits_and_symbols, words_of
from streams.text.features import NAMES, described
from streams.text.hygiene import tidied_lines

LINES = st.lists(
    st.text(st.one_of(st.sampled_from("aehT ,.:”1٣|»·é'said the over Σ"), st.characters(codec="utf-8")), max_size=40),
    min_size=1,
    max_size=9,
).map(lambda lines: [line for line in tidied_lines("\n".join(lines)) if line] or ["one"])


def column(rows, name):
    return rows[:, NAMES.index(name)].tolist()


@given(LINES)
def test_words_counted_all_at_once_are_the_words_counted_line_by_line(lines):
    words = words_of(lines)

    assert words.counts.tolist() == [len(line.split()) for line in lines]
    assert words.stops.tolist() == [sum(word in STOP_WORDS for word in line.lower().split()) for line in lines]
    assert words.capitals.tolist() == [sum(word[0].isupper() for word in line.split()) for line in lines]


@given(LINES)
def test_each_line_has_each_of_its_content_words_once(lines):
    words = words_of(lines)
    wanted = [len(set(re.findall(r"\w{4,}", line.lower())) - STOP_WORDS) for line in lines]

    assert np.bincount(words.line, minlength=len(lines)).tolist() == wanted


@given(LINES)
def test_digits_and_symbols_are_counted_in_a_lines_head(lines):
    digits, symbols = digits_and_symbols(lines)

    assert digits.tolist() == [len(re.findall(r"\d", line[:HEAD])) for line in lines]
    assert symbols.tolist() == [len(re.findall(r"[|/<>{}=_#@*•·→»›]", line[:HEAD])) for line in lines]


def test_a_word_told_in_another_sentence_is_the_texts_topic():
    lines = [
        "Harbour strike",
        "The harbour was closed on Monday when the pilots of the tugs walked out.",
        "Talks between pilots and the port will be held in the town on Friday.",
    ]

    assert column(described(lines, [None] * 3), "topic") == [0.5, 1 / 6, 1 / 7]


def test_neighbours_beyond_either_end_are_told_from_lines_without_a_full_stop():
    rows = described(["First line without", "Second one ends."], [None, "date"])

    assert column(rows, "final_mark-1") == [-1, 0]
    assert column(rows, "final_mark+1") == [1, -1]
    assert column(rows, "cue+1") == [1, -1]


@given(st.integers(1, 40))
def test_an_answer_does_not_depend_on_how_many_lines_are_asked_at_once(count):
    model = line_classifier()
    rows = np.random.default_rng(count).random((count, len(NAMES))).round(2) * 3

    together = model.probabilities(rows)

    assert together.tolist() == pytest.approx([model.probabilities(rows[i : i + 1])[0] for i in range(count)])


def test_a_chance_is_the_sum_of_what_each_trees_leaf_adds():
    model = line_classifier()
    row = np.random.default_rng(7).random(len(NAMES)) * 3
    odds = model.bias
    for columns, thresholds, values in zip(model.features, model.thresholds, model.values, strict=True):
        leaf = 0
        for asked, threshold in zip(columns, thresholds, strict=True):
            leaf = 2 * leaf + bool(row[asked] > threshold)
        odds += values[leaf]

    assert model.probabilities(row[None])[0] == pytest.approx(1 / (1 + np.exp(-odds)))
