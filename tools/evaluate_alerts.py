"""Figures of the alert rules, from data beside the checkout: `python tools/evaluate_alerts.py PART [--data DIR]`.

PART is `labelled FILE` (one JSON object a line with label, title, body), `ordinary` (what the shipped rules fire on
in ordinary news, to be judged by eye), or `library` (the rules' own examples).
"""

import argparse
import gzip
import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from schemas.article import EnrichedArticle
from streams.rules import load_rules
from streams.rules import test as failures_of

ROOT = Path(__file__).parents[1]


def labelled(data: Path, options: argparse.Namespace) -> None:
    """Precision, recall and F1 of one rule on labelled sentences or articles."""
    rules = load_rules([ROOT / "seeds/rules/troop-withdrawal.yaml"])
    counts: Counter[tuple[bool, bool]] = Counter()
    for line in Path(options.file).read_text("utf-8").splitlines():
        row = json.loads(line)
        fired = bool(rules.match(EnrichedArticle(id=row["id"], title=row.get("title"), body=row["body"])))
        counts[fired, bool(row["label"])] += 1
        if options.show and fired != bool(row["label"]):
            print("false " if fired else "missed", row["body"][:160])
    right, wrong, missed = counts[True, True], counts[True, False], counts[False, True]
    precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    print(f"precision {precision:.3f} recall {recall:.3f} f1 {f1:.3f} of {sum(counts.values())}")


def news(data: Path) -> Iterator[dict[str, Any]]:
    """Articles of the stream that stand for themselves."""
    with (
        gzip.open(data / "dedupe/near_dev.jsonl.gz", "rt") as texts,
        gzip.open(data / "dedupe/near_dev_labels.jsonl.gz", "rt") as labels,
    ):
        for text, label in zip(texts, labels, strict=True):
            stated = json.loads(label)
            if stated["verdict"] == "new" and stated["family"] not in ("roundup", "quote"):
                yield json.loads(text)


def ordinary(data: Path, options: argparse.Namespace) -> None:
    """What fires in ordinary news, a line each, and the time it takes."""
    rules = load_rules([ROOT / "seeds/rules"])
    fired: Counter[str] = Counter()
    articles, spent = 0, 0.0
    for row in news(data):
        article = EnrichedArticle(id=row["id"], title=row["title"], body=row["text"], language="en")
        start = time.process_time()
        matches = rules.match(article)
        spent += time.process_time() - start
        articles += 1
        for match in matches:
            fired[match.name] += 1
            if options.show:
                print(f"{match.name} | {row['title'][:60]} | {match.evidence[0].text[:80]}")
    print(f"{articles} articles, {sum(fired.values())} alerts, {spent / articles * 1e6:.0f} us of CPU each")
    for name, count in fired.most_common():
        print(f"{count:5} {name}")


def library(data: Path, options: argparse.Namespace) -> None:
    """The shipped rules against their own examples."""
    for rule in load_rules([ROOT / "seeds/rules"]):
        failures = failures_of(rule)
        print(f"{rule.name:32} fire {len(rule.tests.fire)} quiet {len(rule.tests.quiet)} failed {len(failures)}")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=["labelled", "ordinary", "library"])
    parser.add_argument("file", nargs="?")
    parser.add_argument("--data", default=os.environ.get("WIREWATCH_SHARED", str(ROOT.parent / "shared")) + "/data")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    {"labelled": labelled, "ordinary": ordinary, "library": library}[options.part](Path(options.data), options)


if __name__ == "__main__":
    main()
