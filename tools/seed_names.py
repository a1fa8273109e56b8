"""What of the names of the seed articles the tagger finds; they are given without offsets."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from schemas.article import CleanArticle, RawArticle
from schemas.entity import Entity
from streams.entities import Tagger
from streams.entities.names import identifier_of
from streams.stages.clean import clean

BRACKETS = re.compile(r" \([^()]*\)$")
Texts = Sequence[tuple[CleanArticle, tuple[Entity, ...]]]


def seed_articles(data: Path) -> Iterator[CleanArticle]:
    """The five articles as the cleaner leaves them."""
    for path in sorted((data / "seeds").glob("*.txt")):
        found = clean(RawArticle(id=path.stem, text=path.read_text(encoding="utf-8")))
        assert isinstance(found, list), f"{path.name} was not cleaned: {found}"
        yield from found


def ids_of(tagger: Tagger, name: str, kind: str) -> set[str]:
    """The ids under which the tagger would give the name: those of the tables, or the one made of its letters."""
    tables = {
        id_ or identifier_of(entry, kind)
        for entry, id_ in zip(tagger.lexicon.name, tagger.lexicon.id, strict=True)
        if entry == name
    }
    return tables | {identifier_of(BRACKETS.sub("", name), kind)}


def uncovered(texts: Texts) -> Iterator[str]:
    """Where a name that is a mention elsewhere in its article stands outside of all mentions."""
    for article, entities in texts:
        mentions = [mention for entity in entities for mention in entity.mentions]
        pattern = "|".join(sorted({re.escape(m.surface) for m in mentions}, key=len, reverse=True))
        for field in ("title", "body") if pattern else ():
            text = getattr(article, field) or ""
            places = [(m.start, m.end) for m in mentions if m.field == field]
            for again in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text):
                if not any(start < again.end() and again.start() < end for start, end in places):
                    yield f"{again[0]}: {text[max(again.start() - 30, 0) : again.end() + 20]!r}"


def measure_seeds(tagger: Tagger, data: Path) -> None:
    """Print how many of the given names are found with their type, what else is found, and how names are joined."""
    given = json.loads((data / "seeds" / "expected.json").read_text(encoding="utf-8"))["entities"]["names"]
    articles = list(seed_articles(data))
    texts = list(zip(articles, tagger.tag_many(articles), strict=True))
    found = {entity.id: entity for _, entities in texts for entity in entities}
    wanted = {row["name"]: ids_of(tagger, row["name"], row["type"]) for row in given}
    types = {row["name"]: row["type"] for row in given}
    met = {name: [found[id_] for id_ in ids if id_ in found] for name, ids in wanted.items()}
    right = [name for name, entities in met.items() if types[name] in {str(entity.type) for entity in entities}]
    missed = [f"{name} [{types[name]}]" for name in wanted if name not in right]
    known = {id_ for name in wanted for id_ in wanted[name]}
    others = [f"{entity.name} [{entity.type}]" for id_, entity in found.items() if id_ not in known]
    score = 2 * len(right) / (len(wanted) + len(right) + len(others))
    print(f"seeds: {len(right)} of {len(wanted)} names with their type, {len(others)} others; F1 {score:.3f}")
    print("  missed: " + "; ".join(missed))
    print("  others: " + "; ".join(others))
    print(f"  under two ids: {[name for name, entities in met.items() if len(entities) > 1]}")
    print("  repeats outside of mentions: " + "; ".join(uncovered(texts)))
