"""Figures of the alert rules, from data beside the checkout: `python tools/evaluate_alerts.py PART [--data DIR]`.

PART is `labelled FILE` (one JSON object a line with label, title, body, and the rule it is about, by default
troop-withdrawal), `ordinary [FILE.jsonl.gz]` (what the shipped rules fire on in ordinary news or in another file of
articles, to be judged by eye), `library` (the rules' own examples), or `swallowed` (events that are never told of,
because their articles were put into the story of another event that was).
"""

import argparse
import gzip
import json
import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from schemas.article import EnrichedArticle
from schemas.rule import Rule
from streams.rules import RuleSet, compile_rules, load_rules
from streams.rules import test as failures_of
from streams.stage import Drop, Reject
from streams.stages.alert import AlertMemory
from tools.evaluate_dedupe import enriched, read, tagged

ROOT = Path(__file__).parents[1]
START = datetime(2024, 1, 1, tzinfo=UTC)
ORDERS = 4


def labelled(data: Path, options: argparse.Namespace) -> None:
    """Precision, recall and F1 of the shipped rules on labelled sentences or articles, each about one of them."""
    rules = load_rules([ROOT / "seeds/rules"])
    by_rule: defaultdict[str, Counter[tuple[bool, bool]]] = defaultdict(Counter)
    for line in Path(options.file).read_text("utf-8").splitlines():
        row = json.loads(line)
        matches = rules.match(EnrichedArticle(id=row["id"], title=row.get("title"), body=row["body"]))
        about = row.get("rule", "troop-withdrawal")
        fired = about in {match.name for match in matches}
        by_rule[about][fired, bool(row["label"])] += 1
        if options.show and fired != bool(row["label"]):
            print("false " if fired else "missed", row["body"][:160])
    for name, counts in by_rule.items():
        print(f"{name:32} {_figures(counts)}")
    print(f"{'together':32} {_figures(sum(by_rule.values(), Counter()))}")


def _figures(counts: Counter[tuple[bool, bool]]) -> str:
    right, wrong, missed = counts[True, True], counts[True, False], counts[False, True]
    precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    return f"precision {precision:.3f} recall {recall:.3f} f1 {f1:.3f} of {sum(counts.values())}"


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
    for row in read(Path(options.file)) if options.file else news(data):
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


def swallowed(data: Path, options: argparse.Namespace) -> None:
    """Events never told of, where every topic has a rule, and two events that are easily taken for one."""
    rows = read(data / "dedupe" / "stories_dev.jsonl.gz")
    topics = sorted({row["topic"] for row in rows})
    rules = compile_rules(Rule(name=f"t-{topic}", query=f"category:t-{topic}") for topic in topics)
    for days in (0, 1, 3):
        chance = random.Random(options.seed)
        told, missing, again = Counter[str](), Counter[str](), 0
        for _ in range(ORDERS):
            by_event = notified(shuffled(rows, chance, timedelta(days=days)), rules)
            told["events"] += len(by_event)
            told["notifications"] += sum(map(sum, by_event.values()))
            missing.update(event for event, notices in by_event.items() if not any(notices))
            again += sum(max(0, sum(notices) - 1) for notices in by_event.values())
        share = missing.total() / told["notifications"]
        print(
            f"the second event {days} days later: {missing.total()} of {told['events']} events swallowed, "
            f"{share:.2%} of {told['notifications']} notifications, {again} of an event told before ({ORDERS} orders)"
        )


def shuffled(rows: list[dict[str, Any]], chance: random.Random, apart: timedelta) -> list[dict[str, Any]]:
    """The articles in a random order, one a minute, those of each topic's second event so much later."""
    order = chance.sample(rows, len(rows))
    timed = [
        (START + minute * timedelta(minutes=1) + apart * row["event"].endswith("b"), row)
        for minute, row in enumerate(order)
    ]
    return [{**row, "published": time.isoformat()} for time, row in sorted(timed, key=lambda pair: pair[0])]


def notified(rows: list[dict[str, Any]], rules: RuleSet) -> dict[str, list[bool]]:
    """By event: whether each article of it notified, its story being found as it comes."""
    memory, found = AlertMemory(lambda: rules), dict[str, list[bool]]()
    for row, article in zip(rows, enriched(map(tagged, rows)), strict=True):
        matched = article.model_copy(update={"tags": (f"t-{row['topic']}",), "position": row["id"]})
        decision = memory.decide(matched)
        memory.apply(row["id"], decision)
        alerts = memory.outcome(matched, decision.answer)
        assert not isinstance(alerts, Drop | Reject)
        found.setdefault(row["event"], []).extend(alert.notify for alert in alerts)
    return found


def library(data: Path, options: argparse.Namespace) -> None:
    """The shipped rules against their own examples."""
    for rule in load_rules([ROOT / "seeds/rules"]):
        failures = failures_of(rule)
        print(f"{rule.name:32} fire {len(rule.tests.fire)} quiet {len(rule.tests.quiet)} failed {len(failures)}")


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=["labelled", "ordinary", "library", "swallowed"])
    parser.add_argument("file", nargs="?")
    parser.add_argument("--data", default=os.environ.get("WIREWATCH_SHARED", str(ROOT.parent / "shared")) + "/data")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--seed", type=int, default=5, help="of the orders that swallowed events are looked for in")
    options = parser.parse_args()
    {"labelled": labelled, "ordinary": ordinary, "library": library, "swallowed": swallowed}[options.part](
        Path(options.data), options
    )


if __name__ == "__main__":
    main()
