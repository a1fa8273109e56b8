"""Train the tagger's weights and write them to ``streams/entities/data/model.npz``.

    python tools/train_tagger.py ../shared/data [--hold-out]

With ``--hold-out`` a third of the documents of GUM news and every tenth stretch of the other sources
are kept from training, for ``evaluate_entities.py``; without it all permitted sentences are used.
"""

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from marked_texts import Example, augmented, held_out, read_examples
from numpy.typing import NDArray
from tagger_learning import Prepared, train
from training_text import made_documents

from streams.entities.clues import bit_table, clues_of, painted
from streams.entities.datafiles import DATA
from streams.entities.features import buckets, columns
from streams.entities.lexicon import Lexicon, load_lexicon
from streams.entities.matching import written_out
from streams.entities.model import KINDS, LABELS
from streams.entities.segments import Segments, find_segments
from streams.entities.tokens import Tokens, tokenise
from streams.entities.vocabulary import Vocabulary, WordCase, vocabulary

WIDE = 62
"""Bits by which features are told apart before they are put into buckets."""


def gold_labels(tokens: Tokens, examples: Sequence[Example]) -> NDArray[np.int64]:
    """The label of every word."""
    gold = np.zeros(len(tokens), np.int64)
    for number, example in enumerate(examples):
        offset = tokens.text_start[number]
        for start, end, kind in example.spans:
            first = np.searchsorted(tokens.start, offset + start)
            last = np.searchsorted(tokens.start, offset + end)
            if first < last and kind in KINDS:
                gold[first] = LABELS.index(f"B-{kind}")
                gold[first + 1 : last] = LABELS.index(f"I-{kind}")
    return gold


def prepare(examples: Sequence[Example], lexicon: Lexicon, words: Vocabulary, options: argparse.Namespace) -> Prepared:
    """The segments of the examples with their features and labels."""
    tables = bit_table(lexicon)
    features, gold, first, weight, count = [], [], [np.zeros(1, np.int64)], [], 0
    for begin in range(0, len(examples), 100):
        chunk = examples[begin : begin + 100]
        tokens = tokenise([example.text for example in chunk])
        segments, values = segment_features(tokens, lexicon, words, tables)
        features.append(buckets(values, WIDE).T)
        gold.append(gold_labels(tokens, chunk)[segments.row])
        first.append(segments.first[1:] + count)
        count += len(segments.row)
        text = np.searchsorted(tokens.text_start, tokens.start[segments.row], side="right") - 1
        weights = np.array([0.5 if example.source.startswith("Broad") else 1.0 for example in chunk], np.float32)
        weight.append(weights[text])
    labels = repaired(np.concatenate(gold), np.concatenate(first))
    chosen = common(np.concatenate(features), options)
    return Prepared(chosen, labels, np.concatenate(first), np.concatenate(weight))


def common(features: NDArray[np.int64], options: argparse.Namespace) -> NDArray[np.int32]:
    """The buckets of features of WIDE bits, and the empty one where fewer than ``--least`` words have the feature."""
    _, place, count = np.unique(features, return_inverse=True, return_counts=True)
    often = count[place].reshape(features.shape) >= options.least
    return np.where(often, features >> (WIDE - options.bits), 0).astype(np.int32)


def repaired(gold: NDArray[np.int64], first: NDArray[np.int64]) -> NDArray[np.int64]:
    """An I label without its B before it, within a segment, becomes a B."""
    gold = gold.copy()
    starts = set(first.tolist())
    for row in range(len(gold)):
        label = LABELS[gold[row]]
        if label[0] == "I" and (row in starts or LABELS[gold[row - 1]][1:] != label[1:]):
            gold[row] = LABELS.index("B" + label[1:])
    return gold


def segment_features(
    tokens: Tokens, lexicon: Lexicon, words: Vocabulary, tables: tuple[NDArray[np.uint64], NDArray[np.uint64]]
) -> tuple[Segments, NDArray[np.uint64]]:
    seen = words.of(tokens.hash)
    segments = find_segments(tokens, seen)
    matches = lexicon.index.agreeing(tokens, lexicon.index.search(tokens))
    matches = matches.where(written_out(lexicon, tokens, matches, seen))
    clues = clues_of(tokens, segments, painted(tokens, matches, lexicon.index.owner, tables), seen, 1)
    return segments, columns(tokens, segments, clues)


def read_word_case(data: Path) -> WordCase:
    """How words are written inside sentences, from the bodies of the page set."""
    lower: Counter[int] = Counter()
    upper: Counter[int] = Counter()
    with gzip.open(data / "cleaning" / "lines.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["form"] != "semi":
                continue
            kept = [text for text, keep in zip(row["lines"], row["keep"], strict=True) if keep == 1 and len(text) > 60]
            tokens = tokenise(["\n".join(kept)])
            inside = ~tokens.opens & (tokens.script == 0) & ~tokens.number
            small = tokens.case == 0
            lower.update(tokens.hash[inside & small].tolist())
            upper.update(tokens.hash[inside & ~small].tolist())
    return leveled(lower, upper)


def leveled(lower: Counter[int], upper: Counter[int]) -> WordCase:
    hashes = sorted(word for word in lower.keys() | upper.keys() if lower[word] + upper[word] > 1)
    part = np.array([lower[word] / (lower[word] + upper[word]) for word in hashes])
    level = 1 + np.searchsorted(np.array([0.1, 0.5, 0.9, 0.99]), part)
    return WordCase(np.array(hashes, np.uint64), level.astype(np.uint8))


def chosen_examples(options: argparse.Namespace, lexicon: Lexicon) -> list[Example]:
    """What is trained on: the permitted sentences, without the held-out part where asked, and made ones."""
    examples = read_examples(options.data / "entities" / "train.jsonl.gz")
    chosen = [example for example in examples if not (options.hold_out and held_out(example))]
    made = made_documents(lexicon, options.made)
    return chosen + [Example("made", f"made {number}", text, spans) for number, (text, spans) in enumerate(made)]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--epochs", type=int, default=8)
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--bits", type=int, default=18, help="of the number of buckets")
    arguments.add_argument("--least", type=int, default=1, help="words that must have a feature")
    arguments.add_argument("--rate", type=float, default=0.1)
    arguments.add_argument("--decay", type=float, default=1e-3)
    arguments.add_argument("--drop", type=float, default=0.2)
    arguments.add_argument("--forget", type=float, default=0.15, help="share of segments whose names no table knows")
    arguments.add_argument("--made", type=int, default=1500, help="documents of the project's own sentences")
    arguments.add_argument("--hold-out", action="store_true")
    arguments.add_argument("--out", type=Path, default=Path(str(DATA)))
    options = arguments.parse_args()
    clock = time.process_time()
    word_case = read_word_case(options.data)
    lexicon = load_lexicon()
    examples = list(augmented(chosen_examples(options, lexicon)))
    prepared = prepare(examples, lexicon, vocabulary(word_case), options)
    print(f"{len(prepared.gold):,} words in segments, {time.process_time() - clock:.1f} s")
    model = train(prepared, options)
    print(f"trained, {time.process_time() - clock:.1f} s, {np.count_nonzero(model.weights):,} weights")
    options.out.mkdir(exist_ok=True, parents=True)
    np.savez_compressed(options.out / "model.npz", weights=model.weights, scale=model.scale, pairs=model.pairs)
    np.savez_compressed(options.out / "word_case.npz", hashes=word_case.hashes, level=word_case.level)
    for name in ("model.npz", "word_case.npz"):
        print(f"{name}: {(options.out / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
