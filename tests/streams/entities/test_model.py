"""The likeliest labels of a segment."""

from itertools import pairwise, product

import numpy as np
import pytest

from streams.entities.model import LABELS, allowed, viterbi


def best_of_all(scores, follows):
    """The best sequence by trying each."""
    starting, _ = allowed()

    def value(labels):
        steps = sum(follows[a, b] for a, b in pairwise(labels))
        return starting[labels[0]] + steps + sum(row[label] for row, label in zip(scores, labels, strict=True))

    return list(max(product(range(len(LABELS)), repeat=len(scores)), key=value))


@pytest.mark.parametrize("lengths", [(1,), (3, 1, 2), (2, 4), (1, 1, 3)])
def test_segments_decoded_together_have_the_labels_that_trying_all_gives(lengths):
    chance = np.random.default_rng(sum(lengths))
    first = np.concatenate(([0], np.cumsum(lengths)))
    scores = chance.normal(size=(first[-1], len(LABELS))).astype(np.float32)
    follows = allowed()[1] + chance.normal(size=(len(LABELS), len(LABELS))).astype(np.float32)

    labels = viterbi(scores, first, follows).tolist()

    assert labels == [label for begin, end in pairwise(first) for label in best_of_all(scores[begin:end], follows)]


def test_no_words_have_no_labels():
    none = np.zeros((0, len(LABELS)), np.float32)

    assert viterbi(none, np.zeros(1, np.int64), np.zeros((len(LABELS), len(LABELS)), np.float32)).tolist() == []
