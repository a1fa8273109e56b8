"""The line classifier: a small neural network whose weights ship as JSON.

Trained by ``tools/train_lines.py``; the card beside the weights says on what and how well it does.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from streams.text.features import NAMES, Matrix

WEIGHTS = "lines.json"
Vector = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LineClassifier:
    """Standardised inputs, one hidden layer of tanh units, a logistic output."""

    mean: Vector
    scale: Vector
    hidden: Matrix
    hidden_bias: Vector
    output: Vector
    output_bias: float
    threshold: float
    version: str

    def probabilities(self, rows: Matrix) -> Vector:
        """How likely each row is a line of the article, 0 to 1."""
        inputs = ((rows - self.mean) / self.scale).clip(-6, 6)
        active = np.tanh(inputs @ self.hidden + self.hidden_bias)
        return np.asarray(1 / (1 + np.exp(-(active @ self.output + self.output_bias))))


@cache
def line_classifier() -> LineClassifier:
    """The classifier that ships; ValueError where its weights do not fit the features."""
    model = json.loads(files("streams.text").joinpath("data", WEIGHTS).read_text("utf-8"))
    if tuple(model["features"]) != NAMES:
        raise ValueError(f"{WEIGHTS} was trained on other features; run tools/train_lines.py")
    arrays = {name: np.array(model[name]) for name in ("mean", "scale", "hidden", "hidden_bias", "output")}
    return LineClassifier(
        **arrays, output_bias=model["output_bias"], threshold=model["threshold"], version=model["version"]
    )
