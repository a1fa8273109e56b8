"""The line classifier: boosted oblivious trees whose numbers ship as JSON.

An oblivious tree asks the same question at every node of a level, so that the answers of all trees
for all lines are a few array operations. Trained by ``tools/train_lines.py``; the card beside the
weights says on what and how well it does.
"""

import json
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from streams.text.features import NAMES, Matrix

WEIGHTS = "lines.json"
Vector = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class LineClassifier:
    """A sum of trees. Of ``trees`` trees with ``depth`` levels each:"""

    features: npt.NDArray[np.int64]
    """Column that each level asks for, (trees, depth); at most eight levels, so that a leaf is a byte."""
    thresholds: Matrix
    """Above which its answer is yes, (trees, depth)."""
    values: Matrix
    """What each leaf adds to the log odds, (trees, 2 ** depth), the first level's answer as the highest bit."""
    bias: float
    threshold: float
    """Chance from which a line is kept."""
    version: str

    def probabilities(self, rows: Matrix) -> Vector:
        """How likely each row is a line of the article, 0 to 1."""
        trees, depth = self.features.shape
        columns, thresholds, asked, offsets = self._questions
        answers = np.ascontiguousarray(rows.T).take(columns, axis=0) > thresholds
        levels = answers.view(np.uint8).take(asked, axis=0).reshape(depth, trees, -1)
        leaves = levels[0].copy()
        for level in levels[1:]:
            leaves += leaves
            leaves += level
        odds = self.bias + self.values.ravel().take(offsets + leaves).sum(axis=0)
        return np.asarray(1 / (1 + np.exp(-odds)))

    @cached_property
    def _questions(self) -> tuple[Integers, Matrix, Integers, Integers]:
        """Each question that trees ask (column, threshold) once; which of them every level of every tree asks, levels
        first; and where the values of each tree begin. A third of the questions are different ones."""
        trees, depth = self.features.shape
        pairs = np.column_stack([self.features.T.ravel(), self.thresholds.T.ravel()])
        questions, asked = np.unique(pairs, axis=0, return_inverse=True)
        offsets: Integers = np.arange(trees)[:, None] * 2**depth
        thresholds: Matrix = questions[:, 1:].astype(np.float64)
        return questions[:, 0].astype(np.int64), thresholds, asked.reshape(-1).astype(np.int64), offsets


@cache
def line_classifier() -> LineClassifier:
    """The classifier that ships; ValueError where its weights do not fit the features."""
    model = json.loads(files("streams.text").joinpath("data", WEIGHTS).read_text("utf-8"))
    if tuple(model["names"]) != NAMES:
        raise ValueError(f"{WEIGHTS} was trained on other features; run tools/train_lines.py")
    return LineClassifier(
        np.array(model["features"]),
        np.array(model["thresholds"]),
        np.array(model["values"]),
        model["bias"],
        model["threshold"],
        model["version"],
    )
