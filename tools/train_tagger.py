"""Train the tagger's weights and write them to ``streams/entities/data/model.npz``.

    python tools/train_tagger.py ../shared/data [--hold-out]

With ``--hold-out`` a third of the documents of GUM news and every tenth stretch of the other sources
are kept from training and measured; without it all permitted sentences are used.
"""

import argparse
import gzip
import hashlib
import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from training_text import in_capitals, made_documents

from streams.entities.clues import bit_table, clues_of, painted
from streams.entities.datafiles import DATA
from streams.entities.features import TABLED, buckets, columns
from streams.entities.lexicon import Lexicon, load_lexicon
from streams.entities.matching import written_out
from streams.entities.model import FORBIDDEN, KINDS, LABELS, Model, allowed, viterbi
from streams.entities.segments import Segments, find_segments
from streams.entities.tokens import Tokens, tokenise
from streams.entities.vocabulary import Vocabulary, WordCase, vocabulary

SHARE_ALIKE = ("GUM bio", "GUM voyage", "UNER")
"""Sources whose texts are share-alike: left out, so that the question of adapted weights does not arise."""

STRETCH = 12
"""Sentences that are taken for one document where the source names none."""

BITS = 18
NO_SPACE_BEFORE = frozenset(".,;:!?)]}%'’”") | {"'s", "n't", "'re", "'ve", "'ll", "'d", "'m", "’s", "’t", "..."}
NO_SPACE_AFTER = frozenset("([{$#@“‘")


@dataclass
class Example:
    """A document: its text, and the spans of names in it (start, end, kind)."""

    source: str
    document: str
    text: str
    spans: list[tuple[int, int, str]]


def sentence_text(tokens: Sequence[str], tags: Sequence[str]) -> tuple[str, list[tuple[int, int, str]]]:
    """The sentence as it is written, and its names."""
    text, spans, quoted, glue = "", [], False, True
    for token, tag in zip(tokens, tags, strict=True):
        token = {"``": '"', "''": '"', "-LRB-": "(", "-RRB-": ")"}.get(token, token)
        closing = token == '"' and quoted
        if not (glue or token in NO_SPACE_BEFORE or closing or (token in "-–/" and text[-1:].isalnum() and False)):
            text += " "
        start = len(text)
        text += token
        glue = token in NO_SPACE_AFTER or (token == '"' and not quoted)
        if token == '"':
            quoted = not quoted
        if tag != "O":
            kind = tag[2:]
            if tag[0] == "I" and spans and spans[-1][2] == kind:
                spans[-1] = (spans[-1][0], len(text), kind)
            else:
                spans.append((start, len(text), kind))
    return text, spans


def read_examples(path: Path, keep: Sequence[str] = ()) -> list[Example]:
    """Documents of the training file; sentences without one are joined by STRETCH."""
    found: dict[tuple[str, str], list[tuple[str, list[tuple[int, int, str]]]]] = defaultdict(list)
    count: Counter[str] = Counter()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            source = row["source"]
            if source.startswith(SHARE_ALIKE) and not source.startswith(tuple(keep) or ("\0",)):
                continue
            size = 1 if source.startswith("Broad") else STRETCH
            document = row["doc"] if row["doc"] and source.startswith("GUM") else f"{source} {count[source] // size}"
            count[source] += 1
            found[source, document].append(sentence_text(row["tokens"], row["tags"]))
    return [joined_example(source, document, sentences) for (source, document), sentences in found.items()]


def joined_example(source: str, document: str, sentences: Sequence[tuple[str, list[tuple[int, int, str]]]]) -> Example:
    text, spans = "", []
    for number, (sentence, names) in enumerate(sentences):
        start = len(text)
        text += sentence + ("\n" if number % 3 == 2 else " ")
        spans.extend((start + a, start + b, kind) for a, b, kind in names)
    return Example(source, document, text, spans)


