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

from streams import kernels
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
        table = np.ascontiguousarray(rows.T)
        sums = self._sums(table) if kernels.native is None else np.empty(len(rows))
        if kernels.native is not None:
            kernels.native.tree_sums(*self._trees, table, sums, self.features.shape[1])
        return np.asarray(1 / (1 + np.exp(-(self.bias + sums))))

    def _sums(self, table: Matrix) -> Vector:
        """What the trees add up to for each column of ``table``."""
        trees, depth = self.features.shape
        columns, thresholds, asked, _ = self._trees
        answers = table.take(columns, axis=0) > thresholds[:, None]
        levels = answers.view(np.uint8).take(asked.T.ravel(), axis=0).reshape(depth, trees, -1)
        leaves = levels[0].copy()
        for level in levels[1:]:
            leaves += leaves
            leaves += level
        values = self.values.ravel().take(np.arange(trees)[:, None] * 2**depth + leaves)
        return np.asarray(np.add.accumulate(values, axis=0)[-1])

    @cached_property
    def _trees(self) -> tuple[Integers, Vector, Integers, Matrix]:
        """Each question that trees ask once, its column and its threshold; which of them each level of each tree asks;
        the trees' values. A third of the questions are different ones."""
        pairs = np.column_stack([self.features.ravel(), self.thresholds.ravel()])
        questions, asked = np.unique(pairs, axis=0, return_inverse=True)
        columns, thresholds = questions[:, 0].astype(np.int64), np.ascontiguousarray(questions[:, 1], np.float64)
        return (
            columns,
            thresholds,
            asked.reshape(self.features.shape).astype(np.int64),
            np.ascontiguousarray(self.values),
        )


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
