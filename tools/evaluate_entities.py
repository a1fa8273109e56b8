"""Measure the tagger on development data, beside what it is without some of its parts.

    python tools/evaluate_entities.py ../shared/data [--all] [--weights FOLDER] [--gmb N] [--first M]

Sets: the held-out part of the training file (train weights with --hold-out first, see train_tagger.py,
and name their folder), a sample of the research-only newswire sentences, the linking sets, the project's
own reports, the names of the seed articles, and speed.
Mentions count as right with the same words; relaxed, with the same type and any word in common.
"""

import argparse
import gc
import importlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from entity_sets import linking_sets, newswire, reports
from marked_texts import Example, held_out, read_examples, shouted
from seed_names import measure_seeds

from schemas.article import CleanArticle
from schemas.entity import Entity, EntityType, Mention
from streams.entities import Tagger, load_tagger
from streams.entities.model import load_model
from streams.entities.rules import TITLES
from streams.entities.vocabulary import load_vocabulary

COARSE = {"PERSON": "PER", "ORG": "ORG", "ARMED_GROUP": "ORG", "MEDIA": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC",
          "EVENT": "MISC", "NORP": "NORP"}  # fmt: skip
Mark = tuple[int, int, str]
FINE = {kind: kind for kind in COARSE}
Find = Callable[[Sequence[CleanArticle]], list[tuple[Entity, ...]]]


@dataclass
class Score:
    """Counts of what is right, found and given."""

    right: int = 0
    found: int = 0
    given: int = 0
    missed: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        precision, recall = self.right / max(self.found, 1), self.right / max(self.given, 1)
        return f"P {precision:.3f} R {recall:.3f} F1 {2 * self.right / max(self.found + self.given, 1):.3f}"


def article(number: int, text: str) -> CleanArticle:
    return CleanArticle(id=str(number), body=text, language="en")


def marks_of(entities: Iterable[Entity]) -> list[tuple[int, int, str, str]]:
    return [
        (m.start, m.end, str(m.type), entity.id) for entity in entities for m in entity.mentions if m.field == "body"
    ]


def without_titles(text: str, mark: Mark) -> Mark:
    """A person without the titles before the name, which the newswire set counts in."""
    start, end, kind = mark
    words = text[start:end].split(" ")
    while kind == "PER" and len(words) > 1 and words[0].lower().strip(".") in TITLES:
        start += len(words.pop(0)) + 1
    return start, end, kind


def count(score: Score, given: set[Mark], found: set[Mark], text: str, relaxed: bool) -> None:
    score.given += len(given)
    score.found += len(found)
    if not relaxed:
        score.right += len(given & found)
        score.missed += [
            f"{text[a:b]} [{kind}] | {text[max(a - 40, 0) : b + 30]!r}" for a, b, kind in sorted(given - found)
        ]
        score.extra += [
            f"{text[a:b]} [{kind}] | {text[max(a - 40, 0) : b + 30]!r}" for a, b, kind in sorted(found - given)
        ]
        return
    for a, b, kind in given:
        score.right += any(x < b and y > a and other == kind for x, y, other in found)


def tagged_set(
    find: Find,
    examples: Sequence[Example],
    kinds: Sequence[str],
    typed: bool = True,
    called: Mapping[str, str] = COARSE,
) -> tuple[Score, Score]:
    """Exact and relaxed scores on examples with marks; ``called`` gives each of our types its name in the set."""
    exact, relaxed = Score(), Score()
    results = find([article(number, example.text) for number, example in enumerate(examples)])
    for example, entities in zip(examples, results, strict=True):
        given = {without_titles(example.text, span) for span in example.spans if span[2] in kinds}
        found = {(a, b, called[kind]) for a, b, kind, _ in marks_of(entities) if called[kind] in kinds}
        if not typed:
            given, found = {(a, b, "") for a, b, _ in given}, {(a, b, "") for a, b, _ in found}
        count(exact, given, found, example.text, False)
        count(relaxed, given, found, example.text, True)
    return exact, relaxed


PRONOUNS = frozenset(
    ("he", "she", "it", "they", "his", "her", "him", "hers", "its", "their", "them", "who", "i", "we", "you", "this")
)


def linked(find: Find, rows: Sequence[dict]) -> tuple[Score, Score]:
    """Scores of mentions and of links (the same words and the same item) where texts are marked in full.

    Given marks are those that begin with a capital or a digit and are no pronouns; a demonym counts only where
    the set marks it.
    """
    mentions, links = Score(), Score()
    results = find([article(number, row["text"]) for number, row in enumerate(rows)])
    for row, entities in zip(rows, results, strict=True):
        text, (low, high) = row["text"], row["judged"]
        labels = {(m["start"], m["end"]): m for m in row["labels"]}
        given = {
            span: label["qid"]
            for span, label in labels.items()
            if not text[span[0]].islower() and text[slice(*span)].lower() not in PRONOUNS and not label["optional"]
        }
        found = {(a, b): id_ for a, b, kind, id_ in marks_of(entities) if low <= a and b <= high and
                 (kind != "NORP" or (a, b) in labels) and not labels.get((a, b), {}).get("optional")}  # fmt: skip
        count(mentions, {(*span, "") for span in given}, {(*span, "") for span in found}, text, False)
        answered = {(a, b, id_) for (a, b), id_ in found.items() if id_.startswith("Q")}
        count(links, {(a, b, q) for (a, b), q in given.items() if q}, answered, text, False)
    return mentions, links


