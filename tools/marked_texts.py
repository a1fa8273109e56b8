"""Texts with the names in them, as the tagger is trained and measured on."""

import gzip
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from training_text import in_capitals

SHARE_ALIKE = ("GUM bio", "GUM voyage", "UNER")
"""Sources whose texts are share-alike: left out, so that the question of adapted weights does not arise."""

STRETCH = 12
"""Sentences that are taken for one document where the source names none."""

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
        if not (glue or token in NO_SPACE_BEFORE or closing):
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


def read_examples(path: Path) -> list[Example]:
    """Documents of the training file; sentences without one are joined by STRETCH."""
    found: dict[tuple[str, str], list[tuple[str, list[tuple[int, int, str]]]]] = defaultdict(list)
    count: Counter[str] = Counter()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            source = row["source"]
            if source.startswith(SHARE_ALIKE):
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
