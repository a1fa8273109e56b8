"""Measure the cleaning stage on the development data, beside the extractors it is compared with.

    python tools/evaluate_cleaning.py ../shared/data
    python tools/evaluate_cleaning.py ../shared/data --by-host 4 --seeds 3

Prints a table for pages, one for plain text, walls and short items, languages, and the seeds. Texts
that weights are trained on are not scored: the line classifier is trained again without every fifth
document. CPU time is this thread's, in milliseconds. ``--by-host`` prints plain text alone, on sites
that were not trained on: the texts are parted by their hosts, and each part is scored by a classifier
trained on the others.
"""

import argparse
import gzip
import json
import re
import statistics
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import trafilatura
import train_lines
from cleaning_scores import LineScores, body_f1
from htmldate import find_date
from resiliparse.extract.html2text import extract_plain_text

from schemas.article import CleanArticle, RawArticle
from streams.stage import Reject
from streams.stages.clean import clean, explain, overload_clean
from streams.text.language import language_of
from streams.text.normal import normalised

FORMS = ("semi", "page")
HERE = Path(__file__).parent


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("data", type=Path, help="the development data, with `cleaning` and `seeds`")
    parser.add_argument("--by-host", type=int, metavar="FOLDS", help="plain text alone, in so many folds by host")
    parser.add_argument("--seeds", type=int, default=1, help="how often each fold is trained")
    options = parser.parse_args()
    data: Path = options.data
    lines = data / "cleaning" / "lines.jsonl.gz"
    if options.by_host:
        fold_table(lines, _records(lines), options.by_host, options.seeds)
        return
    pages = _records(data / "cleaning" / "pages.jsonl.gz")
    body_table(pages)
    field_table(pages)
    date_table(pages)
    texts = _records(lines)
    line_table(lines, texts)
    wall_table(pages, texts)
    language_table([page["gold"]["body"] for page in pages])
    seed_table(data / "seeds")


