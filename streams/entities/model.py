"""The trained tagger: a linear-chain model over the words of a segment, with hashed features.

Lafferty, McCallum and Pereira (2001) for the model, Weinberger and others (2009) for hashing.
Weights are 8-bit numbers, one for each label but the first in a bucket: how much more the feature speaks for that
label than for O. So a bucket is one word of the processor. Decoding runs over all segments at once.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from streams import kernels
from streams.entities.features import Clues, buckets, columns
from streams.entities.segments import Segments
from streams.entities.tokens import Ints, Tokens
from streams.text.hashing import Hashes

KINDS = ("PER", "ORG", "LOC", "MISC")
LABELS = ("O", *(f"{position}-{kind}" for kind in KINDS for position in "BI"))
FORBIDDEN = -1e4

BLOCK = 512
"""Words whose features are looked up together: so many stay in the processor's cache."""

Scores = NDArray[np.float32]


@cache
def allowed() -> tuple[Scores, Scores]:
    """Zero or FORBIDDEN for each first label, and for each pair of labels that follow one another."""
    first = np.zeros(len(LABELS), np.float32)
    pairs = np.zeros((len(LABELS), len(LABELS)), np.float32)
    for after, label in enumerate(LABELS):
        if label[0] == "I":
            first[after] = FORBIDDEN
            for before, earlier in enumerate(LABELS):
                if earlier[1:] != label[1:]:
                    pairs[before, after] = FORBIDDEN
    return first, pairs


@dataclass(frozen=True)
class Model:
    """Weights of features, one row a bucket, and of pairs of labels."""

    weights: NDArray[np.int8]
    scale: float
    pairs: Scores

    @cached_property
    def follows(self) -> Scores:
        """What each pair of labels adds, FORBIDDEN included."""
        return allowed()[1] + self.pairs

    @cached_property
    def scales(self) -> Scores:
        """The scale as an array, for kernels."""
        return np.array([self.scale], np.float32)

    @property
    def bits(self) -> int:
        return int(len(self.weights) - 1).bit_length()

    def scores(self, values: Hashes) -> Scores:
        """How much each label suits each word; ``values`` has one row a feature."""
        blocks = range(0, max(values.shape[1], 1), BLOCK)
        return np.concatenate([self.summed(buckets(values[:, begin : begin + BLOCK], self.bits)) for begin in blocks])

    def summed(self, chosen: Ints) -> Scores:
        """The weights of the ``chosen`` buckets of each word, summed: one row a feature."""
        features, count = chosen.shape
        rows = self.weights.view(np.int64).ravel().take(chosen).view(np.int8).reshape(features, count, -1)
        scores = np.zeros((count, len(LABELS)), np.float32)
        scores[:, 1:] = rows.sum(axis=0, dtype=np.int16) * np.float32(self.scale)
        return scores

    def labels(self, tokens: Tokens, segments: Segments, clues: Clues) -> tuple[Ints, Scores]:
        """The likeliest labels of the words of all segments (Viterbi), and by how much each word's label leads."""
        if kernels.native is None:
            scores = self.scores(columns(tokens, segments, clues))
        else:
            scores = np.empty((len(segments.row), len(LABELS)), np.float32)
            kernels.native.scores(
                tokens.hash, tokens.low, tokens.high, tokens.letters.code, tokens.gap, tokens.before, tokens.after,
                clues.tables, clues.ordinary, clues.opens, clues.sentence, clues.style, clues.elsewhere, clues.shape,
                segments.row, segments.first, self.weights, self.scales, scores,
            )  # fmt: skip
        return viterbi(scores, segments.first, self.follows), scores


def viterbi(scores: Scores, first: Ints, follows: Scores) -> Ints:
    """The best sequence of labels of each segment; ``follows`` is what each pair of labels adds."""
    if kernels.native is None or not len(scores):
        return _viterbi(scores, first, follows)
    labels = np.empty(len(scores), np.int64)
    kernels.native.viterbi(scores, first, allowed()[0], follows, labels)
    return labels


def _viterbi(scores: Scores, first: Ints, follows: Scores) -> Ints:
    """``viterbi`` in numpy: all segments advance together, word by word.

    Words go by their place in the segment, the longest segments first: each step is one stretch of columns.
    """
    if not len(scores):
        return np.zeros(0, np.int64)
    place, edges = _by_step(first)
    best = _forward(np.ascontiguousarray(scores[place].T), edges, follows)
    labels = np.zeros(len(scores), np.int64)
    for step in range(len(edges) - 2, -1, -1):
        here, after = edges[step], edges[step + 1]
        chosen = best[:, here:after].argmax(axis=0)
        if step + 2 < len(edges):
            later = labels[place[after : edges[step + 2]]]
            count = len(later)
            chosen[:count] = (best[:, here : here + count] + follows[:, later]).argmax(axis=0)
        labels[place[here:after]] = chosen
    return labels


def _by_step(first: Ints) -> tuple[Ints, list[int]]:
    """The words by their place in the segment, and where the words of each place begin among them, and an end."""
    length = first[1:] - first[:-1]
    order = np.argsort(-length, kind="stable")
    start, length = first[:-1][order], length[order]
    going = len(start) - length[::-1].searchsorted(np.arange(length[0]), side="right")
    place = np.concatenate([start[:count] + step for step, count in enumerate(going.tolist())])
    return place, [0, *going.cumsum().tolist()]


def _forward(best: Scores, edges: list[int], follows: Scores) -> Scores:
    """Scores of labels (rows) of words by step, made into those of the best sequences that end there."""
    best[:, : edges[1]] += allowed()[0][:, None]
    onward = follows[:, :, None]
    for before, here, after in zip(edges, edges[1:], edges[2:], strict=False):
        best[:, here:after] += (best[:, None, before : before + after - here] + onward).max(axis=0)
    return best


def load_model(path: Path) -> Model:
    """The weights as ``tools/train_tagger.py`` wrote them."""
    with np.load(path) as stored:
        return Model(stored["weights"], float(stored["scale"]), stored["pairs"])
