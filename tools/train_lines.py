"""Train the line classifier and write its weights and card to ``streams/text/data``.

    python tools/train_lines.py ../shared/data/cleaning/lines.jsonl.gz

Documents are split by id, never by line: every fifth (by hash) is kept out and scored; the shipped
weights are then trained on all of them with the same settings.
"""

import argparse
import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from streams.text.classifier import LineClassifier
from streams.text.cues import cue_of
from streams.text.features import NAMES, described
from streams.text.hygiene import tidied

TREES, DEPTH, RATE, BINS = 330, 6, 0.07, 48
MOST_BINS = BINS + 1
ROWS, COLUMNS, SMOOTHING, SEED = 0.4, 0.3, 8.0, 0
"""Shares of lines and features that each tree sees; what is added to the second derivative of a leaf."""
THRESHOLD = 0.4
TARGET = Path(__file__).parent.parent / "streams" / "text" / "data" / "lines.json"
Rows = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Document:
    """A text's lines as features, with 1 keep, 0 drop, -1 unknown."""

    id: str
    form: str
    rows: Rows
    keep: npt.NDArray[np.int64]
    lines: tuple[str, ...]


def held_out(identifier: str, folds: int = 5, fold: int = 0) -> bool:
    """Whether a document is in the part that is not trained on."""
    return int(hashlib.sha256(identifier.encode()).hexdigest(), 16) % folds == fold


def documents(path: Path) -> Iterator[Document]:
    """The labelled texts of ``path``, and of each the clean article alone, of which everything is to be kept."""
    with gzip.open(path, "rt", encoding="utf-8") as source:
        for record in map(json.loads, source):
            pairs = [(tidied(line), keep) for line, keep in zip(record["lines"], record["keep"], strict=True)]
            pairs = [(line, -1 if keep is None else keep) for line, keep in pairs if line]
            yield from _document(record["id"], record["form"], pairs)
            if record["form"] == "semi":
                yield from _document(record["id"], "clean", [pair for pair in pairs if pair[1] == 1])
                for before, after in ((0, 0), (3, 0), (0, 2), (2, 1)):
                    yield from _document(record["id"], "trimmed", _trimmed(pairs, before, after))


def _trimmed(pairs: Sequence[tuple[str, int]], before: int, after: int) -> Sequence[tuple[str, int]]:
    """A text with at most so many lines of noise before its first and after its last line of the article."""
    kept = [index for index, (_, keep) in enumerate(pairs) if keep == 1] or [0]
    return pairs[max(0, kept[0] - before) : kept[-1] + 1 + after]


def _document(identifier: str, form: str, pairs: Sequence[tuple[str, int]]) -> Iterator[Document]:
    if pairs:
        lines = tuple(line for line, _ in pairs)
        yield Document(
            identifier,
            form,
            described(lines, [cue_of(line) for line in lines]),
            np.array([keep for _, keep in pairs]),
            lines,
        )


def weights_of(texts: Sequence[Document]) -> Rows:
    """Lines of long texts count less, those of half-cleaned texts double."""
    factor = {"semi": 2.0, "page": 1.0, "clean": 0.5, "trimmed": 0.5}
    weights = np.concatenate([np.full(len(text.keep), factor[text.form] / len(text.keep) ** 0.3) for text in texts])
    weights[np.concatenate([text.keep for text in texts]) < 0] = 0
    return np.asarray(weights / weights[weights > 0].mean())


def trained(texts: Sequence[Document], seed: int = SEED) -> LineClassifier:
    """A classifier fitted to ``texts``.

    Stochastic gradient boosting (Friedman, 2002) with second-order leaves, of oblivious trees
    (Kohavi and Li, 1995), on the weighted logistic loss.
    """
    weight = weights_of(texts)
    used = weight > 0
    rows = np.vstack([text.rows for text in texts])[used].round(4)
    target, weight = np.concatenate([text.keep for text in texts])[used], weight[used]
    cuts = [_cuts(rows[:, column]) for column in range(rows.shape[1])]
    bins = np.stack([np.searchsorted(cut, rows[:, column]) for column, cut in enumerate(cuts)]).astype(np.uint8)
    random = np.random.default_rng(seed)
    bias = round(float(np.log((weight * target).sum() / (weight * (1 - target)).sum())), 4)
    odds = np.full(len(rows), bias)
    features, thresholds, values = [], [], []
    for _ in range(TREES):
        chance = 1 / (1 + np.exp(-odds))
        slopes = np.stack([weight * (chance - target), weight * chance * (1 - chance)])
        columns = random.permutation(len(cuts))[: int(len(cuts) * COLUMNS)]
        columns = columns[[len(cuts[column]) > 0 for column in columns]]
        seen = np.flatnonzero(random.random(len(rows)) < ROWS)
        levels, leaf_values = _tree(bins[np.ix_(columns, seen)], slopes[:, seen], columns)
        leaves = np.zeros(len(rows), dtype=np.uint8)
        for column, cut in levels:
            leaves = leaves * 2 + (bins[column] > cut)
        odds += leaf_values[leaves]
        features.append([column for column, _ in levels])
        thresholds.append([float(cuts[column][cut]) for column, cut in levels])
        values.append(leaf_values)
    return LineClassifier(np.array(features), np.array(thresholds), np.array(values), bias, THRESHOLD, "")