def _records(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as source:
        return [json.loads(line) for line in source]


def timed(work: Callable[[dict[str, Any]], str], pages: Sequence[dict[str, Any]]) -> tuple[list[str], list[float]]:
    """What ``work`` gives for each page, and the milliseconds of CPU it took."""
    results, spent = [], []
    for page in pages:
        start = time.process_time()
        results.append(work(page))
        spent.append((time.process_time() - start) * 1000)
    return results, spent


def _stage(run: Callable[[RawArticle], Any]) -> Callable[[dict[str, Any]], str]:
    def body(page: dict[str, Any]) -> str:
        outcome = run(RawArticle(id=page["id"], html=page["html"], url=page["url"]))
        return outcome[0].body if isinstance(outcome, list) else ""

    return body


def body_table(pages: Sequence[dict[str, Any]]) -> None:
    """Body F1 and CPU of each extractor on the same pages, in the same run."""
    extractors: dict[str, Callable[[dict[str, Any]], str]] = {
        "wirewatch": _stage(clean),
        "wirewatch, overload": _stage(overload_clean),
        "trafilatura precision": lambda page: _trafilatura(page, favor_precision=True),
        "trafilatura fast": lambda page: _trafilatura(page, fast=True),
        "resiliparse": lambda page: extract_plain_text(page["html"], main_content=True, alt_texts=False),
        "keep everything": lambda page: extract_plain_text(page["html"], main_content=False, alt_texts=False),
    }
    print(f"pages: {len(pages)}\n{'':24}F1     prec.  recall ms mean  p99")
    for name, work in extractors.items():
        found, spent = timed(work, pages)
        scores = body_f1((page["gold"]["body"], text) for page, text in zip(pages, found, strict=True))
        p99 = sorted(spent)[int(0.99 * len(spent))]
        print(f"{name:24}{scores[0]:.4f} {scores[1]:.4f} {scores[2]:.4f} {statistics.mean(spent):7.1f} {p99:6.1f}")


def _trafilatura(page: dict[str, Any], **settings: bool) -> str:
    return trafilatura.extract(page["html"], include_comments=False, **settings) or ""


def field_table(pages: Sequence[dict[str, Any]]) -> None:
    """Title, authors and day of publication; articles rejected."""
    titles, days, authors, rejected = [], [], [], []
    for page in pages:
        outcome = clean(RawArticle(id=page["id"], html=page["html"], url=page["url"]))
        if not isinstance(outcome, list):
            rejected.append(f"{page['url']} {outcome}")
            continue
        article, gold = outcome[0], page["gold"]
        titles.append(normalised(article.title or "") == normalised(gold["title"] or ""))
        if str(gold["date"])[:2].isdigit():
            days.append((article.published or "")[:10] == str(gold["date"])[:10])
        if gold["authors"]:
            authors.append(set_f1(article.authors, re.split(r",\s*", gold["authors"])))
    print(
        f"\ntitle {np.mean(titles):.3f}, authors {np.mean(authors):.3f}, published {np.mean(days):.3f}, "
        f"rejected {len(rejected)} of {len(pages)}"
    )
    for line in rejected:
        print("  ", line)


CUTS = {
    "whole": r"(?!)",
    "no scripts": r"(?is)<script\b.*?</script>",
    "nor meta": r"(?is)<script\b.*?</script>|<meta\b[^>]*>",
    "visible": r"(?is)<script\b.*?</script>|<meta\b[^>]*>|</?time\b[^>]*>|\b(?:content|datetime|title|data-[\w-]*)="
    r"(?:\"[^\"]*\"|'[^']*')",
}
"""What is cut out of pages to see whether their date is found without it."""


def date_table(pages: Sequence[dict[str, Any]]) -> None:
    """Days found where pages name them no more: as the reference or the whole page has it, another, none."""
    print("\npublished      same  another  none   htmldate: same  another")
    whole: list[str] = []
    for name, cut in CUTS.items():
        found = [_day(re.sub(cut, "", page["html"])) for page in pages]
        whole = whole or found
        wanted = [{str(page["gold"]["date"])[:10], day} for page, day in zip(pages, whole, strict=True)]
        others = [find_date(re.sub(cut, "", page["html"]), original_date=True) or "" for page in pages]
        ours, theirs = _sames(found, wanted), _sames(others, wanted)
        print(f"{name:14}{ours[0]:5} {ours[1]:8} {len(pages) - sum(ours):5} {theirs[0]:15} {theirs[1]:8}")


def _day(html: str) -> str:
    outcome = clean(RawArticle(id="a", html=html))
    return (outcome[0].published or "")[:10] if isinstance(outcome, list) else ""


def _sames(found: Iterable[str], wanted: Iterable[set[str]]) -> tuple[int, int]:
    pairs = [(day in days) for day, days in zip(found, wanted, strict=True) if day]
    return sum(pairs), len(pairs) - sum(pairs)


def set_f1(found: Iterable[str], wanted: Iterable[str]) -> float:
    """F1 of two sets of names."""
    got, gold = {normalised(name) for name in found}, {normalised(name) for name in wanted if name.strip()}
    return 2 * len(got & gold) / max(1, len(got) + len(gold))


def line_table(path: Path, texts: Sequence[dict[str, Any]]) -> None:
    """Line F1 and body F1 on the documents that the classifier was not trained on."""
    model = train_lines.trained([text for text in train_lines.documents(path) if not train_lines.held_out(text.id)])
    print(f"\n{'plain text':24}line F1 mean of texts  body F1  ms mean")
    for form in FORMS:
        for name, judge in (("wirewatch", model), ("keep everything", None)):
            scores = LineScores()
            for text in texts:
                if text["form"] == form and train_lines.held_out(text["id"]):
                    scores.add(text, judge)
            lines, means, bodies = scores.row()
            label = f"{form}, {name}"
            print(f"{label:24}{lines:.4f}  {means:.4f}         {bodies:.4f}  {statistics.mean(scores.spent):6.2f}")


def fold_table(path: Path, texts: Sequence[dict[str, Any]], folds: int, seeds: int) -> None:
    """The same where nothing of a text's site was trained on: means over seeds, and how far the seeds differ."""
    sites = {text["id"]: site_of(text["url"]) for text in texts}
    documents = list(train_lines.documents(path))
    rows: dict[str, list[tuple[float, float, float]]] = {form: [] for form in FORMS}
    for seed in range(seeds):
        scores = {form: LineScores() for form in FORMS}
        for fold in range(folds):
            unseen = {name for name, site in sites.items() if train_lines.held_out(site, folds, fold)}
            model = train_lines.trained([each for each in documents if each.id not in unseen], seed)
            for text in texts:
                if text["id"] in unseen:
                    scores[text["form"]].add(text, model)
        for form in FORMS:
            rows[form].append(scores[form].row())
            print(f"seed {seed}, {form:16}{'  '.join(f'{value:.4f}' for value in rows[form][-1])}", flush=True)
    print(f"\n{folds} folds by host, {seeds} seeds: line F1, mean of texts, body F1, each with its standard deviation")
    for form in FORMS:
        columns = zip(*rows[form], strict=True)
        print(f"{form:24}{'  '.join(f'{statistics.mean(x):.4f} ({statistics.pstdev(x):.4f})' for x in columns)}")


def site_of(url: str) -> str:
    """The host of an address, without ``www``."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def wall_table(pages: Sequence[dict[str, Any]], texts: Sequence[dict[str, Any]]) -> None:
    """Walls that are rejected, and articles that are: samples of the project's own, and the development articles."""
    samples = tomllib.loads((HERE / "walls.toml").read_text("utf-8"))
    print("\nwalls and short items, as text and as a page; the fourth part was looked at least when rules were changed")
    for half in (1, 2, 3, 4):
        walls = [raw for each in samples["wall"] if each["half"] == half for raw in _wall_articles(each)]
        items = [raw for each in samples["item"] if each["half"] == half for raw in _wall_articles(each)]
        caught, wrong = _rejected(walls), _rejected(items)
        print(f"part {half}: {caught} of {len(walls)} walls rejected, {wrong} of {len(items)} short items")
    bodies = [RawArticle(id=page["id"], text=page["gold"]["body"], title=page["gold"]["title"]) for page in pages]
    dumps = [RawArticle(id=text["id"], text="\n".join(text["lines"])) for text in texts]
    print(f"{_rejected(bodies)} of {len(bodies)} reference bodies, {_rejected(dumps)} of {len(dumps)} texts rejected")


def _rejected(articles: Sequence[RawArticle]) -> int:
    return sum(isinstance(clean(article), Reject) for article in articles)


def _wall_articles(entry: dict[str, Any]) -> Iterator[RawArticle]:
    for text in entry["texts"].split("\n-----\n"):
        lines = [line for line in text.strip().split("\n") if line]
        if entry.get("pages"):
            blocks = "".join(f'<p><a href="/{number}">{line[2:]}</a></p>' for number, line in enumerate(lines))
        else:
            yield RawArticle(id="a", text=text.strip())
            blocks = "".join(f"<p>{line}</p>" for line in lines)
        yield RawArticle(
            id="a", html=f"<html><head><title>Example</title></head><body><main>{blocks}</main></body></html>"
        )


def language_table(bodies: Sequence[str]) -> None:
    """Languages of the project's own samples, whole and cut short; microseconds a text."""
    samples = tomllib.loads((HERE / "languages.toml").read_text("utf-8"))
    print(f"\nlanguage of {len(samples)} samples in as many languages")
    for name, size in (("whole", 1000), ("80 characters", 80), ("40 characters", 40)):
        wrong = [code for code, text in samples.items() if language_of(text[:size]).code != code]
        print(f"{name:16}{1 - len(wrong) / len(samples):.3f} {' '.join(wrong)}")
    start = time.process_time()
    for body in [*bodies] * 10:
        language_of(body)
    print(f"{(time.process_time() - start) / len(bodies) / 10 * 1e6:.0f} microseconds for a reference body")


def seed_table(folder: Path) -> None:
    """What differs from what a careful reader gives for the seeds, nothing where all is right."""
    expected = json.loads((folder / "expected.json").read_text("utf-8"))["articles"]
    print("\nseeds")
    for name, wanted in expected.items():
        raw = RawArticle(id=name, text=(folder / name).read_bytes().decode("utf-8"))
        outcome = clean(raw)
        wrong = seed_differences(outcome[0], explain(raw), wanted) if isinstance(outcome, list) else [str(outcome)]
        print(f"  {name}: {'; '.join(wrong) or 'every line, span and field right'}")


def seed_differences(article: CleanArticle, lines: Sequence[Any], wanted: dict[str, Any]) -> list[str]:
    """What differs, in words."""
    found = {
        **{name: getattr(article, name) for name in ("title", "source", "publisher", "editor", "section", "language")},
        **{name: getattr(article, name) for name in ("published", "published_precision", "updated")},
        "updated_precision": article.updated_precision,
        "byline": list(article.authors) or None,
        "body_lines": [line.line for line in lines if line.kept],
        "subheading_lines": [line.line for line in lines if line.kept and line.kind == "heading"],
    }
    wrong = [f"{name} {value!r}, not {wanted[name]!r}" for name, value in found.items() if value != wanted[name]]
    for name in ("captions", "credits"):
        spans = {span["text"] for span in wanted["spans"] if span["field"] == name}
        wrong += [f"no {name} {text!r}" for text in spans - set(getattr(article, name))]
    return wrong


if __name__ == "__main__":
    main()
