"""Print how well copies and stories are found, beside the usual methods, on development data.

    PYTHONPATH=. python tools/evaluate_dedupe.py --data ../shared/data [--orders 5] [--no-baselines]
    PYTHONPATH=. python tools/evaluate_dedupe.py --only partitions --counts 4 8 --batches 20 200 --shuffles 3

Near-duplicates: precision, recall and F1 of the verdicts of ``near_dev`` (a copy counts as found when it is tied to an
article of the same original), and recall by family. Series: items of made-up series (earnings, bonds, weather,
dividends, matches), none a copy of another. Stories: B-cubed of ``stories_dev`` in several orders, each article under
the story it joined on arrival; of the final stories, too, as a consumer has them who follows merges. Seeds: five
articles in all 120 orders. Partitions: ``near_dev`` as 2, 4 and 8 raw partitions and workers would bring it into the
one log of its language, simulated (``dedupe_partitions.py``). Baselines: datasketch MinHash-LSH (when installed),
SimHash, exact Jaccard of 5-word runs, each at the threshold of a few that suits it best.
"""

import argparse
import gzip
import itertools
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from dedupe_baselines import BASELINES, Verdicts
from dedupe_partitions import Grouping, arrived, compared, put_together
from made_series import item

from schemas.article import EnrichedArticle, TaggedArticle
from streams.dedup.sketch import sketch_of
from streams.stages.dedupe import DedupeMemory


def main() -> None:
    """Run every part whose data is there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--orders", type=int, default=5)
    parser.add_argument("--no-baselines", action="store_true")
    parser.add_argument("--only", choices=("near", "partitions", "series", "stories", "seeds"))
    parser.add_argument("--counts", type=int, nargs="+", default=[2, 4, 8], help="raw partitions to simulate")
    parser.add_argument("--batches", type=int, nargs="+", default=[20, 200], help="articles of a batch at most")
    parser.add_argument("--shuffles", type=int, default=1, help="orders of each count: seeds COUNT, COUNT + 100, ...")
    options = parser.parse_args()
    parts: dict[str, Callable[[], None]] = {
        "near": lambda: near(*near_dev(options.data), baselines=not options.no_baselines),
        "partitions": lambda: partitions(*near_dev(options.data), options),
        "series": series,
        "stories": lambda: stories(read(options.data / "dedupe" / "stories_dev.jsonl.gz"), options.orders),
        "seeds": lambda: seeds(options.data / "seeds"),
    }
    for name, part in parts.items():
        if options.only in (None, name):
            part()


def near_dev(data: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The articles and the labels of ``near_dev``."""
    return read(data / "dedupe" / "near_dev.jsonl.gz"), read(data / "dedupe" / "near_dev_labels.jsonl.gz")


def partitions(rows: list[dict[str, Any]], labels: list[dict[str, Any]], options: argparse.Namespace) -> None:
    """Groups when other orders of arrival come of more raw partitions and workers."""
    articles, original = [tagged(row) for row in rows], {label["id"]: label["original"] for label in labels}
    first = Grouping.of(enriched(articles), original)
    for count, most in itertools.product(options.counts, options.batches):
        chances = [random.Random(count + 100 * shuffle) for shuffle in range(options.shuffles)]
        orders = (arrived(articles, count, most, chance) for chance in chances)
        told = compared(first, [Grouping.of(enriched(order), original) for order in orders])
        print(f"{count} raw partitions in batches of up to {most}: {told}", flush=True)
    originals = [row for row, label in zip(rows, labels, strict=True) if row["id"] == label["original"]]
    made = list(put_together(originals[:1200], random.Random(3)))
    answered = list(enriched(map(tagged, [*originals[:1200], *made])))[1200:]
    united, copies = sum(bool(a.group_merged) for a in answered), sum(bool(a.duplicate_of) for a in answered)
    print(f"{united} of {len(made)} texts that put others one after the other unite these, {copies} are called copies")