def share(text: str) -> int:
    """0 to 99, by hash."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest()) % 100


def held_out(example: Example) -> bool:
    return share(example.document) < (34 if example.source == "GUM news" else 10)


def shouted(example: Example) -> Example:
    """The document in capitals, as headlines are."""
    return Example(example.source, example.document, in_capitals(example.text), example.spans)


def headlined(example: Example) -> Example:
    """The document with every sixth line in capitals, as headlines are."""
    lines = example.text.split("\n")
    text = "\n".join(in_capitals(line) if number % 6 == 0 else line for number, line in enumerate(lines))
    return Example(example.source, example.document, text, example.spans)


def titled(example: Example) -> Example:
    """The document in title case."""
    small = {"of", "the", "and", "in", "on", "to", "for", "a", "at", "by", "with", "from", "as"}
    text, position = [], 0
    for word in example.text.replace("\n", " ").split(" "):
        text.append(word if word in small else word[:1].upper() + word[1:])
        position += len(word) + 1
    return Example(example.source, example.document, " ".join(text), example.spans)


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


@dataclass
class Prepared:
    features: NDArray[np.int64]
    gold: NDArray[np.int64]
    first: NDArray[np.int64]
    weight: NDArray[np.float32]


def prepare(examples: Sequence[Example], lexicon: Lexicon, words: Vocabulary, bits: int = BITS) -> Prepared:
    tables = bit_table(lexicon)
    features, gold, first, weight, count = [], [], [np.zeros(1, np.int64)], [], 0
    for begin in range(0, len(examples), 100):
        chunk = examples[begin : begin + 100]
        tokens = tokenise([example.text for example in chunk])
        segments, values = segment_features(tokens, lexicon, words, tables)
        features.append(buckets(values, bits).T.astype(np.int32))
        gold.append(gold_labels(tokens, chunk)[segments.row])
        first.append(segments.first[1:] + count)
        count += len(segments.row)
        text = np.searchsorted(tokens.text_start, tokens.start[segments.row], side="right") - 1
        weights = np.array([0.5 if example.source.startswith("Broad") else 1.0 for example in chunk], np.float32)
        weight.append(weights[text])
    labels = repaired(np.concatenate(gold), np.concatenate(first))
    return Prepared(np.concatenate(features), labels, np.concatenate(first), np.concatenate(weight))


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
    learner = Learner(BITS, options.rate, options.decay)
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


def spans_of(labels: NDArray[np.int64], first: NDArray[np.int64]) -> set[tuple[int, int, str]]:
    starts = set(first.tolist())
    found, begin = set(), None
    for row, label in enumerate(labels.tolist()):
        name = LABELS[label]
        if begin is not None and (name[0] != "I" or row in starts):
            found.add((begin[0], row, begin[1]))
            begin = None
        if name[0] == "B" or (name[0] == "I" and begin is None):
            begin = (row, name[2:])
    if begin is not None:
        found.add((begin[0], len(labels), begin[1]))
    return found


def report(name: str, model: Model, prepared: Prepared) -> None:
    scores = model.summed(np.ascontiguousarray(prepared.features.T.astype(np.int64)))
    labels = viterbi(scores, prepared.first, model.pairs)
    given, found = spans_of(prepared.gold, prepared.first), spans_of(labels, prepared.first)
    lines = []
    for kind in ("all", *KINDS, "untyped"):
        if kind == "untyped":
            g, f = {s[:2] for s in given}, {s[:2] for s in found}
        else:
            g, f = ({s for s in spans if kind in ("all", s[2])} for spans in (given, found))
        hit = len(g & f)
        lines.append(
            f"{kind} {hit / max(len(f), 1):.3f} {hit / max(len(g), 1):.3f} {2 * hit / max(len(f) + len(g), 1):.3f}"
        )
    print(f"{name:22} " + "  ".join(lines), flush=True)


def augmented(examples: Sequence[Example]) -> Iterator[Example]:
    for example in examples:
        yield example
        if not example.source.startswith("Broad"):
            if share(example.document + "capitals") < 15:
                yield shouted(example)
            elif share(example.document + "title") < 15:
                yield titled(example)
            elif share(example.document + "headlines") < 30:
                yield headlined(example)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--epochs", type=int, default=8)
    arguments.add_argument("--runs", type=int, default=3)
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
    lexicon, words = load_lexicon(), vocabulary(word_case)
    examples = read_examples(options.data / "entities" / "train.jsonl.gz")
    chosen = [example for example in examples if not (options.hold_out and held_out(example))]
    made = made_documents(lexicon, options.made)
    chosen += [Example("made", f"made {number}", text, spans) for number, (text, spans) in enumerate(made)]
    prepared = prepare(list(augmented(chosen)), lexicon, words)
    print(f"{len(chosen):,} documents, {len(prepared.gold):,} words in segments, {time.process_time() - clock:.1f} s")
    model = train(prepared, options)
    print(f"trained, {time.process_time() - clock:.1f} s, {np.count_nonzero(model.weights):,} weights")
    if options.hold_out:
        for source in sorted({example.source for example in examples}):
            mine = [example for example in examples if held_out(example) and example.source == source]
            if mine:
                report(source, model, prepare(mine, lexicon, words))
        everything = [e for e in examples if held_out(e) and not e.source.startswith("Broad")]
        report("all without tweets", model, prepare(everything, lexicon, words))
    options.out.mkdir(exist_ok=True, parents=True)
    np.savez_compressed(options.out / "model.npz", weights=model.weights, scale=model.scale, pairs=model.pairs)
    np.savez_compressed(options.out / "word_case.npz", hashes=word_case.hashes, level=word_case.level)
    print(
        f"{(options.out / 'model.npz').stat().st_size:,} and {(options.out / 'word_case.npz').stat().st_size:,} bytes"
    )


if __name__ == "__main__":
    main()
