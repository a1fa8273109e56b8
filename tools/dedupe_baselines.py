"""The usual methods of finding near-duplicates, to compare with: MinHash-LSH, SimHash, exact Jaccard."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any

WORD = re.compile(r"\w+")
Verdicts = list[tuple[str, str | None]]


def minhash(rows: list[dict[str, Any]], threshold: float) -> Verdicts | None:
    """datasketch, 128 permutations, 5-word runs."""
    try:
        from datasketch import MinHash, MinHashLSH
    except ImportError:
        return None
    index = MinHashLSH(threshold=threshold, num_perm=128)
    verdicts: Verdicts = []
    for number, row in enumerate(rows):
        sketch = MinHash(num_perm=128)
        sketch.update_batch([run.encode() for run in runs(row["text"])])
        verdicts.append(_verdict(rows, index.query(sketch)))
        index.insert(number, sketch)
    return verdicts


def jaccard(rows: list[dict[str, Any]], threshold: float) -> Verdicts:
    """Exact Jaccard of the 5-word runs of every pair that shares one: what every MinHash estimates."""
    having: defaultdict[str, list[int]] = defaultdict(list)
    sizes: list[int] = []
    verdicts: Verdicts = []
    for number, row in enumerate(rows):
        own = runs(row["text"])
        shared = Counter(other for run in own for other in having[run])
        alike = {o: n / (len(own) + sizes[o] - n) for o, n in shared.items()}
        best = max(alike, key=lambda o: (alike[o], -o), default=None)
        verdicts.append(_verdict(rows, [best] if best is not None and alike[best] >= threshold else []))
        sizes.append(len(own))
        for run in own:
            having[run].append(number)
    return verdicts


def simhash(rows: list[dict[str, Any]], threshold: float) -> Verdicts:
    """64 bits of word frequencies; ``threshold`` is how many may differ."""
    import numpy as np

    bits = np.zeros((len(rows), 64), dtype=np.int8)
    verdicts: Verdicts = []
    for number, row in enumerate(rows):
        counts = Counter(WORD.findall(row["text"].lower()))
        hashes = [int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest()) for word in counts]
        planes = np.unpackbits(np.array(hashes, dtype=">u8").view(np.uint8).reshape(-1, 8), axis=1).astype(np.int64)
        bits[number] = (np.array(list(counts.values())) @ (2 * planes - 1) > 0) if hashes else 0
        differing = (bits[:number] != bits[number]).sum(axis=1)
        best = int(differing.argmin()) if number else None
        verdicts.append(_verdict(rows, [best] if best is not None and differing[best] <= threshold else []))
    return verdicts


def runs(text: str) -> set[str]:
    """All runs of five words."""
    words = WORD.findall(text.lower())
    return {" ".join(words[at : at + 5]) for at in range(max(1, len(words) - 4))}


def _verdict(rows: list[dict[str, Any]], found: Sequence[int]) -> tuple[str, str | None]:
    return ("near", rows[min(found)]["id"]) if found else ("new", None)


Method = Callable[[list[dict[str, Any]], float], Verdicts | None]
BASELINES: tuple[tuple[str, Method, tuple[float, ...]], ...] = (
    ("datasketch MinHash-LSH 128", minhash, (0.3, 0.5)),
    ("exact Jaccard of 5-word runs", jaccard, (0.1, 0.2, 0.3)),
    ("SimHash 64", simhash, (3, 8, 12)),
)