def read(path: Path) -> list[dict[str, Any]]:
    """A file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def tagged(row: dict[str, Any]) -> TaggedArticle:
    """The article of a row, with its sketch."""
    article = TaggedArticle.model_validate({**row, "body": row["text"]})
    return article.model_copy(update={"sketch": sketch_of(article.title, article.body)})


def enriched(articles: Iterable[TaggedArticle]) -> Iterator[EnrichedArticle]:
    """What the stage makes of a stream."""
    memory = DedupeMemory()
    for number, article in enumerate(articles):
        decision = memory.decide(article)
        memory.apply(f"in-0-{number}", decision)
        yield memory.outcome(article, decision.answer)[0]  # type: ignore[index, misc]


def near(rows: list[dict[str, Any]], labels: list[dict[str, Any]], *, baselines: bool) -> None:
    """Verdicts on ``near_dev``."""
    articles = [tagged(row) for row in rows]
    begun = time.process_time()
    answered = list(enriched(articles))
    spent = time.process_time() - begun
    found = [(a.verdict.value, a.duplicate_of) for a in answered]
    print(f"near  {'wirewatch':34s} {scored(labels, found)}  {spent / len(rows) * 1e6:.0f} us given the sketch")
    recall = by_family(labels, found)
    print("      recall by family: " + ", ".join(f"{family} {value:.3f}" for family, value in recall.items()))
    print(f"      {together(labels, answered)}")
    if baselines:
        for name, method, thresholds in BASELINES:
            begun = time.process_time()
            tried = [(scored(labels, verdicts), t) for t in thresholds if (verdicts := method(rows, t)) is not None]
            spent = (time.process_time() - begun) / len(rows) / max(1, len(tried)) * 1e6
            best = max(tried, key=lambda entry: entry[0].split()[-1], default=None)
            print(f"near  {name:34s} " + (f"{best[0]} at {best[1]}  {spent:.0f} us" if best else "not installed"))


def scored(labels: list[dict[str, Any]], verdicts: Verdicts) -> str:
    """Precision, recall, F1: a copy tied to the wrong original is a miss and a false positive."""
    original = {label["id"]: label["original"] for label in labels}
    right = wrong = missed = 0
    for label, (verdict, of) in zip(labels, verdicts, strict=True):
        good = verdict != "new" and of is not None and original.get(of) == label["original"]
        copy = label["verdict"] != "new"
        right += good and copy
        missed += copy and not good
        wrong += verdict != "new" and not (good and copy)
    precision, recall = right / max(1, right + wrong), right / max(1, right + missed)
    return f"P {precision:.4f} R {recall:.4f} F1 {2 * right / max(1, 2 * right + wrong + missed):.4f}"


def together(labels: list[dict[str, Any]], answered: list[EnrichedArticle]) -> str:
    """Articles that copy nothing and stand in a story with others: of one site mostly for its boilerplate."""
    originals = [a for label, a in zip(labels, answered, strict=True) if label["verdict"] == "new"]
    sizes = Counter(article.story for article in originals)
    sites = Counter((article.story, article.source) for article in originals)
    pairs, of_one = (sum(n * (n - 1) // 2 for n in counted.values()) for counted in (sizes, sites))
    several = sum(size for size in sizes.values() if size > 1)
    return (
        f"{several} of {len(originals)} originals in a story with others, largest {max(sizes.values())}; "
        f"{pairs} pairs in one story, {of_one} of one site"
    )


def by_family(labels: list[dict[str, Any]], verdicts: Verdicts) -> dict[str, float]:
    """Recall of each family of copies."""
    original = {label["id"]: label["original"] for label in labels}
    found: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for label, (verdict, of) in zip(labels, verdicts, strict=True):
        if label["verdict"] != "new":
            total[label["family"]] += 1
            found[label["family"]] += verdict != "new" and original.get(of or "") == label["original"]
    return {family: found[family] / total[family] for family in sorted(total)}


def series() -> None:
    """Items of made-up series in one stream: how many are called copies."""
    chance = random.Random(11)
    articles = [item(chance, number) for number in range(1500)]
    joined = sum(a.verdict.value != "new" for a in enriched(articles))
    print(f"series of reports: {joined} of {len(articles)} joined ({joined / len(articles):.2%})")


def stories(rows: list[dict[str, Any]], orders: int) -> None:
    """B-cubed of the stories: of texts and of headlines alone, without times and with made-up ones."""
    for name, made in (("texts", rows), ("headlines", [{**row, "text": ""} for row in rows])):
        print(f"stories, {name:9s} undated:       {_order_means(made, orders)}")
        for days, spread in ((60, 2), (180, 5), (5, 1)):
            dated = [{**row, "published": time} for row, time in zip(made, times(made, days, spread), strict=True)]
            print(f"stories, {name:9s} {days:3d} days, {spread} each: {_order_means(dated, orders)}")


def times(rows: list[dict[str, Any]], days: float, spread: float) -> list[float]:
    """A time for each article: that of its event within ``days``, and some days later, ``spread`` on average."""
    chance = random.Random(8)
    begun = {event: chance.uniform(0, days) for event in sorted({row["event"] for row in rows})}
    return [1_767_225_600 + 86_400 * (begun[row["event"]] + chance.expovariate(1 / spread)) for row in rows]


def _order_means(rows: list[dict[str, Any]], orders: int) -> str:
    """B-cubed in the order of time or of the file, and on average of random orders."""
    chance = random.Random(5)
    articles = [tagged(row) for row in rows]
    figures, merged = [], []
    for order in range(orders):
        at = sorted(range(len(rows)), key=lambda n: rows[n]["published"] or 0)
        if order:
            chance.shuffle(at)
        found, events = list(enriched(articles[n] for n in at)), [rows[n]["event"] for n in at]
        figures.append(b_cubed([(event, article.story) for event, article in zip(events, found, strict=True)]))
        merged.append(b_cubed(list(zip(events, final_stories(found), strict=True)))[2])
    precision, recall, f1 = (sum(column) / len(column) for column in zip(*figures, strict=True))
    each = " ".join(f"{figure[2]:.3f}" for figure in figures)
    told = f"precision {precision:.3f} recall {recall:.3f} F1 {f1:.3f} (in order, then shuffled: {each})"
    return f"{told}, once merged {sum(merged) / len(merged):.3f}"


def final_stories(found: list[EnrichedArticle]) -> list[str | None]:
    """The story of each article after all merges."""
    final: dict[str | None, str | None] = {}
    for article in reversed(found):
        survivor = final.setdefault(article.story, article.story)
        final.update(dict.fromkeys(article.story_merged, survivor))
    return [final[article.story] for article in found]


def b_cubed(pairs: list[tuple[str, str | None]]) -> tuple[float, float, float]:
    """Precision, recall and F1 of a grouping, averaged over its members (A. Bagga and B. Baldwin 1998)."""
    events, groups, both = Counter(e for e, _ in pairs), Counter(g for _, g in pairs), Counter(pairs)
    precision = sum(n * n / groups[g] for (_, g), n in both.items()) / len(pairs)
    recall = sum(n * n / events[e] for (e, _), n in both.items()) / len(pairs)
    return precision, recall, 2 * precision * recall / (precision + recall)


def seeds(folder: Path) -> None:
    """The five seed articles in every order: 000 and 001 copies, 003 and 004 one story, 002 apart."""
    paths = sorted(folder.glob("0*.txt"))
    articles = [
        TaggedArticle(id=path.name[:3], body=text, sketch=sketch_of(None, text))
        for path in paths
        for text in [path.read_text(encoding="utf-8")]
    ]
    right = 0
    orders = list(itertools.permutations(articles))
    for order in orders:
        found = {article.id: article for article in enriched(order)}
        group = {name: article.group for name, article in found.items()}
        story = {name: article.story for name, article in found.items()}
        right += (
            group["000"] == group["001"]
            and len(set(group.values())) == 4
            and story["003"] == story["004"]
            and list(story.values()).count(story["002"]) == 1
        )
    print(f"seeds: {right} of {len(orders)} orders right")


if __name__ == "__main__":
    main()
