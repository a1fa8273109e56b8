"""Run tagger and sketch over real texts with the compiled kernels and without, and say whether all answers are equal.

    python tools/compare_kernels.py ../shared/data/dedupe/near_dev.jsonl.gz --batches 1,16,32

Texts are lines of JSON with ``text`` or ``body``, and ``title``. Then it prints CPU time an article in both forms, the
least of several turns, for the sizes of batches that are asked for. The collector is set as workers set it.
"""

import argparse
import gc
import gzip
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from schemas.article import CleanArticle  # noqa: E402
from streams import kernels  # noqa: E402
from streams.dedup.sketch import sketches_of  # noqa: E402
from streams.entities import Tagger, load_tagger  # noqa: E402
from streams.stages.tag import Tag  # noqa: E402
from streams.worker import GARBAGE  # noqa: E402

FORMS = {"compiled": kernels.native, "pure": None}
TURNS, TIMED = 8, 64
LENGTHS = range(2500, 3800)
"""Characters of the articles that are timed."""


def articles(path: Path) -> Iterator[CleanArticle]:
    """The texts of a file; their language is stated for every other one."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            language = (row.get("lang") or "en") if number % 2 else None
            body = row.get("text") or row.get("body") or " ".join(row.get("tokens", ()))
            yield CleanArticle(id=str(number), title=row.get("title"), body=body, language=language)


def answers(tagger: Tagger, batch: Sequence[CleanArticle]) -> list[bytes]:
    """All that the two stages say of each article, as bytes."""
    tagged = Tag(tagger).run_many(batch)
    sketches = sketches_of([(article.title, article.body) for article in batch])
    return [f"{list(outcome)!r} {sketch}".encode() for outcome, sketch in zip(tagged, sketches, strict=True)]


def differing(tagger: Tagger, every: Sequence[CleanArticle], size: int) -> list[str]:
    """The ids of articles of which the two forms say something else."""
    found = []
    for start in range(0, len(every), size):
        batch, said = every[start : start + size], []
        for kernels.native in FORMS.values():
            said.append(answers(tagger, batch))
        found += [article.id for article, one, other in zip(batch, *said, strict=True) if one != other]
    return found


def least_microseconds(
    run: Callable[[Sequence[CleanArticle]], object], every: Sequence[CleanArticle], size: int
) -> str:
    """The least CPU time an article of each form, in turns."""
    least = dict.fromkeys(FORMS, float("inf"))
    for _ in range(TURNS):
        for name, kernels.native in FORMS.items():
            started = time.process_time()
            for start in range(0, len(every), size):
                run(every[start : start + size])
            least[name] = min(least[name], (time.process_time() - started) / len(every) * 1e6)
    return ", ".join(f"{name} {taken:.0f} us" for name, taken in least.items())


def main() -> None:
    """Compare, then time."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--batches", default="1,16,32", help="sizes of batches that are timed")
    asked = parser.parse_args()
    if kernels.native is None:
        sys.exit(f"Error: there are no compiled kernels here ({kernels.state})")
    tagger, different = load_tagger(), 0
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    for path in asked.files:
        every = list(articles(path))
        found = differing(tagger, every, 16)
        different += len(found)
        print(f"{path.name}: {len(every)} texts, {len(found)} with other answers {found[:5] or ''}")
        timed = [article for article in every if len(article.body) in LENGTHS][:TIMED]
        for size in map(int, asked.batches.split(",")) if timed else ():
            print(f"  batches of {size}: tag {least_microseconds(Tag(tagger).run_many, timed, size)}")
            sketch = least_microseconds(lambda b: list(sketches_of((a.title, a.body) for a in b)), timed, size)
            print(f"  batches of {size}: sketch {sketch}")
    sys.exit(different > 0)


if __name__ == "__main__":
    main()