def _cuts(column: Rows) -> Rows:
    """Where a feature may be split: between its values, or at its quantiles."""
    values = np.unique(column)
    if len(values) <= BINS:
        return np.asarray((values[1:] + values[:-1]) / 2).round(5)
    return np.unique(np.quantile(column, np.linspace(0, 1, BINS + 1)[1:-1]).round(5))


def _tree(bins: Any, slopes: Rows, columns: Any) -> tuple[list[tuple[int, int]], Rows]:
    """The levels of one tree as (column, index of its cut), and the values of its leaves.

    ``bins`` has a row of each of the ``columns`` that it may ask for.
    """
    leaves = np.zeros(bins.shape[1], dtype=np.int64)
    levels: list[tuple[int, int]] = []
    sums: list[Any] = [None] * len(columns)
    lesser = np.zeros(1, dtype=np.int64)
    for _ in range(DEPTH):
        counted = np.flatnonzero(np.isin(leaves, lesser)) if levels else np.arange(len(leaves))
        some, weighed = leaves[counted], slopes[:, counted]
        sums = [
            _slopes(values.take(counted), some, weighed, above, lesser)
            for values, above in zip(bins, sums, strict=True)
        ]
        _, cut, place = max((*_best_cut(each), place) for place, each in enumerate(sums))
        levels.append((int(columns[place]), cut))
        leaves = leaves * 2 + (bins[place] > cut)
        sizes = np.bincount(leaves, minlength=2 ** len(levels)).reshape(-1, 2)
        lesser = np.arange(len(sizes)) * 2 + (sizes[:, 1] < sizes[:, 0])
    first, second = (np.bincount(leaves, slope, 2**DEPTH) for slope in slopes)
    return levels, (-RATE * first / (second + SMOOTHING)).round(4)


def _slopes(bins: Any, leaves: Any, slopes: Rows, above: Any, lesser: Any) -> Any:
    """Sums of both slopes for each leaf and bin, of (2, leaves, bins). Only the ``lesser`` of each two leaves that were
    one ``above`` is counted: the other is what is left."""
    count, width = 2 * len(lesser) if above is not None else 1, MOST_BINS
    key = leaves * width + bins
    sums = np.array([np.bincount(key, slope, count * width).reshape(count, width) for slope in slopes])
    if above is not None:
        sums[:, lesser ^ 1] = above - sums[:, lesser]
    return sums


def _best_cut(sums: Any) -> tuple[float, int]:
    """The gain of the best cut of one feature, made in all leaves at once, and its index."""
    first, second = sums.cumsum(axis=2)
    left, left_second = first[:, :-1], second[:, :-1]
    right, right_second = first[:, -1:] - left, second[:, -1:] - left_second
    gain = (left**2 / (left_second + SMOOTHING) + right**2 / (right_second + SMOOTHING)).sum(axis=0)
    return float(gain.max()), int(gain.argmax())


def scores(model: LineClassifier, texts: Sequence[Document], form: str) -> dict[str, float]:
    """Line F1 over all lines, and its mean over texts."""
    counts, means = np.zeros(3), []
    for text in (text for text in texts if text.form == form):
        kept, known = model.probabilities(text.rows) >= model.threshold, text.keep >= 0
        right = (text.keep == 1) & known
        each = np.array([(kept & right).sum(), (kept & ~right & known).sum(), (~kept & right).sum()])
        counts += each
        means.append(2 * each[0] / max(1, 2 * each[0] + each[1] + each[2]))
    return {
        "lines": round(float(2 * counts[0] / (2 * counts[0] + counts[1] + counts[2])), 4),
        "texts": round(float(np.mean(means)), 4),
    }


def card(texts: Sequence[Document], figures: dict[str, Any]) -> dict[str, Any]:
    """What a reader of the weights needs to know."""
    return {
        "what": "Tells lines of an article from what stands round and inside it in scraped plain text.",
        "data": "AndyTheFactory/article-extraction-dataset (421 news pages of 2023 as text, lines labelled by alignment"
        " with the article's body); pages are their publishers', no text of them is contained here.",
        "licence": "Data: Apache-2.0 (https://github.com/AndyTheFactory/article-extraction-dataset). Weights too.",
        "split": "by document: sha256(id) mod 5 == 0 held out for the figures; the weights are trained on all.",
        "texts": len(texts),
        "held_out_line_f1": figures,
        "made_by": "tools/train_lines.py",
    }


def main() -> None:
    """Train, score on the part kept out, write the weights."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("lines", type=Path, help="lines.jsonl.gz")
    texts = list(documents(parser.parse_args().lines))
    seen = [text for text in texts if not held_out(text.id)]
    unseen = [text for text in texts if held_out(text.id)]
    probe = trained(seen)
    figures = {form: scores(probe, unseen, form) for form in ("semi", "page", "trimmed", "clean")}
    print(json.dumps(figures))
    model = trained(texts)
    body = {
        "names": list(NAMES),
        **{name: getattr(model, name).tolist() for name in ("features", "thresholds", "values")},
        "bias": model.bias,
        "threshold": model.threshold,
    }
    version = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:12]
    TARGET.write_text(json.dumps({"card": card(texts, figures), "version": version, **body}) + "\n", "utf-8")


if __name__ == "__main__":
    main()