def with_weights(tagger: Tagger, folder: Path) -> Tagger:
    """The tagger with weights that ``tools/train_tagger.py --out`` wrote."""
    guesser = replace(tagger.guesser, model=load_model(folder / "model.npz"))
    return replace(tagger, guesser=guesser, vocabulary=load_vocabulary(folder / "word_case.npz"))


def variants(tagger: Tagger) -> dict[str, Find]:
    """The tagger and the tagger without some of its parts."""
    return (
        {"all of it": tagger.tag_many}
        | {f"without {name}": replace(tagger, parts=tagger.parts - {name}).tag_many for name in sorted(tagger.parts)}
        | {"tables only": replace(tagger, parts=frozenset({"tables"})).tag_many}
    )


SPACY_TYPES = {
    "PERSON": "PERSON",
    "ORG": "ORG",
    "GPE": "GPE",
    "LOC": "LOC",
    "FAC": "FAC",
    "EVENT": "EVENT",
    "NORP": "NORP",
}


def spacy_find() -> Find | None:
    """spaCy's large English pipeline as it comes, where it is installed; it links nothing."""
    try:
        pipeline = importlib.import_module("spacy").load("en_core_web_lg")
    except (ImportError, OSError):
        return None

    def find(articles: Sequence[CleanArticle]) -> list[tuple[Entity, ...]]:
        return [
            tuple(_spacy_entity(span) for span in document.ents if span.label_ in SPACY_TYPES)
            for document in pipeline.pipe(article.body for article in articles)
        ]

    return find


def _spacy_entity(span: Any) -> Entity:
    kind = EntityType(SPACY_TYPES[span.label_])
    mention = Mention(field="body", start=span.start_char, end=span.end_char, surface=span.text, type=kind)
    return Entity(id="spacy", name=span.text, type=kind, count=1, salience=0, mentions=(mention,))


def marked_sets(data: Path, options: argparse.Namespace) -> dict[str, list[Example]]:
    """The sets whose marks have types, by name."""
    held = [example for example in read_examples(data / "entities" / "train.jsonl.gz") if held_out(example)]
    wire = newswire(data, options.gmb, options.first)
    return {
        "GUM news, held out": [example for example in held if example.source == "GUM news"],
        "WikiGold, held out": [example for example in held if example.source == "WikiGold"],
        "newswire sentences": wire,
        "newswire in capitals": [shouted(example) for example in wire[: len(wire) // 2]],
        "reports, development": reports(0),
        "reports, held out": reports(1),
    }


def measure(name: str, find: Find, options: argparse.Namespace) -> None:
    data, show = options.data, options.show
    print(f"== {name}")
    for title, examples in marked_sets(data, options).items():
        own = title.startswith("reports")
        kinds, called = (tuple(FINE), FINE) if own else (("PER", "ORG", "LOC"), COARSE)
        exact, relaxed = tagged_set(find, examples, kinds, called=called)
        untyped, _ = tagged_set(find, examples, kinds, typed=False, called=called)
        print(f"{title:24} exact {exact}   relaxed {relaxed}   untyped {untyped}")
        if show and show in title:
            print("\n".join(["MISSED", *exact.missed[:150], "EXTRA", *exact.extra[:150]]))
    for title, rows in linking_sets(data).items():
        mentions, links = linked(find, rows)
        print(f"{title:24} mentions {mentions}   linked {links}")
        if show and show in title:
            print("\n".join(["MISSED", *mentions.missed[:150], "EXTRA", *mentions.extra[:150]]))
            print("\n".join(["UNLINKED", *links.missed[:100], "WRONG LINK", *links.extra[:100]]))


def speed(tagger: Tagger, data: Path) -> None:
    """CPU time of news articles of 3 KB in batches as stages see them, the best of twenty rounds.

    The collector is set as workers set it.
    """
    texts = [str(row["text"]) for row in linking_sets(data)["msnbc-updated"]]
    text = "\n\n".join(texts)
    starts = range(0, len(text) - 3000, 3000)
    every = [article(number, text[start : start + 3000]) for number, start in enumerate(starts)] * 3
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    for size in (1, 16, 32, len(every)):
        times = []
        for _ in range(20):
            start = time.process_time()
            for first in range(0, len(every), size):
                tagger.tag_many(every[first : first + size])
            times.append(time.process_time() - start)
        each = min(times) / len(every)
        print(f"3,000 characters, {size} a batch: {each * 1e6:.0f} us of CPU an article, {1 / each:.0f} articles/s")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--all", action="store_true", help="also without each part")
    arguments.add_argument("--gmb", type=int, default=40, help="take every n-th newswire sentence")
    arguments.add_argument("--show", default="", help="list what is missed and extra in the set of this name")
    arguments.add_argument("--first", type=int, default=0, help="number of the first newswire sentence, below N")
    arguments.add_argument("--weights", type=Path, help="folder of other weights than those that ship")
    options = arguments.parse_args()
    start = time.process_time()
    tagger = load_tagger()
    print(f"start-up {time.process_time() - start:.2f} s of CPU")
    if options.weights:
        tagger = with_weights(tagger, options.weights)
    for name, find in (variants(tagger) if options.all else {"all of it": tagger.tag_many}).items():
        measure(name, find, options)
    other = spacy_find() if options.all else None
    if other is not None:
        measure("spaCy en_core_web_lg", other, options)
    measure_seeds(tagger, options.data)
    speed(tagger, options.data)


if __name__ == "__main__":
    main()
