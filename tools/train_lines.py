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

HIDDEN, EPOCHS, BATCH, RATE, DECAY, SEED = 16, 25, 512, 0.004, 1e-4, 0
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
    weights = np.concatenate([np.full(len(text.keep), factor[text.form] / len(text.keep) ** 0.5) for text in texts])
    weights[np.concatenate([text.keep for text in texts]) < 0] = 0
    return np.asarray(weights / weights[weights > 0].mean())


def trained(texts: Sequence[Document], seed: int = SEED) -> LineClassifier:
    """A classifier fitted to ``texts`` by Adam (Kingma and Ba, 2015) on the weighted logistic loss."""
    rows = np.vstack([text.rows for text in texts])
    mean, scale = rows.mean(0).round(4), (rows.std(0) + 1e-4).round(4)
    weight = weights_of(texts)
    used = weight > 0
    inputs = ((rows - mean) / scale).clip(-6, 6)[used]
    target, weight = np.concatenate([text.keep for text in texts])[used], weight[used]
    random = np.random.default_rng(seed)
    size = inputs.shape[1]
    parameters = [
        random.normal(0, size**-0.5, (size, HIDDEN)),
        np.zeros(HIDDEN),
        random.normal(0, HIDDEN**-0.5, HIDDEN),
        np.zeros(1),
    ]
    moments = [(np.zeros_like(each), np.zeros_like(each)) for each in parameters]
    step = 0
    for epoch in range(EPOCHS):
        order = random.permutation(len(inputs))
        for start in range(0, len(inputs), BATCH):
            step += 1
            chosen = order[start : start + BATCH]
            gradients = _gradients(parameters, inputs[chosen], target[chosen], weight[chosen])
            _adam(parameters, moments, gradients, RATE * (1 - epoch / EPOCHS) + 1e-5, step)
    hidden, bias, output, last = parameters
    return LineClassifier(
        mean, scale, hidden.round(4), bias.round(4), output.round(4), round(float(last[0]), 4), THRESHOLD, ""
    )


def _gradients(parameters: Sequence[Rows], inputs: Rows, target: Rows, weight: Rows) -> list[Rows]:
    hidden, bias, output, last = parameters
    active = np.tanh(inputs @ hidden + bias)
    error = (1 / (1 + np.exp(-(active @ output + last))) - target) * weight / len(inputs)
    back = np.outer(error, output) * (1 - active**2)
    return [
        inputs.T @ back + DECAY * hidden,
        back.sum(0),
        active.T @ error + DECAY * output,
        np.array([error.sum()]),
    ]


def _adam(
    parameters: list[Rows], moments: list[tuple[Rows, Rows]], gradients: Sequence[Rows], rate: float, step: int
) -> None:
    for index, gradient in enumerate(gradients):
        first, second = moments[index]
        first, second = 0.9 * first + 0.1 * gradient, 0.999 * second + 0.001 * gradient**2
        moments[index] = first, second
        parameters[index] = parameters[index] - rate * (first / (1 - 0.9**step)) / (
            np.sqrt(second / (1 - 0.999**step)) + 1e-8
        )


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
        "features": list(NAMES),
        **{name: getattr(model, name).tolist() for name in ("mean", "scale", "hidden", "hidden_bias", "output")},
        "output_bias": model.output_bias,
        "threshold": model.threshold,
    }
    version = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:12]
    TARGET.write_text(json.dumps({"card": card(texts, figures), "version": version, **body}) + "\n", "utf-8")


if __name__ == "__main__":
    main()
