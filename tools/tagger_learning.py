"""Learning the weights of the tagger: AdaGrad (Duchi and others, 2011) over the likelihood of whole segments."""

import argparse
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from streams.entities.features import TABLED
from streams.entities.model import FORBIDDEN, LABELS, Model, allowed


@dataclass
class Prepared:
    features: NDArray[np.int64]
    gold: NDArray[np.int64]
    first: NDArray[np.int64]
    weight: NDArray[np.float32]


def log_sum(values: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    top = values.max(axis=axis, keepdims=True)
    return np.asarray((np.log(np.exp(values - top).sum(axis=axis, keepdims=True)) + top).squeeze(axis), np.float32)


def marginals(
    scores: NDArray[np.float32], length: NDArray[np.int64], pairs: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Probabilities of the labels of each word of padded segments (B, L, K), and expected pairs (K, K)."""
    starting, follows = allowed()
    follows = follows + pairs
    size, longest, labels = scores.shape
    forward = np.zeros_like(scores)
    backward = np.zeros_like(scores)
    forward[:, 0] = scores[:, 0] + starting
    for step in range(1, longest):
        forward[:, step] = scores[:, step] + log_sum(forward[:, step - 1][:, :, None] + follows, 1)
    for step in range(longest - 2, -1, -1):
        onward = log_sum(follows + (scores[:, step + 1] + backward[:, step + 1])[:, None, :], 2)
        backward[:, step] = np.where((step + 1 < length)[:, None], onward, 0)
    ends = forward[np.arange(size), length - 1]
    total = log_sum(ends, 1)
    each = np.exp(forward + backward - total[:, None, None])
    expected = np.zeros((labels, labels), np.float32)
    for step in range(1, longest):
        live = step < length
        joint = forward[live, step - 1][:, :, None] + follows + (scores[live, step] + backward[live, step])[:, None, :]
        expected += np.exp(joint - total[live][:, None, None]).sum(axis=0)
    return np.asarray(each, np.float32), expected


class Learner:
    """AdaGrad over the log-likelihood of the segments."""

    def __init__(self, bits: int, rate: float, decay: float) -> None:
        self.weights = np.zeros((1 << bits, len(LABELS)), np.float32)
        self.squares = np.full((1 << bits, len(LABELS)), 1e-2, np.float32)
        self.pairs = np.zeros((len(LABELS), len(LABELS)), np.float32)
        self.pair_squares = np.full(self.pairs.shape, 1e-2, np.float32)
        self.rate, self.decay = rate, decay

    def step(self, prepared: Prepared, chosen: NDArray[np.int64], drop: NDArray[np.bool_]) -> None:
        first = prepared.first[chosen]
        length = prepared.first[chosen + 1] - first
        longest = int(length.max())
        inside = np.arange(longest) < length[:, None]
        rows = (first[:, None] + np.arange(longest))[inside]
        features = np.where(drop, 0, prepared.features[rows])
        unique, inverse = np.unique(features, return_inverse=True)
        inverse = inverse.reshape(features.shape)
        current = self.weights[unique]
        scores = np.zeros((len(chosen), longest, len(LABELS)), np.float32)
        scores[inside] = current[inverse].sum(axis=1)
        probability, expected = marginals(scores, length, self.pairs)
        slope = -probability[inside]
        slope[np.arange(len(rows)), prepared.gold[rows]] += 1
        slope *= prepared.weight[rows][:, None]
        gradient = np.empty_like(current)
        flat = inverse.ravel()
        width = features.shape[1]
        for label in range(len(LABELS)):
            gradient[:, label] = np.bincount(flat, weights=np.repeat(slope[:, label], width), minlength=len(unique))
        gradient -= self.decay * current
        self.squares[unique] += gradient**2
        self.weights[unique] += self.rate * gradient / np.sqrt(self.squares[unique])
        self._step_pairs(prepared, rows, inside, expected)

    def _step_pairs(
        self,
        prepared: Prepared,
        rows: NDArray[np.int64],
        inside: NDArray[np.bool_],
        expected: NDArray[np.float32],
    ) -> None:
        gold = np.full(inside.shape, -1)
        gold[inside] = prepared.gold[rows]
        before, after = gold[:, :-1].ravel(), gold[:, 1:].ravel()
        counted = np.zeros_like(self.pairs)
        np.add.at(counted, (before[after >= 0], after[after >= 0]), 1)
        gradient = counted - expected
        gradient[allowed()[1] == FORBIDDEN] = 0
        self.pair_squares += gradient**2
        self.pairs += self.rate * gradient / np.sqrt(self.pair_squares)


def train(prepared: Prepared, options: argparse.Namespace) -> Model:
    """The mean of several runs, each from another order of the sentences."""
    runs = [run(prepared, options, seed) for seed in range(options.runs)]
    weights = sum(weights for weights, _ in runs) / len(runs)
    pairs = sum(pairs for _, pairs in runs) / len(runs)
    return quantised(np.asarray(weights, np.float32), np.asarray(pairs, np.float32))


def run(prepared: Prepared, options: argparse.Namespace, seed: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights of features, the mean of the second half of the epochs, and of pairs of labels."""
    generator = np.random.default_rng(seed)
    learner = Learner(options.bits, options.rate, options.decay)
    average = np.zeros_like(learner.weights)
    epochs, drop = options.epochs, options.drop
    lengths = np.diff(prepared.first)
    for epoch in range(epochs):
        order = np.argsort(lengths + generator.random(len(lengths)) * 1.5, kind="stable")
        batches = np.array_split(order, max(1, len(prepared.gold) // 1500))
        for number in generator.permutation(len(batches)):
            batch = batches[number]
            words = int(lengths[batch].sum())
            dropped = generator.random((words, prepared.features.shape[1])) < drop
            unknown = generator.random(len(batch)) < options.forget
            dropped[:, TABLED] |= np.repeat(unknown, lengths[batch])[:, None]
            learner.step(prepared, batch, dropped)
        if epoch >= epochs // 2:
            average += learner.weights
    average /= epochs - epochs // 2
    return average * (1 - drop), learner.pairs


def quantised(weights: NDArray[np.float32], pairs: NDArray[np.float32]) -> Model:
    """Weights as 8-bit numbers, each label's against that of O; what rounds to zero is gone."""
    weights = weights[:, 1:] - weights[:, :1]
    weights[0] = 0
    scale = float(np.quantile(np.abs(weights[weights != 0]), 0.9995)) / 127
    return Model(np.clip(np.round(weights / scale), -127, 127).astype(np.int8), scale, pairs)
