"""Scores of cleaned pages and texts: body F1 over shingles, line F1 over labelled lines."""

import re
import statistics
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from streams.text.classifier import LineClassifier
from streams.text.plain import cleaned_lines

SHINGLE = 4
Pair = tuple[str, str]
Vector = npt.NDArray[np.float64]


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Four-word shingles of a text, as the article extraction benchmark counts them."""
    words = re.findall(r"\w+", text)
    return Counter(zip(*(words[start:] for start in range(min(SHINGLE, len(words) or 1))), strict=False))


def body_f1(pairs: Iterable[Pair]) -> tuple[float, float, float]:
    """F1, precision and recall of (wanted, found) bodies, every page weighing the same."""
    total = np.zeros(3)
    for wanted, found in pairs:
        gold, got = shingles(wanted), shingles(found)
        counts = np.array([(gold & got).total(), (got - gold).total(), (gold - got).total()], dtype=float)
        total += counts / max(1, counts.sum())
    right, wrong, missed = total
    return f1(total), right / (right + wrong), right / (right + missed)


def f1(counts: Vector) -> float:
    """F1 of what was right, wrong and missed."""
    return float(2 * counts[0] / max(1e-9, 2 * counts[0] + counts[1] + counts[2]))


@dataclass
class LineScores:
    """What is summed up over texts with labelled lines."""

    counts: Vector = field(default_factory=lambda: np.zeros(3))
    means: list[float] = field(default_factory=list)
    bodies: list[Pair] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)
    """Milliseconds of CPU, a text each."""

    def add(self, text: dict[str, Any], model: LineClassifier | None) -> None:
        """Clean ``text`` with ``model``, or keep everything where there is none, and score what is kept."""
        start = time.process_time()
        lines, labels = text["lines"], text["keep"]
        kept = kept_lines(lines, model) if model else set(range(1, len(lines) + 1))
        self.spent.append((time.process_time() - start) * 1000)
        pairs = Counter((number in kept, label) for number, label in enumerate(labels, start=1))
        each = np.array([pairs[True, 1], pairs[True, 0], pairs[False, 1]], dtype=float)
        self.counts += each
        self.means.append(f1(each))
        wanted = "\n".join(line for line, label in zip(lines, labels, strict=True) if label == 1)
        found = "\n".join(line for number, line in enumerate(lines, start=1) if number in kept)
        self.bodies.append((wanted, found))

    def row(self) -> tuple[float, float, float]:
        """Line F1 over all lines, its mean over texts, and body F1."""
        return f1(self.counts), statistics.mean(self.means), body_f1(self.bodies)[0]


def kept_lines(lines: Iterable[str], model: LineClassifier) -> set[int]:
    """The numbers of the lines that stay of a text, from 1."""
    text = "\n".join(" ".join(line.split()) for line in lines)
    return {line.number for line in cleaned_lines(text, model=model).lines if line.kept and line.text}
