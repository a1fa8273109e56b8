"""The sets that ``evaluate_entities.py`` measures on, besides those of the training file."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

from marked_texts import Example, joined_example, sentence_text

REPORTS = Path(__file__).parent.parent / "tests" / "streams" / "entities" / "reports.txt"
MARKED = re.compile(r"\{([A-Z]):([^{}]+)\}")
LETTERS = {"P": "PERSON", "O": "ORG", "A": "ARMED_GROUP", "G": "GPE", "L": "LOC", "F": "FAC", "E": "EVENT",
           "M": "MEDIA", "N": "NORP"}  # fmt: skip


def unmarked(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    """A text without its marks, and the marked spans: ``{G:Iraq} votes`` is ``Iraq votes`` and (0, 4, "GPE").

    >>> unmarked("Near {G:Baghdad}.")
    ('Near Baghdad.', [(5, 12, 'GPE')])
    """
    plain, spans, position = "", [], 0
    for mark in MARKED.finditer(text):
        plain += text[position : mark.start()]
        spans.append((len(plain), len(plain) + len(mark[2]), LETTERS[mark[1]]))
        plain += mark[2]
        position = mark.end()
    return plain + text[position:], spans


def reports(part: int) -> list[Example]:
    """Every other one of the project's own reports, the first of them at ``part``: 0 for development, 1 held out."""
    blocks = REPORTS.read_text(encoding="utf-8").strip().split("\n\n")[1:]
    return [Example("reports", f"report {number}", *unmarked(block)) for number, block in enumerate(blocks)][part::2]


def newswire(data: Path, every: int, first: int = 0) -> list[Example]:
    """Every n-th sentence of the research-only set from ``first`` on, one document each."""
    examples = []
    with gzip.open(data / "entities" / "train_research_only.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % every == first:
                row = json.loads(line)
                examples.append(joined_example("GMB", str(number), [sentence_text(row["tokens"], row["tags"])]))
    return examples


def linking_sets(data: Path) -> dict[str, list[dict[str, Any]]]:
    """Texts with linked mentions by set, where all mentions are marked."""
    sets: dict[str, list[dict[str, Any]]] = {}
    with gzip.open(data / "entities" / "linking_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["complete"]:
                sets.setdefault(row["set"], []).append(row)
    return sets
