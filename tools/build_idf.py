"""Make ``streams/dedup/idf.npz``, the background table of how many texts use a word.

    PYTHONPATH=. python tools/build_idf.py --data ../shared/data

Sources: the article bodies of AndyTheFactory/article-extraction-dataset (Apache-2.0), development files
``cleaning/pages.jsonl.gz`` and ``cleaning/lines.jsonl.gz``; and of ``entities/train.jsonl.gz``, in pieces of
400 words, GUM v11 news, interviews, academic and court texts (CC BY 4.0 and CC BY 2.5; Amir Zeldes and
contributors), WikiGold (CC BY 4.0; Balasuriya and others, 2009) and the Broad Twitter Corpus (CC BY 4.0;
Derczynski and others, 2016, GATE, University of Sheffield). Share-alike texts are left out. Only 24-bit hashes
of words and their document frequencies are kept, for words in at least two texts: no text, and no word, can
be read from the table.
"""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np

from streams.dedup.words import folded, words_of

TARGET = Path(__file__).resolve().parent.parent / "streams" / "dedup" / "idf.npz"
PIECE = 400


def texts(data: Path) -> Iterator[str]:
    """Each article once: the gold body of a page, else the kept lines of the text form."""
    seen: set[str] = set()
    with gzip.open(data / "cleaning" / "pages.jsonl.gz", "rt", encoding="utf-8") as pages:
        for page in map(json.loads, pages):
            seen.add(page["id"])
            yield page["gold"]["body"]
    with gzip.open(data / "cleaning" / "lines.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            if row["id"] not in seen:
                seen.add(row["id"])
                yield "\n".join(line for line, keep in zip(row["lines"], row["keep"], strict=True) if keep)


def pieces(data: Path) -> Iterator[str]:
    """The sentences of each source that is not share-alike, joined to pieces."""
    sources: dict[str, list[str]] = {}
    with gzip.open(data / "entities" / "train.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            if "SA" not in row["licence"]:
                sources.setdefault(row["source"], []).extend(row["tokens"])
    for words in sources.values():
        for start in range(0, len(words), PIECE):
            yield " ".join(words[start : start + PIECE])


def main() -> None:
    """Count and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    counts: Counter[int] = Counter()
    total = 0
    data = parser.parse_args().data
    for text in chain(texts(data), pieces(data)):
        ids = {hashed >> 40 for hashed in words_of(folded(text)).hashes.tolist()}
        counts.update(ids)
        total += bool(ids)
    kept = sorted((term, count) for term, count in counts.items() if count > 1)
    idf = np.log((total + 1) / (np.array([count for _, count in kept]) + 0.5))
    np.savez_compressed(
        TARGET,
        ids=np.array([term for term, _ in kept], dtype=np.uint32),
        idf=idf.astype(np.float16),
        unseen=np.float64(np.log((total + 1) / 1.5)),
    )
    print(f"{total} texts, {len(kept)} words, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
